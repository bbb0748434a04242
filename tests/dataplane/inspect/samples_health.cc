#include "tests/dataplane/inspect/samples.h"

namespace borderflow {
namespace {

Buffer Associate(uint8_t type) {
  Buffer message = Join({{type},
                         FromHex("00 00000000 0001 0000"),
                         FromText("ANY-SCP         "),
                         FromText("ECHOSCU         "),
                         Zeros(32),
                         FromHex("1000 0015"),
                         FromText("1.2.840.10008.3.1.1.1"),
                         FromHex("2000 0004 01000000")});
  return SizedBig(message, 2, 4, 6);
}

Buffer Interchange(const char* group) {
  return Join({FromText("ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       "
                        "*261122*0801*^*00501*000000905*0*T*:~"),
               FromText(group), FromText("*SENDER*RECEIVER*20261122*0801*1*X*005010X222A1~")});
}

}  // namespace

std::vector<Sample> HealthSamples() {
  return {
      {Protocol::kDicom, "association request", kStreamSample, Associate(1), 85, '9'},
      {Protocol::kDicom, "association accept", kStreamSample, Associate(2), 7, 2},
      {Protocol::kDicom, "C-ECHO command", kStreamSample,
       SizedBig(
           SizedBig(FromHex("04 00 00000000 00000000 01 03 00000000 04000000 38000000"), 6, 4, 10),
           2, 4, 6),
       10, 2},
      {Protocol::kDicom, "last fragment of data", kStreamSample,
       FromHex("04 00 00000014 00000010 01 01 00000000 04000000 38000000 0000"), 12, 8},
      {Protocol::kDicom, "release request", kStreamSample, FromHex("05 00 00000004 00000000"), 9,
       1},
      {Protocol::kDicom, "release response", kStreamSample, FromHex("06 00 00000004 00000000"), 5,
       5},
      {Protocol::kHl7, "MLLP", kStreamSample,
       FromText("\x0bMSH|^~\\&|LAB|HOSP|EHR|HOSP|20261122080102||ORU^R01|7|P|2.5\r\x1c\r"), 4, 'x'},
      {Protocol::kHl7, "batch", kStreamSample,
       FromText("\x0b"
                "FHS|^~\\&|LAB|HOSP\r"),
       3, 'T'},
      {Protocol::kHl7, "batch of messages", kStreamSample,
       FromText("\x0b"
                "BHS|^~\\&|LAB|HOSP\r"),
       4, '1'},
      {Protocol::kHl7, "without MLLP", kStreamSample, FromText("MSH|^~\\&|LAB|HOSP|EHR\r"), 5, '|'},
      {Protocol::kAstm, "header record", kStreamSample,
       FromText("\x02"
                "1H|\\^&|||ANALYSER|||||||P|1\r\x03"
                "3F\r\n"),
       6, '|'},
      {Protocol::kAstm, "enquiry and header", kStreamSample,
       FromText("\x05\x02"
                "1H|\\^&|||A\r"),
       3, 'P'},
      {Protocol::kX12Health, "837 claim", kStreamSample, Interchange("GS*HC"), 103, '|'},
      {Protocol::kX12, "850 purchase order", kStreamSample, Interchange("GS*PO"), 31, '|'},
      {Protocol::kEdifact, "service string advice", kStreamSample,
       FromText("UNA:+.? 'UNB+UNOA:1+SENDER+RECEIVER+261122:0801+1'"), 9, 'X'},
      {Protocol::kEdifact, "interchange", kStreamSample,
       FromText("UNB+UNOC:3+SENDER+RECEIVER+261122:0801+1'"), 4, 'X'},
      {Protocol::kOftp2, "ready message", kStreamSample,
       Join({FromHex("10000017"), FromText("IODETTE FTP READY \r")}), 4, 'J'},
  };
}

}  // namespace borderflow
