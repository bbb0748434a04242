// The 255 codes and names at compile time, for this room's own tables.
//
// Thread safety: constants.
#ifndef BORDERFLOW_RULES_JURISDICTION_CODE_TABLE_H_
#define BORDERFLOW_RULES_JURISDICTION_CODE_TABLE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "rules/jurisdiction/jurisdiction.h"

namespace borderflow::internal {

struct Entry {
  std::string_view code;
  std::string_view alpha_3;
  std::string_view name;
};

inline constexpr Entry kTable[] = {
    {"unknown", "", "unknown"},     {"private", "", "private"}, {"reserved", "", "reserved"},
    {"multicast", "", "multicast"}, {"anycast", "", "anycast"},
#define BORDERFLOW_JURISDICTION(alpha_2, alpha_3, name) {alpha_2, alpha_3, name},
#include "rules/jurisdiction/iso3166.inc"
#undef BORDERFLOW_JURISDICTION
};

// Position of a two-letter upper-case code in a 26 x 26 square; -1 when it is not one.
constexpr int Square(std::string_view code) {
  if (code.size() != 2 || code[0] < 'A' || code[0] > 'Z' || code[1] < 'A' || code[1] > 'Z') {
    return -1;
  }
  return (code[0] - 'A') * 26 + (code[1] - 'A');
}

inline constexpr uint8_t kNone = 255;

constexpr std::array<uint8_t, 26 * 26> BuildSquare() {
  std::array<uint8_t, 26 * 26> square{};
  square.fill(kNone);
  for (size_t id = kSpecialJurisdictions; id < std::size(kTable); ++id) {
    square[static_cast<size_t>(Square(kTable[id].code))] = static_cast<uint8_t>(id);
  }
  return square;
}

inline constexpr std::array<uint8_t, 26 * 26> kSquare = BuildSquare();

// Id of an upper-case alpha-2 code, kNone when it is not in the table.
constexpr uint8_t IdOf(std::string_view code) {
  const int position = Square(code);
  return position < 0 ? kNone : kSquare[static_cast<size_t>(position)];
}

constexpr bool TableIsSorted() {
  for (size_t id = kSpecialJurisdictions + 1; id < std::size(kTable); ++id) {
    if (!(kTable[id - 1].code < kTable[id].code)) return false;
  }
  return true;
}

static_assert(std::size(kTable) == kJurisdictions);
static_assert(kJurisdictions - kSpecialJurisdictions == 249 + 1, "ISO 3166-1 and XK");
static_assert(TableIsSorted(), "ids follow the alphabet");
static_assert(IdOf("AD") == 5 && IdOf("ZW") == 254 && IdOf("XK") != kNone);

}  // namespace borderflow::internal

#endif  // BORDERFLOW_RULES_JURISDICTION_CODE_TABLE_H_
