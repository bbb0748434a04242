// `borderflow bench`: what things cost on this machine. For the contract with the main program see
// geo.h.
#ifndef BORDERFLOW_TOOLS_COMMAND_BENCH_H_
#define BORDERFLOW_TOOLS_COMMAND_BENCH_H_

#include <CLI/App.hpp>

namespace borderflow {

void AddBenchCommand(CLI::App& app, int* exit_code);

// What AddBenchCommand is made of, one file each.
void AddBenchPipeline(CLI::App& bench, int* exit_code);
void AddBenchReload(CLI::App& bench, int* exit_code);
void AddBenchReplay(CLI::App& bench, int* exit_code);
void AddBenchGeo(CLI::App& bench, int* exit_code);
void AddBenchNames(CLI::App& bench, int* exit_code);
void AddBenchPolicy(CLI::App& bench, int* exit_code);
void AddBenchStore(CLI::App& bench, int* exit_code);

}  // namespace borderflow

#endif  // BORDERFLOW_TOOLS_COMMAND_BENCH_H_
