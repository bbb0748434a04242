// Databases, queues, files in bulk.
#include "tests/dataplane/inspect/samples.h"

namespace borderflow {
namespace {

Buffer RpcCall(uint32_t program) {
  Buffer call = FromHex("1a2b3c4d 00000000 00000002");
  AppendNumber(&call, program, 4);
  return Join({call, FromHex("00000003 00000001"), Zeros(16)});
}
Buffer Marked(const Buffer& call) {
  Buffer mark;
  AppendNumber(&mark, 0x80000000 | call.size(), 4);
  return Join({mark, call});
}

Buffer Mongo(uint32_t opcode) {
  Buffer message = FromHex("00000000 01000000 00000000");
  for (int i = 0; i < 4; ++i) message.push_back(static_cast<uint8_t>(opcode >> 8 * i));
  return SizedLittle(Join({message, Zeros(5), FromHex("0d000000 10 61 00 01000000 00")}), 0, 4);
}

}  // namespace

std::vector<Sample> StorageSamples() {
  return {
      {Protocol::kPostgresql, "SSL request", kStreamSample, FromHex("00000008 04d2162f"), 7, 0x2c},
      {Protocol::kPostgresql, "GSS encryption request", kStreamSample, FromHex("00000008 04d21630"),
       3, 9},
      {Protocol::kPostgresql, "cancel", kStreamSample,
       FromHex("00000010 04d2162e 00000001 00000002"), 7, 0x2d},
      {Protocol::kPostgresql, "start-up", kStreamSample,
       SizedBig(Join({Zeros(4), FromHex("00030000"), Raw("user\0bob\0database\0db\0\0")}), 0, 4), 8,
       0},
      {Protocol::kMysql, "greeting", kStreamSample,
       SizedLittle(
           Join({Zeros(3), FromHex("00 0a"), Raw("8.0.36\0\x08\0\0\0abcdefgh\0"), Zeros(40)}), 0, 3,
           4),
       5, 'v'},
      {Protocol::kTds, "prelogin", kStreamSample,
       SizedBig(FromHex("1201 0000 0000 01 00 00 000b 0006 01 0011 0001 ff 0f0007d00000 00"), 2, 2),
       8, 9},
      {Protocol::kTds, "prelogin answered", kStreamSample,
       SizedBig(FromHex("0401 0000 0000 01 00 00 000b 0006 01 0011 0001 ff 10000fa00000 00"), 2, 2),
       12, 7},
      {Protocol::kTds, "login", kStreamSample,
       Join({FromHex("1001 0060 0000 01 00 58000000 04000074"), Buffer(80, 0)}), 15, 0x10},
      {Protocol::kOracle, "connect", kStreamSample,
       SizedBig(Join({FromHex("0000 0000 01 00 0000 013c 012c 0c41 2000 7fff"),
                      FromText("(DESCRIPTION=(CONNECT_DATA=(SERVICE_NAME=x)))")}),
                0, 2),
       4, 3},
      {Protocol::kOracle, "resend", kStreamSample, FromHex("0008 0000 0b 00 0000"), 4, 0x0d},
      {Protocol::kMongodb, "message", kStreamSample, Mongo(2013), 0, 8},
      {Protocol::kMongodb, "query", kStreamSample, Mongo(2004), 13, 6},
      {Protocol::kMongodb, "compressed", kStreamSample, Mongo(2012), 12, 1},
      {Protocol::kRedis, "SET", kStreamSample,
       FromText("*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$1\r\nv\r\n"), 4, '#'},
      {Protocol::kCassandra, "start-up", kStreamSample,
       SizedBig(Join({FromHex("04 00 0000 01 00000000 0001 000b"), FromText("CQL_VERSION"),
                      FromHex("0005"), FromText("3.0.0")}),
                5, 4, 9),
       4, 2},
      {Protocol::kCassandra, "options, version 3", kStreamSample, FromHex("03 00 0000 05 00000000"),
       8, 1},
      {Protocol::kCassandra, "options, version 4", kStreamSample, FromHex("04 00 0000 05 00000000"),
       4, 3},
      {Protocol::kCassandra, "options, version 5", kStreamSample, FromHex("05 00 0000 05 00000000"),
       1, 0x40},
      {Protocol::kCassandra, "ready, version 3", kStreamSample, FromHex("83 00 0000 02 00000000"),
       4, 1},
      {Protocol::kCassandra, "ready, version 4", kStreamSample, FromHex("84 00 0000 02 00000000"),
       8, 7},
      {Protocol::kCassandra, "ready, version 5", kStreamSample, FromHex("85 00 0000 02 00000000"),
       0, 0x87},
      {Protocol::kDrda, "exchange server attributes", kStreamSample,
       FromHex("0010 d0 41 0001 000a 1041 0006 115e 6162"), 7, 9},
      {Protocol::kElasticsearch, "handshake", kStreamSample,
       SizedBig(Join({FromText("ES"), Zeros(4), FromHex("0000000000000001 08 007a1200"), Zeros(8)}),
                2, 4, 6),
       5, 1},
      {Protocol::kMemcached, "set", kStreamSample, FromText("set key 0 3600 5\r\nvalue\r\n"), 8,
       'x'},
      {Protocol::kMemcached, "add", kStreamSample, FromText("add key 0 3600 5\r\nvalue\r\n"), 3,
       '_'},
      {Protocol::kMemcached, "get", kStreamSample, FromText("get key\r\n"), 3, '_'},
      {Protocol::kMemcached, "gets", kStreamSample, FromText("gets key\r\n"), 4, '_'},
      {Protocol::kMemcached, "stats", kStreamSample, FromText("stats\r\n"), 5, ' '},
      {Protocol::kMemcached, "version", kStreamSample, FromText("version\r\n"), 0, 'V'},
      {Protocol::kMemcached, "value", kStreamSample, FromText("VALUE key 0 5\r\nvalue\r\nEND\r\n"),
       5, '_'},
      {Protocol::kMemcached, "nothing found", kStreamSample, FromText("END\r\n"), 3, ' '},
      {Protocol::kMemcached, "statistics", kStreamSample, FromText("STAT pid 1\r\n"), 4, '_'},
      {Protocol::kMemcached, "version answered", kStreamSample, FromText("VERSION 1.6.9\r\n"), 7,
       '_'},
      {Protocol::kMemcached, "binary get", kStreamSample,
       Join({FromHex("80 00 0003 00 00 0000 00000003 00000001"), Zeros(8), FromText("key")}), 5, 1},
      {Protocol::kMemcached, "binary not found", kStreamSample,
       Join({FromHex("81 00 0000 00 00 0001 00000000 00000001"), Zeros(8)}), 11, 1},
      {Protocol::kBolt, "handshake", kStreamSample,
       FromHex("6060b017 00000104 00000004 00000003 00000000"), 3, 0x18},
      {Protocol::kKafka, "API versions", kStreamSample,
       SizedBig(
           Join({Zeros(4), FromHex("0012 0003 00000001 0007"), FromText("rdkafka"), FromHex("00")}),
           0, 4, 4),
       12, 2},
      {Protocol::kRsync, "greeting", kStreamSample, FromText("@RSYNCD: 31.0 sha512\n"), 8, '-'},
      {Protocol::kNfs, "call over TCP", kStreamSample, Marked(RpcCall(100003)), 19, 0xa0},
      {Protocol::kNfs, "mount over UDP", kDatagramSample, RpcCall(100005), 11, 3},
      {Protocol::kPortmap, "over TCP", kStreamSample, Marked(RpcCall(100000)), 11, 1},
      {Protocol::kPortmap, "over UDP", kDatagramSample, RpcCall(100000), 15, 0xa9},
      {Protocol::kIscsi, "login", kStreamSample,
       Join(
           {FromHex("43 87 0000 00 00001e"), Zeros(40), FromText("InitiatorName=iqn.2026-11.x:1")}),
       48, 'i'},
      {Protocol::kIscsi, "login answered", kStreamSample,
       Join({FromHex("23 87 0000 00 000017"), Zeros(40), FromText("TargetPortalGroupTag=1")}), 2,
       1},
      {Protocol::kClickhouse, "hello", kStreamSample,
       Join({FromHex("00 11"), FromText("ClickHouse client"), FromHex("18 0c c6aa03")}), 4, 'L'},
      {Protocol::kFirebird, "connect", kStreamSample,
       FromHex("00000001 00000013 00000002 0000001d 00000004 2f782e66"), 11, 9},
  };
}

}  // namespace borderflow
