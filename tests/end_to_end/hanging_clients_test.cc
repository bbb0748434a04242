// Clients that hang while a sensor is under load: frames that its driver took in are frames that it
// counted, and those who ask properly are answered.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/collectors/http/http_client.h"
#include "tests/end_to_end/background.h"

namespace borderflow {
namespace {

using Json = nlohmann::json;

constexpr char kCounted[] = "borderflow_captured_frames_total";

// The value of a metric without labels; 0 when there is none, or no answer.
uint64_t Value(uint16_t port, const std::string& metric) {
  const std::string page = Fetch(port, "/metrics").body;
  const std::string name = "\n" + metric + " ";
  const size_t at = page.find(name);
  return at == std::string::npos ? 0 : std::stoull(page.substr(at + name.size()));
}

// Half ask for more than any socket holds and read nothing, half never finish asking.
std::vector<ClientSocket> Hang(uint16_t port) {
  std::string many;
  for (int i = 0; i < 200; ++i) many += "GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
  std::vector<ClientSocket> clients;
  for (int i = 0; i < 50; ++i) {
    clients.emplace_back(port);
    EXPECT_TRUE(clients.back().connected());
    clients.back().Send(i % 2 == 0 ? many : "GET /met");
  }
  return clients;
}

TEST(HangingClientsTest, FiftyOfThemDelayNoWorkerAndNobodyElse) {
  Programs programs("hanging");
  const Finished generated = programs.Generate(
      "--profile flow-heavy --flows 200 --microseconds --out c.pcap --overrides o.csv");
  ASSERT_EQ(generated.exit_code, 0) << generated.err;
  // The capture over and over: frames wait at every poll.
  Background sensor(programs, "sensor",
                    {"live", "--geo", "tiny.mmdb", "--overrides", "o.csv", "--port",
                     "net_pcap0,rx_pcap=c.pcap,infinite_rx=1", "--listen", "127.0.0.1:0",
                     "--period", "1s", "--json", "r.json", "--quiet"});
  ASSERT_TRUE(sensor.Says("serving on http://127.0.0.1:")) << sensor.err();
  const std::string said = sensor.err();
  const auto port =
      static_cast<uint16_t>(std::stoi(said.substr(said.find("http://127.0.0.1:") + 17)));
  const auto until = std::chrono::steady_clock::now() + std::chrono::minutes(1);
  const auto there_is_time = [until] { return std::chrono::steady_clock::now() < until; };
  while (Value(port, kCounted) == 0 && there_is_time()) {
  }
  const std::vector<ClientSocket> hanging = Hang(port);
  while (Value(port, "borderflow_http_connections") < 50 && there_is_time()) {
  }
  // It goes on counting and publishing, three collections further, while they hang.
  uint64_t before = Value(port, kCounted);
  int further = 0;
  while (further < 3 && there_is_time()) {
    const uint64_t now = Value(port, kCounted);
    ASSERT_GE(now, before) << "not answered";
    further += now > before ? 1 : 0;
    before = now;
  }
  EXPECT_EQ(further, 3);
  sensor.Signal(SIGTERM);
  const Finished ended = sensor.Wait();
  EXPECT_EQ(ended.exit_code, 0) << ended.err;
  const Json report = Json::parse(programs.Read("r.json"));
  const Json& live_port = report["live"]["ports"][0];
  EXPECT_GE(report["capture"]["frames"].get<uint64_t>(), before);
  EXPECT_EQ(live_port["wire_frames"], report["capture"]["frames"]) << "offered = counted";
  EXPECT_EQ(report["dropped"], Json::object());
  EXPECT_TRUE(report["conservation"]["ok"].get<bool>()) << report["conservation"];
}

}  // namespace
}  // namespace borderflow
