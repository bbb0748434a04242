#include "rules/category/names.h"

#include <cstdio>
#include <cstdlib>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "embedded/kSuffixesCsv.h"
#include "rules/category/line_reader.h"
#include "rules/category/rule_line.h"
#include "rules/category/suffix_table.h"
#include "rules/category/text_arena.h"
#include "rules/digest/sha256.h"

namespace borderflow {
namespace {

// The rules of one list by what they say, while it is read.
using KnownRules = absl::flat_hash_map<std::tuple<Category, uint8_t, std::string_view>, uint32_t>;

}  // namespace

struct NameRules::Table {
  TextArena services;
  std::vector<NameRule> rules;
  SuffixTable suffixes;
  std::vector<std::string> lists;
  std::string digest;

  absl::Status Add(LineReader* reader, const std::string& file);
  std::optional<uint32_t> Intern(const RuleLine& line, KnownRules* known);
  absl::Status Build();
};

// The number of the rule, made on first use; nullopt when there are too many.
std::optional<uint32_t> NameRules::Table::Intern(const RuleLine& line, KnownRules* known) {
  const auto found = known->find({line.category, line.confidence, line.service});
  if (found != known->end()) return found->second;
  if (rules.size() > SuffixTable::kMaxRule) return std::nullopt;
  const std::string_view service = services.Store(line.service);
  const auto number = static_cast<uint32_t>(rules.size());
  const auto list = static_cast<uint16_t>(lists.size() - 1);
  rules.push_back({line.category, line.confidence, list, service});
  (*known)[{line.category, line.confidence, service}] = number;
  return number;
}

absl::Status NameRules::Table::Add(LineReader* reader, const std::string& file) {
  lists.push_back(file);
  KnownRules known;
  for (std::string_view text; reader->Next(&text);) {
    if (!HoldsRule(text)) continue;
    const auto fault = [&](std::string message) {
      return RuleError(file, reader->number(), {1, std::move(message)});
    };
    if (reader->cut()) {
      return fault(absl::StrCat("line of more than ", LineReader::kLongest, " bytes: ",
                                ShownText(text), ", expected suffix,category,confidence,service"));
    }
    const std::variant<RuleLine, RuleFault> parsed = ParseRuleLine(text);
    if (const RuleFault* wrong = std::get_if<RuleFault>(&parsed)) {
      return RuleError(file, reader->number(), *wrong);
    }
    const auto& line = std::get<RuleLine>(parsed);
    const std::optional<uint32_t> rule = Intern(line, &known);
    if (!rule.has_value() ||
        !suffixes.Add(line.suffix, *rule, static_cast<uint32_t>(reader->number()))) {
      return fault("too many suffixes: there is room for some 70 million");
    }
  }
  return reader->status();
}

absl::Status NameRules::Table::Build() {
  rules.shrink_to_fit();
  using Entry = SuffixTable::Entry;
  const auto twice = suffixes.Build([this](const Entry& first, const Entry& again) {
    return rules[first.rule].list != rules[again.rule].list;
  });
  if (!twice.has_value()) return absl::OkStatus();
  return RuleError(
      lists[rules[twice->again.rule].list], twice->again.line,
      {1, absl::StrCat("suffix ", ShownText(twice->again.suffix), " stands already in line ",
                       twice->first.line, ": remove one of the two")});
}

NameRules::NameRules() : table_(std::make_unique<Table>()) {}
NameRules::~NameRules() = default;
NameRules::NameRules(NameRules&&) noexcept = default;
NameRules& NameRules::operator=(NameRules&&) noexcept = default;

absl::StatusOr<NameRules> NameRules::Parse(std::string_view csv, std::string_view file) {
  NameRules result;
  LineReader reader(csv);
  if (absl::Status s = result.table_->Add(&reader, std::string(file)); !s.ok()) return s;
  if (absl::Status s = result.table_->Build(); !s.ok()) return s;
  result.table_->digest = Sha256Hex(csv);
  return result;
}

absl::StatusOr<NameRules> NameRules::Load(absl::Span<const std::string> files) {
  if (files.size() > kMaxLists) {
    return absl::InvalidArgumentError(
        absl::StrCat(files.size(), " lists of rules, at most ", kMaxLists));
  }
  NameRules result;
  std::string digests;
  for (const std::string& file : files) {
    absl::StatusOr<LineReader> reader = LineReader::Open(file);
    if (!reader.ok()) return reader.status();
    if (absl::Status s = result.table_->Add(&*reader, file); !s.ok()) return s;
    const absl::StatusOr<std::string> digest = Sha256OfFile(file);
    if (!digest.ok()) return digest.status();
    absl::StrAppend(&digests, *digest, "\n");
  }
  LineReader shipped(kSuffixesCsv);
  if (absl::Status s = result.table_->Add(&shipped, std::string(kShippedList)); !s.ok()) return s;
  if (absl::Status s = result.table_->Build(); !s.ok()) return s;
  const std::string digest = Sha256Hex(kSuffixesCsv);
  result.table_->digest = files.empty() ? digest : Sha256Hex(absl::StrCat(digests, digest, "\n"));
  return result;
}

const NameRules& NameRules::BuiltIn() {
  static const NameRules* const built_in = [] {
    absl::StatusOr<NameRules> rules = Parse(kSuffixesCsv, kShippedList);
    if (!rules.ok()) {  // the text is part of the program: a fault of the build, which tests find
      std::fprintf(stderr, "%s\n", rules.status().ToString().c_str());
      std::abort();
    }
    return new NameRules(*std::move(rules));
  }();
  return *built_in;
}

std::string_view NameRules::ShippedText() { return kSuffixesCsv; }

const NameRule* NameRules::Find(const NameTails& name) const {
  const uint32_t rule = table_->suffixes.Find(name);
  return rule == SuffixTable::kNone ? nullptr : &table_->rules[rule];
}

void NameRules::Prefetch(const NameTails& name) const { table_->suffixes.Prefetch(name); }

uint32_t NameRules::NumberOf(const NameRule* rule) const {
  return rule == nullptr ? 0 : static_cast<uint32_t>(rule - table_->rules.data()) + 1;
}

const NameRule* NameRules::Numbered(uint32_t number) const {
  return number == 0 ? nullptr : &table_->rules[number - 1];
}

std::optional<NameMatch> NameRules::Match(std::string_view name) const {
  const std::optional<SuffixTable::Entry> entry = table_->suffixes.Match(NameTails(name));
  if (!entry.has_value()) return std::nullopt;
  const NameRule& rule = table_->rules[entry->rule];
  return NameMatch{&rule, entry->suffix, table_->lists[rule.list], entry->line};
}

size_t NameRules::size() const { return table_->suffixes.size(); }

size_t NameRules::memory_bytes() const {
  return table_->suffixes.memory_bytes() + table_->services.memory_bytes() +
         table_->rules.capacity() * sizeof(NameRule);
}

const std::string& NameRules::digest() const { return table_->digest; }

}  // namespace borderflow
