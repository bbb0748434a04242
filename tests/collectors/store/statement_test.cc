#include "collectors/store/statement.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <utility>

#include "tests/collectors/store/windows.h"

namespace borderflow {
namespace {

using testing::HasSubstr;

TEST(StatementTest, WhatIsAlikeIsToldFromWhatIsNotByEachOfItsReasons) {
  Report one = MakeStatement("one");
  one.pack_digests = {{"data-allies", "aaaa"}};
  EXPECT_EQ(Unlike(one, one), "");
  // Who counted, when, under which command and in how wide windows makes no difference.
  Report same = one;
  same.sensor = "other";
  same.command = "borderflow live";
  same.parameters.purpose = "another";
  same.parameters.window_seconds = 10;
  same.captures = {{"x.pcap", "cc"}};
  EXPECT_EQ(Unlike(one, same), "");

  const std::pair<std::function<void(Report*)>, const char*> changes[] = {
      {[](Report* r) { r->geo[0].sha256 = "d2"; }, "address databases: d1 and d2"},
      {[](Report* r) { r->geo.clear(); }, "address databases: d1 and none"},
      {[](Report* r) { r->parameters.overrides = {"o.csv"}; }, "overrides: not stated and o.csv"},
      {[](Report* r) { r->rules_digest = "more"; }, "rules: rules and more"},
      {[](Report* r) { r->groups_digest = "others"; }, "groups: groups and others"},
      {[](Report* r) { r->pack_digests["data-allies"] = "bbbb"; },
       "packs: data-allies@aaaa and data-allies@bbbb"},
      {[](Report* r) { r->pack_digests.clear(); }, "packs: data-allies@aaaa and not stated"},
      {[](Report* r) { r->parameters.vantage = "ixp"; }, "vantage: testbed and ixp"},
      {[](Report* r) { r->parameters.tunnel = "outer"; }, "tunnel: inner and outer"},
      {[](Report* r) { r->parameters.anycast = "database"; }, "anycast: special and database"},
      {[](Report* r) { r->parameters.dedup = true; }, "dedup: off and on"},
      {[](Report* r) { r->parameters.content = false; }, "content: searched and not looked at"},
  };
  for (const auto& [change, expected] : changes) {
    Report other = one;
    change(&other);
    EXPECT_EQ(Unlike(one, other), expected);
    EXPECT_NE(Unlike(other, one), "");
  }
  Report several = one;
  several.geo.clear();
  several.parameters.vantage = "ixp";
  EXPECT_THAT(Unlike(one, several), HasSubstr("; vantage"));
}

TEST(StatementTest, GivesBackWhatWasStated) {
  Report report = MakeStatement("one");
  report.pack_digests = {{"data-allies", "aaaa"}};
  report.parameters.dedup = true;
  EXPECT_THAT(ToStatementJson(report), testing::Not(HasSubstr("\"content\"")))
      << "a statement is that of older versions, which all searched";
  report.parameters.content = false;
  const std::string json = ToStatementJson(report);
  const absl::StatusOr<Report> again = FromStatementJson(json);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(ToStatementJson(*again), json);
  EXPECT_EQ(Unlike(report, *again), "");
}

}  // namespace
}  // namespace borderflow
