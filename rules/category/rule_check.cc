#include "rules/category/rule_check.h"

#include <algorithm>
#include <numeric>
#include <tuple>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "rules/category/domain_name.h"

namespace borderflow {
namespace {

constexpr std::string_view kKinds[] = {"fault", "conflict", "dead", "note"};

// Institutions have public suffixes of their own (gov.br, ac.uk, edu), brands and services too.
bool MayBePublic(const std::string_view suffix, Category category) {
  return category == Category::kGov || category == Category::kChd ||
         (suffix.find('.') == std::string_view::npos && suffix.size() > 2 && suffix != "com" &&
          suffix != "net" && suffix != "org");
}

}  // namespace

std::string_view Name(RemarkKind kind) { return kKinds[static_cast<size_t>(kind)]; }

absl::Status RuleCheck::Read(const std::string& path) {
  absl::StatusOr<LineReader> reader = LineReader::Open(path);
  if (!reader.ok()) return reader.status();
  ReadFrom(&*reader, path);
  return reader->status();
}

void RuleCheck::ReadText(std::string_view csv, const std::string& file) {
  LineReader reader(csv);
  ReadFrom(&reader, file);
}

void RuleCheck::ReadFrom(LineReader* reader, const std::string& file) {
  const auto number = static_cast<uint32_t>(files_.size());
  files_.push_back(file);
  for (std::string_view text; reader->Next(&text);) {
    if (!HoldsRule(text)) continue;
    if (reader->cut()) {
      Add(RemarkKind::kFault, number, reader->number(), 1,
          absl::StrCat("line of more than ", LineReader::kLongest, " bytes"));
      continue;
    }
    const std::variant<RuleLine, RuleFault> parsed = ParseRuleLine(text);
    if (const RuleFault* fault = std::get_if<RuleFault>(&parsed)) {
      Add(RemarkKind::kFault, number, reader->number(), fault->column, fault->message);
      continue;
    }
    const auto& line = std::get<RuleLine>(parsed);
    const Checked rule = {text_.Store(line.suffix), line.category, line.confidence, number,
                          static_cast<uint32_t>(reader->number())};
    by_suffix_.emplace(rule.suffix, static_cast<uint32_t>(rules_.size()));
    rules_.push_back(rule);
  }
}

std::string RuleCheck::Place(const Checked& rule) const {
  return absl::StrCat(files_[rule.file], ":", rule.line);
}

void RuleCheck::Finish() {
  for (uint32_t i = 0; i < rules_.size(); ++i) {
    const Checked& rule = rules_[i];
    const uint32_t first = by_suffix_.find(rule.suffix)->second;
    if (first != i) {
      CompareEqual(rules_[first], rule);
      continue;
    }
    CompareAbove(rule);
    if (IsPublicSuffix(rule.suffix) && !MayBePublic(rule.suffix, rule.category)) {
      Add(RemarkKind::kNote, rule.file, rule.line, 1,
          absl::StrCat(ShownText(rule.suffix),
                       " is a public suffix: this rule covers everybody's names below it"));
    }
  }
  // Faults were found before the rest.
  std::vector<size_t> order(remarks_.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [this](size_t a, size_t b) {
    return std::tuple(remark_files_[a], remarks_[a].line) <
           std::tuple(remark_files_[b], remarks_[b].line);
  });
  std::vector<Remark> sorted;
  for (const size_t i : order) sorted.push_back(std::move(remarks_[i]));
  remarks_ = std::move(sorted);
}

// Two rules for one suffix.
void RuleCheck::CompareEqual(const Checked& first, const Checked& again) {
  const std::string shown = ShownText(again.suffix);
  const bool same = first.category == again.category && first.confidence == again.confidence;
  if (first.file == again.file) {
    return Add(
        RemarkKind::kFault, again.file, again.line, 1,
        absl::StrCat("suffix ", shown, " stands already in line ", first.line,
                     same ? "" : ", where it says something else", ": remove one of the two"));
  }
  if (first.category != again.category) {
    return Add(RemarkKind::kConflict, again.file, again.line, again.suffix.size() + 2,
               absl::StrCat(shown, " is ", std::string(Code(again.category)), " here and ",
                            std::string(Code(first.category)), " in ", Place(first),
                            ", which stands above: this line has no effect"));
  }
  Add(RemarkKind::kDead, again.file, again.line, 1,
      absl::StrCat(shown, ": ", Place(first), " says the same and stands above"));
}

// The rule that would decide without this one.
void RuleCheck::CompareAbove(const Checked& rule) {
  std::string_view above = rule.suffix;
  for (size_t dot = above.find('.'); dot != std::string_view::npos; dot = above.find('.')) {
    above.remove_prefix(dot + 1);
    const auto found = by_suffix_.find(above);
    if (found == by_suffix_.end()) continue;
    const Checked& parent = rules_[found->second];
    if (parent.category == rule.category && parent.confidence == rule.confidence) {
      Add(RemarkKind::kDead, rule.file, rule.line, 1,
          absl::StrCat(ShownText(rule.suffix), ": ", ShownText(above), " (", Place(parent),
                       ") says the same of it"));
    }
    return;
  }
}

void RuleCheck::Add(RemarkKind kind, uint32_t file, size_t line, size_t column, std::string text) {
  ++counts_[static_cast<size_t>(kind)];
  if (remarks_.size() >= kMostRemarks) return;
  remarks_.push_back({kind, files_[file], line, column, std::move(text)});
  remark_files_.push_back(file);
}

}  // namespace borderflow
