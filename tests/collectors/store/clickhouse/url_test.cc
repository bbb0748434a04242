#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "collectors/store/clickhouse/client.h"

namespace borderflow {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(ClickHouseUrlTest, ReadsEveryPart) {
  const auto plain = ParseClickHouseUrl("http://127.0.0.1:8123");
  ASSERT_TRUE(plain.ok()) << plain.status();
  EXPECT_EQ(plain->base, "http://127.0.0.1:8123/");
  EXPECT_EQ(plain->database, "borderflow");
  EXPECT_EQ(plain->user, "");
  const auto full = ParseClickHouseUrl("https://ann:s%40cret@store.example/traffic/");
  ASSERT_TRUE(full.ok()) << full.status();
  EXPECT_EQ(full->base, "https://store.example/");
  EXPECT_EQ(full->database, "traffic");
  EXPECT_EQ(full->user, "ann");
  EXPECT_EQ(full->password, "s@cret");
  EXPECT_EQ(full->shown, "https://store.example/traffic/");
  EXPECT_EQ(ParseClickHouseUrl("http://[::1]:8123")->base, "http://[::1]:8123/");
}

TEST(ClickHouseUrlTest, ThePasswordMayComeFromTheEnvironment) {
  setenv("BORDERFLOW_CLICKHOUSE_PASSWORD", "hush", 1);
  const auto server = ParseClickHouseUrl("http://ann@127.0.0.1:8123/x");
  unsetenv("BORDERFLOW_CLICKHOUSE_PASSWORD");
  ASSERT_TRUE(server.ok());
  EXPECT_EQ(server->password, "hush");
}

TEST(ClickHouseUrlTest, SaysWhatIsWrongAndNeverThePassword) {
  const std::pair<const char*, const char*> cases[] = {
      {"127.0.0.1:8123", "expected http"},
      {"ftp://ann:secret@host/x", "neither http nor https"},
      {"http://ann:secret@host:99999/x", "expected http"},
      {"http://ann:secret@host/a/b", "letters, digits and underscores"},
      {"http://ann:secret@host/a;drop", "letters, digits and underscores"},
      {"http://ann:secret@host/x?user=b", "a query has no place"},
      {"ann:secret@host", "expected http"},
  };
  for (const auto& [url, expected] : cases) {
    const auto server = ParseClickHouseUrl(url);
    ASSERT_FALSE(server.ok()) << url;
    EXPECT_THAT(std::string(server.status().message()), HasSubstr(expected)) << url;
    EXPECT_THAT(std::string(server.status().message()), Not(HasSubstr("secret"))) << url;
  }
}

}  // namespace
}  // namespace borderflow
