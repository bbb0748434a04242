// AuditLog: who asked the API what, one JSON object a line, only ever appended to.
//
//   {"time":"2026-11-22T09:00:00Z","client":"192.0.2.7","who":"token","method":"GET",
//    "path":"/api/v1/cells","query":{"src":"DE"},"status":200,"bytes":1234}
//
// Thread safety: none.
#ifndef BORDERFLOW_COLLECTORS_HTTP_AUDIT_LOG_H_
#define BORDERFLOW_COLLECTORS_HTTP_AUDIT_LOG_H_

#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "collectors/http/request.h"
#include "collectors/http/response.h"

namespace borderflow {

class AuditLog {
 public:
  // Opens or makes the file, with mode 0600.
  // Errors: those of the system, naming the file and what to do.
  static absl::StatusOr<AuditLog> Open(const std::string& path);
  ~AuditLog();
  AuditLog(AuditLog&& other) noexcept : file_(std::exchange(other.file_, -1)) {}
  AuditLog& operator=(AuditLog&& other) noexcept {
    std::swap(file_, other.file_);
    return *this;
  }

  // False when the line could not be written whole: then nothing may be answered.
  bool Record(const HttpRequest& request, const std::string& client, const std::string& who,
              const HttpResponse& response);

 private:
  explicit AuditLog(int file) : file_(file) {}
  int file_;
};

}  // namespace borderflow

#endif  // BORDERFLOW_COLLECTORS_HTTP_AUDIT_LOG_H_
