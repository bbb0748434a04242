// What a matched pattern must pass to count. Each sees the matched bytes and the one before and
// after them (0 at the ends), and is safe for any bytes.
//
// Thread safety: pure functions.
#ifndef BORDERFLOW_DATAPLANE_INSPECT_CONTENT_PATTERN_CHECKS_H_
#define BORDERFLOW_DATAPLANE_INSPECT_CONTENT_PATTERN_CHECKS_H_

#include <string_view>

namespace borderflow {

struct Matched {
  std::string_view text;
  char before = 0;
  char after = 0;
};
using PatternCheck = bool (*)(const Matched& matched);

bool Accept(const Matched& matched);
bool CheckCard(const Matched& matched);
bool CheckIban(const Matched& matched);
bool CheckCpf(const Matched& matched);
bool CheckRut(const Matched& matched);
bool CheckChina(const Matched& matched);
bool CheckAadhaar(const Matched& matched);
bool CheckKorea(const Matched& matched);
bool CheckTurkey(const Matched& matched);
bool CheckDni(const Matched& matched);
bool CheckNir(const Matched& matched);
bool CheckFiscalCode(const Matched& matched);
bool CheckPesel(const Matched& matched);
bool CheckSouthAfrica(const Matched& matched);
bool CheckTaxNumber(const Matched& matched);
bool CheckInsuranceNumber(const Matched& matched);
bool CheckNhs(const Matched& matched);
bool CheckProvider(const Matched& matched);
bool CheckSnomed(const Matched& matched);
bool CheckLoinc(const Matched& matched);
bool CheckCoordinates(const Matched& matched);
bool CheckBasic(const Matched& matched);
bool CheckEmail(const Matched& matched);
bool CheckPhone(const Matched& matched);

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_INSPECT_CONTENT_PATTERN_CHECKS_H_
