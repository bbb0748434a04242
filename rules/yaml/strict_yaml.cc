#include "rules/yaml/strict_yaml.h"

#include <yaml-cpp/eventhandler.h>

#include <algorithm>
#include <array>
#include <set>
#include <sstream>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/civil_time.h"

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

// Looks at the first two documents only: YAML::LoadAll never ends on a text such as ",".
bool HoldsOneDocument(std::string_view text) {
  class Ignore : public YAML::EventHandler {
   public:
    void OnDocumentStart(const YAML::Mark&) override {}
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark&, YAML::anchor_t) override {}
    void OnAlias(const YAML::Mark&, YAML::anchor_t) override {}
    void OnScalar(const YAML::Mark&, const std::string&, YAML::anchor_t,
                  const std::string&) override {}
    void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                         YAML::EmitterStyle::value) override {}
    void OnSequenceEnd() override {}
    void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                    YAML::EmitterStyle::value) override {}
    void OnMapEnd() override {}
  };
  std::istringstream stream{std::string(text)};
  YAML::Parser parser(stream);
  Ignore ignore;
  return parser.HandleNextDocument(ignore) && !parser.HandleNextDocument(ignore);
}

}  // namespace

absl::StatusOr<YAML::Node> StrictYaml::Load(std::string_view text) const {
  // yaml-cpp reports by exception; this is the border at which they end.
  try {
    if (!HoldsOneDocument(text)) {
      return absl::InvalidArgumentError(
          absl::StrCat(file_, ":1:1: expected exactly one YAML document"));
    }
    return YAML::Load(std::string(text));
  } catch (const YAML::Exception& error) {
    return absl::InvalidArgumentError(
        absl::StrCat(Place(file_, error.mark), "not YAML: ", error.msg));
  }
}

absl::Status StrictYaml::Error(const YAML::Node& node, std::string_view what) const {
  return Error(node.Mark(), what);
}

absl::Status StrictYaml::Error(const YAML::Mark& mark, std::string_view what) const {
  return absl::InvalidArgumentError(absl::StrCat(Place(file_, mark), View(what)));
}

std::pair<int, int> StrictYaml::TextPlace(const YAML::Node& scalar) {
  const YAML::Mark mark = scalar.Mark();
  const int quote = scalar.Tag() == "!" ? 1 : 0;
  return {mark.line + 1, mark.column + 1 + quote};
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
    return Error(node,
                 absl::StrCat("unquoted ", node.Scalar(), " is a boolean in YAML 1.1: write \"",
                              absl::AsciiStrToUpper(node.Scalar()), "\" in quotes"));
  }
  *text = node.Scalar();
  return absl::OkStatus();
}

absl::Status StrictYaml::Text(const YAML::Node& map, const char* key, std::string* text) const {
  const YAML::Node node = map[key];
  if (!node) return Error(map, absl::StrCat("no \"", key, "\" here"));
  return Scalar(node, key, text);
}

absl::Status StrictYaml::OptionalText(const YAML::Node& map, const char* key,
                                      std::string* text) const {
  const YAML::Node node = map[key];
  return node ? Scalar(node, key, text) : absl::OkStatus();
}

absl::Status StrictYaml::OptionalWords(const YAML::Node& map, const char* key,
                                       std::vector<YamlWord>* words) const {
  const YAML::Node node = map[key];
  if (!node) return absl::OkStatus();
  if (!node.IsSequence() || node.size() == 0) {
    return Error(node, absl::StrCat("\"", key, "\" must be a list of at least one"));
  }
  std::set<std::string> seen;
  for (const YAML::Node& item : node) {
    std::string text;
    if (absl::Status status = Scalar(item, key, &text); !status.ok()) return status;
    if (!seen.insert(text).second) {
      return Error(item, absl::StrCat(Quoted(text), " stands twice in this list"));
    }
    words->push_back({std::move(text), item.Mark()});
  }
  return absl::OkStatus();
}

absl::Status StrictYaml::OptionalList(const YAML::Node& map, const char* key,
                                      std::vector<std::string>* list) const {
  std::vector<YamlWord> words;
  if (absl::Status status = OptionalWords(map, key, &words); !status.ok()) return status;
  for (YamlWord& word : words) list->push_back(std::move(word.text));
  return absl::OkStatus();
}

absl::Status StrictYaml::Date(const YAML::Node& map, const char* key, std::string* date) const {
  if (absl::Status status = Text(map, key, date); !status.ok()) return status;
  absl::CivilDay day;
  if (date->size() == 10 && absl::ParseCivilTime(*date, &day) &&
      absl::FormatCivilTime(day) == *date) {
    return absl::OkStatus();
  }
  return Error(map[key], absl::StrCat("\"", key, "\" is ", Quoted(*date),
                                      ": expected a date such as \"2026-11-21\""));
}

absl::Status StrictYaml::OptionalDate(const YAML::Node& map, const char* key,
                                      std::string* date) const {
  return map[key] ? Date(map, key, date) : absl::OkStatus();
}

absl::Status StrictYaml::Flag(const YAML::Node& map, const char* key, bool* flag) const {
  const YAML::Node node = map[key];
  if (!node) return Error(map, absl::StrCat("no \"", key, "\" here"));
  if (!node.IsScalar() || (node.Scalar() != "true" && node.Scalar() != "false")) {
    return Error(node, absl::StrCat("\"", key, "\" must be true or false"));
  }
  *flag = node.Scalar() == "true";
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
