#include "collectors/report/sums.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "rules/jurisdiction/operators.h"

namespace borderflow {
namespace {

double Share(uint64_t part, uint64_t whole) {
  return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
}

bool IsPlace(Jurisdiction jurisdiction) {
  return !IsSpecial(jurisdiction) || jurisdiction == Jurisdiction::kAnycast;
}

void Compare(Jurisdiction one, Jurisdiction other, uint64_t bytes, LensAgreement* agreement) {
  if (IsSpecial(one) || IsSpecial(other)) return;
  agreement->comparable_bytes += bytes;
  if (one != other) agreement->differing_bytes += bytes;
}

// Bytes of cells, by what coverage asks of them.
struct CoverageBytes {
  uint64_t located = 0;
  uint64_t named = 0;
  std::array<uint64_t, kEvidences> by_evidence{};

  void Add(const CellKey& key, uint64_t bytes) {
    if (IsPlace(key.source.location) && IsPlace(key.destination.location)) located += bytes;
    const Classification& c = key.classification;
    if (c.named) named += bytes;
    const Evidence evidence = IsClassified(c.category) ? c.evidence : Evidence::kNone;
    by_evidence[static_cast<size_t>(evidence)] += bytes;
  }
};

Coverage ToShares(const CoverageBytes& bytes, uint64_t total) {
  Coverage coverage;
  coverage.located = Share(bytes.located, total);
  coverage.named = Share(bytes.named, total);
  for (size_t i = 0; i < bytes.by_evidence.size(); ++i) {
    coverage.by_evidence[i] = Share(bytes.by_evidence[i], total);
  }
  const auto of = [&bytes](Evidence evidence) {
    return bytes.by_evidence[static_cast<size_t>(evidence)];
  };
  const uint64_t low = of(Evidence::kContent) + of(Evidence::kProtocol);
  const uint64_t middle = low + of(Evidence::kName);
  const uint64_t up = middle + of(Evidence::kOperator) + of(Evidence::kPort);
  coverage.content_protocol = Share(low, total);
  coverage.with_name = Share(middle, total);
  coverage.with_operator_port = Share(up, total);
  coverage.classified = coverage.with_operator_port;
  return coverage;
}

}  // namespace

std::string_view Name(Crossing crossing) {
  static constexpr std::array<std::string_view, kCrossings> kNames = {
      "domestic", "intra_zone", "cross_border", "undetermined"};
  return kNames[static_cast<size_t>(crossing)];
}

Crossing CrossingOf(Jurisdiction source, Jurisdiction destination,
                    absl::Span<const JurisdictionSet> zones) {
  if (IsSpecial(source) || IsSpecial(destination)) return Crossing::kUndetermined;
  if (source == destination) return Crossing::kDomestic;
  for (const JurisdictionSet& zone : zones) {
    if (zone[static_cast<size_t>(source)] && zone[static_cast<size_t>(destination)]) {
      return Crossing::kIntraZone;
    }
  }
  return Crossing::kCrossBorder;
}

void SortProtocols(std::vector<ProtocolSum>* protocols) {
  std::sort(protocols->begin(), protocols->end(), [](const ProtocolSum& a, const ProtocolSum& b) {
    return std::tuple(b.counters.bytes, Name(a.protocol), a.evidence) <
           std::tuple(a.counters.bytes, Name(b.protocol), b.evidence);
  });
}

Sums SumUp(absl::Span<const Cell> cells, absl::Span<const JurisdictionSet> zones) {
  Sums sums;
  CoverageBytes coverage;
  std::map<std::pair<Jurisdiction, Jurisdiction>, CellCounters> pairs;
  std::map<std::pair<Protocol, Evidence>, CellCounters> protocols;
  for (const Cell& cell : cells) {
    const CellKey& key = cell.key;
    const uint64_t bytes = cell.counters.bytes;
    sums.total += cell.counters;
    const Jurisdiction source = key.source.location;
    const Jurisdiction destination = key.destination.location;
    sums.crossing[static_cast<size_t>(CrossingOf(source, destination, zones))] += cell.counters;
    pairs[{source, destination}] += cell.counters;
    protocols[{key.classification.protocol, key.classification.evidence}] += cell.counters;
    coverage.Add(key, bytes);
    for (const Endpoint& end : {key.source, key.destination}) {
      Compare(end.location, end.registered, bytes, &sums.location_registered);
      Compare(end.location, OperatorHome(end.asn), bytes, &sums.location_operator);
    }
    const auto either = [&key](Jurisdiction special) {
      return key.source.location == special || key.destination.location == special;
    };
    if (either(Jurisdiction::kAnycast)) sums.anycast_bytes += bytes;
    if (either(Jurisdiction::kPrivate)) sums.private_bytes += bytes;
  }
  sums.coverage = ToShares(coverage, sums.total.bytes);
  for (const auto& [key, counters] : pairs) sums.pairs.push_back({key.first, key.second, counters});
  // The map is in the order of codes already; a stable sort keeps it for equal bytes.
  std::stable_sort(sums.pairs.begin(), sums.pairs.end(), [](const PairSum& a, const PairSum& b) {
    return a.counters.bytes > b.counters.bytes;
  });
  for (const auto& [key, counters] : protocols) {
    sums.protocols.push_back({key.first, key.second, counters});
  }
  SortProtocols(&sums.protocols);
  return sums;
}

}  // namespace borderflow
