// What a pattern's match must pass to count. Each looks back from the match's end and is safe for
// any bytes.
//
// Thread safety: pure functions.
#ifndef BORDERFLOW_DATAPLANE_INSPECT_CONTENT_PATTERN_CHECKS_H_
#define BORDERFLOW_DATAPLANE_INSPECT_CONTENT_PATTERN_CHECKS_H_

#include <cstddef>
#include <string_view>

namespace borderflow {

inline constexpr size_t kNoMatch = static_cast<size_t>(-1);

// Where in `text` the identifier begins that ends before `end`, or kNoMatch.
using PatternCheck = size_t (*)(std::string_view text, size_t end);

size_t Accept(std::string_view text, size_t end);
size_t CheckGroupedCard(std::string_view text, size_t end);
size_t CheckNamedCard(std::string_view text, size_t end);
size_t CheckIban(std::string_view text, size_t end);
size_t CheckNamedIban(std::string_view text, size_t end);
size_t CheckCpf(std::string_view text, size_t end);
size_t CheckRut(std::string_view text, size_t end);
size_t CheckChina(std::string_view text, size_t end);
size_t CheckAadhaar(std::string_view text, size_t end);
size_t CheckKorea(std::string_view text, size_t end);
size_t CheckTurkey(std::string_view text, size_t end);
size_t CheckDni(std::string_view text, size_t end);
size_t CheckNir(std::string_view text, size_t end);
size_t CheckFiscalCode(std::string_view text, size_t end);
size_t CheckPesel(std::string_view text, size_t end);
size_t CheckSouthAfrica(std::string_view text, size_t end);
size_t CheckTaxNumber(std::string_view text, size_t end);
size_t CheckInsuranceNumber(std::string_view text, size_t end);
size_t CheckNhs(std::string_view text, size_t end);
size_t CheckProvider(std::string_view text, size_t end);
size_t CheckSnomed(std::string_view text, size_t end);
size_t CheckLoinc(std::string_view text, size_t end);
size_t CheckCoordinates(std::string_view text, size_t end);
size_t CheckBasic(std::string_view text, size_t end);
size_t CheckEmail(std::string_view text, size_t end);
size_t CheckPhone(std::string_view text, size_t end);

// IBANs that are two capitals and digits, in one piece: known without a name beside them. Counted
// here and not by a pattern, because the pattern alone cost more than all others together: capitals
// before digits are everywhere, thirteen digits in a row are rare. Those that begin before
// `*counted_until` are passed over; afterwards it lies behind the last one's first letter.
size_t CountCompactIbans(std::string_view text, size_t* counted_until);
// Whether one of them begins at `begin`.
bool IsCompactIban(std::string_view text, size_t begin);

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_INSPECT_CONTENT_PATTERN_CHECKS_H_
