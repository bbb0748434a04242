// `borderflow view`: a finished report or a store, drawn. For the contract with the main program
// see geo.h.
#ifndef BORDERFLOW_TOOLS_COMMAND_VIEW_H_
#define BORDERFLOW_TOOLS_COMMAND_VIEW_H_

#include <CLI/App.hpp>

namespace borderflow {

void AddViewCommand(CLI::App& app, int* exit_code);

}  // namespace borderflow

#endif  // BORDERFLOW_TOOLS_COMMAND_VIEW_H_
