// Mail, messaging, directories, remote access, databases.
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
};

}  // namespace

absl::Span<const Application> OfficeApplications() { return kOffice; }

}  // namespace borderflow::generator
