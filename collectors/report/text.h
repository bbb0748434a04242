// Numbers as people read them.
#ifndef BORDERFLOW_COLLECTORS_REPORT_TEXT_H_
#define BORDERFLOW_COLLECTORS_REPORT_TEXT_H_

#include <cstdint>
#include <string>

namespace borderflow {

std::string Grouped(uint64_t number);                // "1,234,567"
std::string Bytes(uint64_t bytes);                   // "8.1 MB" (powers of 1000), "512 B"
std::string Percent(uint64_t part, uint64_t whole);  // "12.3 %"; "0 %" for nothing of something
std::string Percent(double share);                   // of a share 0 .. 1

}  // namespace borderflow

#endif  // BORDERFLOW_COLLECTORS_REPORT_TEXT_H_
