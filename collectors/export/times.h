// Times as outputs write them: RFC 3339, UTC.
#ifndef BORDERFLOW_COLLECTORS_EXPORT_TIMES_H_
#define BORDERFLOW_COLLECTORS_EXPORT_TIMES_H_

#include <cstdint>
#include <string>

namespace borderflow {

std::string Iso8601(uint64_t seconds);                 // "2026-06-25T04:33:59Z"
std::string Iso8601Nanoseconds(uint64_t nanoseconds);  // "2026-06-25T04:33:59.123456789Z"

}  // namespace borderflow

#endif  // BORDERFLOW_COLLECTORS_EXPORT_TIMES_H_
