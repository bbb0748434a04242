#include "collectors/privacy/window_release.h"

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

std::vector<uint64_t> LinesOf(const CellKey& key, absl::Span<const JurisdictionSet> zones) {
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
          LineNumber(LineOf::kPairCategory, source, destination, category),
          LineNumber(LineOf::kSourceAs, key.source.asn),
          LineNumber(LineOf::kDestinationAs, key.destination.asn)};
}

CellKey RequestsOf(CellKey answers) {
  std::swap(answers.source, answers.destination);
  answers.role = Role::kInitiator;
  return answers;
}

}  // namespace

void WindowRelease::Learn(const Cell& cell) {
  Requests& requests = requests_[cell.key];
  if (requests.enough) return;
  requests.clients.Merge(cell.clients);
  requests.flows += cell.counters.flows;
  requests.enough = requests.flows >= min_cell_ && AtLeast(requests.clients) >= min_cell_;
  if (requests.enough) requests.clients = {};
}

std::vector<Fate> WindowRelease::Judge(absl::Span<const Cell> cells,
                                       absl::Span<const JurisdictionSet> zones) {
  if (min_cell_ <= 1) return std::vector<Fate>(cells.size(), Fate::kTold);
  // Requests first: answers ask what became of them.
  for (const Cell& cell : cells) {
    if (cell.key.role == Role::kInitiator) Learn(cell);
  }
  std::vector<Candidate> candidates(cells.size());
  for (size_t i = 0; i < cells.size(); ++i) {
    const Cell& cell = cells[i];
    const bool asks = cell.key.role == Role::kInitiator;
    Candidate& candidate = candidates[i];
    candidate.added = cell.counters;
    candidate.lines = LinesOf(cell.key, zones);
    // Who shares the common sum is judged by this window's clients alone.
    if (asks) candidate.clients = cell.clients;
    const auto at = requests_.find(asks ? cell.key : RequestsOf(cell.key));
    if (at == requests_.end()) continue;  // answers to what was never seen are small
    candidate.released = at->second.enough;
    candidate.flows = at->second.flows;
    candidate.clients.Merge(at->second.clients);
  }
  return Decide(candidates, min_cell_);
}

}  // namespace borderflow
