#include "rules/category/domain_name.h"

#include <arpa/inet.h>
#include <idn2.h>
#include <libpsl.h>

#include <algorithm>
#include <array>
#include <cstddef>

#include "absl/strings/ascii.h"
#include "rules/category/name_tails.h"
#include "rules/category/rule_line.h"

namespace borderflow {
namespace {

struct RefusalEntry {
  std::string_view name;
  std::string_view meaning;
};

// In the order of NameRefusal.
constexpr std::array<RefusalEntry, static_cast<size_t>(NameRefusal::kCount)> kRefusals = {{
    {"address", "an address, not a name"},
    {"local", "a name of one label, or of the machine itself"},
    {"malformed", "not a well-formed name"},
    {"foreign_script", "cannot be written in A-labels"},
    {"public_suffix", "a public suffix: a rule would cover everybody's names below it"},
    {"pattern", "a pattern: rules know suffixes only"},
    {"path", "part of a site: a rule would cover all of it"},
    {"exception", "an exception to other rules"},
    {"cosmetic", "hides parts of pages"},
    {"narrow", "its options except some of the traffic, and a rule would cover all of it"},
    {"syntax", "not a line of this format"},
    {"binary", "holds a NUL: not text"},
    {"long_line", "a line of more than 4,096 bytes"},
    {"include", "a list to include that is not there, or not to be read"},
}};

// The newest list that the machine has: Debian's package publicsuffix, else the library's own.
const psl_ctx_t* PublicSuffixList() {
  static const psl_ctx_t* const list = psl_latest(nullptr);
  return list;
}

bool IsSuffixOf(int type, std::string_view name) {
  const psl_ctx_t* const list = PublicSuffixList();
  const std::string text(name);  // libpsl wants its end marked
  return list != nullptr &&
         psl_is_public_suffix2(list, text.c_str(), type | PSL_TYPE_NO_STAR_RULE) != 0;
}

// UTF-8 takes at most four bytes where a name has one.
constexpr size_t kLongestText = 4 * NameTails::kMaxName;

bool IsLocal(std::string_view name) {
  constexpr std::string_view kTops[] = {".local", ".localdomain", ".localhost"};
  return name.find('.') == std::string_view::npos ||
         std::any_of(std::begin(kTops), std::end(kTops),
                     [name](std::string_view top) { return name.ends_with(top); });
}

}  // namespace

std::string_view Name(NameRefusal refusal) { return kRefusals[static_cast<size_t>(refusal)].name; }

std::string_view Meaning(NameRefusal refusal) {
  return kRefusals[static_cast<size_t>(refusal)].meaning;
}

bool IsAddress(std::string_view text) {
  if (text.size() > kLongestText) return false;
  const std::string address(text.substr(0, text.find('%')));
  if (address.find('\0') != std::string::npos) return false;
  std::array<unsigned char, sizeof(in6_addr)> bytes;
  return inet_pton(AF_INET, address.c_str(), bytes.data()) == 1 ||
         inet_pton(AF_INET6, address.c_str(), bytes.data()) == 1;
}

std::variant<std::string, NameRefusal> ToSuffix(std::string_view text) {
  if (text.ends_with('.')) text.remove_suffix(1);
  if (text.find('\0') != std::string_view::npos) return NameRefusal::kBinary;
  if (text.empty() || text.size() > kLongestText) return NameRefusal::kMalformed;
  if (IsAddress(text)) return NameRefusal::kAddress;
  std::string name(text);
  if (std::any_of(name.begin(), name.end(), [](char c) { return (c & 0x80) != 0; })) {
    char* ascii = nullptr;
    const int result =
        idn2_to_ascii_8z(name.c_str(), &ascii, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
    if (result != IDN2_OK) return NameRefusal::kForeignScript;
    name = ascii;
    idn2_free(ascii);
    // Full-width digits and dots become an address only now.
    if (name.ends_with('.')) name.pop_back();
    if (IsAddress(name)) return NameRefusal::kAddress;
  }
  absl::AsciiStrToLower(&name);
  if (SuffixFault(name).has_value()) return NameRefusal::kMalformed;
  if (IsLocal(name)) return NameRefusal::kLocal;
  if (IsPublicSuffix(name)) return NameRefusal::kPublicSuffix;
  return name;
}

bool IsPublicSuffix(std::string_view name) { return IsSuffixOf(PSL_TYPE_ICANN, name); }

bool IsSharedSuffix(std::string_view name) { return IsSuffixOf(PSL_TYPE_PRIVATE, name); }

std::string RegistrableDomain(std::string_view name) {
  const psl_ctx_t* const list = PublicSuffixList();
  const std::string text(name);
  const char* const domain = list == nullptr ? nullptr : psl_registrable_domain(list, text.c_str());
  return domain == nullptr ? "" : domain;
}

}  // namespace borderflow
