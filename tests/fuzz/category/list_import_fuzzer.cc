// Any bytes as a foreign list. The first byte chooses the format; what comes of the rest must be a
// list that NameRules takes, and every suffix in it one that cannot be normalised further.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <sstream>
#include <string>
#include <string_view>

#include "rules/category/names.h"
#include "rules/category/rule_import.h"

namespace {

using borderflow::ListFormat;

void CheckNormal(const std::string& list) {
  std::istringstream lines(list);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with('#')) continue;
    const std::string suffix = line.substr(0, line.find(','));
    const auto again = borderflow::ToSuffix(suffix);
    const std::string* same = std::get_if<std::string>(&again);
    if (same == nullptr || *same != suffix) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  constexpr ListFormat kFormats[] = {ListFormat::kHosts, ListFormat::kDomains,
                                     ListFormat::kAdblock};
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const borderflow::V2flyLine line = borderflow::ParseV2flyLine(text.substr(0, text.find('\n')));
  if (line.kind == borderflow::V2flyLine::Kind::kRefused && !line.name.refusal) std::abort();
  borderflow::ImportOptions options;
  options.format = kFormats[data[0] % std::size(kFormats)];
  options.category = borderflow::Category::kAdv;
  borderflow::RuleImport import(options);
  import.ReadText(text, "fuzz");
  std::ostringstream out;
  import.Write(out);
  const auto rules = borderflow::NameRules::Parse(out.str(), "made.csv");
  if (!rules.ok() || rules->size() != import.counts().written) std::abort();
  CheckNormal(out.str());
  return 0;
}
