// What `borderflow live` was asked to do.
#ifndef BORDERFLOW_TOOLS_COMMAND_LIVE_FLAGS_H_
#define BORDERFLOW_TOOLS_COMMAND_LIVE_FLAGS_H_

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "tools/account/exports.h"
#include "tools/account/options.h"
#include "tools/live/live_view.h"
#include "tools/live/sensor.h"
#include "tools/live/serving.h"

namespace borderflow {

struct LiveFlags {
  std::string config;
  bool check = false;
  bool dump = false;
  std::vector<std::string> ports;
  std::vector<std::string> interfaces;
  std::vector<int> cores;
  uint16_t ring = 4096;
  uint32_t mbufs = 0;
  double link_wait = 5;
  double duration = 0;    // seconds; 0: until a signal
  double until_idle = 0;  // seconds without a frame; 0: never
  double every = 1;       // seconds between two views or log lines
  std::string log = "text";
  std::vector<std::string> eal;
  ServingFlags serving;
  AccountFlags account;
  ExportFlags exports;

  LogForm LogFormOf() const { return log == "json" ? LogForm::kJson : LogForm::kText; }
  // Whether the report file tells no more than a server would; with --min-cell 1 it holds
  // everything, and says so.
  bool ReportsReleased() const { return !account.report.empty() && serving.min_cell > 1; }
  SensorOptions Sensor() const;
  // The command line that has the same effect, without what does not change a number.
  std::string Command(const AccountPlan& plan) const;
};

void AddLiveFlags(CLI::App* command, LiveFlags* flags);

}  // namespace borderflow

#endif  // BORDERFLOW_TOOLS_COMMAND_LIVE_FLAGS_H_
