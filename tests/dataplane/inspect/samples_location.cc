// Positions and surveillance video.
#include "dataplane/inspect/protocols/checksums.h"
#include "tests/dataplane/inspect/samples.h"

namespace borderflow {
namespace {

Buffer Gt06Login() {
  Buffer message = FromHex("7878 0d 01 0123456789012345 0001");
  const uint16_t crc = X25Crc(Bytes(message).subspan(2));
  return Join(
      {message, {static_cast<uint8_t>(crc >> 8), static_cast<uint8_t>(crc)}, FromHex("0d0a")});
}

}  // namespace

std::vector<Sample> LocationSamples() {
  return {
      {Protocol::kNmea, "GPRMC", kStreamSample,
       FromText("$GPRMC,123519,A,4807.038,N,01131.000,E,022.4,084.4,230394,003.1,W*6A\r\n"), 20,
       '9'},
      {Protocol::kAis, "position report", kDatagramSample,
       FromText("!AIVDM,1,1,,B,177KQJ5000G?tO`K>RA1wUbN0TKH,0*5C\r\n"), 14, 'x'},
      {Protocol::kAis, "own ship", kDatagramSample,
       FromText("!AIVDO,1,1,,,B>xSUD00HP;uL`5WnF0KSwpUoP06,0*50\r\n"), 6, ';'},
      {Protocol::kTracker, "H02", kStreamSample,
       FromText("*HQ,353505510948929,V1,121300,A,2234.4669,N,11354.3287,E,000.06,000,191121#"), 8,
       'x'},
      {Protocol::kTracker, "GT06 login", kStreamSample, Gt06Login(), 9, 0},
      {Protocol::kTracker, "Teltonika login", kStreamSample,
       Join({FromHex("000f"), FromText("356307042441013")}), 16, '4'},
      {Protocol::kTracker, "login by IMEI", kStreamSample, FromText("##,imei:359586015829802,A;"),
       10, 'x'},
      {Protocol::kTracker, "position by IMEI", kStreamSample,
       FromText("imei:359586015829802,tracker,000000000,13554900601,L,;"), 7, 'x'},
      {Protocol::kTracker, "Queclink report", kStreamSample,
       FromText("+RESP:GTFRI,060228,135790246811220,,,00,1,1,4.3,92,70.0$"), 7, 'X'},
      {Protocol::kTracker, "Queclink stored report", kStreamSample,
       FromText("+BUFF:GTFRI,060228,135790246811220$"), 5, ';'},
      {Protocol::kTracker, "Queclink acknowledgement", kStreamSample,
       FromText("+ACK:GTHBD,060228,135790246811220$"), 1, 'a'},
      {Protocol::kSupl, "start", kStreamSample,
       SizedBig(FromHex("0000 02 00 00 8000 0000 0000 0000 0000 0000 00"), 0, 2), 1, 0x15},
      {Protocol::kNtrip, "source table", kStreamSample,
       FromText("SOURCETABLE 200 OK\r\nContent-Type: text/plain\r\n\r\nSTR;"), 12, '4'},
      {Protocol::kAprs, "server", kStreamSample, FromText("# aprsc 2.1.8-gf8824e8\r\n"), 5, 'R'},
      {Protocol::kAprs, "other server", kStreamSample, FromText("# javAPRSSrvr 4.3.3b06\r\n"), 6,
       'p'},
      {Protocol::kAprs, "login", kStreamSample, FromText("user N0CALL pass -1 vers test 1.0\r\n"),
       12, 'P'},
      {Protocol::kBeast, "long message", kStreamSample,
       Join({FromHex(
           "1a33 000102030405 60 8d4840d6202cc371c32ce0576098 1a31 000102030406 61 1234")}),
       24, 0x1b},
      {Protocol::kRtsp, "OPTIONS", kStreamSample,
       FromText("OPTIONS rtsp://cam.example.org/1 RTSP/1.0\r\nCSeq: 1\r\n\r\n"), 33, 'X'},
      {Protocol::kRtsp, "DESCRIBE", kStreamSample,
       FromText("DESCRIBE rtsp://cam.example.org/1 RTSP/1.0\r\nCSeq: 2\r\n\r\n"), 34, 'X'},
      {Protocol::kRtsp, "SETUP", kStreamSample,
       FromText("SETUP rtsp://cam.example.org/1 RTSP/1.0\r\nCSeq: 3\r\n\r\n"), 31, 'X'},
      {Protocol::kRtsp, "PLAY", kStreamSample,
       FromText("PLAY rtsp://cam.example.org/1 RTSP/2.0\r\nCSeq: 4\r\n\r\n"), 30, 'X'},
      {Protocol::kRtsp, "ANNOUNCE", kStreamSample,
       FromText("ANNOUNCE rtsp://cam.example.org/1 RTSP/1.0\r\nCSeq: 1\r\n\r\n"), 34, 'X'},
      {Protocol::kRtsp, "answer", kStreamSample, FromText("RTSP/1.0 200 OK\r\nCSeq: 1\r\n\r\n"), 5,
       '3'},
      {Protocol::kRtsp, "answer, version 2", kStreamSample,
       FromText("RTSP/2.0 200 OK\r\nCSeq: 1\r\n\r\n"), 4, '-'},
      {Protocol::kOnvif, "probe", kDatagramSample,
       FromText("<?xml version=\"1.0\"?><e:Envelope "
                "xmlns:d=\"http://schemas.xmlsoap.org/ws/2005/04/discovery\" "
                "xmlns:dn=\"http://www.onvif.org/ver10/network/wsdl\">"),
       112, 'X'},
      {Protocol::kWsDiscovery, "probe", kDatagramSample,
       FromText("<?xml version=\"1.0\"?><e:Envelope "
                "xmlns:d=\"http://schemas.xmlsoap.org/ws/2005/04/discovery\">"),
       69, '5'},
      {Protocol::kDahua, "DHIP", kStreamSample,
       Join({FromHex("20000000"), FromText("DHIP"),
             FromHex("00000000 01000000 02000000 00000000 "
                     "02000000 00000000"),
             FromText("{}")}),
       16, 9},
      {Protocol::kXmeye, "login", kStreamSample,
       SizedLittle(Join({FromHex("ff000000 00000000 00000000 00 00 e803 00000000"),
                         FromText("{\"UserName\":\"a\"}\n")}),
                   16, 4, 20),
       20, '['},
  };
}

}  // namespace borderflow
