#include "collectors/store/clickhouse/answer.h"

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace borderflow {
namespace {

// ClickHouse's own error codes, which tell more than HTTP's: 18.16 answers 500 to text that it
// cannot parse.
constexpr int kUnknownTable = 60;
constexpr int kUnknownDatabase = 81;
// Parts of a value or a statement that cannot be parsed, and values of a wrong type.
constexpr int kMalformed[] = {6, 26, 27, 38, 41, 53, 62, 72, 117};

// Of "Code: 60, e.displayText() = ..."; 0 when there is none.
int ErrorCode(absl::string_view answer) {
  int code = 0;
  if (!absl::ConsumePrefix(&answer, "Code: ")) return 0;
  return absl::SimpleAtoi(answer.substr(0, answer.find_first_not_of("0123456789")), &code) ? code
                                                                                           : 0;
}

}  // namespace

std::string FirstLine(const std::string& answer) {
  const std::string line = answer.substr(0, answer.find('\n'));
  return line.size() <= kShownOfAnswer ? line : line.substr(0, kShownOfAnswer) + " ...";
}

absl::Status StatusOfAnswer(const std::string& shown, long code, const std::string& answer) {
  constexpr long kOk = 200;
  constexpr long kBadRequest = 400;
  constexpr long kUnauthorized = 401;
  constexpr long kForbidden = 403;
  // An exception that came after the header.
  const bool late = absl::StrContains(answer, "DB::Exception");
  if (code == kOk && !late) return absl::OkStatus();
  const std::string message =
      absl::StrCat("clickhouse ", shown, ": HTTP ", code, ": ", FirstLine(answer));
  if (code == kUnauthorized || code == kForbidden) return absl::PermissionDeniedError(message);
  const int error = ErrorCode(answer);
  if (error == kUnknownTable || error == kUnknownDatabase) return absl::NotFoundError(message);
  if (code == kBadRequest || absl::c_linear_search(kMalformed, error)) {
    return absl::InvalidArgumentError(message);
  }
  return absl::UnavailableError(message);
}

}  // namespace borderflow
