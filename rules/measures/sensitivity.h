// Sensitivity: what a category would matter to somebody who reads or steers it.
//
// Classes, not grades: they are those of the data-allies model (open, personal, sensitive,
// government), and a category outside them has none. A category never implies guilt.
//
// Thread safety: pure functions over constant tables.
#ifndef BORDERFLOW_RULES_MEASURES_SENSITIVITY_H_
#define BORDERFLOW_RULES_MEASURES_SENSITIVITY_H_

#include <array>
#include <cstdint>
#include <string_view>

#include "rules/category/category.h"
#include "rules/measures/measured.h"

namespace borderflow {

enum class Sensitivity : uint8_t {
  kUnstated,    // UNK, ENC, TUN: what is inside is not known
  kOpen,        // MED UPD INF TRADE_EDI
  kPersonal,    // PID COM ADV EMP AUTH
  kSensitive,   // BIO OMC HLT FIN GEO CHD TEL SUR
  kGovernment,  // GOV IND
  kCarrier,     // DBX REM: matter by what they carry or open, which may be anything
};
std::string_view Name(Sensitivity sensitivity);  // "unstated", "open" ...
Sensitivity SensitivityOf(Category category);

// Whether the data are of the sensitive or government class; undetermined for unstated and carrier.
Reply IsSensitive(Category category);

// Whether the category gives a hold on what runs here rather than on what is said: databases,
// remote access, credentials, industrial control, software update.
Reply IsControl(Category category);

// What a byte sent in a category weighs when asking how much access somebody has, 0 .. 1: 1 for
// control, sensitive and government data, `personal` for personal data, 0 for open data. The middle
// value has no source, so results are bounded over all of kAccessScales.
struct AccessScale {
  double personal;
};
inline constexpr AccessScale kAccessScale = {0.5};
inline constexpr std::array<AccessScale, 3> kAccessScales = {{{0.25}, {0.5}, {1.0}}};
// REQUIRES: the category states a sensitivity or is control.
double AccessWeight(Category category, AccessScale scale);

}  // namespace borderflow

#endif  // BORDERFLOW_RULES_MEASURES_SENSITIVITY_H_
