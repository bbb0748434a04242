#include "collectors/privacy/table_shapes.h"

#include <utility>

#include "collectors/report/sums.h"
#include "rules/jurisdiction/operators.h"

namespace borderflow {
namespace {

// Values stand in a line's number as value + 1, so that 0 is "any".
enum class Direction : uint8_t { kSource, kDestination, kCategory, kCrossing, kKind, kDirections };

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

// Rows and columns of the matrix of each category, and of the matrix over all; pairs, categories,
// crossings: each a sum that is published, or that somebody may know from elsewhere.
std::vector<uint64_t> JurisdictionLines(const LedgerKey& key,
                                        absl::Span<const JurisdictionSet> zones) {
  using enum Direction;
  const uint64_t s = key[0], d = key[1], c = key[2];
  const auto crossing = static_cast<uint64_t>(
      CrossingOf(static_cast<Jurisdiction>(s), static_cast<Jurisdiction>(d), zones));
  return {Line().With(kSource, s).number(),
          Line().With(kDestination, d).number(),
          Line().With(kCategory, c).number(),
          Line().With(kCrossing, crossing).number(),
          Line().With(kSource, s).With(kDestination, d).number(),
          Line().With(kSource, s).With(kCategory, c).number(),
          Line().With(kDestination, d).With(kCategory, c).number()};
}

template <typename Enum>
uint16_t Number(Enum value) {
  return static_cast<uint16_t>(value);
}

}  // namespace

TableShape CrossingShape(absl::Span<const JurisdictionSet> zones) {
  TableShape shape;
  shape.limit = kCrossings;
  shape.key = [zones](const CellKey& key) {
    return LedgerKey{Number(CrossingOf(key.source.location, key.destination.location, zones))};
  };
  return shape;
}

TableShape JurisdictionShape(size_t limit, absl::Span<const JurisdictionSet> zones) {
  TableShape shape;
  shape.limit = limit;
  shape.key = [](const CellKey& key) {
    return LedgerKey{Number(key.source.location), Number(key.destination.location),
                     Number(key.classification.category)};
  };
  shape.lines = [zones](const LedgerKey& key) { return JurisdictionLines(key, zones); };
  return shape;
}

TableShape OperatorShape(size_t limit) {
  TableShape shape;
  shape.limit = limit;
  shape.key = [](const CellKey& key) {
    return LedgerKey{Number(OperatorHome(key.source.asn)),
                     Number(OperatorHome(key.destination.asn))};
  };
  shape.lines = [](const LedgerKey& key) -> std::vector<uint64_t> {
    return {Line().With(Direction::kSource, key[0]).number(),
            Line().With(Direction::kDestination, key[1]).number()};
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

TableShape CellShape(size_t limit, absl::Span<const JurisdictionSet> zones,
                     std::function<bool(const LedgerKey&)> hides) {
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

}  // namespace borderflow
