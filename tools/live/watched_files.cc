#include "tools/live/watched_files.h"

#include <sys/stat.h>

#include <utility>

namespace borderflow {

WatchedFiles::WatchedFiles(std::vector<std::string> paths) : paths_(std::move(paths)) {
  used_ = latest_ = LookAtAll();
}

WatchedFiles::State WatchedFiles::Look(const std::string& path) {
  struct stat found {};
  if (stat(path.c_str(), &found) != 0) return {};
  return {found.st_dev, found.st_ino, found.st_size, found.st_mtim.tv_sec, found.st_mtim.tv_nsec};
}

std::vector<WatchedFiles::State> WatchedFiles::LookAtAll() const {
  std::vector<State> states;
  for (const std::string& path : paths_) states.push_back(Look(path));
  return states;
}

bool WatchedFiles::Changed() {
  std::vector<State> now = LookAtAll();
  const bool at_rest = now == latest_;
  latest_ = std::move(now);
  if (!at_rest || latest_ == used_) return false;
  for (const State& state : latest_) {
    if (state == State{}) return false;  // one is gone: its successor is on the way
  }
  used_ = latest_;
  return true;
}

}  // namespace borderflow
