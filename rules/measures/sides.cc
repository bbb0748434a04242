#include "rules/measures/sides.h"

#include <array>
#include <utility>

#include "absl/strings/str_cat.h"
#include "rules/jurisdiction/operators.h"

namespace borderflow {

std::string_view Name(Weight weight) {
  static constexpr std::array<std::string_view, 3> kNames = {"flows", "bytes", "upload"};
  return kNames[static_cast<size_t>(weight)];
}

uint64_t WeightOf(const PolicyCell& cell, Weight weight) {
  switch (weight) {
    case Weight::kFlows:
      return cell.flows;
    case Weight::kBytes:
      return cell.bytes;
    case Weight::kUpload:
      return cell.from_initiator ? cell.payload_bytes : 0;
  }
  return 0;
}

Reply Same(Jurisdiction a, Jurisdiction b) {
  if (IsSpecial(a) || IsSpecial(b)) return Reply::kUndetermined;
  return a == b ? Reply::kYes : Reply::kNo;
}

Reply Not(Reply reply) {
  if (reply == Reply::kUndetermined) return reply;
  return reply == Reply::kYes ? Reply::kNo : Reply::kYes;
}

Reply And(Reply a, Reply b) {
  if (a == Reply::kNo || b == Reply::kNo) return Reply::kNo;
  return a == Reply::kYes && b == Reply::kYes ? Reply::kYes : Reply::kUndetermined;
}

Reply Crosses(const PolicyCell& cell) {
  return Not(Same(cell.source.location, cell.destination.location));
}

std::optional<size_t> Organisations::Intern(uint32_t asn) {
  if (asn == 0) return std::nullopt;
  const auto [known, is_new_as] = by_as_.try_emplace(asn, names_.size());
  if (!is_new_as) return known->second;
  const Operator* found = FindOperator(asn);
  std::string name = found == nullptr ? absl::StrCat("AS", asn) : std::string(found->organisation);
  const auto [same, is_new_name] = by_name_.try_emplace(name, names_.size());
  if (is_new_name) {
    names_.push_back(std::move(name));
    homes_.push_back(found == nullptr ? Jurisdiction::kUnknown : found->home);
  }
  known->second = same->second;
  return known->second;
}

std::string_view Name(Holder holder) {
  static constexpr std::array<std::string_view, 3> kNames = {"organisation", "operator",
                                                             "location"};
  return kNames[static_cast<size_t>(holder)];
}

std::optional<size_t> HolderOf(const PolicyCell& cell, Holder holder,
                               Organisations* organisations) {
  if (holder == Holder::kOrganisation) return organisations->Intern(Responder(cell).asn);
  const PolicyEnd& responder = Responder(cell);
  const Jurisdiction jurisdiction =
      holder == Holder::kLocation ? responder.location : responder.operator_home;
  if (IsSpecial(jurisdiction)) return std::nullopt;
  return static_cast<size_t>(jurisdiction);
}

Holdings HoldingsOf(absl::Span<const PolicyCell> cells, Holder holder, Weight weight) {
  Organisations organisations;
  Holdings holdings;
  std::vector<uint64_t> by_holder;
  for (const PolicyCell& cell : cells) {
    const uint64_t w = WeightOf(cell, weight);
    const std::optional<size_t> who = HolderOf(cell, holder, &organisations);
    if (!who.has_value()) {
      holdings.unknown += w;
      continue;
    }
    if (*who >= by_holder.size()) by_holder.resize(*who + 1);
    by_holder[*who] += w;
  }
  for (const uint64_t w : by_holder) {
    if (w > 0) holdings.weights.push_back(w);
  }
  return holdings;
}

}  // namespace borderflow
