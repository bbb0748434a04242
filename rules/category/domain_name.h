// Domain names as people and lists write them -> the form that suffixes have.
//
// International names become A-labels (IDNA 2008 with UTS 46 mapping, through libidn2); what is a
// public suffix, and which name somebody could register, is libpsl's to say.
//
// Thread safety: pure functions over tables that are loaded once.
#ifndef BORDERFLOW_RULES_CATEGORY_DOMAIN_NAME_H_
#define BORDERFLOW_RULES_CATEGORY_DOMAIN_NAME_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace borderflow {

// Why an entry of a foreign list is no rule. Each has a name and one plain sentence.
enum class NameRefusal : uint8_t {
  kAddress,
  kLocal,
  kMalformed,
  kForeignScript,
  kPublicSuffix,
  kPattern,
  kPath,
  kException,
  kCosmetic,
  kNarrow,
  kSyntax,
  kBinary,
  kLongLine,
  kInclude,
  kCount
};
std::string_view Name(NameRefusal refusal);     // "public_suffix"
std::string_view Meaning(NameRefusal refusal);  // "a public suffix: a rule would swallow ..."

// `text` as a suffix: lower case, A-labels, no dot at the end, well formed, at least two labels,
// and no public suffix of a registry (co.uk). Any bytes are safe.
std::variant<std::string, NameRefusal> ToSuffix(std::string_view text);

// Whether this is an IPv4 or IPv6 address, with or without a zone (fe80::1%lo0).
bool IsAddress(std::string_view text);

// A suffix of the registries' own (com, co.uk, gov.br); rules nobody wrote (*) left out. `name` as
// ToSuffix gives it, here and below.
bool IsPublicSuffix(std::string_view name);

// A suffix under which somebody lets others have names (github.io): many tenants.
bool IsSharedSuffix(std::string_view name);

// The name that somebody registered (example.co.uk of www.example.co.uk); empty for a public
// suffix.
std::string RegistrableDomain(std::string_view name);

}  // namespace borderflow

#endif  // BORDERFLOW_RULES_CATEGORY_DOMAIN_NAME_H_
