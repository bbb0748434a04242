// RuleCheck: what is wrong, contradictory or without effect in lists of name rules.
//
// NameRules stops at the first fault; this reads on and says everything.
//
// Thread safety: none.
#ifndef BORDERFLOW_RULES_CATEGORY_RULE_CHECK_H_
#define BORDERFLOW_RULES_CATEGORY_RULE_CHECK_H_

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "rules/category/line_reader.h"
#include "rules/category/rule_line.h"
#include "rules/category/text_arena.h"

namespace borderflow {

enum class RemarkKind : uint8_t {
  kFault,     // no rule at all, or twice in one list: the list would be refused
  kConflict,  // two lists say different things of one suffix; the first list wins
  kDead,      // says nothing that another rule does not say: the same suffix, or one above it
  kNote,      // a public suffix as a whole, which may be meant
  kCount
};
std::string_view Name(RemarkKind kind);  // "fault", "conflict", "dead", "note"

struct Remark {
  RemarkKind kind = RemarkKind::kNote;
  std::string file;
  size_t line = 0;
  size_t column = 1;
  std::string text;
};

class RuleCheck {
 public:
  static constexpr size_t kMostRemarks = 1000;  // kept; all are counted

  // Reads lists, the strongest first. Errors: those of LineReader::Open.
  absl::Status Read(const std::string& path);
  // A list that is in memory; `file` is for messages.
  void ReadText(std::string_view csv, const std::string& file);

  // Compares what was read. Call once.
  void Finish();

  uint64_t suffixes() const { return rules_.size(); }
  uint64_t count(RemarkKind kind) const { return counts_[static_cast<size_t>(kind)]; }
  // By list and line.
  const std::vector<Remark>& remarks() const { return remarks_; }

 private:
  struct Checked {
    std::string_view suffix;
    Category category;
    uint8_t confidence;
    uint32_t file;
    uint32_t line;
  };

  void ReadFrom(LineReader* reader, const std::string& file);
  void CompareEqual(const Checked& first, const Checked& again);
  void CompareAbove(const Checked& rule);
  std::string Place(const Checked& rule) const;
  void Add(RemarkKind kind, uint32_t file, size_t line, size_t column, std::string text);

  TextArena text_;
  std::vector<std::string> files_;
  std::vector<Checked> rules_;
  absl::flat_hash_map<std::string_view, uint32_t> by_suffix_;  // first position in rules_
  std::array<uint64_t, static_cast<size_t>(RemarkKind::kCount)> counts_ = {};
  std::vector<Remark> remarks_;
  std::vector<uint32_t> remark_files_;  // the list of each remark, for their order
};

}  // namespace borderflow

#endif  // BORDERFLOW_RULES_CATEGORY_RULE_CHECK_H_
