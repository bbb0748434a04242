// Any text as the cases of a pack: refused with a message, or read and run.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>

#include "rules/policy/cases.h"
#include "rules/policy/pack.h"

namespace {

borderflow::Pack MakeSample() {
  borderflow::Rule rule;
  rule.id = std::string("a");
  rule.when.categories = borderflow::Bit(borderflow::Category::kHlt);
  rule.verdict = borderflow::Verdict::kReview;
  borderflow::Pack pack;
  pack.id = std::string("p");
  pack.facts.emplace("deal", "a deal");
  pack.rules.push_back(std::move(rule));
  return pack;
}

const borderflow::Pack& Sample() {
  static const auto* const pack = new borderflow::Pack(MakeSample());
  return *pack;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  (void)borderflow::CaseParameters(text, "fuzz.yaml");
  const absl::StatusOr<borderflow::PackCases> cases =
      borderflow::ReadCases(text, "fuzz.yaml", Sample());
  if (cases.ok()) {
    borderflow::RunCases(*cases, "fuzz.yaml", Sample());
  } else if (cases.status().message().empty()) {
    std::abort();
  }
  return 0;
}
