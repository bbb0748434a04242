#include "collectors/http/audit_log.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <ctime>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "collectors/export/times.h"

namespace borderflow {

absl::StatusOr<AuditLog> AuditLog::Open(const std::string& path) {
  const int file =
      open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR);
  if (file >= 0) return AuditLog(file);
  return absl::UnavailableError(absl::StrCat("--audit: ", path,
                                             ": cannot be appended to: ", std::strerror(errno),
                                             "; give another file, or make its folder"));
}

AuditLog::~AuditLog() {
  if (file_ >= 0) close(file_);
}

bool AuditLog::Record(const HttpRequest& request, const std::string& client, const std::string& who,
                      const HttpResponse& response) {
  using Json = nlohmann::ordered_json;
  const Json line = {{"time", Iso8601(static_cast<uint64_t>(std::time(nullptr)))},
                     {"client", client},
                     {"who", who},
                     {"method", request.method},
                     {"path", request.path},
                     {"query", request.query},
                     {"status", response.status},
                     {"bytes", response.body == nullptr ? 0 : response.body->size()}};
  const std::string text = line.dump(-1, ' ', true, Json::error_handler_t::replace) + "\n";
  // One write a line: lines of several processes do not mix, and none is torn but by a full disk.
  const ssize_t written = write(file_, text.data(), text.size());
  return written == static_cast<ssize_t>(text.size());
}

}  // namespace borderflow
