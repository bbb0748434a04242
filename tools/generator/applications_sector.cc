// Health, finance, industry, telecom, geolocation, video.
#include <cstdio>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "tools/generator/applications.h"
#include "tools/generator/bytes.h"

namespace borderflow::generator {
namespace {

constexpr Side kC = Side::kClient;
constexpr Side kS = Side::kServer;

std::string Padded(std::string_view text, size_t size) {
  std::string padded(text);
  padded.resize(size, ' ');
  return padded;
}

// DICOM PS3.8 section 9.3: A-ASSOCIATE-RQ and -AC for Verification, then data and release.
std::string DicomAssociate(uint8_t type) {
  const auto item = [](uint8_t id, std::string_view body) {
    return ByteWriter().U8(id).U8(0).Vector(2, body).Take();
  };
  const bool request = type == 1;
  const std::string transfer = item(0x40, "1.2.840.10008.1.2");
  ByteWriter context;
  context.U8(1).U8(0).U8(0).U8(0);
  if (request) context.Raw(item(0x30, "1.2.840.10008.1.1"));
  context.Raw(transfer);
  const std::string user =
      item(0x51, ByteWriter().U32(16384).bytes()) + item(0x52, "1.2.276.0.7230010.3");
  ByteWriter body;
  body.U16(1).U16(0).Raw(Padded("ARCHIVE", 16)).Raw(Padded("MODALITY", 16)).Fill(32);
  body.Raw(item(0x10, "1.2.840.10008.3.1.1.1"));
  body.Raw(item(request ? 0x20 : 0x21, context.bytes())).Raw(item(0x50, user));
  return ByteWriter().U8(type).U8(0).Vector(4, body.bytes()).Take();
}

Script Dicom(Random& random) {
  const size_t size = 4000 + 2 * random.Below(6000);  // values have even lengths
  ByteWriter data;
  // One presentation data value: the last fragment of a data set.
  data.U8(4).U8(0).U32(size + 6).U32(size + 2).U8(1).U8(2).Raw(random.Opaque(size));
  return {{kC, DicomAssociate(1)},
          {kS, DicomAssociate(2)},
          {kC, data.Take()},
          {kC, ByteWriter().U8(5).U8(0).U32(4).U32(0).Take()},
          {kS, ByteWriter().U8(6).U8(0).U32(4).U32(0).Take()}};
}

// HL7 v2 over MLLP: an observation result and its acknowledgement. No patient is named.
Script Hl7(Random& random) {
  const std::string id = absl::StrCat(random.Below(1000000));
  const auto frame = [](std::string_view text) {
    return absl::StrCat("\x0b", std::string(text), "\x1c\r");
  };
  return {{kC, frame(absl::StrCat("MSH|^~\\&|LAB|SITE1|EHR|SITE2|20250602090000||ORU^R01|", id,
                                  "|P|2.5\rPID|1||000", id, "^^^SITE1\rOBR|1|||718-7^HGB^LN\r",
                                  "OBX|1|NM|718-7^HGB^LN||13.", random.Below(10), "|g/dL\r"))},
          {kS, frame(absl::StrCat("MSH|^~\\&|EHR|SITE2|LAB|SITE1|20250602090001||ACK^R01|", id,
                                  "|P|2.5\rMSA|AA|", id, "\r"))}};
}

// FIX 4.4: Logon both ways and a heartbeat, body length and checksum right.
std::string FixMessage(std::string_view body) {
  std::string message = absl::StrCat(
      "8=FIX.4.4\x01"
      "9=",
      body.size(), "\x01", std::string(body));
  unsigned sum = 0;
  for (const char c : message) sum += static_cast<unsigned char>(c);
  char digits[4];
  std::snprintf(digits, sizeof digits, "%03u", sum % 256);
  return absl::StrCat(message, "10=", digits, "\x01");
}

Script Fix(Random&) {
  const auto header = [](char type, int number, bool client) {
    return absl::StrCat("35=", std::string(1, type),
                        "\x01"
                        "49=",
                        client ? "DESK" : "VENUE",
                        "\x01"
                        "56=",
                        client ? "VENUE" : "DESK",
                        "\x01"
                        "34=",
                        number,
                        "\x01"
                        "52=20250602-09:00:00.000\x01");
  };
  return {{kC, FixMessage(header('A', 1, true) + "98=0\x01"
                                                 "108=30\x01")},
          {kS, FixMessage(header('A', 1, false) + "98=0\x01"
                                                  "108=30\x01")},
          {kC, FixMessage(header('0', 2, true))},
          {kS, FixMessage(header('0', 2, false))}};
}

// ISO 8583: network management request 0800 and answer 0810 with fields 7, 11, 39 and 70, two bytes
// of length in front.
Script Iso8583(Random& random) {
  char trace[7];
  std::snprintf(trace, sizeof trace, "%06u", random.Below(1000000));
  const std::string fields = absl::StrCat("0602090000", trace);
  const std::string request = ByteWriter()
                                  .Raw(std::string_view("0800"))
                                  .U64(0x8220000000000000)
                                  .U64(0x0400000000000000)
                                  .Raw(fields)
                                  .Raw(std::string_view("301"))
                                  .Take();
  const std::string answer = ByteWriter()
                                 .Raw(std::string_view("0810"))
                                 .U64(0x8220000002000000)
                                 .U64(0x0400000000000000)
                                 .Raw(fields)
                                 .Raw(std::string_view("00301"))
                                 .Take();
  return {{kC, ByteWriter().Vector(2, request).Take()},
          {kS, ByteWriter().Vector(2, answer).Take()}};
}

// Modbus application protocol 1.1b3: read holding registers.
Script Modbus(Random& random) {
  Script script;
  for (uint32_t i = 1; i <= 6; ++i) {
    script.push_back({kC, ByteWriter().U16(i).U16(0).U16(6).U8(1).U8(3).U16(16 * i).U16(8).Take()});
    script.push_back(
        {kS,
         ByteWriter().U16(i).U16(0).U16(3 + 16).U8(1).U8(3).U8(16).Raw(random.Bytes(16)).Take()});
  }
  return script;
}

// IEC 60870-5-104: STARTDT, then short floating point measurands.
Script Iec104(Random& random) {
  Script script = {{kC, ByteWriter().U8(0x68).U8(4).U32(0x07000000).Take()},
                   {kS, ByteWriter().U8(0x68).U8(4).U32(0x0b000000).Take()}};
  for (uint32_t i = 0; i < 5; ++i) {
    ByteWriter unit;
    unit.U8(i * 2).U8(0).U16(0);                // sequence numbers
    unit.U8(13).U8(1).U8(3).U8(0).U16(0x0100);  // M_ME_NC_1, one object, spontaneous, station 1
    unit.U24(0x010000 + i * 0x010000).Raw(random.Bytes(3)).U8(0x42).U8(0);
    script.push_back({kS, ByteWriter().U8(0x68).Vector(1, unit.bytes()).Take()});
  }
  script.push_back({kC, ByteWriter().U8(0x68).U8(4).U16(0x0100).U16(0x0a00).Take()});
  return script;
}

// MQTT 3.1.1: CONNECT, CONNACK and some publications.
Script Mqtt(Random& random) {
  ByteWriter connect;
  connect.Vector(2, std::string_view("MQTT")).U8(4).U8(2).U16(60);
  connect.Vector(2, absl::StrCat("meter-", random.Below(10000)));
  Script script = {{kC, ByteWriter().U8(0x10).Vector(1, connect.bytes()).Take()},
                   {kS, ByteWriter().U32(0x20020000).Take()}};
  for (int i = 0; i < 4; ++i) {
    ByteWriter publish;
    publish.Vector(2, std::string_view("site/7/flow"));
    publish.Raw(absl::StrCat("{\"litres\":", random.Below(1000), "}"));
    script.push_back({kC, ByteWriter().U8(0x30).Vector(1, publish.bytes()).Take()});
  }
  return script;
}

// OPC UA part 6 section 7.1: Hello and Acknowledge.
Script OpcUa(Random&) {
  const std::string url = "opc.tcp://plc.example.org:4840";
  ByteWriter hello;
  hello.Raw(std::string_view("HELF")).U32Little(static_cast<uint32_t>(32 + url.size()));
  hello.U32Little(0).U32Little(65536).U32Little(65536).U32Little(0).U32Little(0);
  hello.U32Little(static_cast<uint32_t>(url.size())).Raw(url);
  ByteWriter acknowledge;
  acknowledge.Raw(std::string_view("ACKF")).U32Little(28).U32Little(0).U32Little(65536);
  acknowledge.U32Little(65536).U32Little(0).U32Little(0);
  return {{kC, hello.Take()}, {kS, acknowledge.Take()}};
}

// ISO 8073 over RFC 1006, then S7's communication setup.
Script S7(Random&) {
  const auto tpkt = [](std::string_view body) {
    return ByteWriter().U8(3).U8(0).U16(body.size() + 4).Raw(body).Take();
  };
  const auto connect = [&](uint8_t type) {
    return tpkt(ByteWriter()
                    .U8(17)
                    .U8(type)
                    .U16(type == 0xe0 ? 0 : 1)
                    .U16(type == 0xe0 ? 1 : 2)
                    .U8(0)
                    .U24(0xc0010a)
                    .U32(0xc1020100)
                    .U32(0xc2020102)
                    .bytes());
  };
  const auto setup = [&](uint8_t kind) {
    ByteWriter body;
    body.U24(0x02f080).U8(0x32).U8(kind).U16(0).U16(1).U16(8).U16(0);
    if (kind == 3) body.U16(0);
    body.U8(0xf0).U8(0).U16(1).U16(1).U16(480);
    return tpkt(body.bytes());
  };
  return {{kC, connect(0xe0)}, {kS, connect(0xd0)}, {kC, setup(1)}, {kS, setup(3)}};
}

// RFC 7252: confirmable GET of one path segment, and a piggybacked 2.05.
Script Coap(Random& random) {
  const uint32_t id = random.Below(65536);
  return {
      {kC, ByteWriter().U8(0x40).U8(1).U16(id).U8(0xb4).Raw(std::string_view("temp")).Take()},
      {kS, ByteWriter().U8(0x60).U8(0x45).U16(id).U8(0xff).Raw(std::string_view("21.5")).Take()}};
}

// ANSI/ASHRAE 135 annex J: Who-Is in an original-unicast NPDU.
Script Bacnet(Random&) {
  return {{kC, ByteWriter().U8(0x81).U8(0x0a).U16(8).U8(1).U8(0).U8(0x10).U8(8).Take()}};
}

// RFC 6733: Capabilities-Exchange between two peers.
Script Diameter(Random& random) {
  const auto avp = [](uint32_t code, std::string_view value) {
    ByteWriter out;
    out.U32(code).U8(0x40).U24(8 + value.size()).Raw(value);
    return out.Fill((4 - value.size() % 4) % 4).Take();
  };
  const uint32_t hop = random.Below(1u << 30);
  const auto message = [&](bool request) {
    ByteWriter avps;
    if (!request) avps.Raw(avp(268, ByteWriter().U32(2001).bytes()));
    avps.Raw(avp(264, request ? "mme.example.org" : "hss.example.net"));
    avps.Raw(avp(296, request ? "example.org" : "example.net"));
    avps.Raw(avp(257, ByteWriter().U16(1).U32(0xc0000201).bytes()));
    avps.Raw(avp(266, ByteWriter().U32(10415).bytes()));
    avps.Raw(avp(269, "relay"));
    ByteWriter out;
    out.U8(1).U24(20 + avps.size()).U8(request ? 0x80 : 0).U24(257).U32(0).U32(hop).U32(hop);
    return out.Raw(avps.bytes()).Take();
  };
  return {{kC, message(true)}, {kS, message(false)}};
}

// 3GPP TS 29.274: GTP version 2 Echo.
Script GtpControl(Random& random) {
  const uint32_t sequence = random.Below(1u << 24);
  const auto echo = [&](uint8_t type) {
    return ByteWriter()
        .U8(0x40)
        .U8(type)
        .U16(9)
        .U24(sequence)
        .U8(0)
        .U8(3)
        .U16(1)
        .U8(0)
        .U8(1)
        .Take();
  };
  return {{kC, echo(1)}, {kS, echo(2)}};
}

// 3GPP TS 29.281: a GTP-U Echo carries no user's packet, so it is a flow of its own.
Script GtpUserEcho(Random& random) {
  const uint32_t sequence = random.Below(65536);
  return {{kC, ByteWriter().U8(0x32).U8(1).U16(4).U32(0).U16(sequence).U16(0).Take()},
          {kS, ByteWriter().U8(0x32).U8(2).U16(6).U32(0).U16(sequence).U16(0).U8(14).U8(0).Take()}};
}

// SMPP 3.4 section 4.1: bind_transceiver and its response.
Script Smpp(Random&) {
  const auto packet = [](uint32_t command, std::string_view body) {
    return ByteWriter().U32(16 + body.size()).U32(command).U32(0).U32(1).Raw(body).Take();
  };
  const std::string bind("gateway\0secret\0\0\x34\0\0\0", 20);
  return {{kC, packet(0x00000009, bind)}, {kS, packet(0x80000009, std::string_view("smsc\0", 5))}};
}

// RFC 2866: Accounting-Request (start) and -Response.
Script Radius(Random& random) {
  const uint32_t id = random.Below(256);
  ByteWriter attributes;
  attributes.U8(40).U8(6).U32(1).U8(4).U8(6).U32(0xc0000201);
  attributes.U8(44).U8(10).Raw(std::string_view("00004711"));
  return {{kC, ByteWriter()
                   .U8(4)
                   .U8(id)
                   .U16(20 + attributes.size())
                   .Raw(random.Bytes(16))
                   .Raw(attributes.bytes())
                   .Take()},
          {kS, ByteWriter().U8(5).U8(id).U16(20).Raw(random.Bytes(16)).Take()}};
}

// NMEA 0183 sentences of a vessel, checksum right.
Script Nmea(Random& random) {
  Script script;
  for (uint32_t i = 0; i < 5; ++i) {
    char body[96];
    std::snprintf(body, sizeof body,
                  "GPRMC,09%02u00,A,5333.%03u,N,00959.%03u,E,004.1,084.4,020625,,", i,
                  random.Below(1000), random.Below(1000));
    unsigned sum = 0;
    for (const char* c = body; *c != '\0'; ++c) sum ^= static_cast<unsigned char>(*c);
    char sentence[128];
    std::snprintf(sentence, sizeof sentence, "$%s*%02X\r\n", body, sum);
    script.push_back({kC, sentence});
  }
  return script;
}

// RFC 2326: DESCRIBE.
Script Rtsp(Random&) {
  const std::string sdp = "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=gate\r\nm=video 0 RTP/AVP 96\r\n";
  return {{kC,
           "DESCRIBE rtsp://camera.example.org/gate RTSP/1.0\r\nCSeq: 1\r\n"
           "Accept: application/sdp\r\n\r\n"},
          {kS, absl::StrCat("RTSP/1.0 200 OK\r\nCSeq: 1\r\nContent-Type: application/sdp\r\n"
                            "Content-Length: ",
                            sdp.size(), "\r\n\r\n", sdp)}};
}

constexpr Application kSector[] = {
    {"dicom", kIpTcp, 104, "NL US IN", Dicom},
    {"dicom", kIpTcp, 11112, "DE CH", Dicom},
    {"hl7-mllp", kIpTcp, 2575, "DE IE ZA", Hl7},
    {"fix", kIpTcp, 9878, "GB CH HK", Fix},
    {"iso8583", kIpTcp, 7005, "FR NG AE", Iso8583},
    {"modbus", kIpTcp, 502, "AT PL", Modbus},
    {"iec-104", kIpTcp, 2404, "DE CZ", Iec104},
    {"mqtt", kIpTcp, 1883, "DE CN US", Mqtt},
    {"opc-ua", kIpTcp, 4840, "DE JP", OpcUa},
    {"s7", kIpTcp, 102, "AT IT", S7},
    {"coap", kIpUdp, 5683, "FI KR", Coap},
    {"bacnet", kIpUdp, 47808, "DE CA", Bacnet},
    {"diameter", kIpTcp, 3868, "GB KE BR", Diameter},
    {"gtp-c", kIpUdp, 2123, "FR GH", GtpControl},
    {"gtp-u-echo", kIpUdp, 2152, "FR GH", GtpUserEcho},
    {"smpp", kIpTcp, 2775, "NG IN", Smpp},
    {"radius", kIpUdp, 1813, "GB SA", Radius},
    {"nmea", kIpTcp, 10110, "NO DK", Nmea},
    {"rtsp", kIpTcp, 554, "CN TW", Rtsp},
};

}  // namespace

absl::Span<const Application> SectorApplications() { return kSector; }

}  // namespace borderflow::generator
