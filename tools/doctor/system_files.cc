#include "tools/doctor/system_files.h"

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <filesystem>
#include <system_error>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace borderflow {

namespace fs = std::filesystem;

std::string SystemFiles::Text(const std::string& path) const {
  // Not a stream: files of /sys may refuse to be read, which std::filebuf answers by throwing.
  std::string text;
  std::FILE* const file = std::fopen((root_ + path).c_str(), "re");
  if (file == nullptr) return text;
  char block[1 << 16];
  for (size_t size; (size = std::fread(block, 1, sizeof(block), file)) > 0;) {
    text.append(block, size);
  }
  std::fclose(file);
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

std::vector<std::string> SystemFiles::Lines(const std::string& path) const {
  return absl::StrSplit(Text(path), '\n', absl::SkipEmpty());
}

std::optional<uint64_t> SystemFiles::Number(const std::string& path) const {
  const std::string text = Text(path);
  uint64_t number = 0;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), number);
  return end.ec == std::errc() ? std::optional<uint64_t>(number) : std::nullopt;
}

std::string SystemFiles::Value(const std::string& path, const std::string& key) const {
  for (const std::string& line : Lines(path)) {
    const size_t colon = line.find(':');
    if (colon == std::string::npos) continue;
    if (absl::StripAsciiWhitespace(line.substr(0, colon)) != key) continue;
    return std::string(absl::StripAsciiWhitespace(line.substr(colon + 1)));
  }
  return "";
}

bool SystemFiles::Exists(const std::string& path) const {
  std::error_code ignored;
  return fs::exists(root_ + path, ignored);
}

bool SystemFiles::MayWrite(const std::string& path) const {
  return access((root_ + path).c_str(), W_OK) == 0;
}

std::vector<std::string> SystemFiles::Entries(const std::string& folder) const {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator at(root_ + folder, error), end; !error && at != end;
       at.increment(error)) {
    names.push_back(at->path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::string SystemFiles::Link(const std::string& path) const {
  std::error_code error;
  const fs::path target = fs::read_symlink(root_ + path, error);
  return error ? "" : target.string();
}

std::string SystemFiles::LinkName(const std::string& path) const {
  return fs::path(Link(path)).filename().string();
}

std::vector<int> ParseList(const std::string& text) {
  std::vector<int> numbers;
  for (const absl::string_view part : absl::StrSplit(text, ',', absl::SkipEmpty())) {
    const std::pair<absl::string_view, absl::string_view> ends = absl::StrSplit(part, '-');
    int first = 0;
    int last = 0;
    if (!absl::SimpleAtoi(ends.first, &first)) continue;
    if (!absl::SimpleAtoi(ends.second, &last)) last = first;
    for (int number = first; number <= last; ++number) numbers.push_back(number);
  }
  return numbers;
}

}  // namespace borderflow
