#include "collectors/dashboard/sentence.h"

#include "absl/strings/str_cat.h"
#include "collectors/report/text.h"

namespace borderflow {
namespace {

std::string Named(Jurisdiction jurisdiction) {
  return absl::StrCat(std::string(Name(jurisdiction)), " (", std::string(Code(jurisdiction)), ")");
}

// The largest pair of two jurisdictions; nullptr when there is none.
const TableRow* LargestCrossing(const Table& pairs) {
  for (const TableRow& row : pairs.rows) {
    const auto source = Part<Jurisdiction>(row.key, 0);
    const auto destination = Part<Jurisdiction>(row.key, 1);
    if (!IsSpecial(source) && !IsSpecial(destination) && source != destination) return &row;
  }
  return nullptr;
}

}  // namespace

std::string SentenceOf(const ViewTables& tables) {
  const uint64_t total = tables.total.bytes;
  if (total == 0) return "No IP traffic was seen yet.";
  const auto bytes = [&tables](Crossing crossing) {
    return tables.crossing[static_cast<size_t>(crossing)].bytes;
  };
  const uint64_t crossing = bytes(Crossing::kCrossBorder);
  std::string text = absl::StrCat("Of ", Bytes(total), " of IP traffic, ", Percent(crossing, total),
                                  " crossed a border by location");
  if (const TableRow* pair = LargestCrossing(tables.pairs[0]); pair != nullptr && crossing > 0) {
    // Larger ones may be among those that are withheld.
    const bool withheld = tables.pairs[0].suppressed != PolicySum{};
    absl::StrAppend(&text, ", the largest part ", withheld ? "that may be told " : "", "from ",
                    Named(Part<Jurisdiction>(pair->key, 0)), " to ",
                    Named(Part<Jurisdiction>(pair->key, 1)), " (", Percent(pair->sum.bytes, total),
                    ")");
  }
  absl::StrAppend(&text, "; ", Percent(bytes(Crossing::kDomestic), total),
                  " stayed in one jurisdiction");
  if (const uint64_t zone = bytes(Crossing::kIntraZone); zone > 0) {
    absl::StrAppend(&text, ", ", Percent(zone, total), " crossed within a zone");
  }
  absl::StrAppend(&text, ", and for ", Percent(bytes(Crossing::kUndetermined), total),
                  " it cannot be told");
  if (tables.crossing_suppressed.bytes > 0) {
    absl::StrAppend(&text, "; ", Percent(tables.crossing_suppressed.bytes, total),
                    " stand behind too few people to be told");
  }
  return text + ".";
}

}  // namespace borderflow
