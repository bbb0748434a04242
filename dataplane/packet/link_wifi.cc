#include "dataplane/packet/link_headers.h"

namespace borderflow {

Step ReadWifi(WifiForm form, Cursor* cursor) {
  // Frame control as its first byte, then its second (IEEE 802.11-2020 section 9.2.4.1).
  constexpr uint16_t kTypeMask = 0x0c00;
  constexpr uint16_t kData = 0x0800;
  constexpr uint16_t kNoData = 0x4000;
  constexpr uint16_t kQos = 0x8000;
  constexpr uint16_t kBothDistributionSystems = 0x0003;
  constexpr uint16_t kProtected = 0x0040;
  constexpr uint16_t kOrder = 0x0080;
  constexpr uint8_t kFragmentNumber = 0x0f;  // in the first byte of sequence control
  constexpr uint8_t kAggregate = 0x80;       // in the first byte of QoS control

  const size_t start = cursor->wire();
  uint16_t control = cursor->U16();
  if (form == WifiForm::kSwapped) control = __builtin_bswap16(control);
  if ((control & kTypeMask) != kData || (control & (kNoData | kProtected)) != 0) return kNothing;
  cursor->Skip(20);
  const bool later_fragment = (cursor->U8() & kFragmentNumber) != 0;
  cursor->Skip(1);
  if (later_fragment) return kNothing;
  if ((control & kBothDistributionSystems) == kBothDistributionSystems) cursor->Skip(6);
  bool aggregate = false;
  if ((control & kQos) != 0) {
    aggregate = (cursor->U8() & kAggregate) != 0;
    cursor->Skip(1);
    if ((control & kOrder) != 0) cursor->Skip(4);  // HT control
  }
  if (form == WifiForm::kPadded) cursor->Skip((4 - (start - cursor->wire()) % 4) % 4);
  if (aggregate) cursor->Skip(14);  // the first subframe stands for the whole frame
  return Layer::kLlc;
}

// version, pad, length, presence words; of the fields only the flags matter, the first or the
// second there is (https://www.radiotap.org).
Step ReadRadiotap(Cursor* cursor) {
  constexpr uint32_t kHasTime = 0x1;
  constexpr uint32_t kHasFlags = 0x2;
  constexpr uint32_t kMorePresence = 0x8000'0000;
  constexpr uint8_t kDataPadded = 0x20;
  const size_t length = LoadLittle16(*cursor, 2);
  const uint32_t presence = LoadLittle32(*cursor, 4);
  size_t at = 4;
  while (at + 4 <= length && (LoadLittle32(*cursor, at) & kMorePresence) != 0) at += 4;
  at += 4;
  if ((presence & kHasTime) != 0) at = ((at + 7) & ~size_t{7}) + 8;
  const bool padded = (presence & kHasFlags) != 0 && (cursor->Peek(at) & kDataPadded) != 0;
  cursor->Skip(length);
  if (length < 8) cursor->Fail();
  return padded ? Layer::kWifiPadded : Layer::kWifi;
}

Step ReadAvs(Cursor* cursor) {
  cursor->Skip(4);
  const size_t length = cursor->U32();
  if (length < 8) cursor->Fail();
  cursor->Skip(length - 8);
  return Layer::kWifi;
}

// A message code and the length, in the capturing machine's byte order; or AVS in its place.
Step ReadPrism(Cursor* cursor) {
  constexpr uint16_t kAvsMagic = 0x8021;
  if (cursor->Peek16() == kAvsMagic) return ReadAvs(cursor);
  const uint32_t length = LoadLittle32(*cursor, 4);
  cursor->Skip(length <= cursor->wire() ? length : __builtin_bswap32(length));
  if (length == 0) cursor->Fail();
  return Layer::kWifi;
}

// version, flags, length, LINKTYPE, all little-endian; then fields.
Step ReadPpi(Cursor* cursor) {
  const size_t length = LoadLittle16(*cursor, 2);
  const uint32_t link_type = LoadLittle32(*cursor, 4);
  if (length < 8) cursor->Fail();
  cursor->Skip(length);
  return ReadNamedLinkType(link_type, cursor);
}

}  // namespace borderflow
