// borderflow: the command. One file a subcommand; see README.md.
#include <CLI/CLI.hpp>

#include "tools/account/version.h"
#include "tools/command/bench.h"
#include "tools/command/doctor.h"
#include "tools/command/exit_codes.h"
#include "tools/command/explain.h"
#include "tools/command/geo.h"
#include "tools/command/live.h"
#include "tools/command/policy.h"
#include "tools/command/replay.h"
#include "tools/command/report.h"
#include "tools/command/rules.h"
#include "tools/command/view.h"

int main(int argc, char** argv) {
  CLI::App app{
      "borderflow accounts what data crosses which border, of what kind, and how sure that is.",
      "borderflow"};
  app.set_version_flag("--version", borderflow::kVersion);
  app.require_subcommand(1);
  app.get_formatter()->column_width(32);
  int exit_code = borderflow::kExitDone;
  borderflow::AddReplayCommand(app, &exit_code);
  borderflow::AddLiveCommand(app, &exit_code);
  borderflow::AddReportCommand(app, &exit_code);
  borderflow::AddExportCommand(app, &exit_code);
  borderflow::AddViewCommand(app, &exit_code);
  borderflow::AddGeoCommand(app, &exit_code);
  borderflow::AddPolicyCommand(app, &exit_code);
  borderflow::AddRulesCommand(app, &exit_code);
  borderflow::AddExplainCommand(app, &exit_code);
  borderflow::AddDoctorCommand(app, &exit_code);
  borderflow::AddBenchCommand(app, &exit_code);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    // CLI11 prints help for --help (code 0) and the mistake with a hint for the rest.
    return app.exit(error) == 0 ? borderflow::kExitDone : borderflow::kExitUsage;
  }
  return exit_code;
}
