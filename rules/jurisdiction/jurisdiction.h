// Jurisdiction: a country, or one of the five answers that are not a country.
//
// One byte. The specials come first (design section 1), then ISO 3166-1 alpha-2 in alphabetical
// order, with XK (user-assigned, Kosovo) in its place: 5 + 250 values, so 255 is free as "none".
//
// Thread safety: everything here is a pure function over constant tables.
#ifndef BORDERFLOW_RULES_JURISDICTION_JURISDICTION_H_
#define BORDERFLOW_RULES_JURISDICTION_JURISDICTION_H_

#include <cstdint>
#include <optional>
#include <string_view>

namespace borderflow {

enum class Jurisdiction : uint8_t {
  kUnknown = 0,    // nothing known: an answer, never an agreement
  kPrivate = 1,    // private or link-local space whose home was not declared
  kReserved = 2,   // special-purpose block that is not globally reachable
  kMulticast = 3,  // a group, not a place
  kAnycast = 4,    // many places at once
  // 5 .. 254: ISO 3166-1 alpha-2 and XK, alphabetically (see FromCode).
};

inline constexpr int kSpecialJurisdictions = 5;
inline constexpr int kJurisdictions = 255;  // ids 0 .. 254

// "DE", or the lower-case name of a special ("unknown"). Never empty for ids below kJurisdictions.
std::string_view Code(Jurisdiction jurisdiction);

// The English short name of ISO 3166-1 ("Germany"); for a special, its name.
std::string_view Name(Jurisdiction jurisdiction);

// True for unknown, private, reserved, multicast and anycast.
constexpr bool IsSpecial(Jurisdiction jurisdiction) {
  return static_cast<uint8_t>(jurisdiction) < kSpecialJurisdictions;
}

// Exactly one of the 255 codes, case-sensitive ("DE", "unknown"); nullopt for anything else. For
// user input that must be right.
std::optional<Jurisdiction> FromCode(std::string_view code);

// What a code outside the table meant. For database content, which is what it is.
enum class CodeKind : uint8_t {
  kExact,      // in ISO 3166-1, or XK
  kAlias,      // UK -> GB, FX -> FR
  kWithdrawn,  // ISO 3166-3 (AN, CS, SU, YU ...): counts as unknown, reported by its own name
  kPseudo,     // EU AP ZZ ?? and other registry or geofeed artefacts: counts as unknown
  kInvalid,    // not a code at all: counts as unknown
};

struct NormalizedCode {
  Jurisdiction jurisdiction = Jurisdiction::kUnknown;
  CodeKind kind = CodeKind::kInvalid;
};

// Normalises a database's code; upper or lower case. The names of the specials are not codes of
// databases: kInvalid.
NormalizedCode NormalizeCode(std::string_view code);

// The code that a mistyped code, an alpha-3 code or an English name most likely meant, for "did you
// mean": UK -> GB, deu -> DE, Germny -> DE. Always one that FromCode accepts; empty when none is
// near or two are equally near. Not for hot paths: up to 0.5 ms.
std::string_view SuggestCode(std::string_view mistyped);

}  // namespace borderflow

#endif  // BORDERFLOW_RULES_JURISDICTION_JURISDICTION_H_
