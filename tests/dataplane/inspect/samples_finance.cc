#include "tests/dataplane/inspect/samples.h"

namespace borderflow {

std::vector<Sample> FinanceSamples() {
  return {
      {Protocol::kFix, "logon, FIX 4.4", kStreamSample,
       FromText("8=FIX.4.4\x01"
                "9=65\x01"
                "35=A\x01"
                "49=A\x01"
                "56=B\x01"),
       9, '|'},
      {Protocol::kFix, "logon, FIXT", kStreamSample,
       FromText("8=FIXT.1.1\x01"
                "9=65\x01"
                "35=A\x01"),
       5, 'X'},
      {Protocol::kFix, "short form", kStreamSample,
       FromText("8=O\x01"
                "9=65\x01"
                "35=A\x01"),
       2, 'Q'},
      {Protocol::kIso8583, "0100 in ASCII with a written bitmap", kStreamSample,
       SizedBig(Join({Zeros(2), FromText("0100"
                                         "7220000000000000"
                                         "164111111111111111"
                                         "000000000000001000112208010200000 1")}),
                0, 2, 2),
       3, '9'},
      {Protocol::kIso8583, "0200 in BCD behind a TPDU", kStreamSample,
       SizedBig(FromHex("0000 60 0003 0000 0200 3020058020c00004 000000 000000001000 000123 0012 "
                        "0021 3132333435363738 313233343536373839303132333435"),
                0, 2, 2),
       7, 0x09},
      {Protocol::kIso8583, "0810 behind four digits", kStreamSample,
       FromText("0052"
                "0810"
                "8220000002000000"
                "0400000000000000"
                "1122080102"
                "0001"
                "00"),
       10, '0'},
      {Protocol::kIso20022, "pain.001", kStreamSample,
       FromText("<?xml version=\"1.0\"?><Document "
                "xmlns=\"urn:iso:std:iso:20022:tech:xsd:pain.001.001.09\">"),
       51, 'X'},
      {Protocol::kEbics, "request", kStreamSample,
       FromText("<?xml version=\"1.0\"?><ebicsRequest xmlns=\"urn:org:ebics:H005\">"), 23, 'E'},
      {Protocol::kSwiftMt, "basic header", kStreamSample,
       FromText("{1:F01BANKBEBBAXXX2222123456}{2:I103BANKDEFFXXXXN}{4:\r\n:20:REF\r\n-}"), 8, 'a'},
      {Protocol::kOfx, "header", kStreamSample, FromText("OFXHEADER:100\r\nDATA:OFXSGML\r\n"), 3,
       'h'},
      {Protocol::kOfx, "XML", kStreamSample,
       FromText("<?xml version=\"1.0\"?><?OFX OFXHEADER=\"200\"?>"), 23, 'o'},
      {Protocol::kSoupBin, "login", kStreamSample,
       Join({FromHex("002f"), FromText("LUSER01password  SESSION   "),
             FromText("                   1")}),
       10, '#'},
      {Protocol::kSoupBin, "login accepted", kStreamSample,
       Join({FromHex("001f"), FromText("ASESSION000                   1")}), 32, 'x'},
      {Protocol::kBitcoin, "version", kStreamSample,
       Join({FromHex("f9beb4d9"), FromText("version"), Zeros(5), FromHex("66000000 358d4932")}), 5,
       'E'},
      {Protocol::kBitcoin, "test network", kStreamSample,
       Join({FromHex("0b110907"), FromText("verack"), Zeros(6), FromHex("00000000 5df6e0e2")}), 12,
       'x'},
  };
}

}  // namespace borderflow
