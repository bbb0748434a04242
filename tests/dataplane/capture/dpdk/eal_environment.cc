// DPDK's environment for a test program: one a process, on ordinary pages, without files or PCI.
#include <gtest/gtest.h>

#include "dataplane/capture/dpdk/eal.h"
#include "tools/live/cores.h"

namespace borderflow {
namespace {

class EalEnvironment : public testing::Environment {
 public:
  void SetUp() override {
    const std::vector<int> cores = AllowedCores();
    const absl::Status started = StartEal({"test", "--no-huge", "--no-pci", "--no-shconf", "-m",
                                           "256", "--no-telemetry", "--log-level=error"});
    ASSERT_TRUE(started.ok()) << started;
    RunOn(cores);  // all threads of the tests would share the one core of DPDK's main thread
  }
  void TearDown() override { StopEal(); }
};

const testing::Environment* const environment =
    testing::AddGlobalTestEnvironment(new EalEnvironment);

}  // namespace
}  // namespace borderflow
