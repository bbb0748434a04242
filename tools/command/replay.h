// `borderflow replay`: captures -> report. For the contract with the main program see geo.h.
#ifndef BORDERFLOW_TOOLS_COMMAND_REPLAY_H_
#define BORDERFLOW_TOOLS_COMMAND_REPLAY_H_

#include <CLI/App.hpp>

namespace borderflow {

void AddReplayCommand(CLI::App& app, int* exit_code);

}  // namespace borderflow

#endif  // BORDERFLOW_TOOLS_COMMAND_REPLAY_H_
