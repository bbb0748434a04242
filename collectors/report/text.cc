#include "collectors/report/text.h"

#include <array>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"

namespace borderflow {

std::string Grouped(uint64_t number) {
  const std::string digits = std::to_string(number);
  std::string grouped;
  for (size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) grouped.push_back(',');
    grouped.push_back(digits[i]);
  }
  return grouped;
}

std::string Bytes(uint64_t bytes) {
  static constexpr std::array<const char*, 6> kUnits = {"kB", "MB", "GB", "TB", "PB", "EB"};
  if (bytes < 1000) return absl::StrFormat("%d B", bytes);
  double value = static_cast<double>(bytes) / 1000.0;
  size_t unit = 0;
  for (; value >= 999.95 && unit + 1 < kUnits.size(); ++unit) value /= 1000.0;
  return absl::StrFormat("%.1f %s", value, kUnits[unit]);
}

std::string Percent(double share) {
  const double percent = 100.0 * share;
  if (percent == 0) return "0 %";
  if (percent < 0.05) return "<0.1 %";
  return absl::StrFormat("%.1f %%", percent);
}

std::string Percent(uint64_t part, uint64_t whole) {
  return Percent(whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole));
}

std::string Wrapped(std::string_view text, size_t indent) {
  constexpr size_t kColumns = 100;
  std::string out;
  size_t column = kColumns;
  for (const absl::string_view word :
       absl::StrSplit(absl::string_view(text.data(), text.size()), ' ', absl::SkipEmpty())) {
    if (column + 1 + word.size() > kColumns) {
      if (!out.empty()) out.push_back('\n');
      out.append(indent, ' ');
      column = indent;
    } else {
      out.push_back(' ');
      ++column;
    }
    absl::StrAppend(&out, word);
    column += word.size();
  }
  return out;
}

}  // namespace borderflow
