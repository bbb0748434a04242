// RuleImport: foreign lists of names -> a list of name rules of ours.
//
// Lists are read line by line. What is no rule is refused, counted by reason, and the first of each
// reason are told with their places; so are names that stand twice, and those of which the shipped
// list says something else.
//
// Thread safety: none.
#ifndef BORDERFLOW_RULES_CATEGORY_RULE_IMPORT_H_
#define BORDERFLOW_RULES_CATEGORY_RULE_IMPORT_H_

#include <array>
#include <cstdint>
#include <optional>
#include <ostream>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "rules/category/category.h"
#include "rules/category/domain_name.h"
#include "rules/category/line_reader.h"
#include "rules/category/list_line.h"
#include "rules/category/text_arena.h"

namespace borderflow {

enum class ListFormat : uint8_t { kHosts, kDomains, kUt1, kV2fly, kAdblock };
std::string_view Name(ListFormat format);  // "hosts", "domains", "ut1", "v2fly", "adblock"
std::optional<ListFormat> ListFormatFromName(std::string_view name);

struct ImportOptions {
  ListFormat format = ListFormat::kDomains;
  Category category = Category::kUnk;
  uint8_t confidence = 50;
  std::string service;    // empty: the format and the file's own name
  std::string attribute;  // v2fly: only names that have it; empty for all
};

struct ImportCounts {
  uint64_t files = 0;
  uint64_t lines = 0;
  uint64_t names = 0;       // well formed and no public suffix
  uint64_t duplicates = 0;  // of them, there before
  uint64_t covered = 0;     // of them, below another one that says the same
  uint64_t shared = 0;      // of them, suffixes of many tenants, at 50 percent at most
  uint64_t conflicts = 0;   // of them, other ones in the shipped list
  uint64_t written = 0;
  std::array<uint64_t, static_cast<size_t>(NameRefusal::kCount)> refused = {};
};

class RuleImport {
 public:
  // Of each reason so many entries are told with their places.
  static constexpr uint64_t kTold = 5;
  // Lists that one list may include, all together and below one another.
  static constexpr size_t kMostIncludes = 10'000;
  static constexpr int kDeepestInclude = 16;

  explicit RuleImport(ImportOptions options) : options_(std::move(options)) {}

  // Reads one input: a file, or for UT1 a folder that holds a file `domains`, or folders that do.
  // Errors: those of LineReader::Open; NotFound and InvalidArgument for what is no such folder.
  // What was read before an error stays.
  absl::Status Read(const std::string& path);

  // A list that is in memory, in a format of single files; `file` is for messages.
  void ReadText(std::string_view text, const std::string& file);

  // Writes the rules, in the order in which they were read, and completes the counts.
  void Write(std::ostream& out);

  const ImportCounts& counts() const { return counts_; }
  // "file:line:column: what", in the order found.
  const std::vector<std::string>& told() const { return told_; }

 private:
  struct Listed {
    uint32_t line = 0;
    uint32_t file = 0;  // in files_
    uint8_t confidence = 0;
  };

  absl::Status ReadLines(const std::string& path);
  void ReadFrom(LineReader* reader);
  absl::Status ReadFolder(const std::string& path);
  absl::Status ReadCategory(const std::string& folder);
  absl::Status CountRefused(const std::string& path, NameRefusal refusal);
  absl::Status ReadV2fly(const std::string& path, const std::vector<std::string>& wanted,
                         int depth);
  absl::Status Include(const V2flyLine& line, size_t number, const std::vector<std::string>& wanted,
                       int depth);

  absl::StatusOr<LineReader> Enter(const std::string& path);
  void Begin(const std::string& file);
  void Take(const ListedName& name, size_t line);
  void Refuse(NameRefusal refusal, std::string_view text, size_t line, size_t column);
  void Tell(size_t line, size_t column, const std::string& what);
  bool IsCovered(std::string_view suffix, uint8_t confidence) const;
  std::string ServiceOf(size_t file) const;

  const ImportOptions options_;
  ImportCounts counts_;
  std::vector<std::string> files_;
  size_t file_ = 0;  // the one being read
  std::vector<std::string> told_;
  uint64_t told_duplicates_ = 0;
  uint64_t told_conflicts_ = 0;
  std::set<std::string> included_;  // list and attributes
  TextArena text_;
  absl::flat_hash_map<std::string_view, Listed> rules_;
  std::vector<std::string_view> order_;
};

}  // namespace borderflow

#endif  // BORDERFLOW_RULES_CATEGORY_RULE_IMPORT_H_
