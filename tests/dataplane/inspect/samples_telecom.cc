#include "tests/dataplane/inspect/samples.h"

namespace borderflow {
namespace {

Buffer SmppBind(uint8_t command) {
  return SizedBig(Join({Zeros(4),
                        {0, 0, 0, command},
                        Zeros(4),
                        {0, 0, 0, 1},
                        Raw("esme1\0secret\0\0\x34\0\0\0")}),
                  0, 4);
}

Buffer SipRequest(const char* method) {
  return Join({FromText(method), FromText("sip:bob@example.org SIP/2.0\r\n"
                                          "Via: SIP/2.0/UDP pc.example.org\r\n\r\n")});
}

}  // namespace

std::vector<Sample> TelecomSamples() {
  std::vector<Sample> samples = {
      {Protocol::kDiameter, "capabilities exchange", kStreamSample,
       SizedBig(
           FromHex("01 000000 80 000101 00000000 00000001 00000002 00000108 40 00000c 61626364"), 1,
           3),
       7, 0x05},
      {Protocol::kGtpC, "create session request", kDatagramSample,
       SizedBig(FromHex("48 20 0000 00000000 000001 00 01000800 0021436587090000"), 2, 2, 4), 1,
       48},
      {Protocol::kGtpC, "echo request", kDatagramSample,
       FromHex("40 01 0009 000001 00 03000100 07"), 10, 2},
      {Protocol::kGtpC, "create PDP context request, version 1", kDatagramSample,
       SizedBig(FromHex("32 10 0000 00000000 0001 00 00 02 4200010203040506"), 2, 2, 8), 1, 200},
      {Protocol::kGtpU, "an IPv4 packet inside", kDatagramSample,
       SizedBig(FromHex("30 ff 0000 00000001 45000014 00010000 40010000 0a000001 0a000002"), 2, 2,
                8),
       8, 0x55},
      {Protocol::kGtpPrime, "node alive request", kDatagramSample,
       FromHex("4e 04 0003 0001 63 00 00"), 3, 9},
      {Protocol::kGtpPrime, "data record transfer", kDatagramSample,
       FromHex("0f f0 0002 0001 7e01"), 1, 99},
      {Protocol::kGtpPrime, "echo, version 1", kDatagramSample, FromHex("2e 01 0000 0001"), 3, 1},
      {Protocol::kGtpPrime, "echo with a header of 20 bytes", kDatagramSample,
       Join({FromHex("0e 01 0000 0001"), Zeros(14)}), 1, 0},
      {Protocol::kPfcp, "association set-up request", kDatagramSample,
       SizedBig(FromHex("20 05 0000 000001 00 003c0005 00 0a000001 00600004 e2a1b2c3"), 2, 2, 4), 1,
       0x14},
      {Protocol::kPfcp, "session establishment", kDatagramSample,
       SizedBig(FromHex("21 32 0000 0000000000000000 000001 00 003c0005 00 0a000001"), 2, 2, 4), 0,
       0x20},
      {Protocol::kPfcp, "session report with priority", kDatagramSample,
       SizedBig(FromHex("23 38 0000 0000000000000001 000001 10 00270001 01"), 2, 2, 4), 19, 4},
      {Protocol::kRadius, "access request", kDatagramSample,
       SizedBig(
           Join({FromHex("01 07 0000"), Buffer(16, 0xa5), FromHex("01 05 626f62 04 06 c0000201")}),
           2, 2),
       21, 9},
      {Protocol::kRadius, "accounting answer", kDatagramSample,
       SizedBig(Join({FromHex("05 07 0000"), Buffer(16, 0xa5)}), 2, 2), 0, 9},
      {Protocol::kSmpp, "bind transmitter", kStreamSample, SmppBind(2), 11, 1},
      {Protocol::kSmpp, "bind receiver", kStreamSample, SmppBind(1), 3, 0xff},
      {Protocol::kSmpp, "bind transceiver", kStreamSample, SmppBind(9), 11, 1},
      {Protocol::kSmpp, "enquire link", kStreamSample,
       FromHex("00000010 00000015 00000000 00000002"), 7, 0x16},
      {Protocol::kMgcp, "create connection", kDatagramSample,
       FromText("CRCX 1204 aaln/1@rgw.example.net MGCP 1.0\r\nC: A3C47F21\r\n"), 35, 'X'},
      {Protocol::kMgcp, "restart in progress", kDatagramSample,
       FromText("RSIP 1200 *@rgw.example.net MGCP 1.0\r\nRM: restart\r\n"), 28, 'X'},
      {Protocol::kMegaco, "long form", kDatagramSample,
       FromText("MEGACO/1 [192.0.2.1]:2944\nTransaction=1{Context=-{"), 3, 'E'},
      {Protocol::kMegaco, "short form", kDatagramSample, FromText("!/1 [192.0.2.1]:2944\nT=1{C=-{"),
       1, '|'},
      {Protocol::kMegaco, "short form, version 2", kDatagramSample,
       FromText("!/2 [192.0.2.1]:2944\nT=1{C=-{"), 2, '7'},
      {Protocol::kSip, "answer", kDatagramSample,
       FromText("SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP pc.example.org\r\n\r\n"), 9, 'x'},
      {Protocol::kGb28181, "catalogue", kDatagramSample,
       FromText("MESSAGE sip:340200@3402000000 SIP/2.0\r\nContent-Type: "
                "Application/MANSCDP+xml\r\n\r\n<?xml version=\"1.0\"?>"),
       30, 'H'},
      {Protocol::kRtcp, "sender report and description", kDatagramSample,
       Join({FromHex("80c80006 12345678"), Zeros(20),
             FromHex("81ca0003 12345678 0104 61626364 00 00")}),
       3, 9},
      {Protocol::kRtcp, "receiver report and description", kDatagramSample,
       FromHex("80c90001 12345678 81ca0002 12345678 01026162"), 9, 2},
      {Protocol::kRtcp, "receiver report alone", kDatagramSample, FromHex("80c90001 12345678"), 3,
       3},
      {Protocol::kRtcp, "sender report alone", kDatagramSample,
       Join({FromHex("80c80006 12345678"), Zeros(20)}), 3, 7},
      {Protocol::kStun, "binding request", kDatagramSample,
       Join({FromHex("0001 0000 2112a442"), Buffer(12, 0x5a)}), 7, 0},
      {Protocol::kH323, "Q.931 set-up", kStreamSample,
       SizedBig(FromHex("03000000 0802 0001 05 04038890a5 7e0005 0520a00100"), 2, 2), 8, 0x44},
      {Protocol::kIax2, "NEW", kDatagramSample,
       FromHex("8001 0000 00000005 00 00 06 01 0b020002 0104 31303031"), 15, 1},
  };
  for (const char* method :
       {"INVITE ", "REGISTER ", "OPTIONS ", "ACK ", "BYE ", "CANCEL ", "SUBSCRIBE ", "NOTIFY ",
        "PUBLISH ", "MESSAGE ", "REFER ", "UPDATE ", "PRACK ", "INFO "}) {
    const Buffer request = SipRequest(method);
    // "SIP/2.0" at the end of the line becomes "HIP/2.0".
    samples.push_back({Protocol::kSip, method, kDatagramSample, request,
                       std::string_view(method).size() + 20, 'H'});
  }
  return samples;
}

}  // namespace borderflow
