// Any bytes as a list of suffixes, and any bytes as a name. The input's first line is the name, the
// rest the list; a list that is no list leaves the built-in rules to be asked.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "rules/category/names.h"

namespace {

// What Match promises of a rule that it returns: it ends the name, at a label border.
void Check(std::string_view name, const borderflow::NameRules& rules) {
  const std::optional<borderflow::NameMatch> match = rules.Match(name);
  if (match.has_value() != (rules.Find(name) != nullptr)) std::abort();
  if (!match.has_value()) return;
  if (match->rule != rules.Find(name) || match->line == 0) std::abort();
  if (name.ends_with('.')) name.remove_suffix(1);
  const std::string_view suffix = match->suffix;
  if (suffix.empty() || name.size() < suffix.size()) std::abort();
  const size_t begin = name.size() - suffix.size();
  if (begin > 0 && name[begin - 1] != '.') std::abort();
  for (size_t i = 0; i < suffix.size(); ++i) {
    const char c = name[begin + i];
    if ((c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c) != suffix[i]) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using borderflow::NameRules;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const size_t line = input.find('\n');
  // A copy of its own size, so that the sanitizer sees a byte read beyond the name.
  const std::string_view first = input.substr(0, line);
  const std::vector<char> copy(first.begin(), first.end());
  const std::string_view name(copy.data(), copy.size());
  Check(name, NameRules::BuiltIn());
  if (line == std::string_view::npos) return 0;
  const absl::StatusOr<NameRules> rules = NameRules::Parse(input.substr(line + 1), "fuzz.csv");
  if (!rules.ok()) return 0;
  Check(name, *rules);
  Check("x.a.com", *rules);
  return 0;
}
