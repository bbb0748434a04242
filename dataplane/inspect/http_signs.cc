#include "dataplane/inspect/http_signs.h"

#include <array>
#include <cstdint>

#include "dataplane/inspect/protocols/text.h"

namespace borderflow {
namespace {

enum class Place : uint8_t { kStart, kWithin };

struct TargetSign {
  Protocol protocol;
  bool strong;
  Place place;
  std::string_view text;
};
struct FieldSign {
  Protocol protocol;
  bool strong;
  std::string_view field;
  std::string_view text;
};

constexpr TargetSign kTargets[] = {
#define BORDERFLOW_HTTP_TARGET(protocol, strong, place, text) \
  {Protocol::protocol, strong, Place::place, text},
#define BORDERFLOW_HTTP_FIELD(protocol, strong, field, text)
#include "dataplane/inspect/http_signs.inc"
#undef BORDERFLOW_HTTP_TARGET
#undef BORDERFLOW_HTTP_FIELD
};
constexpr FieldSign kFields[] = {
#define BORDERFLOW_HTTP_TARGET(protocol, strong, place, text)
#define BORDERFLOW_HTTP_FIELD(protocol, strong, field, text) \
  {Protocol::protocol, strong, field, text},
#include "dataplane/inspect/http_signs.inc"
#undef BORDERFLOW_HTTP_TARGET
#undef BORDERFLOW_HTTP_FIELD
};

// Which signs may begin with two given characters: most places of a target are passed over with one
// look. Different pairs may share a bit.
class Pairs {
 public:
  constexpr void Add(char first, char second) { bits_[Bit(first, second)] = true; }
  constexpr bool May(char first, char second) const { return bits_[Bit(first, second)]; }

 private:
  static constexpr size_t Bit(char first, char second) {
    return (static_cast<size_t>(static_cast<uint8_t>(first)) * 8 + static_cast<uint8_t>(second)) %
           256;
  }
  std::array<bool, 256> bits_ = {};
};

constexpr Pairs PairsOf(Place place) {
  Pairs pairs;
  for (const TargetSign& sign : kTargets) {
    if (sign.place == place) pairs.Add(sign.text[0], sign.text[1]);
  }
  return pairs;
}
constexpr Pairs kStartPairs = PairsOf(Place::kStart);
constexpr Pairs kWithinPairs = PairsOf(Place::kWithin);

// The same for fields, by first letter and length of their names.
constexpr size_t kLongestField = 32;
constexpr auto kFieldNames = [] {
  std::array<std::array<bool, kLongestField + 1>, 32> names = {};
  for (const FieldSign& sign : kFields) names[sign.field[0] & 0x1f][sign.field.size()] = true;
  return names;
}();
constexpr auto kFieldLetters = [] {
  std::array<bool, 32> letters = {};
  for (const FieldSign& sign : kFields) letters[sign.field[0] & 0x1f] = true;
  return letters;
}();

// A strong sign goes before a weak one, and an earlier one of the tables before a later.
void Consider(Protocol protocol, bool strong, HttpSign* best) {
  const bool better = best->protocol == Protocol::kNone || (strong && !best->strong) ||
                      (best->protocol == Protocol::kWebsocket);
  if (better) *best = {protocol, strong};
}

// The best of `best` and of the signs that `text`, a target from some place on, begins with.
// REQUIRES: at least two characters.
const TargetSign* BetterTarget(std::string_view text, bool is_start, const TargetSign* best) {
  for (const TargetSign& sign : kTargets) {
    if (text[1] != sign.text[1] || text[0] != sign.text[0]) continue;
    if (sign.place == Place::kStart && !is_start) continue;
    const bool better = best == nullptr || (sign.strong && !best->strong) ||
                        (sign.strong == best->strong && &sign < best);
    if (better && text.starts_with(sign.text)) best = &sign;
  }
  return best;
}

}  // namespace

HttpSign FindHttpSign(std::string_view head) {
  constexpr size_t kReach = 4096;
  constexpr int kMaxFields = 64;
  head = head.substr(0, kReach);
  HttpSign best;
  size_t at = head.find('\n');
  const std::string_view line = head.substr(0, at);
  const size_t space = line.find(' ');
  if (space == line.npos) return best;
  const std::string_view target = line.substr(space + 1, line.find(' ', space + 1) - space - 1);
  const TargetSign* found = nullptr;
  for (size_t i = 0; i + 1 < target.size(); ++i) {
    const bool within = kWithinPairs.May(target[i], target[i + 1]);
    if (within || (i == 0 && kStartPairs.May(target[0], target[1]))) {
      found = BetterTarget(target.substr(i), i == 0, found);
    }
  }
  if (found != nullptr) best = {found->protocol, found->strong};
  for (int i = 0; i < kMaxFields && at != head.npos; ++i) {
    const size_t begin = at + 1;
    at = head.find('\n', begin);
    const std::string_view field = head.substr(begin, at == head.npos ? at : at - begin);
    if (field.empty() || field[0] == '\r') break;
    const size_t letter = static_cast<uint8_t>(field[0]) & 0x1f;
    if (!kFieldLetters[letter]) continue;
    const size_t colon = field.substr(0, kLongestField + 1).find(':');
    if (colon == field.npos || !kFieldNames[letter][colon]) continue;
    for (const FieldSign& sign : kFields) {
      if (sign.field.size() != colon || (field[0] | 0x20) != sign.field[0]) continue;
      if (!StartsWithAnyCase(field, sign.field)) continue;
      if (ContainsAnyCase(field.substr(colon + 1), sign.text)) {
        Consider(sign.protocol, sign.strong, &best);
      }
    }
  }
  return best;
}

}  // namespace borderflow
