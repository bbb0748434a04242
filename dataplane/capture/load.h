// Integers of a capture file's own byte order.
#ifndef BORDERFLOW_DATAPLANE_CAPTURE_LOAD_H_
#define BORDERFLOW_DATAPLANE_CAPTURE_LOAD_H_

#include <cstdint>
#include <cstring>

namespace borderflow {

// The 2 or 4 bytes at `at` as an integer, swapped if the file has the other byte order than us.
inline uint16_t Load16(const uint8_t* at, bool swapped) {
  uint16_t value;
  std::memcpy(&value, at, sizeof(value));
  return swapped ? __builtin_bswap16(value) : value;
}
inline uint32_t Load32(const uint8_t* at, bool swapped) {
  uint32_t value;
  std::memcpy(&value, at, sizeof(value));
  return swapped ? __builtin_bswap32(value) : value;
}
inline uint64_t Load64(const uint8_t* at, bool swapped) {
  uint64_t value;
  std::memcpy(&value, at, sizeof(value));
  return swapped ? __builtin_bswap64(value) : value;
}

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_CAPTURE_LOAD_H_
