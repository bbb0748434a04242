#include "collectors/export/ipfix/destination.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace borderflow {
namespace {

using Kind = IpfixDestination::Kind;

TEST(IpfixDestinationTest, ReadsEveryForm) {
  const auto udp = ParseIpfixDestination("udp:collector.example:4739");
  ASSERT_TRUE(udp.ok());
  EXPECT_EQ(udp->kind, Kind::kUdp);
  EXPECT_EQ(udp->host, "collector.example");
  EXPECT_EQ(udp->port, "4739");
  const auto tcp = ParseIpfixDestination("tcp:[2001:db8::1]:1");
  ASSERT_TRUE(tcp.ok());
  EXPECT_EQ(tcp->kind, Kind::kTcp);
  EXPECT_EQ(tcp->host, "2001:db8::1");
  const auto file = ParseIpfixDestination("file:a:b.ipfix");
  ASSERT_TRUE(file.ok());
  EXPECT_EQ(file->kind, Kind::kFile);
  EXPECT_EQ(file->path, "a:b.ipfix");
}

TEST(IpfixDestinationTest, SaysWhatIsWrong) {
  const std::pair<const char*, const char*> cases[] = {
      {"", "no transport"},
      {"collector", "no transport"},
      {"http:a:1", "unknown transport \"http\""},
      {"tls:a:1", "neither TLS nor SCTP"},
      {"udp:a", "no host and port"},
      {"udp::4739", "no host and port"},
      {"udp:a:0", "\"0\" is no port"},
      {"udp:a:65536", "\"65536\" is no port"},
      {"udp:a:x", "\"x\" is no port"},
      {"udp:a:", "\"\" is no port"},
      {"udp:2001:db8::1:4739", "needs brackets"},
      {"udp:[2001:db8::1:4739", "not closed"},
      {"file:", "no path"},
  };
  for (const auto& [text, expected] : cases) {
    const auto destination = ParseIpfixDestination(text);
    ASSERT_FALSE(destination.ok()) << text;
    EXPECT_THAT(std::string(destination.status().message()), testing::HasSubstr(expected)) << text;
  }
}

}  // namespace
}  // namespace borderflow
