// What a ClickHouse server's answers mean.
//
// Thread safety: pure functions.
#ifndef BORDERFLOW_COLLECTORS_STORE_CLICKHOUSE_ANSWER_H_
#define BORDERFLOW_COLLECTORS_STORE_CLICKHOUSE_ANSWER_H_

#include <cstddef>
#include <string>

#include "absl/status/status.h"

namespace borderflow {

inline constexpr size_t kShownOfAnswer = 300;  // bytes of an answer that messages quote

// Its first line, cut where it is very long.
std::string FirstLine(const std::string& answer);

// Of an answer with the HTTP status `code`; `shown` names the server in messages. Errors: those of
// ClickHouseClient::Run.
absl::Status StatusOfAnswer(const std::string& shown, long code, const std::string& answer);

}  // namespace borderflow

#endif  // BORDERFLOW_COLLECTORS_STORE_CLICKHOUSE_ANSWER_H_
