#include "rules/measures/dependence.h"

#include <algorithm>
#include <array>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"

namespace borderflow {

Measured Dependence(absl::Span<const PolicyCell> cells, Jurisdiction i, Jurisdiction j,
                    std::optional<Category> category, Weight weight) {
  Share share;
  for (const PolicyCell& cell : cells) {
    if (Initiator(cell).location != i) continue;
    if (category.has_value() && cell.category != *category) continue;
    share.Add(Same(Responder(cell).operator_home, j), WeightOf(cell, weight));
  }
  return share.measured(absl::StrCat(
      category.has_value() ? absl::StrCat(std::string(Code(*category)), " ") : std::string(),
      "traffic of users in ", std::string(Code(i))));
}

bool SeesUsersAtHome(absl::Span<const PolicyCell> cells, Jurisdiction i) {
  return std::any_of(cells.begin(), cells.end(), [i](const PolicyCell& cell) {
    return cell.frames > 0 && Initiator(cell).location == i && Responder(cell).location == i;
  });
}

Measured AsymmetricDependence(absl::Span<const PolicyCell> cells, Jurisdiction i, Jurisdiction j,
                              Weight weight) {
  const Measured of_i = Dependence(cells, i, j, std::nullopt, weight);
  const Measured of_j = Dependence(cells, j, i, std::nullopt, weight);
  if (!of_i.answered()) return of_i;
  if (!of_j.answered()) return of_j;
  for (const Jurisdiction user : {i, j}) {
    if (SeesUsersAtHome(cells, user)) continue;
    return Measured::Not(absl::StrCat("what users in ", std::string(Code(user)),
                                      " keep at home does not pass this vantage"));
  }
  return Measured::Between(of_i.low() - of_j.high(), of_i.value() - of_j.value(),
                           of_i.high() - of_j.low());
}

Measured CriticalDependence(absl::Span<const PolicyCell> cells, Jurisdiction i, Holder holder) {
  struct Holders {
    bool used = false;
    bool unknown = false;
    std::set<size_t> known;
  };
  std::array<Holders, kCategories> by_category{};
  Organisations organisations;
  for (const PolicyCell& cell : cells) {
    if (Initiator(cell).location != i || !IsClassified(cell.category) || cell.frames == 0) continue;
    Holders& holders = by_category[static_cast<size_t>(cell.category)];
    holders.used = true;
    const std::optional<size_t> who = HolderOf(cell, holder, &organisations);
    if (who.has_value()) {
      holders.known.insert(*who);
    } else {
      holders.unknown = true;
    }
  }
  Share share;
  for (const Holders& holders : by_category) {
    if (!holders.used) continue;
    const Reply one = holders.known.size() > 1 ? Reply::kNo
                      : holders.unknown        ? Reply::kUndetermined
                                               : Reply::kYes;
    share.Add(one, 1);
  }
  return share.measured(absl::StrCat("classified traffic of users in ", std::string(Code(i))));
}

namespace {

Reply IsReadable(const PolicyCell& cell, Readable readable) {
  if (readable == Readable::kMetadata && cell.evidence == Evidence::kName) return Reply::kYes;
  if (cell.protection == Protection::kUnknown) return Reply::kUndetermined;
  if (cell.protection == Protection::kCleartext) return Reply::kYes;
  // Encrypted; whether a name was seen is kept only where it was the evidence.
  return Reply::kNo;
}

// Users that are certainly not in j: a place that is not known says nothing.
bool UserOutside(const PolicyCell& cell, Jurisdiction j) {
  return Same(Initiator(cell).location, j) == Reply::kNo;
}

std::string UsersOutside(Jurisdiction j) {
  return absl::StrCat("traffic of users outside ", std::string(Code(j)));
}

}  // namespace

Measured PanopticonExposure(absl::Span<const PolicyCell> cells, Jurisdiction j, Readable readable,
                            Weight weight) {
  Share share;
  for (const PolicyCell& cell : cells) {
    if (!UserOutside(cell, j)) continue;
    share.Add(And(Same(Responder(cell).operator_home, j), IsReadable(cell, readable)),
              WeightOf(cell, weight));
  }
  return share.measured(UsersOutside(j));
}

Chokepoint ChokepointExposure(absl::Span<const PolicyCell> cells, Jurisdiction j, Weight weight) {
  struct Of {
    double inside = 0;   // operators of j
    double others = 0;   // known operators of other jurisdictions
    double unknown = 0;  // operators that are not known
  };
  std::array<Of, kCategories> by_category{};
  Share gross;
  for (const PolicyCell& cell : cells) {
    if (!UserOutside(cell, j)) continue;
    const uint64_t w = WeightOf(cell, weight);
    const Reply inside = Same(Responder(cell).operator_home, j);
    gross.Add(inside, w);
    Of& of = by_category[static_cast<size_t>(cell.category)];
    (inside == Reply::kYes  ? of.inside
     : inside == Reply::kNo ? of.others
                            : of.unknown) += static_cast<double>(w);
  }
  const Measured all = gross.measured(UsersOutside(j));
  if (!all.answered()) return {all, all};
  double low = 0;
  double known = 0;
  double high = 0;
  double unclassified = 0;
  for (int c = 0; c < kCategories; ++c) {
    const Of& of = by_category[static_cast<size_t>(c)];
    if (!IsClassified(static_cast<Category>(c))) {
      unclassified += of.inside + of.others;
      high += of.inside + of.unknown;
      continue;
    }
    low += std::max(0.0, of.inside - of.others - of.unknown);
    known += std::max(0.0, of.inside - of.others);
    high += std::max(0.0, of.inside + of.unknown - of.others);
  }
  const auto total = static_cast<double>(gross.total);
  if (total - static_cast<double>(gross.undetermined) - unclassified <= 0) {
    return {all, Measured::Not("no " + UsersOutside(j) + " has a known category and operator")};
  }
  return {all, Measured::Between(low / total, known / total, high / total)};
}

}  // namespace borderflow
