// ClickHouseClient: statements to a ClickHouse server over its HTTP interface, by libcurl.
//
// Thread safety: one thread at a time.
#ifndef BORDERFLOW_COLLECTORS_STORE_CLICKHOUSE_CLIENT_H_
#define BORDERFLOW_COLLECTORS_STORE_CLICKHOUSE_CLIENT_H_

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "collectors/export/background.h"

namespace borderflow {

// Where a server is and who asks.
struct ClickHouseServer {
  std::string base;  // "http://127.0.0.1:8123/"
  std::string database = "borderflow";
  std::string user;  // empty: the server's default
  std::string password;
  std::string shown;  // as given, without the password, for messages
};

// "http[s]://[USER[:PASSWORD]@]HOST[:PORT][/DATABASE]". The password may stand in the environment
// instead, in BORDERFLOW_CLICKHOUSE_PASSWORD, where no list of processes shows it.
// Errors: InvalidArgument naming what was found and what was expected.
absl::StatusOr<ClickHouseServer> ParseClickHouseUrl(const std::string& url);

class ClickHouseClient {
 public:
  explicit ClickHouseClient(ClickHouseServer server);
  ~ClickHouseClient();
  ClickHouseClient(const ClickHouseClient&) = delete;
  ClickHouseClient& operator=(const ClickHouseClient&) = delete;

  // Runs a statement and returns the answer. Gives up after a minute without progress, and soon
  // after `hurry` begins.
  // Errors: Unavailable when the server cannot be reached or may do better later; InvalidArgument
  // when it will never take this statement (HTTP 400, or it cannot parse it); NotFound when it
  // knows no such database or table; PermissionDenied when it does not let us in. Messages hold the
  // server's own words.
  absl::StatusOr<std::string> Run(std::string_view statement, const Hurry& hurry);

  // Makes database and tables when they are not there, and brings those of an older version up to
  // date, but for a cluster's.
  // Errors: those of Run; FailedPrecondition when the tables are of another version.
  absl::Status Prepare(const Hurry& hurry);

  const ClickHouseServer& server() const { return server_; }

 private:
  absl::StatusOr<std::string> RunIn(const std::string& database, std::string_view statement,
                                    const Hurry& hurry);

  absl::Status MakeTables(const Hurry& hurry);
  absl::Status UpgradeFrom1(const Hurry& hurry);

  const ClickHouseServer server_;
  void* curl_;  // CURL*; keeps the connection
};

}  // namespace borderflow

#endif  // BORDERFLOW_COLLECTORS_STORE_CLICKHOUSE_CLIENT_H_
