// `borderflow report` and `borderflow export`: what stores hold. For the contract with the main
// program see geo.h.
#ifndef BORDERFLOW_TOOLS_COMMAND_REPORT_H_
#define BORDERFLOW_TOOLS_COMMAND_REPORT_H_

#include <CLI/App.hpp>

namespace borderflow {

void AddReportCommand(CLI::App& app, int* exit_code);
void AddExportCommand(CLI::App& app, int* exit_code);

}  // namespace borderflow

#endif  // BORDERFLOW_TOOLS_COMMAND_REPORT_H_
