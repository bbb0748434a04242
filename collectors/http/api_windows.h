// /api/v1/windows: the last windows, oldest first.
//
// Thread safety: pure functions.
#ifndef BORDERFLOW_COLLECTORS_HTTP_API_WINDOWS_H_
#define BORDERFLOW_COLLECTORS_HTTP_API_WINDOWS_H_

#include <cstddef>
#include <nlohmann/json.hpp>

#include "collectors/privacy/publisher.h"

namespace borderflow {

inline constexpr size_t kDefaultWindows = 60;

// `time`, `windows`, `of`: the last `limit` windows.
nlohmann::ordered_json WindowsJson(const Publication& publication, size_t limit);

}  // namespace borderflow

#endif  // BORDERFLOW_COLLECTORS_HTTP_API_WINDOWS_H_
