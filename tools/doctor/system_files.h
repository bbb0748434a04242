// SystemFiles: /proc, /sys and the like, or a folder of the same shape that a test has made.
//
// Nothing here fails: a machine need not have a file, and what cannot be read is empty.
//
// Thread safety: const members, which read the file system.
#ifndef BORDERFLOW_TOOLS_DOCTOR_SYSTEM_FILES_H_
#define BORDERFLOW_TOOLS_DOCTOR_SYSTEM_FILES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace borderflow {

class SystemFiles {
 public:
  // Paths below are absolute and looked up under `root`; "" is the machine itself.
  explicit SystemFiles(std::string root = "") : root_(std::move(root)) {}

  // The whole file without the newline at its end.
  std::string Text(const std::string& path) const;
  std::vector<std::string> Lines(const std::string& path) const;
  // Of a file that begins with a number, as most of /sys do; nothing for a negative one.
  std::optional<uint64_t> Number(const std::string& path) const;
  // What follows "KEY:" on the line that begins so, without the blanks around it.
  std::string Value(const std::string& path, const std::string& key) const;

  bool Exists(const std::string& path) const;
  bool MayWrite(const std::string& path) const;
  // Names of what is in a folder, sorted.
  std::vector<std::string> Entries(const std::string& folder) const;
  // What a symbolic link points to, as it is written; "" for what is none.
  std::string Link(const std::string& path) const;
  // Its last component.
  std::string LinkName(const std::string& path) const;

 private:
  std::string root_;
};

// "0-3,8" as the kernel writes lists of processors.
std::vector<int> ParseList(const std::string& text);

}  // namespace borderflow

#endif  // BORDERFLOW_TOOLS_DOCTOR_SYSTEM_FILES_H_
