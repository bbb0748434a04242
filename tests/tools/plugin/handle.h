// What the tests of libborderflow have in common: DPDK, started once a program, and a handle with
// the configuration that made it.
#ifndef BORDERFLOW_TESTS_TOOLS_PLUGIN_HANDLE_H_
#define BORDERFLOW_TESTS_TOOLS_PLUGIN_HANDLE_H_

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "dataplane/capture/dpdk/eal.h"
#include "tests/dataplane/capture/dpdk/mbufs.h"
#include "tests/end_to_end/programs.h"
#include "tools/plugin/borderflow.h"

namespace borderflow {

using Json = nlohmann::json;

// A handle, destroyed with it.
class Handle {
 public:
  explicit Handle(const std::string& config)
      : handle_(bf_create(config.c_str(), error_, sizeof(error_))) {}
  ~Handle() { bf_destroy(handle_); }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  bf_handle* get() const { return handle_; }
  const char* error() const { return error_; }

  uint16_t Inspect(unsigned lane, const std::vector<rte_mbuf*>& mbufs) const {
    return bf_inspect(handle_, lane, mbufs.data(), static_cast<uint16_t>(mbufs.size()));
  }
  Json Snapshot() const {
    char* text = bf_snapshot_json(handle_);
    Json report = Json::parse(text);
    bf_free(text);
    return report;
  }
  Json Finish() {
    EXPECT_EQ(bf_finish(handle_, error_, sizeof(error_)), 0) << error_;
    return Snapshot();
  }

 private:
  char error_[512] = "";
  bf_handle* handle_;
};

class PluginTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    static const absl::Status started =
        StartEal(EalArguments({"--no-huge", "--no-pci", "-m", "128"}, {}, /*free_hugepages=*/0));
    ASSERT_TRUE(started.ok()) << started;
  }

  // The path of a configuration file of these lines, and the test's own database.
  std::string Config(const std::string& lines) const {
    programs_.Write("config.yaml", "geo: [" + programs_.Path("tiny.mmdb") + "]\n" + lines);
    return programs_.Path("config.yaml");
  }

  const Programs programs_{"plugin"};
};

// What the report of a capture and that of a sensor must have in common.
inline void ExpectSameAccount(const Json& report, const Json& expected) {
  for (const char* section : {"decode", "pairs", "cells", "flows"}) {
    EXPECT_EQ(report[section], expected[section]) << section;
  }
  EXPECT_TRUE(report["conservation"]["ok"].get<bool>()) << report["conservation"];
}

}  // namespace borderflow

#endif  // BORDERFLOW_TESTS_TOOLS_PLUGIN_HANDLE_H_
