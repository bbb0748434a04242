#include "rules/category/rule_import.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "rules/category/names.h"
#include "rules/category/rule_line.h"

namespace borderflow {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kFormats[] = {"hosts", "domains", "ut1", "v2fly", "adblock"};

// What names of shared hosts can prove (policy reference 4.2).
constexpr uint8_t kSharedConfidence = 50;

// Text that may stand in a field of our CSV.
std::string AsField(std::string_view text) {
  constexpr size_t kMost = 100;
  std::string field(text.substr(0, kMost));
  for (char& c : field) {
    if (c == ',' || static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '_';
  }
  return field;
}

// A list's name is a file's name beside the others, and nothing that leads elsewhere.
bool IsListName(std::string_view name) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '!' || c == '.';
  };
  return !name.empty() && name.front() != '.' && std::all_of(name.begin(), name.end(), allowed);
}

// "ads" wants the attribute, "-ads" wants it not to be there.
bool Has(const V2flyLine& line, const std::vector<std::string>& wanted) {
  return std::all_of(wanted.begin(), wanted.end(), [&line](std::string_view attribute) {
    const bool absent = attribute.starts_with('-');
    if (absent) attribute.remove_prefix(1);
    const auto& has = line.attributes;
    return (std::find(has.begin(), has.end(), attribute) == has.end()) == absent;
  });
}

}  // namespace

std::string_view Name(ListFormat format) { return kFormats[static_cast<size_t>(format)]; }

std::optional<ListFormat> ListFormatFromName(std::string_view name) {
  for (size_t i = 0; i < std::size(kFormats); ++i) {
    if (kFormats[i] == name) return static_cast<ListFormat>(i);
  }
  return std::nullopt;
}

absl::Status RuleImport::Read(const std::string& path) {
  switch (options_.format) {
    case ListFormat::kUt1:
      return ReadFolder(path);
    case ListFormat::kV2fly: {
      std::vector<std::string> wanted;
      if (!options_.attribute.empty()) wanted.push_back(options_.attribute);
      return ReadV2fly(path, wanted, 0);
    }
    default:
      return ReadLines(path);
  }
}

// The file that the next lines come from.
absl::StatusOr<LineReader> RuleImport::Enter(const std::string& path) {
  absl::StatusOr<LineReader> reader = LineReader::Open(path);
  if (reader.ok()) Begin(path);
  return reader;
}

void RuleImport::Begin(const std::string& file) {
  file_ = files_.size();
  files_.push_back(file);
  ++counts_.files;
}

void RuleImport::ReadText(std::string_view text, const std::string& file) {
  LineReader reader(text);
  Begin(file);
  ReadFrom(&reader);
}

absl::Status RuleImport::ReadLines(const std::string& path) {
  absl::StatusOr<LineReader> reader = Enter(path);
  if (!reader.ok()) return reader.status();
  ReadFrom(&*reader);
  return reader->status();
}

void RuleImport::ReadFrom(LineReader* reader) {
  std::vector<ListedName> names;
  for (std::string_view line; reader->Next(&line);) {
    ++counts_.lines;
    if (reader->cut()) {
      Refuse(NameRefusal::kLongLine, line, reader->number(), 1);
      continue;
    }
    if (options_.format == ListFormat::kHosts) {
      ParseHostsLine(line, &names);
    } else if (options_.format == ListFormat::kAdblock) {
      ParseAdblockLine(line, &names);
    } else {
      ParseDomainLine(line, &names);
    }
    for (const ListedName& name : names) Take(name, reader->number());
  }
}

// A category's folder, or one with the folders of several.
absl::Status RuleImport::ReadFolder(const std::string& path) {
  std::error_code error;
  if (!fs::exists(path, error)) return absl::NotFoundError(absl::StrCat(path, ": no such folder"));
  if (!fs::is_directory(path, error)) {
    return absl::InvalidArgumentError(absl::StrCat(
        path,
        ": is a file, expected a folder with a file 'domains' in it (for a single file: "
        "--format domains)"));
  }
  if (fs::is_regular_file(fs::path(path) / "domains", error)) return ReadCategory(path);
  std::vector<std::string> folders;
  fs::directory_iterator entries(path, error);
  for (; !error && entries != fs::directory_iterator(); entries.increment(error)) {
    // Other names of a category are links to it.
    if (entries->is_symlink(error)) continue;
    if (fs::is_regular_file(entries->path() / "domains", error)) {
      folders.push_back(entries->path().string());
    }
    error.clear();
  }
  if (error) return absl::InvalidArgumentError(absl::StrCat(path, ": ", error.message()));
  if (folders.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, ": neither it nor a folder in it holds a file 'domains'"));
  }
  std::sort(folders.begin(), folders.end());
  for (const std::string& folder : folders) {
    if (absl::Status s = ReadCategory(folder); !s.ok()) return s;
  }
  return absl::OkStatus();
}

absl::Status RuleImport::ReadCategory(const std::string& folder) {
  if (absl::Status s = ReadLines((fs::path(folder) / "domains").string()); !s.ok()) return s;
  const std::pair<const char*, NameRefusal> others[] = {{"urls", NameRefusal::kPath},
                                                        {"expressions", NameRefusal::kPattern}};
  for (const auto& [name, refusal] : others) {
    const std::string path = (fs::path(folder) / name).string();
    std::error_code error;
    if (!fs::is_regular_file(path, error)) continue;
    if (absl::Status s = CountRefused(path, refusal); !s.ok()) return s;
  }
  return absl::OkStatus();
}

// A file of which nothing can be a rule.
absl::Status RuleImport::CountRefused(const std::string& path, NameRefusal refusal) {
  absl::StatusOr<LineReader> reader = Enter(path);
  if (!reader.ok()) return reader.status();
  for (std::string_view line; reader->Next(&line);) {
    ++counts_.lines;
    if (!line.empty()) Refuse(refusal, line, reader->number(), 1);
  }
  return reader->status();
}

absl::Status RuleImport::ReadV2fly(const std::string& path, const std::vector<std::string>& wanted,
                                   int depth) {
  absl::StatusOr<LineReader> reader = Enter(path);
  if (!reader.ok()) return reader.status();
  const size_t here = file_;
  for (std::string_view line; reader->Next(&line);) {
    ++counts_.lines;
    if (reader->cut()) {
      Refuse(NameRefusal::kLongLine, line, reader->number(), 1);
      continue;
    }
    const V2flyLine parsed = ParseV2flyLine(line);
    if (parsed.kind == V2flyLine::Kind::kInclude) {
      if (absl::Status s = Include(parsed, reader->number(), wanted, depth); !s.ok()) return s;
      file_ = here;
    } else if (parsed.kind == V2flyLine::Kind::kRefused ||
               (parsed.kind == V2flyLine::Kind::kName && Has(parsed, wanted))) {
      Take(parsed.name, reader->number());
    }
  }
  return reader->status();
}

// A list that cannot be included costs itself only. Each is read once for the same attributes.
absl::Status RuleImport::Include(const V2flyLine& line, size_t number,
                                 const std::vector<std::string>& wanted, int depth) {
  const std::string name(line.name.text);
  const std::string path = (fs::path(files_[file_]).parent_path() / name).string();
  std::error_code error;
  if (!IsListName(name) || depth + 1 > kDeepestInclude || included_.size() >= kMostIncludes ||
      !fs::is_regular_file(path, error)) {
    Refuse(NameRefusal::kInclude, line.name.text, number, line.name.column);
    return absl::OkStatus();
  }
  std::vector<std::string> all(line.attributes.begin(), line.attributes.end());
  all.insert(all.end(), wanted.begin(), wanted.end());
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  if (!included_.insert(absl::StrCat(path, "\n", absl::StrJoin(all, " "))).second) {
    return absl::OkStatus();
  }
  return ReadV2fly(path, all, depth + 1);
}

void RuleImport::Take(const ListedName& name, size_t line) {
  if (name.refusal.has_value()) return Refuse(*name.refusal, name.text, line, name.column);
  const std::variant<std::string, NameRefusal> made = ToSuffix(name.text);
  if (const NameRefusal* refusal = std::get_if<NameRefusal>(&made)) {
    return Refuse(*refusal, name.text, line, name.column);
  }
  const auto& suffix = std::get<std::string>(made);
  ++counts_.names;
  if (const auto known = rules_.find(suffix); known != rules_.end()) {
    ++counts_.duplicates;
    if (told_duplicates_++ < kTold) {
      Tell(line, name.column,
           absl::StrCat(ShownText(suffix), " stands already in ", files_[known->second.file], ":",
                        known->second.line));
    }
    return;
  }
  Listed listed = {static_cast<uint32_t>(line), static_cast<uint32_t>(file_), options_.confidence};
  if (listed.confidence > kSharedConfidence && IsSharedSuffix(suffix)) {
    listed.confidence = kSharedConfidence;
    ++counts_.shared;
  }
  const std::string_view stored = text_.Store(suffix);
  rules_.emplace(stored, listed);
  order_.push_back(stored);
  const std::optional<NameMatch> shipped = NameRules::BuiltIn().Match(stored);
  if (!shipped.has_value() || shipped->suffix != stored ||
      shipped->rule->category == options_.category) {
    return;
  }
  ++counts_.conflicts;
  if (told_conflicts_++ < kTold) {
    Tell(line, name.column,
         absl::StrCat(ShownText(suffix), " becomes ", std::string(Code(options_.category)),
                      "; in the shipped list it is ", std::string(Code(shipped->rule->category)),
                      " (", std::string(shipped->rule->service), ")"));
  }
}

void RuleImport::Refuse(NameRefusal refusal, std::string_view text, size_t line, size_t column) {
  if (counts_.refused[static_cast<size_t>(refusal)]++ < kTold) {
    Tell(line, column,
         absl::StrCat(ShownText(text), " is left out: ", std::string(Meaning(refusal))));
  }
}

void RuleImport::Tell(size_t line, size_t column, const std::string& what) {
  told_.push_back(absl::StrCat(files_[file_], ":", line, ":", column, ": ", what));
}

// Whether a suffix of this one says the same of it already.
bool RuleImport::IsCovered(std::string_view suffix, uint8_t confidence) const {
  for (size_t dot = suffix.find('.'); dot != std::string_view::npos; dot = suffix.find('.')) {
    suffix.remove_prefix(dot + 1);
    const auto parent = rules_.find(suffix);
    if (parent != rules_.end()) return parent->second.confidence == confidence;
  }
  return false;
}

std::string RuleImport::ServiceOf(size_t file) const {
  if (!options_.service.empty()) return AsField(options_.service);
  const fs::path path(files_[file]);
  const fs::path named = options_.format == ListFormat::kUt1 ? path.parent_path() : path;
  return AsField(
      absl::StrCat(std::string(Name(options_.format)), " list ", named.filename().string()));
}

void RuleImport::Write(std::ostream& out) {
  out << "# Made by borderflow rules import --format " << Name(options_.format) << " --category "
      << Code(options_.category) << "\n# suffix,category,confidence,service\n";
  for (const std::string_view suffix : order_) {
    const Listed& listed = rules_.find(suffix)->second;
    if (IsCovered(suffix, listed.confidence)) {
      ++counts_.covered;
      continue;
    }
    out << suffix << ',' << Code(options_.category) << ',' << static_cast<int>(listed.confidence)
        << ',' << ServiceOf(listed.file) << '\n';
    ++counts_.written;
  }
}

}  // namespace borderflow
