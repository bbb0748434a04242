// Any bytes as two lists of name rules, divided at the first NUL: a list has faults exactly when
// NameRules refuses it.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "rules/category/names.h"
#include "rules/category/rule_check.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::string_view first = input.substr(0, input.find('\0'));
  const std::string_view second = input.substr(first.size());
  borderflow::RuleCheck alone;
  alone.ReadText(first, "first.csv");
  alone.Finish();
  const auto rules = borderflow::NameRules::Parse(first, "first.csv");
  if (rules.ok() != (alone.count(borderflow::RemarkKind::kFault) == 0)) std::abort();
  if (rules.ok() && rules->size() != alone.suffixes()) std::abort();
  borderflow::RuleCheck both;
  both.ReadText(first, "first.csv");
  both.ReadText(second, "second.csv");
  both.Finish();
  for (const borderflow::Remark& remark : both.remarks()) {
    if (remark.line == 0 || remark.column == 0 || remark.text.size() > 1000) std::abort();
  }
  return 0;
}
