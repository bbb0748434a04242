#include "rules/category/names.h"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "embedded/kSuffixesCsv.h"
#include "rules/category/suffix_index.h"
#include "rules/digest/sha256.h"

namespace borderflow {
namespace {

// Line by line, without the line ends ("\n" or "\r\n").
class Lines {
 public:
  explicit Lines(std::string_view text) : rest_(text) {}

  // The next line that holds a rule; false at the end.
  bool NextRule(std::string_view* line) {
    while (!rest_.empty()) {
      const size_t end = rest_.find('\n');
      *line = rest_.substr(0, end);
      rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
      ++number_;
      if (line->ends_with('\r')) line->remove_suffix(1);
      if (!line->empty() && line->front() != '#') return true;
    }
    return false;
  }

  size_t number() const { return number_; }  // of the line that came last, from 1

 private:
  std::string_view rest_;
  size_t number_ = 0;
};

// Strings that stay where they are until the arena goes.
class Arena {
 public:
  std::string_view Store(std::string_view text) {
    if (text.size() > room_) {
      room_ = text.size() < kBlock ? kBlock : text.size();
      blocks_.push_back(std::make_unique_for_overwrite<char[]>(room_));
      next_ = blocks_.back().get();
    }
    std::memcpy(next_, text.data(), text.size());
    const std::string_view stored(next_, text.size());
    next_ += text.size();
    room_ -= text.size();
    return stored;
  }

 private:
  static constexpr size_t kBlock = 16'384;
  std::vector<std::unique_ptr<char[]>> blocks_;
  char* next_ = nullptr;
  size_t room_ = 0;
};

// Text from a file as it may stand in a message: printable, and not too long.
std::string Shown(std::string_view text) {
  constexpr size_t kMost = 80;
  const std::string shown = absl::CHexEscape(std::string(text.substr(0, kMost)));
  return absl::StrCat("\"", shown, text.size() > kMost ? "..." : "", "\"");
}

absl::Status LineError(std::string_view file, size_t line, const std::string& message) {
  return absl::InvalidArgumentError(absl::StrCat(std::string(file), ":", line, ": ", message));
}

// "a,GEO,1,b": shorter lines are no rules and must not reserve memory like one.
constexpr size_t kShortestRule = 9;

// One line's rule, its strings still in the line.
absl::StatusOr<NameRule> ParseRule(std::string_view line, std::string_view file, size_t number) {
  std::array<std::string_view, 4> fields;
  size_t count = 0;
  for (std::string_view rest = line;; ++count) {
    const size_t comma = rest.find(',');
    if (count < fields.size()) fields[count] = rest.substr(0, comma);
    if (comma == std::string_view::npos) break;
    rest.remove_prefix(comma + 1);
  }
  ++count;
  if (count != fields.size()) {
    return LineError(file, number,
                     absl::StrCat("found ", count, " fields in ", Shown(line),
                                  ", expected 4: suffix,category,confidence,service"));
  }
  const auto& [suffix, code, percent, service] = fields;
  if (const std::optional<std::string> fault = SuffixFault(suffix)) {
    return LineError(file, number, absl::StrCat("suffix ", Shown(suffix), ": ", *fault));
  }
  const std::optional<Category> category = CategoryFromCode(code);
  if (!category.has_value() || !IsClassified(*category)) {
    return LineError(file, number,
                     absl::StrCat("category ", Shown(code),
                                  ": expected a code of the taxonomy that says what data it is "
                                  "(PID, GEO, HLT, FIN ...)"));
  }
  const int cap = ConfidenceCap(Evidence::kName);
  int confidence = 0;
  if (!absl::SimpleAtoi(absl::string_view(percent.data(), percent.size()), &confidence) ||
      confidence < 1 || confidence > cap) {
    return LineError(file, number,
                     absl::StrCat("confidence ", Shown(percent), ": expected percent from 1 to ",
                                  cap, ", the most that a name can prove"));
  }
  if (service.empty()) return LineError(file, number, "empty service: say whose suffix this is");
  return NameRule{suffix, *category, static_cast<uint8_t>(confidence), service};
}

}  // namespace

struct NameRules::Table {
  Arena arena;
  std::vector<NameRule> rules;
  SuffixIndex index;
  std::string digest;
};

NameRules::NameRules() : table_(std::make_unique<Table>()) {}
NameRules::~NameRules() = default;
NameRules::NameRules(NameRules&&) noexcept = default;
NameRules& NameRules::operator=(NameRules&&) noexcept = default;

absl::StatusOr<NameRules> NameRules::Parse(std::string_view csv, std::string_view file) {
  NameRules result;
  Table& table = *result.table_;
  std::string_view line;
  size_t rules = 0;
  for (Lines lines(csv); lines.NextRule(&line);) rules += line.size() >= kShortestRule;
  if (rules > SuffixIndex::kMaxRules) {
    return absl::InvalidArgumentError(absl::StrCat(std::string(file), ": ", rules,
                                                   " suffixes, at most ", SuffixIndex::kMaxRules));
  }
  table.rules.reserve(rules);
  absl::flat_hash_set<std::string_view> services;
  for (Lines lines(csv); lines.NextRule(&line);) {
    absl::StatusOr<NameRule> rule = ParseRule(line, file, lines.number());
    if (!rule.ok()) return rule.status();
    rule->suffix = table.arena.Store(rule->suffix);
    auto service = services.find(rule->service);
    if (service == services.end()) {
      service = services.insert(table.arena.Store(rule->service)).first;
    }
    rule->service = *service;
    table.rules.push_back(*rule);
  }
  if (const std::optional<size_t> again = table.index.Build(table.rules)) {
    const std::string_view suffix = table.rules[*again].suffix;
    Lines lines(csv);
    size_t first = 0;
    for (size_t i = 0; i <= *again && lines.NextRule(&line); ++i) {
      if (first == 0 && table.rules[i].suffix == suffix) first = lines.number();
    }
    return LineError(file, lines.number(),
                     absl::StrCat("suffix ", Shown(suffix), " stands already in line ", first,
                                  ": remove one of the two"));
  }
  table.digest = Sha256Hex(csv);
  return result;
}

const NameRules& NameRules::BuiltIn() {
  static const NameRules* const built_in = [] {
    absl::StatusOr<NameRules> rules = Parse(kSuffixesCsv, "suffixes.csv");
    if (!rules.ok()) {  // the text is part of the program: a fault of the build, which tests find
      std::fprintf(stderr, "%s\n", rules.status().ToString().c_str());
      std::abort();
    }
    return new NameRules(*std::move(rules));
  }();
  return *built_in;
}

const NameRule* NameRules::Find(std::string_view name) const {
  return table_->index.Find(table_->rules, name);
}

size_t NameRules::size() const { return table_->rules.size(); }

const std::string& NameRules::digest() const { return table_->digest; }

}  // namespace borderflow
