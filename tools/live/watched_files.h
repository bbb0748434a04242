// WatchedFiles: whether any of some files was replaced or changed.
//
// Thread safety: none.
#ifndef BORDERFLOW_TOOLS_LIVE_WATCHED_FILES_H_
#define BORDERFLOW_TOOLS_LIVE_WATCHED_FILES_H_

#include <string>
#include <vector>

namespace borderflow {

class WatchedFiles {
 public:
  explicit WatchedFiles(std::vector<std::string> paths);

  // True once after a change, and only when the files have been at rest since the last call, so
  // that a file is not read while it is being written.
  bool Changed();

  // What the files are now was read: it is no change any more.
  void Accept() { used_ = latest_ = LookAtAll(); }

 private:
  // Identity, length and time of a file; all zero while there is none.
  struct State {
    uint64_t device = 0;
    uint64_t inode = 0;
    int64_t size = 0;
    int64_t seconds = 0;
    int64_t nanoseconds = 0;
    friend bool operator==(const State&, const State&) = default;
  };
  static State Look(const std::string& path);
  std::vector<State> LookAtAll() const;

  std::vector<std::string> paths_;
  std::vector<State> used_;    // as of the last time that Changed was true, or of Accept
  std::vector<State> latest_;  // as of the last call
};

}  // namespace borderflow

#endif  // BORDERFLOW_TOOLS_LIVE_WATCHED_FILES_H_
