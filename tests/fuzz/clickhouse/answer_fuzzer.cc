// Any answer of a server, its HTTP status in the first two bytes: taken, or refused in a message of
// one line that is not long. Only an answer with status 200 is taken, and none that holds an
// exception.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "collectors/store/clickhouse/answer.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 2) return 0;
  const long code = data[0] * 256L + data[1];
  const std::string answer(reinterpret_cast<const char*>(data) + 2, size - 2);
  const absl::Status status = borderflow::StatusOfAnswer("server", code, answer);
  const bool exception = answer.find("DB::Exception") != std::string::npos;
  if (status.ok() != (code == 200 && !exception)) std::abort();
  if (status.ok()) return 0;
  const std::string message(status.message());
  if (message.find('\n') != std::string::npos) std::abort();
  if (message.size() > borderflow::kShownOfAnswer + 60) std::abort();
  return 0;
}
