// LockHolder: another process that writes to a store and does not end its transaction.
#ifndef BORDERFLOW_TESTS_COLLECTORS_STORE_LOCK_HOLDER_H_
#define BORDERFLOW_TESTS_COLLECTORS_STORE_LOCK_HOLDER_H_

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <string>

#include "collectors/store/sqlite.h"

namespace borderflow {

class LockHolder {
 public:
  // The store must be there. To be made before the test's own process has it open or has threads.
  explicit LockHolder(const std::string& path) {
    int told[2] = {};
    int go[2] = {};
    if (pipe(told) != 0 || pipe(go) != 0) return;
    process_ = fork();
    if (process_ == 0) {
      close(told[0]);
      close(go[1]);
      char byte = 0;
      if (read(go[0], &byte, 1) != 1) _exit(0);
      const auto file = SqliteFile::Open(path, SqliteFile::Mode::kWrite);
      const bool locked = file.ok() && (*file)->Execute("BEGIN IMMEDIATE").ok();
      byte = locked ? 1 : 0;
      if (write(told[1], &byte, 1) != 1) _exit(1);
      while (true) pause();
    }
    close(told[1]);
    close(go[0]);
    told_ = told[0];
    go_ = go[1];
  }
  ~LockHolder() {
    Release();
    close(told_);
    close(go_);
  }
  LockHolder(const LockHolder&) = delete;
  LockHolder& operator=(const LockHolder&) = delete;

  // Returns when the store is locked; false if it cannot be.
  bool Lock() {
    char byte = 1;
    if (write(go_, &byte, 1) != 1) return false;
    return read(told_, &byte, 1) == 1 && byte == 1;
  }

  // By a crash, as it were.
  void Release() {
    if (process_ <= 0) return;
    kill(process_, SIGKILL);
    waitpid(process_, nullptr, 0);
    process_ = -1;
  }

 private:
  pid_t process_ = -1;
  int told_ = -1;
  int go_ = -1;
};

}  // namespace borderflow

#endif  // BORDERFLOW_TESTS_COLLECTORS_STORE_LOCK_HOLDER_H_
