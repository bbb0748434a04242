// `borderflow live`.
#ifndef BORDERFLOW_TOOLS_COMMAND_LIVE_H_
#define BORDERFLOW_TOOLS_COMMAND_LIVE_H_

#include <CLI/CLI.hpp>

namespace borderflow {

void AddLiveCommand(CLI::App& app, int* exit_code);

}  // namespace borderflow

#endif  // BORDERFLOW_TOOLS_COMMAND_LIVE_H_
