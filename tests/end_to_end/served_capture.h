// `borderflow live --listen` on a capture.
#ifndef BORDERFLOW_TESTS_END_TO_END_SERVED_CAPTURE_H_
#define BORDERFLOW_TESTS_END_TO_END_SERVED_CAPTURE_H_

#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "tests/collectors/http/http_client.h"
#include "tests/end_to_end/background.h"

namespace borderflow {

// A sensor on a capture, idle when that is counted, until it is told to stop.
class ServedCapture {
 public:
  // `capture`: the bytes of one, with its addresses in 93.184.77.0/24 and 8.8.8.8, which are put in
  // the US; empty: one is generated.
  explicit ServedCapture(const std::string& name, const std::vector<std::string>& options = {},
                         const std::string& capture = "")
      : programs_(name) {
    if (capture.empty()) {
      const Finished generated = programs_.Generate(
          "--microseconds --out c.pcap --overrides o.csv --profile flow-heavy --flows 5000");
      EXPECT_EQ(generated.exit_code, 0) << generated.err;
    } else {
      programs_.Write("c.pcap", capture);
      programs_.Write("o.csv", "93.184.77.0/24,US\n8.8.8.8/32,US\n");
    }
    std::vector<std::string> words = {"live",
                                      "--geo",
                                      "tiny.mmdb",
                                      "--policy",
                                      "data-allies",
                                      "--overrides",
                                      "o.csv",
                                      "--zone",
                                      "EEA",
                                      "--port",
                                      "net_pcap0,rx_pcap=c.pcap",
                                      "--listen",
                                      "127.0.0.1:0",
                                      "--period",
                                      "1s",
                                      "--json",
                                      "r.json",
                                      "--quiet"};
    words.insert(words.end(), options.begin(), options.end());
    sensor_ = std::make_unique<Background>(programs_, "sensor", words);
    EXPECT_TRUE(sensor_->Says("serving on ")) << sensor_->err();
    const std::string said = sensor_->err();
    const size_t at = said.find("127.0.0.1:");
    if (at != std::string::npos) port_ = static_cast<uint16_t>(std::stoi(said.substr(at + 10)));
  }

  uint16_t port() const { return port_; }
  const Programs& programs() const { return programs_; }

  std::string said() const { return sensor_->err(); }

  // Waits until the whole capture is counted and published.
  void WaitUntilStill() const {
    std::string before;
    for (int same = 0, tries = 0; same < 3 && tries < 100; ++tries) {
      const std::string now = Fetch(port_, "/api/v1/crossings").body;
      const size_t total = now.find("\"total\"");
      const std::string part = total == std::string::npos ? "" : now.substr(total);
      same = !part.empty() && part == before && part.rfind("\"total\":{\"frames\":0,", 0) != 0
                 ? same + 1
                 : 0;
      before = part;
      std::this_thread::sleep_for(std::chrono::milliseconds(600));
    }
  }

  nlohmann::json Report() {
    sensor_->Signal(SIGTERM);
    const Finished ended = sensor_->Wait();
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    return nlohmann::json::parse(programs_.Read("r.json"));
  }

 private:
  Programs programs_;
  std::unique_ptr<Background> sensor_;
  uint16_t port_ = 0;
};

}  // namespace borderflow

#endif  // BORDERFLOW_TESTS_END_TO_END_SERVED_CAPTURE_H_
