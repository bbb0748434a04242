#include "dataplane/inspect/protocols/checksums.h"
#include "tests/dataplane/inspect/samples.h"

namespace borderflow {
namespace {

Buffer WithDnpCrc(Buffer header) {
  const uint16_t crc = DnpCrc(header);
  return Join({header, {static_cast<uint8_t>(crc), static_cast<uint8_t>(crc >> 8)}});
}

Buffer Synchrophasor() {
  Buffer frame = FromHex("aa41 0012 0007 65000000 00000000 0002 0000");
  const uint16_t crc = CcittCrc(Bytes(frame).subspan(0, 16));
  frame[16] = static_cast<uint8_t>(crc >> 8);
  frame[17] = static_cast<uint8_t>(crc);
  return frame;
}

Buffer OpcUa(const char* type) {
  return SizedLittle(Join({FromText(type), Zeros(4), Buffer(24, 1)}), 4, 4);
}

}  // namespace

std::vector<Sample> IndustrySamples() {
  std::vector<Sample> samples = {
      {Protocol::kModbus, "read holding registers", kStreamSample,
       FromHex("0001 0000 0006 01 03 0000 000a"), 5, 7},
      {Protocol::kModbus, "read holding registers, answer", kStreamSample,
       FromHex("0001 0000 0007 01 03 04 00010002"), 8, 6},
      {Protocol::kModbus, "write several registers", kStreamSample,
       FromHex("0001 0000 000b 01 10 0001 0002 04 000a0102"), 3, 1},
      {Protocol::kModbus, "exception", kStreamSample, FromHex("0001 0000 0003 01 83 02"), 8, 0},
      {Protocol::kIec104, "STARTDT", kStreamSample, FromHex("68 04 07 00 00 00"), 2, 9},
      {Protocol::kIec104, "interrogation", kStreamSample,
       FromHex("68 0e 0000 0000 64 01 06 00 0100 000000 14"), 6, 0},
      {Protocol::kDnp3, "link status", kStreamSample, WithDnpCrc(FromHex("0564 05 c9 0100 0400")),
       4, 2},
      {Protocol::kDnp3, "unconfirmed data", kDatagramSample,
       Join({WithDnpCrc(FromHex("0564 08 c4 0100 0400")), FromHex("c0c001 1234")}), 8, 0},
      {Protocol::kS7, "set-up communication", kStreamSample,
       FromHex("03000019 02f080 32 01 0000 0000 0008 0000 f0 00 0001 0001 01e0"), 8, 9},
      {Protocol::kS7, "S7comm-plus", kStreamSample,
       SizedBig(FromHex("03000000 02f080 72 01 0008 31000004ca0000 72"), 2, 2), 8, 9},
      {Protocol::kMms, "initiate", kStreamSample,
       SizedBig(
           FromHex("03000000 02f080 0d 2a 0506 130100160102 1402 0002 3302 0001 3402 0001 c11a "
                   "3118 a003800101 a211 a4 0f 300d 020103 0605 28ca220201 3004"),
           2, 2),
       50, 0},
      {Protocol::kMms, "accept", kStreamSample,
       SizedBig(FromHex("03000000 02f080 0e 14 0506 130100160102 c10a 3108 0605 28ca220201"), 2, 2),
       23, 1},
      {Protocol::kMms, "read", kStreamSample,
       SizedBig(FromHex("03000000 02f080 01000100 61 0e 300c 020103 a007 a005 020101 8200"), 2, 2),
       11, 0x62},
      {Protocol::kEtherNetIp, "register session", kStreamSample,
       Join({FromHex("6500 0400"), Zeros(20), FromHex("0100 0000")}), 24, 2},
      {Protocol::kEtherNetIp, "list identity", kDatagramSample,
       Join({FromHex("6300 0000"), Zeros(20)}), 20, 1},
      {Protocol::kEtherNetIp, "send RR data", kStreamSample,
       Join({FromHex("6f00 0a00 01000000 00000000"), Zeros(8), Zeros(4),
             FromHex("00000000 0a00 0000 0000")}),
       24, 1},
      {Protocol::kEtherNetIp, "implicit message", kDatagramSample,
       FromHex("0200 0280 0800 01000000 05000000 b100 0400 01020304"), 14, 0xb2},
      {Protocol::kBacnet, "who-is", kDatagramSample, FromHex("810b 000c 0120ffff00ff 1008"), 4, 2},
      {Protocol::kBacnet, "forwarded", kDatagramSample,
       FromHex("8104 0012 0a000001bac0 0120ffff00ff 1008"), 10, 0},
      {Protocol::kMqtt, "connect, 3.1.1", kStreamSample,
       Join(
           {FromHex("10 10 0004"), FromText("MQTT"), FromHex("04 02 003c 0004"), FromText("dev1")}),
       5, 'q'},
      {Protocol::kMqtt, "connect, 3.1", kStreamSample,
       Join({FromHex("10 12 0006"), FromText("MQIsdp"), FromHex("03 02 003c 0004"),
             FromText("dev1")}),
       3, 5},
      {Protocol::kCoap, "GET", kDatagramSample,
       Join({FromHex("40 01 7d34 bb"), FromText("temperature")}), 4, 0xbc},
      {Protocol::kCoap, "non-confirmable with a token", kDatagramSample,
       Join({FromHex("52 01 7d35 aabb b4"), FromText("temp")}), 1, 0x1f},
      {Protocol::kCoap, "acknowledgement with content", kDatagramSample,
       Join({FromHex("60 45 7d34 c0 ff"), FromText("22.3 C")}), 4, 0xf0},
      {Protocol::kCoap, "reset", kDatagramSample, FromHex("70 00 7d36"), 1, 1 << 5},
      {Protocol::kAmqp, "0-9-1", kStreamSample, FromHex("414d5150 00000901"), 7, 2},
      {Protocol::kAmqp, "1.0", kStreamSample, FromHex("414d5150 03010000"), 5, 2},
      {Protocol::kAmqp, "0-10", kStreamSample, FromHex("414d5150 0101000a"), 3, 'R'},
      {Protocol::kDlms, "association", kStreamSample,
       SizedBig(FromHex("0001 0010 0001 0000 60 1d a109 0607 60857405080101 be10 040e 01000000 "
                        "065f1f040000 7e1f 04b0"),
                6, 2, 8),
       1, 9},
      {Protocol::kDlms, "get", kStreamSample,
       SizedBig(FromHex("0001 0010 0001 0000 c001 c1 0003 0100010800ff 02 00"), 6, 2, 8), 8, 0x99},
      {Protocol::kSynchrophasor, "command", kStreamSample, Synchrophasor(), 9, 1},
      {Protocol::kKnx, "search request", kDatagramSample,
       FromHex("0610 0201 000e 0801 c0a80001 0e57"), 5, 9},
      {Protocol::kHartIp, "pass-through", kStreamSample,
       SizedBig(FromHex("01 00 03 00 0002 0000 0280000082"), 6, 2), 2, 9},
      {Protocol::kHartIp, "answer", kStreamSample,
       SizedBig(FromHex("01 01 03 00 0002 0000 0680000084"), 6, 2), 1, 7},
  };
  for (const char* type : {"HELF", "ACKF", "OPNF", "MSGF", "MSGC", "CLOF", "ERRF", "RHEF"}) {
    samples.push_back({Protocol::kOpcUa, type, kStreamSample, OpcUa(type), 4, 5});
  }
  return samples;
}

}  // namespace borderflow
