// CheckResult: what one check of `borderflow doctor` found, and the command that mends it.
//
// Thread safety: values and pure functions.
#ifndef BORDERFLOW_TOOLS_DOCTOR_CHECK_RESULT_H_
#define BORDERFLOW_TOOLS_DOCTOR_CHECK_RESULT_H_

#include <cstdint>
#include <string>
#include <vector>

namespace borderflow {

enum class State : uint8_t {
  kOk,
  kNote,     // good to know; nothing that was asked for is in its way
  kProblem,  // what was asked for fails, or its numbers are wrong
};
const char* Name(State state);  // "ok", "note", "problem"

struct CheckResult {
  std::string check;  // such as "hugepages"
  State state;
  std::string found;   // one line
  std::string remedy;  // the command that mends a problem; of a note, may be empty
};

CheckResult Ok(std::string check, std::string found);
CheckResult Note(std::string check, std::string found, std::string remedy = "");
CheckResult Problem(std::string check, std::string found, std::string remedy);

bool AnyProblem(const std::vector<CheckResult>& findings);

// For people: a line a finding, its remedy below it, and how many there are of each state.
std::string ToText(const std::vector<CheckResult>& findings);

// An array of {"check","state","found","remedy"}.
std::string ToJson(const std::vector<CheckResult>& findings);

}  // namespace borderflow

#endif  // BORDERFLOW_TOOLS_DOCTOR_CHECK_RESULT_H_
