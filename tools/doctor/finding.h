// Finding: what one check of `borderflow doctor` found, and the command that mends it.
//
// Thread safety: values and pure functions.
#ifndef BORDERFLOW_TOOLS_DOCTOR_FINDING_H_
#define BORDERFLOW_TOOLS_DOCTOR_FINDING_H_

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

struct Finding {
  std::string check;  // such as "hugepages"
  State state;
  std::string found;   // one line
  std::string remedy;  // the command that mends a problem; of a note, may be empty
};

Finding Ok(std::string check, std::string found);
Finding Note(std::string check, std::string found, std::string remedy = "");
Finding Problem(std::string check, std::string found, std::string remedy);

bool AnyProblem(const std::vector<Finding>& findings);

// For people: a line a finding, its remedy below it, and how many there are of each state.
std::string ToText(const std::vector<Finding>& findings);

// An array of {"check","state","found","remedy"}.
std::string ToJson(const std::vector<Finding>& findings);

}  // namespace borderflow

#endif  // BORDERFLOW_TOOLS_DOCTOR_FINDING_H_
