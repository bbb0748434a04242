#include "dataplane/inspect/http_signs.h"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <iterator>

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

// Targets by their second character, nearly all of them beginning with a slash: the first of each,
// and the next one after each. One past the last ends a chain.
constexpr size_t kTargetSigns = std::size(kTargets);
static_assert(kTargetSigns <= UINT8_MAX);
struct TargetChains {
  std::array<uint8_t, 256> first = {};
  std::array<uint8_t, kTargetSigns> next = {};
};
constexpr auto kChains = [] {
  TargetChains chains;
  chains.first.fill(kTargetSigns);
  for (size_t i = kTargetSigns; i-- > 0;) {
    uint8_t& first = chains.first[static_cast<uint8_t>(kTargets[i].text[1])];
    chains.next[i] = first;
    first = static_cast<uint8_t>(i);
  }
  return chains;
}();

// The same for fields, by first letter and length of their names.
constexpr size_t kLongestField = 32;
constexpr auto kFieldLetters = [] {
  std::array<bool, 32> letters = {};
  for (const FieldSign& sign : kFields) letters[sign.field[0] & 0x1f] = true;
  return letters;
}();

// Fields that several signs ask for are read once for all of them: the first sign of each name
// leads its group.
constexpr size_t kFieldSigns = std::size(kFields);
constexpr auto kLeaders = [] {
  std::array<size_t, kFieldSigns> leaders = {};
  for (size_t i = 0; i < kFieldSigns; ++i) {
    while (kFields[leaders[i]].field != kFields[i].field) ++leaders[i];
  }
  return leaders;
}();
// The first leader of each letter and length; kFieldSigns where there is none.
constexpr auto kFieldNames = [] {
  std::array<std::array<uint8_t, kLongestField + 1>, 32> names = {};
  for (auto& of_letter : names) of_letter.fill(kFieldSigns);
  for (size_t i = kFieldSigns; i-- > 0;) {
    const std::string_view field = kFields[i].field;
    if (kLeaders[i] == i) names[field[0] & 0x1f][field.size()] = static_cast<uint8_t>(i);
  }
  return names;
}();
// How the texts of a group begin, with the bit that capitals lack.
constexpr char Folded(char c) { return static_cast<char>(c | 0x20); }
constexpr auto kFieldPairs = [] {
  std::array<Pairs, kFieldSigns> pairs = {};
  for (size_t i = 0; i < kFieldSigns; ++i) {
    const std::string_view text = kFields[i].text;
    if (text.size() >= 2) pairs[kLeaders[i]].Add(Folded(text[0]), Folded(text[1]));
  }
  return pairs;
}();

// And their first characters alone, in either case: cheaper still.
constexpr auto kFieldFirsts = [] {
  std::array<std::array<bool, 256>, kFieldSigns> firsts = {};
  for (size_t i = 0; i < kFieldSigns; ++i) {
    const std::string_view text = kFields[i].text;
    for (size_t byte = 0; byte < 256 && !text.empty(); ++byte) {
      if (Folded(static_cast<char>(byte)) == Folded(text[0])) firsts[kLeaders[i]][byte] = true;
    }
  }
  return firsts;
}();

// The signs of a group that `value` shows, a bit each.
using Signs = uint64_t;
static_assert(kFieldSigns <= 64);
struct SignGroup {
  Signs any = 0;   // any value shows them
  Signs text = 0;  // a value that contains their text does
};
constexpr auto kGroups = [] {
  std::array<SignGroup, kFieldSigns> groups = {};
  for (size_t i = 0; i < kFieldSigns; ++i) {
    SignGroup& group = groups[kLeaders[i]];
    (kFields[i].text.empty() ? group.any : group.text) |= Signs{1} << i;
  }
  return groups;
}();
Signs SignsOf(size_t leader, std::string_view value) {
  const SignGroup& group = kGroups[leader];
  Signs found = group.any;
  if (group.text == 0) return found;
  const Pairs& pairs = kFieldPairs[leader];
  const std::array<bool, 256>& firsts = kFieldFirsts[leader];
  for (size_t at = 0; at + 1 < value.size(); ++at) {
    if (!firsts[static_cast<uint8_t>(value[at])]) continue;
    if (!pairs.May(Folded(value[at]), Folded(value[at + 1]))) continue;
    for (Signs left = group.text; left != 0; left &= left - 1) {
      const std::string_view text = kFields[std::countr_zero(left)].text;
      if (StartsWithAnyCase(value.substr(at), text)) found |= left & -left;
    }
  }
  return found;
}

// A strong sign goes before a weak one, and an earlier one of the tables before a later.
void Consider(Protocol protocol, bool strong, HttpSign* best) {
  const bool better = best->protocol == Protocol::kNone || (strong && !best->strong) ||
                      (best->protocol == Protocol::kWebsocket);
  if (better) *best = {protocol, strong};
}

// The best of `best` and of the signs that `text`, a target from some place on, begins with.
// REQUIRES: at least two characters.
const TargetSign* BetterTarget(std::string_view text, bool is_start, const TargetSign* best) {
  for (size_t i = kChains.first[static_cast<uint8_t>(text[1])]; i < kTargetSigns;
       i = kChains.next[i]) {
    const TargetSign& sign = kTargets[i];
    if (text[0] != sign.text[0]) continue;
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
    if (colon == field.npos) continue;
    size_t leader = kFieldNames[letter][colon];
    while (leader < kFieldSigns && (kFields[leader].field.size() != colon ||
                                    !StartsWithAnyCase(field, kFields[leader].field))) {
      ++leader;
    }
    if (leader == kFieldSigns) continue;
    for (Signs signs = SignsOf(leader, field.substr(colon + 1)); signs != 0; signs &= signs - 1) {
      const FieldSign& sign = kFields[std::countr_zero(signs)];
      Consider(sign.protocol, sign.strong, &best);
    }
  }
  return best;
}

}  // namespace borderflow
