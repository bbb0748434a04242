// Numbers and sentences as people read them.
#ifndef BORDERFLOW_COLLECTORS_REPORT_TEXT_H_
#define BORDERFLOW_COLLECTORS_REPORT_TEXT_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace borderflow {

std::string Grouped(uint64_t number);                // "1,234,567"
std::string Bytes(uint64_t bytes);                   // "8.1 MB" (powers of 1000), "512 B"
std::string Percent(uint64_t part, uint64_t whole);  // "12.3 %"; "0 %" for nothing of something
std::string Percent(double share);                   // of a share 0 .. 1

// Words in lines of at most 100 columns, each `indent` columns in; no line feed at the end.
std::string Wrapped(std::string_view text, size_t indent);

}  // namespace borderflow

#endif  // BORDERFLOW_COLLECTORS_REPORT_TEXT_H_
