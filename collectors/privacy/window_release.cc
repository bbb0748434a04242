#include "collectors/privacy/window_release.h"

#include <algorithm>
#include <set>
#include <utility>

#include "collectors/report/sums.h"

namespace borderflow {
namespace {

enum class LineOf : uint64_t {
  kWindow,
  kSource,
  kDestination,
  kCategory,
  kCrossing,
  kPair,
  kSourceCategory,
  kDestinationCategory,
  kPairCategory,
  kSourceAs,
  kDestinationAs,
};

// Values of 20 bits, but for the first, which may have 32 where it is the only one.
uint64_t LineNumber(LineOf kind, uint64_t a = 0, uint64_t b = 0, uint64_t c = 0) {
  return static_cast<uint64_t>(kind) << 60 | c << 40 | b << 20 | a;
}

std::vector<uint64_t> AsLines(const CellKey& key) {
  return {LineNumber(LineOf::kSourceAs, key.source.asn),
          LineNumber(LineOf::kDestinationAs, key.destination.asn)};
}

// All but those by AS number.
std::vector<uint64_t> LocationLines(const CellKey& key, absl::Span<const JurisdictionSet> zones) {
  const auto source = static_cast<uint64_t>(key.source.location);
  const auto destination = static_cast<uint64_t>(key.destination.location);
  const auto category = static_cast<uint64_t>(key.classification.category);
  const auto crossing =
      static_cast<uint64_t>(CrossingOf(key.source.location, key.destination.location, zones));
  return {LineNumber(LineOf::kWindow),
          LineNumber(LineOf::kSource, source),
          LineNumber(LineOf::kDestination, destination),
          LineNumber(LineOf::kCategory, category),
          LineNumber(LineOf::kCrossing, crossing),
          LineNumber(LineOf::kPair, source, destination),
          LineNumber(LineOf::kSourceCategory, source, category),
          LineNumber(LineOf::kDestinationCategory, destination, category),
          LineNumber(LineOf::kPairCategory, source, destination, category)};
}

CellKey RequestsOf(CellKey answers) {
  std::swap(answers.source, answers.destination);
  answers.role = Role::kInitiator;
  return answers;
}

}  // namespace

CellKey WithoutDetail(const CellKey& key) {
  CellKey coarse;
  coarse.source.location = key.source.location;
  coarse.destination.location = key.destination.location;
  coarse.role = key.role;
  coarse.classification.category = key.classification.category;
  coarse.classification.evidence = key.classification.evidence;
  coarse.classification.protection = key.classification.protection;
  return coarse;
}

void WindowRelease::Learn(const Cell& cell) {
  Requests& requests = requests_[cell.key];
  if (requests.enough) return;
  requests.clients.Merge(cell.clients);
  requests.flows += cell.counters.flows;
  requests.enough = requests.flows >= min_cell_ && AtLeast(requests.clients) >= min_cell_;
  if (requests.enough) requests.clients = {};
}

std::vector<Candidate> WindowRelease::Candidates(absl::Span<const Cell> cells,
                                                 absl::Span<const JurisdictionSet> zones) const {
  std::vector<Candidate> candidates(cells.size());
  for (size_t i = 0; i < cells.size(); ++i) {
    const Cell& cell = cells[i];
    const bool asks = cell.key.role == Role::kInitiator;
    Candidate& candidate = candidates[i];
    candidate.added = cell.counters;
    candidate.lines = LocationLines(cell.key, zones);
    for (const uint64_t line : AsLines(cell.key)) candidate.lines.push_back(line);
    const CellKey requests = asks ? cell.key : RequestsOf(cell.key);
    // Of one that has had enough, who shares a sum is judged by this window's clients alone.
    const auto asked =
        std::lower_bound(cells.begin(), cells.end(), requests,
                         [](const Cell& other, const CellKey& key) { return other.key < key; });
    if (asked != cells.end() && asked->key == requests) candidate.clients = asked->clients;
    const auto at = requests_.find(requests);
    if (at == requests_.end()) continue;  // answers to what was never seen are small
    candidate.released = at->second.enough;
    candidate.flows = at->second.flows;
    candidate.clients.Merge(at->second.clients);
  }
  return candidates;
}

std::vector<Way> WindowRelease::Judge(absl::Span<const Cell> cells,
                                      absl::Span<const JurisdictionSet> zones) {
  if (min_cell_ <= 1) return std::vector<Way>(cells.size(), Way::kWhole);
  // Requests first: answers ask what became of them.
  for (const Cell& cell : cells) {
    if (cell.key.role == Role::kInitiator) Learn(cell);
  }
  std::vector<Candidate> candidates = Candidates(cells, zones);
  const std::vector<Fate> fates = Decide(candidates, min_cell_);

  // Once more, with what was held back joined where it may be. A line by AS number in which
  // something was held back already has two such cells at least; in the others that must stay so.
  std::set<uint64_t> hiding;
  for (size_t i = 0; i < cells.size(); ++i) {
    if (fates[i] == Fate::kTold) continue;
    for (const uint64_t line : AsLines(cells[i].key)) hiding.insert(line);
  }
  std::vector<Candidate> joined;
  std::map<CellKey, size_t> place;             // in `joined`, of sums
  std::vector<size_t> place_of(cells.size());  // likewise, by cell
  for (size_t i = 0; i < cells.size(); ++i) {
    Candidate& one = candidates[i];
    if (fates[i] == Fate::kTold) {
      place_of[i] = joined.size();
      one.released = true;
      std::erase_if(one.lines, [&hiding](uint64_t line) { return hiding.contains(line); });
      joined.push_back(std::move(one));
      continue;
    }
    const CellKey key = WithoutDetail(cells[i].key);
    const auto [at, added] = place.try_emplace(key, joined.size());
    place_of[i] = at->second;
    if (added) joined.emplace_back().lines = LocationLines(key, zones);
    Candidate& sum = joined[at->second];
    sum.added += one.added;
    sum.clients.Merge(one.clients);
    sum.flows += one.flows;
  }
  const std::vector<Fate> sums = Decide(joined, min_cell_);
  std::vector<Way> ways;
  ways.reserve(cells.size());
  for (size_t i = 0; i < cells.size(); ++i) {
    const Way told = fates[i] == Fate::kTold ? Way::kWhole : Way::kJoined;
    ways.push_back(sums[place_of[i]] == Fate::kTold ? told : Way::kSuppressed);
  }
  return ways;
}

}  // namespace borderflow
