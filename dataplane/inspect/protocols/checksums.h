// Checksums that industrial and tracking protocols put on their messages; short ones, so a bit at a
// time.
//
// Thread safety: pure functions.
#ifndef BORDERFLOW_DATAPLANE_INSPECT_PROTOCOLS_CHECKSUMS_H_
#define BORDERFLOW_DATAPLANE_INSPECT_PROTOCOLS_CHECKSUMS_H_

#include <cstdint>

#include "dataplane/inspect/reader.h"

namespace borderflow {

// Least significant bit first, inverted at the end: CRC-16/DNP (polynomial 0x3d65, start 0) and
// CRC-16/X-25 (0x1021, start 0xffff), by their reflected polynomials.
inline uint16_t ReflectedCrc16(Bytes bytes, uint16_t reflected_polynomial, uint16_t start) {
  uint16_t crc = start;
  for (const uint8_t byte : bytes) {
    crc ^= byte;
    for (int bit = 0; bit < 8; ++bit) {
      crc = static_cast<uint16_t>((crc & 1) != 0 ? crc >> 1 ^ reflected_polynomial : crc >> 1);
    }
  }
  return static_cast<uint16_t>(~crc);
}
inline uint16_t DnpCrc(Bytes bytes) { return ReflectedCrc16(bytes, 0xa6bc, 0); }
inline uint16_t X25Crc(Bytes bytes) { return ReflectedCrc16(bytes, 0x8408, 0xffff); }

// Most significant bit first: CRC-CCITT with polynomial 0x1021, start 0xffff (C37.118.2 annex B).
inline uint16_t CcittCrc(Bytes bytes) {
  uint16_t crc = 0xffff;
  for (const uint8_t byte : bytes) {
    crc = static_cast<uint16_t>(crc ^ byte << 8);
    for (int bit = 0; bit < 8; ++bit) {
      crc = static_cast<uint16_t>((crc & 0x8000) != 0 ? crc << 1 ^ 0x1021 : crc << 1);
    }
  }
  return crc;
}

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_INSPECT_PROTOCOLS_CHECKSUMS_H_
