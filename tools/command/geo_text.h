// How the geo commands write numbers, ages and JSON, for people and for programs.
//
// Thread safety: pure functions, except WriteJson and Fail, which write to the standard streams.
#ifndef BORDERFLOW_TOOLS_COMMAND_GEO_TEXT_H_
#define BORDERFLOW_TOOLS_COMMAND_GEO_TEXT_H_

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <ostream>
#include <string>

#include "absl/status/status.h"
#include "tools/command/exit_codes.h"

namespace borderflow {

// "3,695,614,312"
std::string Thousands(uint64_t number);

// "12.3 %", "0.012 %", "under 0.001 %": little is not shown as nothing. "-" of nothing.
std::string Percent(double part, double whole);

// Days between a build time and now; negative for a time in the future.
int64_t AgeInDays(int64_t build_time);

// "2026-06-25 (150 days old)", or "unknown date" for a time before 1970-01-02.
std::string DateAndAge(int64_t build_time);

// "EU 12, UK 39"; "none" when empty.
std::string CodesAndCounts(const std::map<std::string, uint64_t>& codes);

// `text` broken at spaces into lines of at most 100 columns, each indented by `indent` spaces.
std::string Wrap(const std::string& text, int indent);

// Where text for people goes: standard output, or nowhere when `json_path` is "-" and JSON takes
// it.
std::ostream& ForPeople(const std::string& json_path);

// Writes `json`, indented, to the file or, for "-", to standard output.
// Errors: Unavailable naming the file when it cannot be written.
absl::Status WriteJson(const nlohmann::ordered_json& json, const std::string& path);

// Prints an error to standard error and gives the exit code for it: kExitRuntime for Unavailable
// (a result could not be written), kExitUsage for everything else.
int Fail(const absl::Status& status);

}  // namespace borderflow

#endif  // BORDERFLOW_TOOLS_COMMAND_GEO_TEXT_H_
