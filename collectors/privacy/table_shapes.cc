#include "collectors/privacy/table_shapes.h"

#include <algorithm>
#include <array>
#include <utility>

#include "collectors/report/sums.h"
#include "rules/jurisdiction/operators.h"

namespace borderflow {
namespace {

// Values stand in a line's number as value + 1, so that 0 is "any".
enum class Direction : uint8_t {
  kSource,
  kDestination,
  kCategory,
  kCrossing,
  kKind,
  kZones,
  kDirections
};

class Line {
 public:
  Line& With(Direction direction, uint64_t value) {
    number_ |= (value + 1) << (kBits * static_cast<int>(direction));
    return *this;
  }
  uint64_t number() const { return number_; }

 private:
  static constexpr int kBits = 10;
  static_assert(kBits * static_cast<int>(Direction::kDirections) < 64);
  uint64_t number_ = 0;
};

// Both zones as one value.
uint64_t ZonePair(Jurisdiction source, Jurisdiction destination,
                  absl::Span<const JurisdictionSet> zones) {
  const uint64_t values = std::min(zones.size(), kMaxZones) + 2;
  return ZoneNumber(source, zones) * values + ZoneNumber(destination, zones);
}

// Rows and columns of the matrix of each category, and of the matrix over all; pairs, categories,
// crossings, zones: each a sum that is published, or that somebody may know from elsewhere.
std::vector<uint64_t> JurisdictionLines(const LedgerKey& key,
                                        absl::Span<const JurisdictionSet> zones) {
  using enum Direction;
  const uint64_t s = key[0], d = key[1], c = key[2];
  const auto source = static_cast<Jurisdiction>(s), destination = static_cast<Jurisdiction>(d);
  const auto crossing = static_cast<uint64_t>(CrossingOf(source, destination, zones));
  std::vector<uint64_t> lines = {Line().With(kSource, s).number(),
                                 Line().With(kDestination, d).number(),
                                 Line().With(kCategory, c).number(),
                                 Line().With(kCrossing, crossing).number(),
                                 Line().With(kSource, s).With(kDestination, d).number(),
                                 Line().With(kSource, s).With(kCategory, c).number(),
                                 Line().With(kDestination, d).With(kCategory, c).number()};
  if (!zones.empty()) {
    const uint64_t pair = ZonePair(source, destination, zones);
    lines.push_back(Line().With(kZones, pair).With(kCategory, c).number());
  }
  return lines;
}

// A matrix of two ends.
TableShape PairShape(size_t limit, std::function<LedgerKey(const CellKey&)> key) {
  TableShape shape;
  shape.limit = limit;
  shape.key = std::move(key);
  shape.lines = [](const LedgerKey& pair) -> std::vector<uint64_t> {
    return {Line().With(Direction::kSource, pair[0]).number(),
            Line().With(Direction::kDestination, pair[1]).number()};
  };
  return shape;
}

LedgerKey AgreementKey(Jurisdiction location, Jurisdiction other) {
  if (IsSpecial(location) || IsSpecial(other)) {
    return {static_cast<uint16_t>(Agreement::kUnknown)};
  }
  return {static_cast<uint16_t>(location == other ? Agreement::kSame : Agreement::kDiffers)};
}

template <typename Enum>
uint16_t Number(Enum value) {
  return static_cast<uint16_t>(value);
}

}  // namespace

std::string_view Name(Agreement agreement) {
  static constexpr std::array<std::string_view, kAgreements> kNames = {"same", "differs",
                                                                       "unknown"};
  return kNames[static_cast<size_t>(agreement)];
}

uint16_t ZoneNumber(Jurisdiction location, absl::Span<const JurisdictionSet> zones) {
  zones = zones.first(std::min(zones.size(), kMaxZones));
  const auto outside = static_cast<uint16_t>(zones.size());
  if (IsSpecial(location)) return outside + 1;
  const auto at = std::find_if(zones.begin(), zones.end(), [location](const JurisdictionSet& zone) {
    return zone[static_cast<size_t>(location)];
  });
  return static_cast<uint16_t>(at - zones.begin());
}

TableShape CrossingShape(absl::Span<const JurisdictionSet> zones) {
  TableShape shape;
  shape.limit = kCrossings;
  shape.key = [zones](const CellKey& key) {
    return LedgerKey{Number(CrossingOf(key.source.location, key.destination.location, zones))};
  };
  return shape;
}

TableShape ZoneShape(size_t limit, absl::Span<const JurisdictionSet> zones) {
  TableShape shape;
  shape.limit = limit;
  shape.key = [zones](const CellKey& key) {
    return LedgerKey{ZoneNumber(key.source.location, zones),
                     ZoneNumber(key.destination.location, zones),
                     Number(key.classification.category)};
  };
  shape.lines = [](const LedgerKey& key) -> std::vector<uint64_t> {
    using enum Direction;
    const uint64_t s = key[0], d = key[1], c = key[2];
    return {Line().With(kSource, s).number(),
            Line().With(kDestination, d).number(),
            Line().With(kCategory, c).number(),
            Line().With(kSource, s).With(kDestination, d).number(),
            Line().With(kSource, s).With(kCategory, c).number(),
            Line().With(kDestination, d).With(kCategory, c).number()};
  };
  return shape;
}

TableShape JurisdictionShape(size_t limit, absl::Span<const JurisdictionSet> zones,
                             const Hides& zone_hides) {
  TableShape shape;
  shape.limit = limit;
  shape.key = [](const CellKey& key) {
    return LedgerKey{Number(key.source.location), Number(key.destination.location),
                     Number(key.classification.category)};
  };
  shape.lines = [zones](const LedgerKey& key) { return JurisdictionLines(key, zones); };
  if (zone_hides == nullptr) return shape;
  shape.withheld = [zones, zone_hides](const LedgerKey& key) {
    return zone_hides({ZoneNumber(static_cast<Jurisdiction>(key[0]), zones),
                       ZoneNumber(static_cast<Jurisdiction>(key[1]), zones), key[2]});
  };
  return shape;
}

TableShape RegisteredShape(size_t limit) {
  return PairShape(limit, [](const CellKey& key) {
    return LedgerKey{Number(key.source.registered), Number(key.destination.registered)};
  });
}

TableShape OperatorShape(size_t limit) {
  return PairShape(limit, [](const CellKey& key) {
    return LedgerKey{Number(OperatorHome(key.source.asn)),
                     Number(OperatorHome(key.destination.asn))};
  });
}

TableShape RegisteredAgreementShape() {
  TableShape shape;
  shape.limit = kAgreements;
  shape.key = [](const CellKey& key) {
    return AgreementKey(key.destination.location, key.destination.registered);
  };
  return shape;
}

TableShape OperatorAgreementShape() {
  TableShape shape;
  shape.limit = kAgreements;
  shape.key = [](const CellKey& key) {
    return AgreementKey(key.destination.location, OperatorHome(key.destination.asn));
  };
  return shape;
}

TableShape CategoryShape() {
  TableShape shape;
  shape.limit = kCategories * kEvidences;
  shape.key = [](const CellKey& key) {
    return LedgerKey{Number(key.classification.category), Number(key.classification.evidence)};
  };
  shape.lines = [](const LedgerKey& key) -> std::vector<uint64_t> {
    return {Line().With(Direction::kCategory, key[0]).number(),
            Line().With(Direction::kKind, key[1]).number()};
  };
  return shape;
}

TableShape ProtectionShape() {
  TableShape shape;
  shape.limit = 3;
  shape.key = [](const CellKey& key) { return LedgerKey{Number(key.classification.protection)}; };
  return shape;
}

TableShape CellShape(size_t limit, absl::Span<const JurisdictionSet> zones, Hides hides) {
  TableShape shape;
  shape.limit = limit;
  shape.key = [](const CellKey& key) {
    const Classification& c = key.classification;
    return LedgerKey{Number(key.source.location), Number(key.destination.location),
                     Number(c.category),          Number(key.role),
                     Number(c.evidence),          Number(c.protection)};
  };
  // What the coarser table tells of a pair and category is a sum over role, evidence and
  // protection.
  shape.lines = [zones](const LedgerKey& key) {
    using enum Direction;
    std::vector<uint64_t> lines = JurisdictionLines(key, zones);
    lines.push_back(
        Line().With(kSource, key[0]).With(kDestination, key[1]).With(kCategory, key[2]).number());
    return lines;
  };
  shape.withheld = [hides = std::move(hides)](const LedgerKey& key) {
    return hides({key[0], key[1], key[2]});
  };
  return shape;
}

TableShape StreamShape(size_t limit, absl::Span<const JurisdictionSet> zones, Hides hides) {
  TableShape shape;
  shape.limit = limit;
  shape.key = [](const CellKey& key) {
    return LedgerKey{Number(key.source.location), Number(key.destination.location),
                     Number(key.classification.category),
                     Number(OperatorHome(key.destination.asn))};
  };
  // The coarser table tells each pair and category; the operator table the receivers' operators.
  shape.lines = [zones](const LedgerKey& key) {
    using enum Direction;
    std::vector<uint64_t> lines = JurisdictionLines(key, zones);
    lines.push_back(
        Line().With(kSource, key[0]).With(kDestination, key[1]).With(kCategory, key[2]).number());
    lines.push_back(Line().With(kKind, key[3]).number());
    return lines;
  };
  shape.withheld = [hides = std::move(hides)](const LedgerKey& key) {
    return hides({key[0], key[1], key[2]});
  };
  return shape;
}

TableShape ServerShape(size_t limit) {
  TableShape shape;
  shape.limit = limit;
  shape.key = [](const CellKey& key) {
    const Endpoint& server = key.role == Role::kInitiator ? key.destination : key.source;
    return LedgerKey{Number(key.classification.category), Number(OperatorHome(server.asn))};
  };
  shape.lines = [](const LedgerKey& key) -> std::vector<uint64_t> {
    return {Line().With(Direction::kCategory, key[0]).number(),
            Line().With(Direction::kKind, key[1]).number()};
  };
  return shape;
}

}  // namespace borderflow
