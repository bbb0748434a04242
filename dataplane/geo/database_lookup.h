// DatabaseLookup: one address in one MMDB, asked through libmaxminddb. Private to the room.
//
// The library's own decoder meets only what ours has found readable: Open compiles the database
// first, and each record is read by both.
//
// Thread safety: const members from any number of threads.
#ifndef BORDERFLOW_DATAPLANE_GEO_DATABASE_LOOKUP_H_
#define BORDERFLOW_DATAPLANE_GEO_DATABASE_LOOKUP_H_

#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "dataplane/geo/lookup.h"
#include "dataplane/geo/mmdb.h"

struct MMDB_s;
struct MMDB_entry_s;

namespace borderflow {

class DatabaseLookup {
 public:
  // `country_path` as for CompileDatabase. Errors as Geography::Load for this file.
  static absl::StatusOr<DatabaseLookup> Open(const std::string& path,
                                             const std::string& country_path);

  // What the record of `address` says; an empty network where there is none.
  absl::StatusOr<SourceAnswer> Ask(const IpAddress& address) const;

 private:
  struct Close {
    void operator()(MMDB_s* library) const;
  };

  absl::Status ReadAnswer(MMDB_entry_s* entry, SourceAnswer* answer) const;

  std::unique_ptr<MmdbFile> file_;
  std::unique_ptr<MMDB_s, Close> library_;
  std::string country_path_;
};

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_GEO_DATABASE_LOOKUP_H_
