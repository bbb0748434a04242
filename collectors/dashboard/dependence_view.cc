#include "collectors/dashboard/dependence_view.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "rules/measures/concentration.h"
#include "rules/measures/sides.h"

namespace borderflow {
namespace {

constexpr size_t kMostOrganisations = 400;
constexpr size_t kMostPairs = 100;
constexpr size_t kMostVectors = 40;
constexpr size_t kMostNamed = 12;     // organisations of a government row
constexpr double kSubstitute = 0.01;  // of a category: less could not take over

// Weight by who holds it, and what nobody is known to hold.
struct Held {
  absl::flat_hash_map<size_t, uint64_t> by_holder;
  uint64_t unknown = 0;
  uint64_t total = 0;

  void Add(std::optional<size_t> holder, uint64_t bytes) {
    total += bytes;
    if (holder.has_value()) {
      by_holder[*holder] += bytes;
    } else {
      unknown += bytes;
    }
  }

  // Largest first, so that floating-point sums have one order.
  std::vector<std::pair<uint64_t, size_t>> Sorted() const {
    std::vector<std::pair<uint64_t, size_t>> sorted;
    for (const auto& [holder, bytes] : by_holder) {
      if (bytes > 0) sorted.emplace_back(bytes, holder);
    }
    std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) {
      return a.first != b.first ? a.first > b.first : a.second < b.second;
    });
    return sorted;
  }
};

// By category, and over all of them at the end.
using HeldByCategory = std::array<Held, kCategories + 1>;

ViewJson CategoryAt(size_t at) {
  return at == kCategories ? ViewJson(nullptr) : ViewJson(Code(static_cast<Category>(at)));
}

ViewJson LabelAt(size_t at) {
  return at == kCategories ? ViewJson("all categories")
                           : ViewJson(Meaning(static_cast<Category>(at)));
}

// One row a category. `name` says who a holder is.
template <typename NameOf>
void AddConcentration(const HeldByCategory& held, std::string_view of, const NameOf& name,
                      ViewJson* rows) {
  for (size_t at = held.size(); at-- > 0;) {
    if (held[at].total == 0) continue;
    const auto sorted = held[at].Sorted();
    Holdings holdings;
    holdings.unknown = held[at].unknown;
    size_t substitutes = 0;
    for (const auto& [bytes, unused] : sorted) {
      holdings.weights.push_back(bytes);
      const auto whole = static_cast<double>(held[at].total);
      if (static_cast<double>(bytes) >= kSubstitute * whole) ++substitutes;
    }
    const Measured hhi = Hhi(holdings);
    ViewJson row = {{"of", of},
                    {"category", CategoryAt(at)},
                    {"label", LabelAt(at)},
                    {"bytes", held[at].total},
                    {"unknown_bytes", held[at].unknown},
                    {"organisations", sorted.size()},
                    {"hhi", nullptr},
                    {"low", nullptr},
                    {"high", nullptr},
                    {"effective", nullptr},
                    {"largest", nullptr},
                    {"largest_share", nullptr},
                    {"substitutes", nullptr},
                    {"reason", nullptr}};
    if (!hhi.answered() || sorted.empty()) {
      row["reason"] = hhi.reason();
    } else {
      row["hhi"] = ViewRounded(hhi.value());
      row["low"] = ViewRounded(hhi.low());
      row["high"] = ViewRounded(hhi.high());
      row["effective"] = ViewRounded(EffectiveNumber(holdings).value());
      row["largest"] = name(sorted.front().second);
      row["largest_share"] = ViewShare(sorted.front().first, held[at].total);
      row["substitutes"] = substitutes == 0 ? 0 : substitutes - 1;
    }
    rows->push_back(std::move(row));
  }
}

void AddOrganisations(const HeldByCategory& held, const Organisations& organisations,
                      ViewJson* json) {
  struct Row {
    uint64_t bytes;
    size_t category;
    size_t organisation;
  };
  std::vector<Row> rows;
  (*json)["unattributed"] = ViewJson::array();
  for (size_t at = 0; at < kCategories; ++at) {
    for (const auto& [bytes, organisation] : held[at].Sorted()) {
      rows.push_back({bytes, at, organisation});
    }
    if (held[at].unknown == 0) continue;
    (*json)["unattributed"].push_back({{"category", CategoryAt(at)}, {"bytes", held[at].unknown}});
  }
  std::stable_sort(rows.begin(), rows.end(),
                   [](const Row& a, const Row& b) { return a.bytes > b.bytes; });
  uint64_t other = 0;
  ViewJson list = ViewJson::array();
  for (size_t i = 0; i < rows.size(); ++i) {
    if (i >= kMostOrganisations) {
      other += rows[i].bytes;
      continue;
    }
    const Row& row = rows[i];
    list.push_back({{"entity", organisations.name(row.organisation)},
                    {"label", organisations.name(row.organisation)},
                    {"home", Code(organisations.home(row.organisation))},
                    {"category", CategoryAt(row.category)},
                    {"bytes", row.bytes},
                    {"share", ViewShare(row.bytes, held[row.category].total)}});
  }
  (*json)["organisations"] = std::move(list);
  (*json)["organisations_other_bytes"] = other;
}

struct GovernmentRow {
  PolicySum sum;
  std::set<std::string> organisations;
};

void AddGovernment(absl::Span<const PolicyCell> cells, std::optional<Jurisdiction> home,
                   ViewJson* json) {
  std::map<Jurisdiction, GovernmentRow> rows;
  PolicySum total;
  Organisations organisations;
  for (const PolicyCell& cell : cells) {
    if (cell.category != Category::kGov) continue;
    GovernmentRow& row = rows[Responder(cell).operator_home];
    row.sum += ToSum(cell);
    total += ToSum(cell);
    const std::optional<size_t> organisation = organisations.Intern(Responder(cell).asn);
    if (organisation.has_value()) row.organisations.insert(organisations.name(*organisation));
  }
  std::vector<std::pair<Jurisdiction, GovernmentRow>> sorted(rows.begin(), rows.end());
  std::stable_sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) {
    return a.second.sum.bytes > b.second.sum.bytes;
  });
  (*json)["government"] = ViewJson::array();
  for (const auto& [jurisdiction, row] : sorted) {
    ViewJson entry = {{"operator", Code(jurisdiction)}};
    entry.update(ViewCounts(row.sum));
    entry["organisations"] = ViewJson::array();
    for (const std::string& name : row.organisations) {
      if (entry["organisations"].size() < kMostNamed) entry["organisations"].push_back(name);
    }
    entry["organisations_of"] = row.organisations.size();
    (*json)["government"].push_back(std::move(entry));
  }
  (*json)["government_total"] = ViewCounts(total);
  (*json)["home"] = home.has_value() ? ViewJson(Code(*home)) : ViewJson(nullptr);
}

struct Mutual {
  PolicySum ab;
  PolicySum ba;
};

double Balance(uint64_t ab, uint64_t ba) {
  const double whole = static_cast<double>(ab) + static_cast<double>(ba);
  return whole == 0 ? 0 : ViewRounded((static_cast<double>(ab) - static_cast<double>(ba)) / whole);
}

void AddReciprocity(absl::Span<const PolicyCell> cells, ViewJson* json) {
  std::map<std::pair<Jurisdiction, Jurisdiction>, Mutual> pairs;
  for (const PolicyCell& cell : cells) {
    const Jurisdiction from = cell.source.location;
    const Jurisdiction to = cell.destination.location;
    if (IsSpecial(from) || IsSpecial(to) || from == to) continue;
    Mutual& mutual = pairs[std::minmax(from, to)];
    (from < to ? mutual.ab : mutual.ba) += ToSum(cell);
  }
  std::vector<std::pair<std::pair<Jurisdiction, Jurisdiction>, Mutual>> sorted(pairs.begin(),
                                                                               pairs.end());
  std::stable_sort(sorted.begin(), sorted.end(), [](const auto& x, const auto& y) {
    return x.second.ab.bytes + x.second.ba.bytes > y.second.ab.bytes + y.second.ba.bytes;
  });
  uint64_t other = 0;
  (*json)["reciprocity"] = ViewJson::array();
  for (size_t i = 0; i < sorted.size(); ++i) {
    const auto& [ends, mutual] = sorted[i];
    if (i >= kMostPairs) {
      other += mutual.ab.bytes + mutual.ba.bytes;
      continue;
    }
    (*json)["reciprocity"].push_back(
        {{"a", Code(ends.first)},
         {"b", Code(ends.second)},
         {"ab_bytes", mutual.ab.bytes},
         {"ba_bytes", mutual.ba.bytes},
         {"balance", Balance(mutual.ab.bytes, mutual.ba.bytes)},
         {"ab_flows", mutual.ab.flows},
         {"ba_flows", mutual.ba.flows},
         {"balance_flows", Balance(mutual.ab.flows, mutual.ba.flows)}});
  }
  (*json)["other"] = {{"pairs", sorted.size() - std::min(sorted.size(), kMostPairs)},
                      {"bytes", other}};
}

void AddVectors(const std::optional<MeasureStatement>& measures, ViewJson* json) {
  (*json)["vectors"] = ViewJson::array();
  (*json)["vectors_reason"] = nullptr;
  if (!measures.has_value()) {
    (*json)["vectors_reason"] =
        "too many cells; borderflow policy measures --input REPORT.json answers for them";
    return;
  }
  const std::vector<FourQuestions>& vectors = measures->vectors;
  for (size_t i = 0; i < std::min(vectors.size(), kMostVectors); ++i) {
    const FourQuestions& vector = vectors[i];
    (*json)["vectors"].push_back({{"organisation", vector.organisation},
                                  {"home", Code(vector.home)},
                                  {"category", Code(vector.category)},
                                  {"bytes", vector.bytes},
                                  {"reach", ViewMeasured(vector.reach)},
                                  {"access", ViewMeasured(vector.access)},
                                  {"dependence", ViewMeasured(vector.dependence)},
                                  {"opacity", ViewMeasured(vector.opacity)}});
  }
  (*json)["vectors_of"] = vectors.size();
}

}  // namespace

ViewJson ViewMeasured(const Measured& answer) {
  if (!answer.answered()) return {{"not_measurable", answer.reason()}};
  return {{"value", ViewRounded(answer.value())},
          {"low", ViewRounded(answer.low())},
          {"high", ViewRounded(answer.high())}};
}

ViewJson DependenceOf(absl::Span<const PolicyCell> cells, std::optional<Jurisdiction> home,
                      const std::optional<MeasureStatement>& measures) {
  Organisations organisations;
  HeldByCategory by_organisation;
  HeldByCategory by_operator;
  for (const PolicyCell& cell : cells) {
    const PolicyEnd& end = Responder(cell);
    const std::optional<size_t> organisation = organisations.Intern(end.asn);
    const std::optional<size_t> home_of =
        IsSpecial(end.operator_home)
            ? std::nullopt
            : std::optional<size_t>(static_cast<size_t>(end.operator_home));
    for (const size_t at : {static_cast<size_t>(cell.category), size_t{kCategories}}) {
      by_organisation[at].Add(organisation, cell.bytes);
      by_operator[at].Add(home_of, cell.bytes);
    }
  }
  ViewJson json;
  json["reason"] = nullptr;
  if (by_organisation[kCategories].by_holder.empty()) {
    json["reason"] = cells.empty()
                         ? "nothing was seen yet"
                         : "no AS number is known for any server, so nobody can say whose it is; "
                           "use a database with AS numbers";
  }
  AddOrganisations(by_organisation, organisations, &json);
  json["concentration"] = ViewJson::array();
  AddConcentration(
      by_organisation, "organisation",
      [&organisations](size_t holder) { return organisations.name(holder); },
      &json["concentration"]);
  AddConcentration(
      by_operator, "operator",
      [](size_t holder) { return std::string(Code(static_cast<Jurisdiction>(holder))); },
      &json["concentration"]);
  AddReciprocity(cells, &json);
  AddGovernment(cells, home, &json);
  AddVectors(measures, &json);
  return json;
}

}  // namespace borderflow
