// What was on the wire must not be in anything that is served: addresses, names and card numbers
// are planted in a capture, and every output is searched for them. And who is not let in.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "tests/end_to_end/served_capture.h"

namespace borderflow {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr char kName[] = "patient-portal.planted-hospital.com";
constexpr char kCard[] = "4111111111111111";

void AppendLe(uint32_t value, int bytes, std::string* out) {
  for (int i = 0; i < bytes; ++i) out->push_back(static_cast<char>(value >> (8 * i)));
}
void AppendBe(uint32_t value, int bytes, std::string* out) {
  for (int i = bytes - 1; i >= 0; --i) out->push_back(static_cast<char>(value >> (8 * i)));
}

// An Ethernet frame of a TCP segment from 93.184.77.`host` to 8.8.8.8.
std::string Segment(uint32_t host, uint32_t sequence, uint32_t flags, const std::string& payload) {
  std::string frame("\xde\xad\xbe\xef\x00\x01\xde\xad\xbe\xef\x00\x02\x08\x00", 14);
  AppendBe(0x4500, 2, &frame);
  AppendBe(static_cast<uint32_t>(40 + payload.size()), 2, &frame);
  AppendBe(0x00004000, 4, &frame);
  AppendBe(0x40060000, 4, &frame);
  AppendBe(0x5db84d00 + host, 4, &frame);
  AppendBe(0x08080808, 4, &frame);
  AppendBe(40000 + host, 2, &frame);
  AppendBe(80, 2, &frame);
  AppendBe(sequence, 4, &frame);
  AppendBe(0, 4, &frame);
  AppendBe(0x5000 | flags, 2, &frame);
  AppendBe(0xffff0000, 4, &frame);
  AppendBe(0, 2, &frame);
  return frame + payload;
}

std::string PlantedCapture() {
  std::string file;
  AppendLe(0xa1b2c3d4, 4, &file);
  AppendLe(0x00040002, 4, &file);
  AppendLe(0, 4, &file);
  AppendLe(0, 4, &file);
  AppendLe(65535, 4, &file);
  AppendLe(1, 4, &file);
  const std::string request =
      std::string("POST /pay?card=") + kCard + " HTTP/1.1\r\nHost: " + kName +
      "\r\nContent-Type: text/plain\r\nContent-Length: 21\r\n\r\ncard=" + kCard;
  uint32_t seconds = 1'700'000'000;
  const auto add = [&file, &seconds](const std::string& frame) {
    AppendLe(seconds++, 4, &file);
    AppendLe(0, 4, &file);
    AppendLe(static_cast<uint32_t>(frame.size()), 4, &file);
    AppendLe(static_cast<uint32_t>(frame.size()), 4, &file);
    file += frame;
  };
  for (uint32_t host = 1; host <= 40; ++host) {
    constexpr uint32_t kSyn = 0x02, kAck = 0x10, kFin = 0x11;
    add(Segment(host, 1, kSyn, ""));
    add(Segment(host, 2, kAck, request));
    add(Segment(host, 2 + static_cast<uint32_t>(request.size()), kFin, ""));
  }
  return file;
}

TEST(PlantedTest, NothingThatWasOnTheWireIsInAnythingServed) {
  for (const char* min_cell : {"8", "1"}) {
    SCOPED_TRACE(min_cell);
    ServedCapture sensor("planted", {"--min-cell", min_cell, "--audit", "audit.log"},
                         PlantedCapture());
    sensor.WaitUntilStill();
    std::string served;
    for (const char* path :
         {"/", "/metrics", "/healthz", "/readyz", "/api/v1", "/api/v1/build", "/api/v1/geo",
          "/api/v1/crossings", "/api/v1/pairs?limit=20000", "/api/v1/cells?limit=20000",
          "/api/v1/verdicts", "/api/v1/view", "/page.js", "/page.css", "/api/v1/windows?limit=1440",
          "/api/v1/nothing", "/nothing"}) {
      const Fetched fetched = Fetch(sensor.port(), path);
      EXPECT_NE(fetched.status, 0) << path;
      served += fetched.head + fetched.body;
    }
    served +=
        Fetch(sensor.port(), "/metrics", "Accept: application/openmetrics-text; version=1.0.0\r\n")
            .body;
    EXPECT_THAT(served, HasSubstr("\"src\":\"US\",\"dst\":\"US\"")) << "it was counted and told";
    served += sensor.said() + sensor.programs().Read("audit.log");
    for (const char* planted :
         {"93.184.77", "8.8.8.8", "5db84d", "08080808", "15723594", "planted", "hospital",
          "patient", "411111111111", "1111-1111", "de:ad:be", "deadbeef", "c.pcap", "o.csv"}) {
      EXPECT_THAT(served, Not(HasSubstr(planted)));
    }
    // The plant was where inspection looks.
    EXPECT_GT(sensor.Report()["coverage"]["named"].get<double>(), 0.5);
  }
}

TEST(ListenTest, WhatIsUnprotectedIsRefusedWithWhatIsMissing) {
  const Programs programs("listen");
  programs.Write("token", "0123456789abcdef\n");
  const auto live = [&programs](const std::string& options) {
    return programs.Borderflow("live --geo tiny.mmdb --port net_null0 --check --listen " + options);
  };
  for (const char* options : {"0.0.0.0:9669", "[::]:9669", "192.0.2.1:9669"}) {
    const Finished run = live(options);
    EXPECT_EQ(run.exit_code, 2);
    EXPECT_THAT(run.err,
                HasSubstr("can be reached from other machines: add --listen-token FILE and "
                          "--listen-certificate FILE --listen-key FILE"));
  }
  EXPECT_THAT(live("127.0.0.1:9669 --listen-key k.pem").err,
              HasSubstr("--listen-certificate: TLS needs both"));
  EXPECT_THAT(live("127.0.0.1:9669 --listen-token token").err,
              HasSubstr("everybody may read this file"));
  EXPECT_THAT(live("127.0.0.1").err, HasSubstr("--listen: '127.0.0.1' has no port"));
  EXPECT_EQ(live("127.0.0.1:9669").exit_code, 0);
}

TEST(ListenTest, AServedSensorAsksForItsTokenAndCountsThoseWithoutIt) {
  const std::string token = "correct-horse-battery-staple";
  const std::string path = std::string(P_tmpdir) + "/borderflow_token_" + std::to_string(getpid());
  std::ofstream(path) << token << "\n";
  std::filesystem::permissions(path, std::filesystem::perms::owner_read);
  const ServedCapture sensor("served_token", {"--listen-token", path, "--audit", "audit.log"});
  const std::string header = "Authorization: Bearer " + token + "\r\n";
  for (const char* target : {"/metrics", "/api/v1/pairs", "/api/v1/view", "/readyz"}) {
    EXPECT_EQ(Fetch(sensor.port(), target).status, 401) << target;
    EXPECT_EQ(Fetch(sensor.port(), target, "Authorization: Bearer wrong\r\n").status, 401);
  }
  EXPECT_EQ(Fetch(sensor.port(), "/healthz").status, 200);
  const auto until = std::chrono::steady_clock::now() + std::chrono::minutes(1);
  Fetched metrics;
  while (metrics.status != 200 && std::chrono::steady_clock::now() < until) {
    metrics = Fetch(sensor.port(), "/metrics", header);
  }
  EXPECT_THAT(metrics.body, HasSubstr("\nborderflow_http_refused_total{reason=\"token\"} 8\n"));
  EXPECT_EQ(Fetch(sensor.port(), "/api/v1/pairs", header).status, 200);
  const std::string audit = sensor.programs().Read("audit.log");
  EXPECT_THAT(audit, HasSubstr("\"path\":\"/api/v1/pairs\",\"query\":{},\"status\":401"));
  EXPECT_THAT(audit, HasSubstr("\"path\":\"/api/v1/pairs\",\"query\":{},\"status\":200"));
  EXPECT_THAT(audit, Not(HasSubstr(token)));
  std::filesystem::remove(path);
}

}  // namespace
}  // namespace borderflow
