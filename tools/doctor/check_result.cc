#include "tools/doctor/check_result.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "absl/strings/str_format.h"

namespace borderflow {

const char* Name(State state) {
  switch (state) {
    case State::kOk:
      return "ok";
    case State::kNote:
      return "note";
    case State::kProblem:
      return "problem";
  }
  return "";
}

CheckResult Ok(std::string check, std::string found) {
  return {std::move(check), State::kOk, std::move(found), ""};
}

CheckResult Note(std::string check, std::string found, std::string remedy) {
  return {std::move(check), State::kNote, std::move(found), std::move(remedy)};
}

CheckResult Problem(std::string check, std::string found, std::string remedy) {
  return {std::move(check), State::kProblem, std::move(found), std::move(remedy)};
}

bool AnyProblem(const std::vector<CheckResult>& findings) {
  return std::any_of(findings.begin(), findings.end(),
                     [](const CheckResult& finding) { return finding.state == State::kProblem; });
}

std::string ToText(const std::vector<CheckResult>& findings) {
  std::string text;
  int counts[3] = {};
  for (const CheckResult& finding : findings) {
    ++counts[static_cast<size_t>(finding.state)];
    absl::StrAppendFormat(&text, "%-8s %-13s %s\n", Name(finding.state), finding.check,
                          finding.found);
    if (!finding.remedy.empty()) absl::StrAppendFormat(&text, "%24s%s\n", "-> ", finding.remedy);
  }
  absl::StrAppendFormat(&text, "%d problem(s), %d note(s), %d ok\n", counts[2], counts[1],
                        counts[0]);
  return text;
}

std::string ToJson(const std::vector<CheckResult>& findings) {
  nlohmann::ordered_json json = nlohmann::ordered_json::array();
  for (const CheckResult& finding : findings) {
    json.push_back({{"check", finding.check},
                    {"state", Name(finding.state)},
                    {"found", finding.found},
                    {"remedy", finding.remedy}});
  }
  // Names of interfaces and files may hold bytes that are not UTF-8.
  return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace borderflow
