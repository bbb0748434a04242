// Any folder as a spool. Lines of the input are what lies in it: "NAME" a file, "NAME/FILE=TEXT" a
// file in a folder. What was taken up is what lies in batches, every statement comes as it lies
// there, in the order of the numbers, and room is made for a new batch in the end.
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "collectors/store/clickhouse/spool.h"

namespace {

namespace fs = std::filesystem;

void Require(bool holds) {
  if (!holds) std::abort();
}

// In memory where there is such a folder: a spool waits for its disk.
const std::string& Folder() {
  static const std::string* const folder = [] {
    std::error_code error;
    const fs::path memory = "/dev/shm";
    const fs::path above = fs::is_directory(memory, error) ? memory : fs::temp_directory_path();
    return new std::string(above / ("borderflow_spool_fuzzer." + std::to_string(getpid())));
  }();
  return *folder;
}

bool IsName(std::string_view name) {
  return !name.empty() && name != "." && name != ".." && name.size() <= 40 &&
         name.find('/') == std::string_view::npos && name.find('\0') == std::string_view::npos;
}

bool IsBatch(std::string_view name) {
  return name.size() == 20 && name.front() == '0' &&
         name.find_first_not_of("0123456789") == std::string_view::npos;
}

// Batch and file -> text, as they lie in the folder; a number's digits order as it does.
using Statements = std::map<std::pair<std::string, std::string>, std::string>;

void Write(const fs::path& path, std::string_view text) {
  std::ofstream(path, std::ios::binary) << text;
}

// False when the system does not let us have it so, as where a file stands in a folder's place.
bool Place(std::string_view line, Statements* statements) {
  const size_t slash = line.find('/');
  const std::string name(line.substr(0, slash));
  if (!IsName(name)) return true;
  const fs::path path = fs::path(Folder()) / name;
  std::error_code error;
  if (slash == std::string_view::npos) {
    if (IsBatch(name)) return true;
    if (!fs::is_directory(path, error)) Write(path, "");
    return true;
  }
  fs::create_directory(path, error);
  if (error) return false;
  const std::string_view rest = line.substr(slash + 1);
  const size_t equals = rest.find('=');
  const std::string file(rest.substr(0, equals));
  if (equals == std::string_view::npos || !IsName(file)) return true;
  Write(path / file, rest.substr(equals + 1));
  if (IsBatch(name)) (*statements)[{name, file}] = rest.substr(equals + 1);
  return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  constexpr size_t kMostLines = 12;
  constexpr uint64_t kLimit = 1000;
  std::error_code error;
  fs::remove_all(Folder(), error);
  fs::create_directory(Folder(), error);
  Statements expected;
  std::string_view text(reinterpret_cast<const char*>(data), size);
  bool placed = true;
  for (size_t i = 0; placed && i < kMostLines && !text.empty(); ++i) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    placed = Place(line, &expected);
  }
  if (!placed) return 0;
  auto spool = borderflow::Spool::Open(Folder(), kLimit);
  if (!spool.ok()) return 0;  // a folder in the place of its lock
  uint64_t bytes = 0;
  for (const auto& [where, statement] : expected) bytes += statement.size();
  Require((*spool)->bytes() == bytes && (*spool)->statements() == expected.size());
  const bool added = (*spool)->Add({"new", "newer"}).ok();
  Require(added == (bytes + 8 <= kLimit));
  for (const auto& [where, statement] : expected) {
    const auto next = (*spool)->Next();
    Require(next.ok() && *next == statement);
    Require((*spool)->Sent().ok());
  }
  if (added) {
    Require((*spool)->Next().value() == "new");
    Require((*spool)->Refused().ok());
  }
  Require((*spool)->bytes() == 0 && (*spool)->statements() == 0);
  fs::remove_all(Folder(), error);
  return 0;
}
