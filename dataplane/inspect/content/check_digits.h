// Check digits: whether a number that looks like an identifier is one.
//
// Each takes the identifier without spaces and separators, and is false for any other length or
// character, so that any bytes are safe.
//
// Thread safety: pure functions.
#ifndef BORDERFLOW_DATAPLANE_INSPECT_CONTENT_CHECK_DIGITS_H_
#define BORDERFLOW_DATAPLANE_INSPECT_CONTENT_CHECK_DIGITS_H_

#include <string_view>

namespace borderflow {

// ISO/IEC 7812-1 annex B. True for no other than digits, two at least.
bool PassesLuhn(std::string_view digits);

// Dihedral group D5, as Aadhaar and SNOMED CT identifiers use it.
bool PassesVerhoeff(std::string_view digits);

// A payment card number: Luhn, and a length that the issuer range (ISO/IEC 7812 first digits) has.
bool IsPaymentCard(std::string_view digits);

// ISO 13616: the country's own length, and ISO 7064 MOD 97-10. Upper case.
bool IsIban(std::string_view iban);

// National identifiers.
bool IsBrazilCpf(std::string_view digits);     // 11 digits, two of them check digits
bool IsChileRut(std::string_view rut);         // 7 or 8 digits and 0-9 or K
bool IsChinaResidentId(std::string_view id);   // GB 11643: 17 digits and 0-9 or X, with a date
bool IsIndiaAadhaar(std::string_view digits);  // 12 digits
bool IsKoreaResidentNumber(std::string_view digits);    // 13 digits, with a date
bool IsTurkeyIdentity(std::string_view digits);         // 11 digits
bool IsSpainDni(std::string_view dni);                  // 8 digits, or X, Y, Z and 7; and a letter
bool IsFranceNir(std::string_view nir);                 // 15 digits (departments 2A and 2B too)
bool IsItalyFiscalCode(std::string_view code);          // 16 characters
bool IsPolandPesel(std::string_view digits);            // 11 digits, with a date
bool IsSouthAfricaId(std::string_view digits);          // 13 digits, with a date
bool IsAustraliaTaxNumber(std::string_view digits);     // 9 digits
bool IsCanadaInsuranceNumber(std::string_view digits);  // 9 digits

// Health identifiers.
bool IsNhsNumber(std::string_view digits);           // England and Wales: 10 digits
bool IsProviderIdentifier(std::string_view digits);  // United States, NPI: 10 digits
bool IsSnomedCode(std::string_view digits);          // SNOMED CT identifier: 6 to 18 digits
bool IsLoincCode(std::string_view code);             // "4548-4"

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_INSPECT_CONTENT_CHECK_DIGITS_H_
