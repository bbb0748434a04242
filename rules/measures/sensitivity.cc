#include "rules/measures/sensitivity.h"

namespace borderflow {

std::string_view Name(Sensitivity sensitivity) {
  static constexpr std::array<std::string_view, 6> kNames = {"unstated",  "open",       "personal",
                                                             "sensitive", "government", "carrier"};
  return kNames[static_cast<size_t>(sensitivity)];
}

Sensitivity SensitivityOf(Category category) {
  switch (category) {
    case Category::kMed:
    case Category::kUpd:
    case Category::kInf:
    case Category::kEdi:
      return Sensitivity::kOpen;
    case Category::kPid:
    case Category::kCom:
    case Category::kAdv:
    case Category::kEmp:
    case Category::kAuth:
      return Sensitivity::kPersonal;
    case Category::kBio:
    case Category::kOmc:
    case Category::kHlt:
    case Category::kFin:
    case Category::kGeo:
    case Category::kChd:
    case Category::kTel:
    case Category::kSur:
      return Sensitivity::kSensitive;
    case Category::kGov:
    case Category::kInd:
      return Sensitivity::kGovernment;
    case Category::kDbx:
    case Category::kRem:
      return Sensitivity::kCarrier;
    case Category::kUnk:
    case Category::kEnc:
    case Category::kTun:
      return Sensitivity::kUnstated;
  }
  return Sensitivity::kUnstated;
}

Reply IsSensitive(Category category) {
  switch (SensitivityOf(category)) {
    case Sensitivity::kSensitive:
    case Sensitivity::kGovernment:
      return Reply::kYes;
    case Sensitivity::kOpen:
    case Sensitivity::kPersonal:
      return Reply::kNo;
    case Sensitivity::kUnstated:
    case Sensitivity::kCarrier:
      return Reply::kUndetermined;
  }
  return Reply::kUndetermined;
}

Reply IsControl(Category category) {
  switch (category) {
    case Category::kDbx:
    case Category::kRem:
    case Category::kAuth:
    case Category::kInd:
    case Category::kUpd:
      return Reply::kYes;
    default:
      return SensitivityOf(category) == Sensitivity::kUnstated ? Reply::kUndetermined : Reply::kNo;
  }
}

double AccessWeight(Category category, AccessScale scale) {
  if (IsControl(category) == Reply::kYes || IsSensitive(category) == Reply::kYes) return 1;
  return SensitivityOf(category) == Sensitivity::kPersonal ? scale.personal : 0;
}

}  // namespace borderflow
