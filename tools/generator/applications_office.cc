// Mail, messaging, directories, remote access, databases, tunnels, infrastructure.
#include <iterator>

#include "absl/strings/str_cat.h"
#include "tools/generator/applications.h"
#include "tools/generator/bytes.h"
#include "tools/generator/tls_hello.h"

namespace borderflow::generator {
namespace {

constexpr Side kC = Side::kClient;
constexpr Side kS = Side::kServer;

// The TLS handshake and a little data, after STARTTLS. No server_name: mail relays rarely send one.
void AppendTls(Script* script, Random& random) {
  HelloOptions hello;
  hello.kind = ClientKind::kLibrary;
  script->push_back({kC, Record(kRecordHandshake, ClientHello(hello, random), 0x0301)});
  script->push_back({kS, ServerFlight({}, 1800, random)});
  script->push_back({kC, OpaqueRecords(80, random)});
  script->push_back({kS, OpaqueRecords(120, random)});
  script->push_back({kC, OpaqueRecords(600 + random.Below(3000), random)});
  script->push_back({kS, OpaqueRecords(90, random)});
}

// RFC 5321, RFC 3207.
Script SmtpStartTls(Random& random) {
  Script script = {
      {kS, "220 mx.example.net ESMTP ready\r\n"},
      {kC, "EHLO relay.example.org\r\n"},
      {kS, "250-mx.example.net\r\n250-SIZE 52428800\r\n250-STARTTLS\r\n250 8BITMIME\r\n"},
      {kC, "STARTTLS\r\n"},
      {kS, "220 2.0.0 Ready to start TLS\r\n"}};
  AppendTls(&script, random);
  return script;
}

Script SmtpPlain(Random& random) {
  std::string body = "From: <orders@example.org>\r\nTo: <stock@example.net>\r\nSubject: Lieferung ";
  absl::StrAppend(&body, random.Below(100000), "\r\n\r\nPosition 1: 40 Stk.\r\n.\r\n");
  return {{kS, "220 mx.example.net ESMTP ready\r\n"},
          {kC, "HELO relay.example.org\r\n"},
          {kS, "250 mx.example.net\r\n"},
          {kC, "MAIL FROM:<orders@example.org>\r\n"},
          {kS, "250 2.1.0 Ok\r\n"},
          {kC, "RCPT TO:<stock@example.net>\r\n"},
          {kS, "250 2.1.5 Ok\r\n"},
          {kC, "DATA\r\n"},
          {kS, "354 End data with <CR><LF>.<CR><LF>\r\n"},
          {kC, body},
          {kS, "250 2.0.0 Ok: queued\r\n"},
          {kC, "QUIT\r\n"},
          {kS, "221 2.0.0 Bye\r\n"}};
}

// RFC 9051 section 6.2.1.
Script ImapStartTls(Random& random) {
  Script script = {{kS, "* OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] ready\r\n"},
                   {kC, "a1 STARTTLS\r\n"},
                   {kS, "a1 OK Begin TLS negotiation now\r\n"}};
  AppendTls(&script, random);
  return script;
}

// RFC 1939.
Script Pop3(Random& random) {
  return {{kS, "+OK POP3 ready\r\n"},
          {kC, "USER orders\r\n"},
          {kS, "+OK\r\n"},
          {kC, absl::StrCat("PASS ", random.Below(1000000), "\r\n")},
          {kS, "+OK 2 messages\r\n"},
          {kC, "QUIT\r\n"},
          {kS, "+OK\r\n"}};
}

// RFC 3261 section 24.2.
Script Sip(Random& random) {
  const std::string call = absl::StrCat(random.Below(1u << 30), "@pbx.example.org");
  const std::string common = absl::StrCat(
      "Via: SIP/2.0/UDP pbx.example.org;branch=z9hG4bK", random.Below(1u << 30),
      "\r\nFrom: <sip:desk@example.org>;tag=1928\r\nTo: <sip:line@example.net>\r\nCall-ID: ", call,
      "\r\nCSeq: 1 INVITE\r\nMax-Forwards: 70\r\n");
  return {{kC, "INVITE sip:line@example.net SIP/2.0\r\n" + common + "Content-Length: 0\r\n\r\n"},
          {kS, "SIP/2.0 100 Trying\r\n" + common + "Content-Length: 0\r\n\r\n"},
          {kS, "SIP/2.0 486 Busy Here\r\n" + common + "Content-Length: 0\r\n\r\n"}};
}

// RFC 6120 section 4.
Script Xmpp(Random&) {
  return {{kC,
           "<?xml version='1.0'?><stream:stream to='example.net' version='1.0' "
           "xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"},
          {kS,
           "<?xml version='1.0'?><stream:stream from='example.net' id='c2s' version='1.0' "
           "xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"},
          {kS,
           "<stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>"
           "<mechanism>SCRAM-SHA-256</mechanism></mechanisms></stream:features>"}};
}

// RFC 4511: a simple bind and its success.
Script Ldap(Random&) {
  const std::string dn = "cn=reader,dc=example,dc=org";
  const std::string bind = ByteWriter().U8(2).U8(1).U8(3).U8(4).Vector(1, dn).U8(0x80).U8(0).Take();
  const std::string request = ByteWriter().U8(2).U8(1).U8(1).U8(0x60).Vector(1, bind).Take();
  const std::string result = ByteWriter().U8(10).U8(1).U8(0).U8(4).U8(0).U8(4).U8(0).Take();
  const std::string response = ByteWriter().U8(2).U8(1).U8(1).U8(0x61).Vector(1, result).Take();
  return {{kC, ByteWriter().U8(0x30).Vector(1, request).Take()},
          {kS, ByteWriter().U8(0x30).Vector(1, response).Take()}};
}

// RFC 4253: the banners, then key exchange packets (length, padding length, SSH_MSG_KEXINIT ...).
Script Ssh(Random& random) {
  const auto key_exchange = [&random] {
    ByteWriter lists;
    for (const char* list :
         {"sntrup761x25519-sha512@openssh.com,curve25519-sha256", "ssh-ed25519",
          "chacha20-poly1305@openssh.com,aes256-gcm@openssh.com",
          "chacha20-poly1305@openssh.com,aes256-gcm@openssh.com", "hmac-sha2-256-etm@openssh.com",
          "hmac-sha2-256-etm@openssh.com", "none", "none", "", ""}) {
      lists.Vector(4, list);
    }
    ByteWriter payload;
    payload.U8(20).Raw(random.Bytes(16)).Raw(lists.bytes()).U8(0).U32(0);
    const size_t padding = 4 + (8 - (payload.size() + 5 + 4) % 8) % 8;
    return ByteWriter()
        .U32(payload.size() + padding + 1)
        .U8(padding)
        .Raw(payload.bytes())
        .Fill(padding)
        .Take();
  };
  Script script = {{kC, "SSH-2.0-OpenSSH_9.6\r\n"},
                   {kS, "SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n"},
                   {kC, key_exchange()},
                   {kS, key_exchange()}};
  for (uint32_t i = random.Between(4, 30); i > 0; --i) {
    script.push_back({i % 2 == 0 ? kC : kS, random.Bytes(36 + 16 * random.Below(20))});
  }
  return script;
}

// MS-RDPBCGR 2.2.1.1: X.224 connection request with a cookie and a negotiation request.
Script Rdp(Random& random) {
  const std::string_view cookie = "Cookie: mstshash=operator\r\n";
  ByteWriter x224;
  x224.U8(6 + cookie.size() + 8).U8(0xe0).U16(0).U16(0).U8(0).Raw(cookie);
  x224.U8(1).U8(0).U8(8).U8(0).U32Little(3);
  ByteWriter confirm;
  confirm.U8(14).U8(0xd0).U16(0).U16(0x1234).U8(0).U8(2).U8(0x1f).U8(8).U8(0).U32Little(2);
  const auto tpkt = [](std::string_view body) {
    return ByteWriter().U8(3).U8(0).U16(body.size() + 4).Raw(body).Take();
  };
  HelloOptions hello;
  hello.kind = ClientKind::kLibrary;
  return {{kC, tpkt(x224.bytes())},
          {kS, tpkt(confirm.bytes())},
          {kC, Record(kRecordHandshake, ClientHello(hello, random), 0x0301)},
          {kS, ServerFlight({}, 1200, random)},
          {kC, OpaqueRecords(500, random)},
          {kS, OpaqueRecords(3000 + random.Below(6000), random)},
          {kC, OpaqueRecords(200, random)}};
}

// RFC 6143 section 7.1.
Script Vnc(Random& random) {
  return {{kS, "RFB 003.008\n"},        {kC, "RFB 003.008\n"},  {kS, std::string("\x01\x02", 2)},
          {kC, std::string("\x02", 1)}, {kS, random.Bytes(16)}, {kC, random.Bytes(16)}};
}

// RFC 854: option negotiation first.
Script Telnet(Random&) {
  return {{kS, "\xff\xfd\x18\xff\xfd\x20\xff\xfb\x01\xff\xfb\x03"},
          {kC, "\xff\xfb\x18\xff\xfc\x20"},
          {kS, "\r\nswitch-3 login: "},
          {kC, "monitor\r\n"}};
}

// PostgreSQL's protocol 3.0: SSLRequest refused, then the start-up packet in clear.
Script PostgreSql(Random& random) {
  const std::string parameters("user\0report\0database\0stock\0\0", 28);
  ByteWriter startup;
  startup.U32(8 + parameters.size()).U32(196608).Raw(parameters);
  const std::string sql = "SELECT item, count FROM stock WHERE site = 7";
  ByteWriter query;
  query.U8('Q').U32(4 + sql.size() + 1).Raw(sql).U8(0);
  ByteWriter ready;
  ready.U8('R').U32(8).U32(0).U8('Z').U32(5).U8('I');
  ByteWriter complete;
  complete.U8('D').U32(4 + 2 + 4 + 400).U16(1).U32(400).Raw(random.Opaque(400));
  complete.U8('C').U32(4 + 9).Raw(std::string_view("SELECT 1\0", 9)).U8('Z').U32(5).U8('I');
  return {{kC, ByteWriter().U32(8).U32(80877103).Take()},
          {kS, "N"},
          {kC, startup.Take()},
          {kS, ready.Take()},
          {kC, query.Take()},
          {kS, complete.Take()}};
}

// MySQL's protocol 10 handshake and its answer.
Script MySql(Random& random) {
  ByteWriter greeting;
  greeting.U8(10).Raw(std::string_view("8.0.36\0", 7)).U32Little(random.Below(100000));
  greeting.Fill(8, 'a').U8(0).U16(0xfff7).U8(33).U16(0x0200).U16(0xffdf).U8(21).Fill(10);
  greeting.Fill(12, 'b').U8(0).Raw(std::string_view("mysql_native_password\0", 22));
  ByteWriter login;
  login.U32Little(0x000fa685).U32Little(1 << 24).U8(33).Fill(23);
  login.Raw(std::string_view("report\0", 7)).Vector(1, random.Bytes(20));
  login.Raw(std::string_view("stock\0mysql_native_password\0", 28));
  const auto packet = [](uint8_t number, std::string_view body) {
    return ByteWriter()
        .U8(body.size() & 0xff)
        .U8(body.size() >> 8)
        .U8(0)
        .U8(number)
        .Raw(body)
        .Take();
  };
  return {{kS, packet(0, greeting.bytes())},
          {kC, packet(1, login.bytes())},
          {kS, packet(2, std::string_view("\0\0\0\x02\0\0\0", 7))}};
}

// MS-TDS 2.2.6.5: PRELOGIN with version and encryption.
Script Tds(Random&) {
  const std::string options = ByteWriter()
                                  .U8(0)
                                  .U16(11)
                                  .U16(6)
                                  .U8(1)
                                  .U16(17)
                                  .U16(1)
                                  .U8(0xff)
                                  .U32(0x0f000000)
                                  .U16(0)
                                  .U8(2)
                                  .Take();
  const auto packet = [](uint8_t type, std::string_view body) {
    return ByteWriter().U8(type).U8(1).U16(body.size() + 8).U16(0).U8(1).U8(0).Raw(body).Take();
  };
  return {{kC, packet(0x12, options)}, {kS, packet(0x04, options)}};
}

// MongoDB's OP_MSG with {"ping": 1} and {"ok": 1}.
Script MongoDb(Random& random) {
  const auto message = [&random](std::string_view key, uint32_t reply_to) {
    ByteWriter document;
    document.U32Little(static_cast<uint32_t>(4 + 1 + key.size() + 1 + 4 + 1));
    document.U8(0x10).Raw(key).U8(0).U32Little(1).U8(0);
    ByteWriter out;
    out.U32Little(static_cast<uint32_t>(16 + 4 + 1 + document.size()));
    out.U32Little(random.Below(1u << 20)).U32Little(reply_to).U32Little(2013);
    return out.U32Little(0).U8(0).Raw(document.bytes()).Take();
  };
  return {{kC, message("ping", 0)}, {kS, message("ok", 1)}};
}

// RESP.
Script Redis(Random& random) {
  const std::string value = std::string(random.Opaque(64));
  return {{kC, "*2\r\n$3\r\nGET\r\n$9\r\nstock:417\r\n"},
          {kS, absl::StrCat("$64\r\n", value, "\r\n")}};
}

Script Rsync(Random& random) {
  return {{kS, "@RSYNCD: 31.0\n"},
          {kC, "@RSYNCD: 31.0\nbackup\n"},
          {kS, "@RSYNCD: OK\n"},
          {kC, std::string(random.Opaque(6000 + random.Below(12000)))},
          {kS, std::string(random.Opaque(40))}};
}

// RFC 5905: mode 3, version 4; the answer of a stratum 2 server.
Script Ntp(Random& random) {
  ByteWriter request;
  request.U8(0x23).U8(0).U8(6).U8(0xec).Fill(36).Raw(random.Bytes(8));
  ByteWriter answer;
  answer.U8(0x24).U8(2).U8(6).U8(0xec).U32(0x100).U32(0x200).Raw(random.Bytes(36));
  return {{kC, request.Take()}, {kS, answer.Take()}};
}

// RFC 3416 over RFC 1901: GetRequest for sysUpTime.0.
Script Snmp(Random&) {
  const auto message = [](uint8_t type, std::string_view value) {
    const std::string_view oid = "\x2b\x06\x01\x02\x01\x01\x03\x00";
    const std::string name(oid.data(), 8);
    const std::string variable = ByteWriter().U8(6).Vector(1, name).Raw(value).Take();
    const std::string list = ByteWriter().U8(0x30).Vector(1, variable).Take();
    ByteWriter pdu;
    pdu.U8(2).U8(1).U8(7).U8(2).U8(1).U8(0).U8(2).U8(1).U8(0).U8(0x30).Vector(1, list);
    ByteWriter body;
    body.U8(2)
        .U8(1)
        .U8(1)
        .U8(4)
        .Vector(1, std::string_view("public"))
        .U8(type)
        .Vector(1, pdu.bytes());
    return ByteWriter().U8(0x30).Vector(1, body.bytes()).Take();
  };
  return {{kC, message(0xa0, std::string_view("\x05\x00", 2))},
          {kS, message(0xa2, std::string_view("\x43\x02\x12\x34", 4))}};
}

// RFC 3164.
Script Syslog(Random& random) {
  Script script;
  for (int i = 0; i < 3; ++i) {
    script.push_back(
        {kC, absl::StrCat("<134>Jun  2 09:00:0", i, " fw-2 link: port ", random.Below(48), " up")});
  }
  return script;
}

// NetFlow 9 (RFC 3954): one template of two fields and one record under it.
Script Netflow(Random& random) {
  ByteWriter message;
  message.U16(9).U16(2).U32(1000).U32(random.Below(1u << 30)).U32(1).U32(1);
  message.U16(0).U16(16).U16(256).U16(2).U16(8).U16(4).U16(1).U16(4);
  message.U16(256).U16(12).Raw(random.Bytes(8));
  return {{kC, message.Take()}};
}

// RFC 4271: OPEN and KEEPALIVE both ways.
Script Bgp(Random& random) {
  const auto message = [](uint8_t type, std::string_view body) {
    return ByteWriter().Fill(16, 0xff).U16(19 + body.size()).U8(type).Raw(body).Take();
  };
  const auto open = [&](uint16_t as) {
    return message(1, ByteWriter().U8(4).U16(as).U16(90).U32(random.Below(1u << 31)).U8(0).bytes());
  };
  return {{kC, open(64496)}, {kS, open(64511)}, {kC, message(4, "")}, {kS, message(4, "")}};
}

// RFC 3912.
Script Whois(Random&) {
  return {{kC, "example.org\r\n"}, {kS, "Domain Name: EXAMPLE.ORG\r\nRegistrar: reserved\r\n"}};
}

// WireGuard's handshake initiation and response, and transport data.
Script Wireguard(Random& random) {
  Script script = {{kC, ByteWriter().U32(0x01000000).Raw(random.Bytes(144)).Take()},
                   {kS, ByteWriter().U32(0x02000000).Raw(random.Bytes(88)).Take()}};
  for (int i = 0; i < 12; ++i) {
    const size_t size = 16 + 16 * random.Below(80);
    script.push_back(
        {i % 3 == 0 ? kC : kS,
         ByteWriter().U32(0x04000000).Raw(random.Bytes(12)).Raw(random.Opaque(size)).Take()});
  }
  return script;
}

// RFC 7296: IKE_SA_INIT with one opaque payload of each kind that carries noise.
Script Ike(Random& random) {
  const std::string initiator = random.Bytes(8);
  const auto message = [&](std::string_view responder, uint8_t flags) {
    ByteWriter payloads;
    payloads.U8(0).U8(0).U16(36).Raw(random.Bytes(32));  // Nonce
    ByteWriter out;
    out.Raw(initiator).Raw(responder).U8(40).U8(0x20).U8(34).U8(flags).U32(0);
    return out.U32(28 + payloads.size()).Raw(payloads.bytes()).Take();
  };
  return {{kC, message(std::string(8, '\0'), 0x08)}, {kS, message(random.Bytes(8), 0x20)}};
}

// RFC 4303: SPI, sequence number, noise.
Script Esp(Random& random) {
  Script script;
  const uint32_t spi[2] = {0x10000000 + random.Below(1u << 28),
                           0x10000000 + random.Below(1u << 28)};
  for (uint32_t i = 0; i < 24; ++i) {
    const uint32_t side = i % 2;
    script.push_back({side == 0 ? kC : kS, ByteWriter()
                                               .U32(spi[side])
                                               .U32(i / 2 + 1)
                                               .Raw(random.Opaque(64 + 16 * random.Below(80)))
                                               .Take()});
  }
  return script;
}

// RFC 792 and RFC 4443: echo and its reply; the sender fills in the checksum.
Script Echo(Random& random, uint8_t request, uint8_t reply) {
  Script script;
  const uint32_t id = random.Below(65536);
  for (uint32_t i = 1; i <= 3; ++i) {
    const auto message = [&](uint8_t type) {
      return ByteWriter().U8(type).U8(0).U16(0).U16(id).U16(i).Raw(random.Bytes(48)).Take();
    };
    script.push_back({kC, message(request)});
    script.push_back({kS, message(reply)});
  }
  return script;
}
Script Ping(Random& random) { return Echo(random, 8, 0); }
Script Ping6(Random& random) { return Echo(random, 128, 129); }

// BEP 3.
Script BitTorrent(Random& random) {
  const std::string info = random.Bytes(20);
  const auto handshake = [&] {
    return ByteWriter()
        .U8(19)
        .Raw(std::string_view("BitTorrent protocol"))
        .Fill(8)
        .Raw(info)
        .Raw(random.Bytes(20))
        .Take();
  };
  return {{kC, handshake()}, {kS, handshake()}};
}

constexpr Application kOffice[] = {
    {"smtp-starttls", kIpTcp, 25, "DE NL US GB IE", SmtpStartTls, true},
    {"smtp", kIpTcp, 25, "TR EG ID", SmtpPlain},
    {"submission", kIpTcp, 587, "DE CH", SmtpStartTls, true},
    {"imap-starttls", kIpTcp, 143, "DE CH AT", ImapStartTls, true},
    {"pop3", kIpTcp, 110, "CZ VN", Pop3},
    {"sip", kIpUdp, 5060, "DE FR BR", Sip},
    {"xmpp", kIpTcp, 5222, "DE SE", Xmpp},
    {"ldap", kIpTcp, 389, "DE AT US", Ldap},
    {"ssh", kIpTcp, 22, "", Ssh},
    {"rdp", kIpTcp, 3389, "DE IN PL", Rdp, true},
    {"vnc", kIpTcp, 5900, "AT TW", Vnc},
    {"telnet", kIpTcp, 23, "CL VN", Telnet},
    {"postgresql", kIpTcp, 5432, "DE IE US", PostgreSql},
    {"mysql", kIpTcp, 3306, "FR IN SG", MySql},
    {"tds", kIpTcp, 1433, "NL US", Tds},
    {"mongodb", kIpTcp, 27017, "IE US AU", MongoDb},
    {"redis", kIpTcp, 6379, "NL SG", Redis},
    {"rsync", kIpTcp, 873, "SE AT", Rsync},
    {"ntp", kIpUdp, 123, "", Ntp},
    {"snmp", kIpUdp, 161, "DE AT", Snmp},
    {"syslog", kIpUdp, 514, "DE US", Syslog},
    {"netflow", kIpUdp, 2055, "DE US", Netflow},
    {"bgp", kIpTcp, 179, "DE NL", Bgp},
    {"whois", kIpTcp, 43, "NL US JP", Whois},
    {"wireguard", kIpUdp, 51820, "CH SE SG", Wireguard},
    {"ike", kIpUdp, 500, "AT AE", Ike},
    {"esp", kIpEsp, 0, "AT AE IN", Esp},
    {"icmp", kIpIcmp, 0, "", Ping},
    {"icmp6", kIpIcmp6, 0, "FR JP CH", Ping6},
    {"bittorrent", kIpTcp, 6881, "RU SE CA", BitTorrent},
};

}  // namespace

absl::Span<const Application> OfficeApplications() { return kOffice; }

Script UnknownExchange(Random& random) {
  Script script;
  const uint32_t messages = random.Between(2, 8);
  for (uint32_t i = 0; i < messages; ++i) {
    // The second byte is no length and no type that a protocol would have behind the first.
    script.push_back(
        {i % 2 == 0 ? kC : kS,
         ByteWriter().U8(0x02).U8(0xee).Raw(random.Opaque(60 + random.Below(900))).Take()});
  }
  return script;
}

}  // namespace borderflow::generator
