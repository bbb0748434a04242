#include "tools/command/bench.h"

namespace borderflow {

void AddBenchCommand(CLI::App& app, int* exit_code) {
  CLI::App* bench = app.add_subcommand("bench", "what things cost on this machine");
  bench->require_subcommand(1);
  AddBenchPipeline(*bench, exit_code);
  AddBenchReload(*bench, exit_code);
  AddBenchReplay(*bench, exit_code);
  AddBenchGeo(*bench, exit_code);
  AddBenchNames(*bench, exit_code);
  AddBenchPolicy(*bench, exit_code);
  AddBenchStore(*bench, exit_code);
}

}  // namespace borderflow
