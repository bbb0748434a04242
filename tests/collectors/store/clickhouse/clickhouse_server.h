// ClickHouseForTest: Debian's clickhouse-server as a process of the test's own, with folders of its
// own and ports on loopback that were free.
#ifndef BORDERFLOW_TESTS_COLLECTORS_STORE_CLICKHOUSE_CLICKHOUSE_SERVER_H_
#define BORDERFLOW_TESTS_COLLECTORS_STORE_CLICKHOUSE_CLICKHOUSE_SERVER_H_

#include <memory>
#include <string>

#include "tests/collectors/child_process.h"

namespace borderflow {

class ClickHouseForTest {
 public:
  static bool Installed() { return HasProgram("clickhouse-server"); }

  explicit ClickHouseForTest(const std::string& name);

  // Starts it, again with the same ports and data; false if it does not answer.
  bool Start();
  // At once, as a crash does.
  void Kill() { process_ = nullptr; }

  std::string Url(const std::string& database = "borderflow") const;
  // The answer, without its last line end; or the error.
  std::string Ask(const std::string& query, const std::string& database = "borderflow") const;
  std::string log() const { return ReadWhole(folder_.Path("log")); }

 private:
  TestFolder folder_;
  const std::string http_port_;
  std::unique_ptr<ChildProcess> process_;
};

}  // namespace borderflow

#endif  // BORDERFLOW_TESTS_COLLECTORS_STORE_CLICKHOUSE_CLICKHOUSE_SERVER_H_
