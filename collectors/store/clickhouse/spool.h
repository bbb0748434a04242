// Spool: statements that wait on disk for a server, oldest first, bounded, safe across crashes.
//
//   FOLDER/lock                          held by the one process that uses the folder
//   FOLDER/00000000000000000007/         a batch; complete once it has this name
//     000000.insert 000001.insert ...    its statements, each removed when the server has it
//   FOLDER/refused/...                   the last batch that the server would never take, for a
//   look
//
// Files are mode 0600. A batch is added whole or not at all, and is on the disk (fsync) when Add
// returns.
//
// Thread safety: one thread at a time.
#ifndef BORDERFLOW_COLLECTORS_STORE_CLICKHOUSE_SPOOL_H_
#define BORDERFLOW_COLLECTORS_STORE_CLICKHOUSE_SPOOL_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace borderflow {

class Spool {
 public:
  // Makes the folder if need be, and takes up what an earlier run left.
  // Errors: Unavailable when the folder cannot be made or written, or another process uses it.
  static absl::StatusOr<std::unique_ptr<Spool>> Open(const std::string& folder,
                                                     uint64_t limit_bytes);
  ~Spool();
  Spool(const Spool&) = delete;
  Spool& operator=(const Spool&) = delete;

  // Errors: ResourceExhausted when the limit would be passed; Unavailable when the disk refuses.
  // Either way nothing of the batch is left.
  absl::Status Add(const std::vector<std::string>& statements);

  // The statement that must arrive next, or nothing. Errors: DataLoss when it cannot be read.
  absl::StatusOr<std::optional<std::string>> Next();

  // The server has the statement that Next gave.
  absl::Status Sent();

  // The server will never take it: its batch is moved aside, and counts towards the limit no more.
  absl::Status Refused();

  uint64_t statements() const;
  uint64_t bytes() const { return bytes_; }
  uint64_t limit_bytes() const { return limit_bytes_; }
  const std::string& folder() const { return folder_; }

 private:
  struct Batch {
    std::map<std::string, uint64_t> files;  // name -> bytes
  };

  explicit Spool(std::string folder, uint64_t limit_bytes);
  absl::Status TakeUp();
  std::string PathOf(uint64_t number) const;

  const std::string folder_;
  const uint64_t limit_bytes_;
  int lock_ = -1;
  uint64_t next_number_ = 1;
  uint64_t bytes_ = 0;
  std::map<uint64_t, Batch> batches_;
};

}  // namespace borderflow

#endif  // BORDERFLOW_COLLECTORS_STORE_CLICKHOUSE_SPOOL_H_
