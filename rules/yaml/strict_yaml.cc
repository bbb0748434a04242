#include "rules/yaml/strict_yaml.h"

#include <algorithm>
#include <array>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "rules/jurisdiction/suggest.h"

namespace borderflow {
namespace {

absl::string_view View(std::string_view text) { return {text.data(), text.size()}; }

std::string Place(std::string_view file, const YAML::Mark& mark) {
  return absl::StrCat(View(file), ":", mark.line + 1, ":", mark.column + 1, ": ");
}

// yaml-cpp tags plain scalars "?" and quoted ones "!".
bool IsPlainBoolean(const YAML::Node& node) {
  if (node.Tag() != "?") return false;
  static constexpr std::array<std::string_view, 8> kBooleans = {"y",    "n",     "yes", "no",
                                                                "true", "false", "on",  "off"};
  const std::string lower = absl::AsciiStrToLower(node.Scalar());
  return std::find(kBooleans.begin(), kBooleans.end(), lower) != kBooleans.end();
}

}  // namespace

std::string Quoted(std::string_view word) {
  return absl::StrCat("\"", absl::Utf8SafeCEscape(View(word.substr(0, kLongestSuggestion))),
                      word.size() > kLongestSuggestion ? "...\"" : "\"");
}

std::string DidYouMean(std::string_view mistyped, absl::Span<const std::string_view> candidates) {
  const std::string_view nearest = Nearest(mistyped, candidates);
  return nearest.empty() ? "" : absl::StrCat(" (did you mean ", Quoted(nearest), "?)");
}

absl::StatusOr<YAML::Node> StrictYaml::Load(std::string_view text) const {
  // yaml-cpp reports by exception; this is the border at which they end.
  try {
    return YAML::Load(std::string(text));
  } catch (const YAML::Exception& error) {
    return absl::InvalidArgumentError(
        absl::StrCat(Place(file_, error.mark), "not YAML: ", error.msg));
  }
}

absl::Status StrictYaml::Error(const YAML::Node& node, std::string_view what) const {
  return absl::InvalidArgumentError(absl::StrCat(Place(file_, node.Mark()), View(what)));
}

absl::Status StrictYaml::CheckKeys(const YAML::Node& map,
                                   absl::Span<const std::string_view> known) const {
  if (!map.IsMap()) return Error(map, "expected a map");
  std::set<std::string> seen;
  for (const auto& entry : map) {
    const YAML::Node& key = entry.first;
    if (!key.IsScalar()) return Error(key, "a key must be a word");
    if (!seen.insert(key.Scalar()).second) {
      return Error(key, absl::StrCat("duplicate key ", Quoted(key.Scalar()), ": keep one of them"));
    }
    if (known.empty() || std::find(known.begin(), known.end(), key.Scalar()) != known.end()) {
      continue;
    }
    const auto append = [](std::string* out, std::string_view word) {
      out->append(word.data(), word.size());
    };
    return Error(key,
                 absl::StrCat("unknown key ", Quoted(key.Scalar()), ": expected ",
                              absl::StrJoin(known, ", ", append), DidYouMean(key.Scalar(), known)));
  }
  return absl::OkStatus();
}

absl::Status StrictYaml::Scalar(const YAML::Node& node, std::string_view key,
                                std::string* text) const {
  if (!node.IsScalar() || node.Scalar().empty()) {
    return Error(node, absl::StrCat(Quoted(key), " must be text"));
  }
  if (IsPlainBoolean(node)) {
    return Error(node, absl::StrCat(node.Scalar(), " reads as a boolean: write \"", node.Scalar(),
                                    "\" in quotes"));
  }
  *text = node.Scalar();
  return absl::OkStatus();
}

absl::Status StrictYaml::Text(const YAML::Node& map, const char* key, std::string* text) const {
  const YAML::Node node = map[key];
  if (!node) return Error(map, absl::StrCat("no \"", key, "\" here"));
  return Scalar(node, key, text);
}

absl::Status StrictYaml::OptionalList(const YAML::Node& map, const char* key,
                                      std::vector<std::string>* list) const {
  const YAML::Node node = map[key];
  if (!node) return absl::OkStatus();
  if (!node.IsSequence() || node.size() == 0) {
    return Error(node, absl::StrCat("\"", key, "\" must be a list of at least one"));
  }
  for (const YAML::Node& item : node) {
    std::string text;
    if (absl::Status status = Scalar(item, key, &text); !status.ok()) return status;
    list->push_back(std::move(text));
  }
  return absl::OkStatus();
}

absl::Status StrictYaml::Number(const YAML::Node& map, const char* key, int least, int most,
                                int* number) const {
  const YAML::Node node = map[key];
  if (!node) return Error(map, absl::StrCat("no \"", key, "\" here"));
  if (!node.IsScalar() || !absl::SimpleAtoi(node.Scalar(), number) || *number < least ||
      *number > most) {
    return Error(node,
                 absl::StrCat("\"", key, "\" must be a whole number from ", least, " to ", most));
  }
  return absl::OkStatus();
}

}  // namespace borderflow
