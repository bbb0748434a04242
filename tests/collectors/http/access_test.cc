#include "collectors/http/access.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "absl/strings/escaping.h"
#include "collectors/http/audit_log.h"

namespace borderflow {
namespace {

using testing::HasSubstr;

class AccessTest : public testing::Test {
 protected:
  AccessTest()
      : folder_(std::filesystem::temp_directory_path() /
                ("borderflow_access_" + std::to_string(getpid()))) {
    std::filesystem::create_directories(folder_);
  }
  ~AccessTest() override { std::filesystem::remove_all(folder_); }

  std::string File(const std::string& text, mode_t mode) const {
    const std::string path = folder_ / "token";
    std::filesystem::remove(path);
    std::ofstream(path) << text;
    chmod(path.c_str(), mode);
    return path;
  }

  std::filesystem::path folder_;
};

HttpRequest Asking(const std::string& header, const std::string& value) {
  HttpRequest request;
  request.headers[header] = value;
  return request;
}

int StatusOf(const Access& access, const std::string& header, const std::string& value) {
  std::string who;
  const auto refused = access.Check(Asking(header, value), &who);
  return refused.has_value() ? refused->status : 200;
}

TEST_F(AccessTest, ATokenIsTakenAsBearerOrAsBasicPassword) {
  const auto access = Access::FromFile(File("correct-horse-battery\n", 0600));
  ASSERT_TRUE(access.ok()) << access.status();
  const auto status = [&access](const std::string& value) {
    return StatusOf(*access, "authorization", value);
  };
  EXPECT_EQ(status("Bearer correct-horse-battery"), 200);
  EXPECT_EQ(status("bearer   correct-horse-battery "), 200);
  EXPECT_EQ(status("Basic " + absl::Base64Escape("grafana:correct-horse-battery")), 200);
  for (const std::string& wrong :
       {std::string(), std::string("Bearer"), std::string("Bearer "),
        std::string("Bearer correct-horse-batter"), std::string("Bearer correct-horse-battery1"),
        std::string("correct-horse-battery"), std::string("Basic correct-horse-battery"),
        "Basic " + absl::Base64Escape("correct-horse-battery"),
        "Basic " + absl::Base64Escape("correct-horse-battery:"), std::string("Basic %%%"),
        std::string(10000, 'x')}) {
    EXPECT_EQ(status(wrong), 401) << wrong;
  }
  std::string who;
  EXPECT_FALSE(access
                   ->Check(Asking("authorization",
                                  "Basic " + absl::Base64Escape("grafana:correct-horse-battery")),
                           &who)
                   .has_value());
  EXPECT_EQ(who, "grafana");
}

TEST_F(AccessTest, ATokenFileThatProtectsNothingIsRefused) {
  EXPECT_THAT(
      std::string(Access::FromFile(File("correct-horse-battery\n", 0604)).status().message()),
      HasSubstr("everybody may read"));
  for (const char* text :
       {"", "\n", "short\n", "two words of some length\n", "correct-horse\nbattery-staple\n"}) {
    EXPECT_THAT(std::string(Access::FromFile(File(text, 0600)).status().message()),
                HasSubstr("at least 16 printable"))
        << text;
  }
  EXPECT_THAT(std::string(Access::FromFile(folder_ / "absent").status().message()),
              HasSubstr("openssl rand"));
}

TEST_F(AccessTest, WithoutATokenOnlyThisMachineIsAskedByItsOwnNames) {
  const Access access = Access::Local();
  for (const char* host : {"127.0.0.1", "127.0.0.1:9669", "localhost", "LocalHost:9669", "[::1]",
                           "[::1]:9669", "192.0.2.1"}) {
    EXPECT_EQ(StatusOf(access, "host", host), 200) << host;
  }
  for (const char* host :
       {"attacker.example", "attacker.example:9669", "localhost.attacker.example",
        "127.0.0.1.attacker.example", "[attacker", "::1"}) {
    EXPECT_EQ(StatusOf(access, "host", host), 421) << host;
  }
}

TEST_F(AccessTest, TheAuditLogIsOnlyAppendedToAndHoldsOneObjectALine) {
  const std::string path = folder_ / "audit.log";
  for (int run = 0; run < 2; ++run) {
    auto log = AuditLog::Open(path);
    ASSERT_TRUE(log.ok()) << log.status();
    HttpRequest request = Asking("host", "h");
    request.method = "GET";
    request.path = "/api/v1/cells";
    request.query["src"] = "D\"E\nforged\xff";
    EXPECT_TRUE(log->Record(request, "192.0.2.7", "us\ner", TextResponse(200, "four")));
  }
  std::ifstream file(path);
  int lines = 0;
  for (std::string line; std::getline(file, line); ++lines) {
    EXPECT_THAT(line, HasSubstr("\"client\":\"192.0.2.7\",\"who\":\"us\\ner\",\"method\":\"GET\","
                                "\"path\":\"/api/v1/cells\",\"query\":{\"src\":\"D\\\"E\\nforged"));
    EXPECT_THAT(line, HasSubstr("\"status\":200,\"bytes\":4}"));
  }
  EXPECT_EQ(lines, 2);
  struct stat status {};
  ASSERT_EQ(stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  EXPECT_THAT(std::string(AuditLog::Open(folder_ / "no" / "where").status().message()),
              HasSubstr("cannot be appended to"));
  auto full = AuditLog::Open("/dev/full");
  if (!full.ok()) GTEST_SKIP() << "no /dev/full here";
  EXPECT_FALSE(full->Record(HttpRequest(), "c", "w", HttpResponse()));
}

}  // namespace
}  // namespace borderflow
