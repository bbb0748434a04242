#include "rules/measures/threshold.h"

#include <algorithm>
#include <array>
#include <limits>
#include <tuple>
#include <utility>

#include "absl/numeric/int128.h"
#include "rules/measures/sensitivity.h"
#include "rules/measures/sides.h"

namespace borderflow {
namespace {

double D(uint64_t n) { return static_cast<double>(n); }

// Clients that one may add up as an upper bound, and of which the largest is a lower bound.
struct ClientBounds {
  uint64_t low = 0;
  uint64_t high = 0;
  void Add(const PolicyCell& cell) {
    low = std::max(low, cell.clients_low);
    high += cell.clients_high;
  }
};

struct Traffic {
  uint64_t bytes = 0;
  uint64_t upload = 0;
  ClientBounds clients;
};

struct OfOne {
  std::array<Traffic, kCategories> by_category;
  uint64_t bytes = 0;
  uint64_t unclassified_bytes = 0;
  uint64_t unclassified_upload = 0;
};

// All that the vectors are shares of.
struct Everything {
  std::vector<OfOne> organisations;
  OfOne nobody;  // traffic of no known organisation
  ClientBounds clients;
  // By category, of everybody.
  std::array<uint64_t, kCategories> bytes{};
  std::array<uint64_t, kCategories> upload{};
  // By category, of known organisations: sum of squared bytes, exact because one organisation's is
  // taken off again; and how many serve it or have traffic that might be of it.
  std::array<absl::uint128, kCategories> squares{};
  std::array<int, kCategories> may_serve{};
  uint64_t unclassified_bytes = 0;
  uint64_t unclassified_upload = 0;
};

// A category whose access weight is known.
bool Weighs(Category category) { return SensitivityOf(category) != Sensitivity::kUnstated; }

void Add(const PolicyCell& cell, OfOne* one, Everything* all) {
  const auto k = static_cast<size_t>(cell.category);
  const uint64_t upload = WeightOf(cell, Weight::kUpload);
  Traffic& traffic = one->by_category[k];
  traffic.bytes += cell.bytes;
  traffic.upload += upload;
  traffic.clients.Add(cell);
  one->bytes += cell.bytes;
  all->clients.Add(cell);
  all->bytes[k] += cell.bytes;
  all->upload[k] += upload;
  if (!IsClassified(cell.category)) {
    one->unclassified_bytes += cell.bytes;
    all->unclassified_bytes += cell.bytes;
  }
  if (!Weighs(cell.category)) {
    one->unclassified_upload += upload;
    all->unclassified_upload += upload;
  }
}

Measured Reach(const ClientBounds& one, const Everything& all) {
  if (all.clients.high == 0) return Measured::Not("the cells hold no client counts");
  const uint64_t others = all.clients.high - one.high;
  const double low = one.low == 0 ? 0 : D(one.low) / (D(one.low) + D(others));
  const double high = D(one.high) / std::max(1.0, std::max(D(one.high), D(all.clients.low)));
  return Measured::Between(low, D(one.high) / D(all.clients.high), high);
}

Measured Access(const OfOne& one, Category category, const Everything& all) {
  if (!Weighs(category)) return Measured::Not("what is sent in it is not known");
  const auto k = static_cast<size_t>(category);
  double low = 1;
  double value = 0;
  double high = 0;
  for (const AccessScale scale : kAccessScales) {
    double everybody = 0;
    for (int c = 0; c < kCategories; ++c) {
      const auto other = static_cast<Category>(c);
      if (Weighs(other)) {
        everybody += D(all.upload[static_cast<size_t>(c)]) * AccessWeight(other, scale);
      }
    }
    const double weight = AccessWeight(category, scale);
    const double mine = D(one.by_category[k].upload) * weight;
    const double mine_too = D(one.unclassified_upload) * weight;
    const double unknown = D(all.unclassified_upload);  // at most 1 a byte
    if (everybody == 0) return Measured::Not("nothing known to matter is sent to anybody");
    low = std::min(low, mine / (everybody + unknown));
    high = std::max(high, (mine + mine_too) / (everybody + mine_too));
    if (scale.personal == kAccessScale.personal) value = mine / everybody;
  }
  return Measured::Between(low, value, high);
}

Measured DependenceOn(size_t organisation, Category category, const Everything& all) {
  if (!IsClassified(category)) return Measured::Not("what is used of it is not known");
  const auto k = static_cast<size_t>(category);
  const OfOne& one = all.organisations[organisation];
  const double mine = D(one.by_category[k].bytes);
  const double everybody = D(all.bytes[k]);
  if (everybody == 0) return Measured::Not("no traffic of the category was seen");
  const uint64_t bytes = one.by_category[k].bytes;
  const absl::uint128 squares = all.squares[k] - absl::uint128(bytes) * bytes;  // of the others
  const int may_serve = all.may_serve[k] - 1;
  const double nobodys = D(all.nobody.by_category[k].bytes);
  const double others = everybody - mine - nobodys;
  const double effective = squares == 0 ? 0 : others * others / static_cast<double>(squares);
  const double known = mine + others;
  // Everything unclassified may be of the category and served by others, spread as thinly as can
  // be: over those that are known, or, behind traffic of no known one, over any number.
  const double everything = everybody - mine + D(all.unclassified_bytes - one.unclassified_bytes);
  const bool countless = all.nobody.by_category[k].bytes + all.nobody.unclassified_bytes > 0;
  const double spread = squares == 0 ? std::numeric_limits<double>::infinity()
                                     : everything * everything / static_cast<double>(squares);
  const double most_others = countless ? spread : std::min(spread, static_cast<double>(may_serve));
  const double low = mine / (mine + everything) / (1 + most_others);
  const double most = mine + D(one.unclassified_bytes) + nobodys;
  const double high = most / (most + others) / (others > 0 ? 2 : 1);
  const double value = known == 0 ? 0 : mine / known / (1 + effective);
  return Measured::Between(low, value, high);
}

}  // namespace

std::vector<FourQuestions> AskFourQuestions(absl::Span<const PolicyCell> cells) {
  Organisations organisations;
  Everything all;
  for (const PolicyCell& cell : cells) {
    const std::optional<size_t> who = organisations.Intern(Responder(cell).asn);
    if (organisations.size() > all.organisations.size()) {
      all.organisations.resize(organisations.size());
    }
    Add(cell, who.has_value() ? &all.organisations[*who] : &all.nobody, &all);
  }
  for (const OfOne& one : all.organisations) {
    for (size_t k = 0; k < kCategories; ++k) {
      const uint64_t bytes = one.by_category[k].bytes;
      all.squares[k] += absl::uint128(bytes) * bytes;
      if (bytes > 0 || one.unclassified_bytes > 0) ++all.may_serve[k];
    }
  }
  std::vector<FourQuestions> vectors;
  for (size_t o = 0; o < all.organisations.size(); ++o) {
    const OfOne& one = all.organisations[o];
    for (int c = 0; c < kCategories; ++c) {
      const Traffic& traffic = one.by_category[static_cast<size_t>(c)];
      if (traffic.bytes == 0) continue;
      const auto category = static_cast<Category>(c);
      vectors.push_back({organisations.name(o), organisations.home(o), category, traffic.bytes,
                         Reach(traffic.clients, all), Access(one, category, all),
                         DependenceOn(o, category, all),
                         Measured::Exactly(D(one.unclassified_bytes) / D(one.bytes))});
    }
  }
  std::sort(vectors.begin(), vectors.end(), [](const FourQuestions& a, const FourQuestions& b) {
    return std::tie(b.bytes, a.organisation, a.category) <
           std::tie(a.bytes, b.organisation, b.category);
  });
  return vectors;
}

std::string_view Name(Concern concern) {
  static constexpr std::array<std::string_view, 5> kNames = {"not_judged", "incomplete", "below",
                                                             "undetermined", "concern"};
  return kNames[static_cast<size_t>(concern)];
}

Concern ConcernOf(const FourQuestions& answers, const std::optional<ThresholdLevels>& levels) {
  if (!answers.reach.answered() || !answers.access.answered() || !answers.dependence.answered() ||
      !answers.opacity.answered()) {
    return Concern::kIncomplete;
  }
  if (!levels.has_value()) return Concern::kNotJudged;
  const std::array<std::pair<const Measured*, double>, 3> questions = {
      {{&answers.reach, levels->reach},
       {&answers.access, levels->access},
       {&answers.dependence, levels->dependence}}};
  Concern concern = Concern::kConcern;
  for (const auto& [answer, level] : questions) {
    if (answer->high() < level) return Concern::kBelow;
    if (answer->low() < level) concern = Concern::kUndetermined;
  }
  return concern;
}

int Concerns(absl::Span<const FourQuestions> answers, const ThresholdLevels& levels,
             double factor) {
  const ThresholdLevels scaled = {levels.reach * factor, levels.access * factor,
                                  levels.dependence * factor, levels.provenance};
  return static_cast<int>(
      std::count_if(answers.begin(), answers.end(), [&scaled](const FourQuestions& vector) {
        return ConcernOf(vector, scaled) == Concern::kConcern;
      }));
}

}  // namespace borderflow
