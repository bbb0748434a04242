// Sums over cells: crossings, pairs, protocols, coverage and the disagreement of lenses. Every
// output shows these, and each is computed here only.
//
// Thread safety: pure functions.
// Conservation: the sums by crossing, by pair and by protocol each equal the sum of all cells.
#ifndef BORDERFLOW_COLLECTORS_REPORT_SUMS_H_
#define BORDERFLOW_COLLECTORS_REPORT_SUMS_H_

#include <array>
#include <cstdint>
#include <map>
#include <string_view>
#include <vector>

#include "absl/types/span.h"
#include "dataplane/count/snapshot.h"
#include "rules/jurisdiction/groups.h"

namespace borderflow {

// By location (design section 1).
enum class Crossing : uint8_t { kDomestic, kIntraZone, kCrossBorder, kUndetermined };
inline constexpr int kCrossings = 4;
std::string_view Name(Crossing crossing);  // "domestic", "intra_zone", ...

// A zone makes a crossing between two of its members `intra_zone`; without zones there is none.
Crossing CrossingOf(Jurisdiction source, Jurisdiction destination,
                    absl::Span<const JurisdictionSet> zones);

struct PairSum {
  Jurisdiction source;
  Jurisdiction destination;
  CellCounters counters;
};

struct ProtocolSum {
  Protocol protocol;
  Evidence evidence;
  CellCounters counters;
};

// Shares of bytes, 0 .. 1; all 0 when there are no bytes.
struct Coverage {
  double located = 0;     // both ends have a location that is a jurisdiction, or anycast by name
  double named = 0;       // the flow carried a name
  double classified = 0;  // category other than UNK and ENC
  std::array<double, kEvidences> by_evidence{};  // of classified bytes' evidence; kNone is the rest
  double content_protocol = 0;                   // L
  double with_name = 0;                          // M
  double with_operator_port = 0;                 // U
};

// How far the three lenses of one end agree, in shares of the bytes for which both are known.
struct LensAgreement {
  uint64_t comparable_bytes = 0;
  uint64_t differing_bytes = 0;
};

struct Sums {
  CellCounters total;
  std::array<CellCounters, kCrossings> crossing{};
  std::vector<PairSum> pairs;          // bytes descending, then codes
  std::vector<ProtocolSum> protocols;  // bytes descending, then names
  Coverage coverage;
  LensAgreement location_registered;  // both ends of every cell
  LensAgreement location_operator;
  uint64_t anycast_bytes = 0;  // either end
  uint64_t private_bytes = 0;  // either end at `private`
};

// Into the order of Sums::protocols.
void SortProtocols(std::vector<ProtocolSum>* protocols);

Sums SumUp(absl::Span<const Cell> cells, absl::Span<const JurisdictionSet> zones);

}  // namespace borderflow

#endif  // BORDERFLOW_COLLECTORS_REPORT_SUMS_H_
