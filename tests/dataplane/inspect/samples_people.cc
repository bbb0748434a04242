// Communications, directory and authentication, remote access.
#include "tests/dataplane/inspect/samples.h"

namespace borderflow {
namespace {

// WORKGROUP in first-level encoding.
Buffer NetbiosName() {
  return Join({FromHex("20"), FromText("FHEPFCELEHFCEPFFFACACACACACACABN"), FromHex("00")});
}

Buffer KerberosRequest() {
  // AS-REQ: [APPLICATION 10] { SEQUENCE { [1] 5, [2] 10, ... } }
  return FromHex("6a 0e 30 0c a103020105 a20302010a a300");
}

}  // namespace

std::vector<Sample> PeopleSamples() {
  return {
      {Protocol::kSmtp, "greeting", kStreamSample, FromText("220 mx.example.org ESMTP ready\r\n"),
       20, 'X'},
      {Protocol::kSmtp, "greeting of several lines", kStreamSample,
       FromText("220-mx.example.org ESMTP\r\n220 go\r\n"), 21, 'X'},
      {Protocol::kSmtp, "EHLO", kStreamSample, FromText("EHLO client.example.org\r\n"), 3, 'L'},
      {Protocol::kSmtp, "helo", kStreamSample, FromText("helo client.example.org\r\n"), 10, ' '},
      {Protocol::kSmtp, "LHLO", kStreamSample, FromText("LHLO client.example.org\r\n"), 4, '\t'},
      {Protocol::kSmtp, "MAIL FROM", kStreamSample, FromText("MAIL FROM:<a@example.org>\r\n"), 9,
       ';'},
      {Protocol::kImap, "greeting", kStreamSample,
       FromText("* OK [CAPABILITY IMAP4rev1] ready\r\n"), 1, '*'},
      {Protocol::kImap, "greeting of one who is known", kStreamSample,
       FromText("* PREAUTH IMAP4rev1 ready\r\n"), 2, 'p'},
      {Protocol::kImap, "refusal", kStreamSample, FromText("* BYE too many connections\r\n"), 3,
       'I'},
      {Protocol::kImap, "capabilities", kStreamSample, FromText("* CAPABILITY IMAP4rev1\r\n"), 13,
       'L'},
      {Protocol::kPop3, "greeting", kStreamSample, FromText("+OK POP3 server ready\r\n"), 3, '\r'},
      {Protocol::kPop3, "STLS", kStreamSample, FromText("STLS\r\n"), 3, 'T'},
      {Protocol::kXmpp, "stream", kStreamSample,
       FromText("<stream:stream to='example.org' xmlns='jabber:client'>"), 7, '-'},
      {Protocol::kXmpp, "stream behind a declaration", kStreamSample,
       FromText("<?xml version='1.0'?><stream:stream to='example.org'>"), 22, 'S'},
      {Protocol::kIrc, "capabilities", kStreamSample, FromText("CAP LS 302\r\n"), 4, 'X'},
      {Protocol::kIrc, "capabilities wanted", kStreamSample, FromText("CAP REQ :sasl\r\n"), 3, '-'},
      {Protocol::kIrc, "nick", kStreamSample, FromText("NICK wiz\r\nUSER w 0 * :Wiz\r\n"), 6, ' '},
      {Protocol::kIrc, "user", kStreamSample, FromText("USER guest 0 * :Real Name\r\n"), 15, '-'},
      {Protocol::kIrc, "server's notice", kStreamSample,
       FromText(":irc.example.org NOTICE * :*** Looking up your hostname\r\n"), 17, 'M'},
      {Protocol::kNntp, "greeting", kStreamSample,
       FromText("200 news.example.org InterNetNews NNRP server ready\r\n"), 25, 'X'},
      {Protocol::kNntp, "greeting, reading only", kStreamSample,
       FromText("201 news.example.org NNTP no posting\r\n"), 22, 'X'},
      {Protocol::kManageSieve, "capabilities", kStreamSample,
       FromText("\"IMPLEMENTATION\" \"Example1 ManageSieved\"\r\n"), 16, ':'},
      {Protocol::kFtp, "greeting", kStreamSample, FromText("220 ftp.example.org FTP server\r\n"), 2,
       '1'},
      {Protocol::kFtp, "greeting of several lines", kStreamSample,
       FromText("220-Welcome to the FTP archive\r\n220 \r\n"), 1, '3'},
      {Protocol::kFtp, "AUTH TLS", kStreamSample, FromText("AUTH TLS\r\n"), 5, 'X'},
      {Protocol::kFtp, "AUTH SSL", kStreamSample, FromText("auth ssl\r\n"), 7, 'm'},
      {Protocol::kTftp, "read", kDatagramSample, Raw("\0\1file.bin\0octet\0"), 11, 'O' + 1},
      {Protocol::kTftp, "write", kDatagramSample, Raw("\0\2file.txt\0netascii\0"), 1, 7},

      {Protocol::kLdap, "bind", kStreamSample, FromHex("30 0c 020101 60 07 020103 0400 8000"), 9,
       5},
      {Protocol::kLdap, "start TLS", kStreamSample,
       Join({FromHex("30 1d 020101 77 18 80 16"), FromText("1.3.6.1.4.1.1466.20037")}), 9, 'a'},
      {Protocol::kLdap, "search entry", kStreamSample,
       FromHex("30 0d 020102 64 08 0404 64633d78 3000"), 7, 3},
      {Protocol::kLdap, "search done", kStreamSample,
       FromHex("30 0c 020102 65 07 0a0100 0400 0400"), 7, 2},
      {Protocol::kLdap, "unbind", kStreamSample, FromHex("30 05 020103 4200"), 6, 1},
      {Protocol::kCldap, "root search", kDatagramSample,
       FromHex(
           "30 25 020101 63 20 0400 0a0100 0a0100 020100 020100 010100 870b 6f626a656374436c617373 "
           "3000"),
       9, 2},
      {Protocol::kKerberos, "AS-REQ over UDP", kDatagramSample, KerberosRequest(), 8, 4},
      {Protocol::kKerberos, "error over UDP", kDatagramSample,
       FromHex("7e 0e 30 0c a003020105 a10302011e a400"), 13, 10},
      {Protocol::kKerberos, "AS-REQ over TCP", kStreamSample,
       SizedBig(Join({Zeros(4), KerberosRequest()}), 0, 4, 4), 17, 11},
      {Protocol::kKerberos, "error over TCP", kStreamSample,
       FromHex("00000010 7e 0e 30 0c a003020105 a10302011e a400"), 8, 0xa1},
      {Protocol::kSmb, "version 1 negotiation", kStreamSample,
       Join({FromHex("00000023 ff"), FromText("SMB"), FromHex("72"), Zeros(30)}), 5, 's'},
      {Protocol::kSmb, "version 2 negotiation", kStreamSample,
       Join({FromHex("00000044 fe"), FromText("SMB"), FromHex("4000"), Zeros(62)}), 8, 0x41},
      {Protocol::kSmb, "encrypted", kStreamSample,
       Join({FromHex("00000080 fd"), FromText("SMB"), Buffer(124, 0xa5)}), 4, 0xfc},
      {Protocol::kNetbios, "session request", kStreamSample,
       Join({FromHex("81000044"), NetbiosName(), NetbiosName()}), 10, 'Z'},
      {Protocol::kNetbios, "name query", kDatagramSample,
       Join({FromHex("00010110 0001 0000 0000 0000"), NetbiosName(), FromHex("00200001")}), 47,
       0x22},
      {Protocol::kNetbios, "datagram", kDatagramSample,
       Join({FromHex("110a0001 0a000001 008a 00bb 0000"), NetbiosName()}), 20, 'Z'},
      {Protocol::kDceRpc, "bind", kStreamSample,
       SizedLittle(Join({FromHex("05000b03 10000000 0000 0000 01000000"), Zeros(56)}), 8, 2), 8, 1},
      {Protocol::kDceRpc, "over HTTP", kStreamSample, FromText("ncacn_http/1.0"), 6, 'H'},
      {Protocol::kTacacs, "authentication start", kStreamSample,
       SizedBig(FromHex("c0 01 01 00 12345678 00000000 6b1f77a3c2519d08"), 8, 4, 12), 3, 9},
      {Protocol::kTacacs, "authorisation, minor version 1", kStreamSample,
       SizedBig(FromHex("c1 02 01 00 12345678 00000000 6b1f77a3c2519d08"), 8, 4, 12), 1, 4},
      {Protocol::kNtlm, "negotiate", kStreamSample, Raw("NTLMSSP\0\1\0\0\0\x07\x82\x08\xa2"), 7, 1},

      {Protocol::kRdp, "connection request with a cookie", kStreamSample,
       SizedBig(SizedBig(Join({FromHex("03000000 00 e0 0000 0000 00"),
                               FromText("Cookie: mstshash=user\r\n"), FromHex("0100080003000000")}),
                         4, 1, 5),
                2, 2),
       11, 'K'},
      {Protocol::kRdp, "connection request", kStreamSample,
       FromHex("03000013 0e e0 0000 0000 00 01 00 0800 03000000"), 13, 9},
      {Protocol::kRdp, "connection confirm", kStreamSample,
       FromHex("03000013 0e d0 0000 1234 00 02 00 0800 02000000"), 11, 4},
      {Protocol::kVnc, "version", kStreamSample, FromText("RFB 003.008\n"), 7, ','},
      {Protocol::kTelnet, "negotiation", kStreamSample, FromHex("fffd18 fffd20 fffd23 fffd27"), 4,
       0xf0},
      {Protocol::kTelnet, "one command", kStreamSample, FromHex("fffb01"), 2, 0xc8},
      {Protocol::kTeamviewer, "ping", kStreamSample, FromHex("1724 100400 000000 00"), 2, 0x70},
      {Protocol::kTeamviewer, "later version", kStreamSample, FromHex("1130 1a0000 0000 1000"), 1,
       0x31},
      {Protocol::kIca, "greeting", kStreamSample, FromHex("7f7f49434100 7f7f49434100"), 5, 1},
      {Protocol::kIca, "common gateway", kStreamSample,
       FromText("\x1a"
                "CGP/01\x01\x02"),
       6, '9'},
      {Protocol::kX11, "set-up, little-endian", kStreamSample,
       Join({FromHex("6c00 0b00 0000 1200 1000 0000"), FromText("MIT-MAGIC-COOKIE-1"),
             FromHex("0000"), Buffer(16, 0xa5)}),
       6, 0x60},
      {Protocol::kX11, "set-up, big-endian", kStreamSample,
       FromHex("4200 000b 0000 0000 0000 0000"), 3, 0x0c},
      {Protocol::kIpmi, "get channel authentication", kDatagramSample,
       FromHex("0600ff07 00 00000000 00000000 09 20 18 c8 81 00 38 8e 04 b5"), 3, 8},
  };
}

}  // namespace borderflow
