#include "rules/jurisdiction/jurisdiction.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "rules/jurisdiction/code_table.h"
#include "rules/jurisdiction/suggest.h"

namespace borderflow {
namespace {

using internal::Entry;
using internal::IdOf;
using internal::kNone;
using internal::kTable;

struct Mapping {
  std::string_view from;
  std::string_view to;
};

constexpr Mapping kAliases[] = {{"FX", "FR"}, {"UK", "GB"}};

constexpr Mapping kWithdrawn[] = {
#define BORDERFLOW_WITHDRAWN(alpha_2, successor) {alpha_2, successor},
#include "rules/jurisdiction/iso3166_3.inc"
#undef BORDERFLOW_WITHDRAWN
};

// What registries, geofeeds and address databases write where no country stands.
constexpr std::string_view kPseudo[] = {
    "-",   // no answer
    "--",  // no answer
    "??",  // no answer
    "A1",  // anonymous proxy
    "A2",  // satellite provider
    "A3",  // anycast
    "AB",  // Abkhazia
    "AC",  // Ascension Island; this and the next seven are reserved by ISO at somebody's request
    "AP",  // Asia and Pacific
    "CP",  // Clipperton Island
    "CQ",  // Sark
    "DG",  // Diego Garcia
    "EA",  // Ceuta and Melilla
    "EU",  // European Union, or somewhere in Europe
    "EZ",  // euro area
    "IC",  // Canary Islands
    "O1",  // other country
    "OS",  // South Ossetia
    "T1",  // Tor exit
    "TA",  // Tristan da Cunha
    "UN",  // United Nations
    "XD",  // hostile networks, libloc
    "XX",  // no answer
    "ZZ",  // no answer
};

// Codes that people write for a country although no standard gives them to it; for suggestions.
constexpr Mapping kMistaken[] = {{"AC", "SH"}, {"CP", "FR"}, {"CQ", "GG"}, {"DG", "IO"},
                                 {"EA", "ES"}, {"EL", "GR"}, {"IC", "ES"}, {"TA", "SH"}};

constexpr bool OthersAreOutsideTheTable() {
  for (const Mapping& alias : kAliases) {
    if (IdOf(alias.from) != kNone || IdOf(alias.to) == kNone) return false;
  }
  for (const Mapping& withdrawn : kWithdrawn) {
    if (IdOf(withdrawn.from) != kNone) return false;
    if (!withdrawn.to.empty() && IdOf(withdrawn.to) == kNone) return false;
  }
  for (const std::string_view pseudo : kPseudo) {
    if (IdOf(pseudo) != kNone) return false;
  }
  for (const Mapping& mistaken : kMistaken) {
    if (IdOf(mistaken.from) != kNone || IdOf(mistaken.to) == kNone) return false;
  }
  return true;
}

static_assert(std::size(kWithdrawn) == 24);
static_assert(std::is_sorted(std::begin(kPseudo), std::end(kPseudo)));
static_assert(OthersAreOutsideTheTable());

template <size_t n>
std::string_view Lookup(const Mapping (&mappings)[n], std::string_view from) {
  for (const Mapping& mapping : mappings) {
    if (mapping.from == from) return mapping.to;
  }
  return {};
}

// "Bolivia" of "Bolivia, Plurinational State of".
std::string_view ShortName(std::string_view name) { return name.substr(0, name.find(',')); }

}  // namespace

std::string_view Code(Jurisdiction jurisdiction) {
  const auto id = static_cast<size_t>(jurisdiction);
  return id < std::size(kTable) ? kTable[id].code : std::string_view();
}

std::string_view Name(Jurisdiction jurisdiction) {
  const auto id = static_cast<size_t>(jurisdiction);
  return id < std::size(kTable) ? kTable[id].name : std::string_view();
}

std::optional<Jurisdiction> FromCode(std::string_view code) {
  if (const uint8_t id = IdOf(code); id != kNone) return static_cast<Jurisdiction>(id);
  for (uint8_t id = 0; id < kSpecialJurisdictions; ++id) {
    if (kTable[id].code == code) return static_cast<Jurisdiction>(id);
  }
  return std::nullopt;
}

NormalizedCode NormalizeCode(std::string_view code) {
  if (code.empty() || code.size() > 2) return {};
  char folded[2] = {};
  for (size_t i = 0; i < code.size(); ++i) {
    folded[i] = absl::ascii_toupper(static_cast<unsigned char>(code[i]));
  }
  const std::string_view upper(folded, code.size());
  if (const uint8_t id = IdOf(upper); id != kNone) {
    return {static_cast<Jurisdiction>(id), CodeKind::kExact};
  }
  if (const std::string_view to = Lookup(kAliases, upper); !to.empty()) {
    return {static_cast<Jurisdiction>(IdOf(to)), CodeKind::kAlias};
  }
  const auto is_upper = [upper](const Mapping& mapping) { return mapping.from == upper; };
  if (std::any_of(std::begin(kWithdrawn), std::end(kWithdrawn), is_upper)) {
    return {Jurisdiction::kUnknown, CodeKind::kWithdrawn};
  }
  if (std::binary_search(std::begin(kPseudo), std::end(kPseudo), upper)) {
    return {Jurisdiction::kUnknown, CodeKind::kPseudo};
  }
  return {};
}

std::string_view SuggestCode(std::string_view mistyped) {
  if (mistyped.size() < 2 || mistyped.size() > kLongestSuggestion) return {};
  const std::string upper =
      absl::AsciiStrToUpper(absl::string_view(mistyped.data(), mistyped.size()));
  if (upper.size() <= 3) {
    // Every short word is one letter from many codes, so only what is certain is suggested.
    if (const uint8_t id = IdOf(upper); id != kNone) return kTable[id].code;
    for (const Entry& entry : kTable) {
      if (entry.alpha_3 == upper) return entry.code;
    }
    if (const std::string_view to = Lookup(kAliases, upper); !to.empty()) return to;
    if (const std::string_view to = Lookup(kWithdrawn, upper); !to.empty()) return to;
    return Lookup(kMistaken, upper);
  }

  std::array<std::string_view, size_t{2} * kJurisdictions> names;
  for (size_t id = 0; id < std::size(kTable); ++id) {
    names[2 * id] = kTable[id].name;
    names[2 * id + 1] = ShortName(kTable[id].name);
  }
  const std::string_view nearest = Nearest(mistyped, names);
  std::string_view code;
  for (const Entry& entry : kTable) {
    if (!nearest.empty() && (nearest == entry.name || nearest == ShortName(entry.name))) {
      if (!code.empty()) return {};  // "Korea" is two
      code = entry.code;
    }
  }
  if (!code.empty()) return code;
  // "Russia" of "Russian Federation".
  for (const Entry& entry : kTable) {
    if (absl::StartsWithIgnoreCase(absl::string_view(entry.name.data(), entry.name.size()),
                                   absl::string_view(mistyped.data(), mistyped.size()))) {
      if (!code.empty()) return {};
      code = entry.code;
    }
  }
  return code;
}

}  // namespace borderflow
