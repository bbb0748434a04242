#include "rules/category/rule_line.h"

#include <array>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "rules/category/name_tails.h"
#include "rules/jurisdiction/suggest.h"

namespace borderflow {
namespace {

constexpr size_t kFields = 4;

struct Fields {
  std::array<std::string_view, kFields> text;
  size_t count = 0;  // as found, more than kFields included

  size_t Column(std::string_view line, size_t field) const {
    return static_cast<size_t>(text[field].data() - line.data()) + 1;
  }
};

Fields SplitAtCommas(std::string_view line) {
  Fields fields;
  for (std::string_view rest = line;;) {
    const size_t comma = rest.find(',');
    if (fields.count < kFields) fields.text[fields.count] = rest.substr(0, comma);
    ++fields.count;
    if (comma == std::string_view::npos) return fields;
    rest.remove_prefix(comma + 1);
  }
}

std::string DidYouMeanCode(std::string_view code) {
  std::vector<std::string_view> codes;
  for (int i = 0; i < kCategories; ++i) {
    const auto category = static_cast<Category>(i);
    if (IsClassified(category)) codes.push_back(Code(category));
  }
  const std::string_view near = Nearest(code, codes);
  return near.empty() ? "" : absl::StrCat(" (did you mean \"", std::string(near), "\"?)");
}

}  // namespace

bool HoldsRule(std::string_view line) { return !line.empty() && line.front() != '#'; }

std::optional<std::string> SuffixFault(std::string_view suffix) {
  if (suffix.empty()) return "empty suffix";
  if (suffix.size() > NameTails::kMaxName) {
    return absl::StrCat("suffix of ", suffix.size(), " bytes: a name has at most ",
                        NameTails::kMaxName);
  }
  size_t label = 0;
  for (size_t i = 0; i <= suffix.size(); ++i) {
    if (i == suffix.size() || suffix[i] == '.') {
      const size_t length = i - label;
      if (length == 0) return "empty label: write the suffix without dots at its ends";
      if (length > NameTails::kMaxLabel) {
        return absl::StrCat("label of ", length, " bytes: at most ", NameTails::kMaxLabel);
      }
      if (suffix[label] == '-' || suffix[i - 1] == '-') return "label that begins or ends with '-'";
      label = i + 1;
      continue;
    }
    const char c = suffix[i];
    if (c >= 'A' && c <= 'Z') return "upper case: write the suffix in lower case";
    if ((c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' && c != '_') {
      return "only letters, digits, '-', '_' and '.' may stand in a suffix (other scripts as xn--)";
    }
  }
  return std::nullopt;
}

std::variant<RuleLine, RuleFault> ParseRuleLine(std::string_view line) {
  const Fields fields = SplitAtCommas(line);
  if (fields.count != kFields) {
    return RuleFault{1, absl::StrCat("found ", fields.count, " fields in ", ShownText(line),
                                     ", expected 4: suffix,category,confidence,service")};
  }
  const auto& [suffix, code, percent, service] = fields.text;
  if (const std::optional<std::string> fault = SuffixFault(suffix)) {
    return RuleFault{1, absl::StrCat("suffix ", ShownText(suffix), ": ", *fault)};
  }
  const std::optional<Category> category = CategoryFromCode(code);
  if (!category.has_value() || !IsClassified(*category)) {
    return RuleFault{
        fields.Column(line, 1),
        absl::StrCat("category ", ShownText(code), ": expected a code that says what data it is",
                     category.has_value() ? "" : DidYouMeanCode(code))};
  }
  const int cap = ConfidenceCap(Evidence::kName);
  int confidence = 0;
  if (!absl::SimpleAtoi(absl::string_view(percent.data(), percent.size()), &confidence) ||
      confidence < 1 || confidence > cap) {
    return RuleFault{fields.Column(line, 2), absl::StrCat("confidence ", ShownText(percent),
                                                          ": expected percent from 1 to ", cap,
                                                          ", the most that a name can prove")};
  }
  if (service.empty()) {
    return RuleFault{fields.Column(line, 3), "empty service: say whose suffix this is"};
  }
  return RuleLine{suffix, *category, static_cast<uint8_t>(confidence), service};
}

absl::Status RuleError(std::string_view file, size_t line, const RuleFault& fault) {
  return absl::InvalidArgumentError(
      absl::StrCat(std::string(file), ":", line, ":", fault.column, ": ", fault.message));
}

std::string ShownText(std::string_view text) {
  constexpr size_t kMost = 80;
  const std::string shown = absl::CHexEscape(std::string(text.substr(0, kMost)));
  return absl::StrCat("\"", shown, text.size() > kMost ? "..." : "", "\"");
}

}  // namespace borderflow
