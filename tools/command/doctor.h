// `borderflow doctor`.
#ifndef BORDERFLOW_TOOLS_COMMAND_DOCTOR_H_
#define BORDERFLOW_TOOLS_COMMAND_DOCTOR_H_

#include <CLI/CLI.hpp>

namespace borderflow {

void AddDoctorCommand(CLI::App& app, int* exit_code);

}  // namespace borderflow

#endif  // BORDERFLOW_TOOLS_COMMAND_DOCTOR_H_
