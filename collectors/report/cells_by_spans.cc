#include "collectors/report/cells_by_spans.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace borderflow {
namespace {

constexpr uint64_t kSecondsPerHour = 3600;

// A threshold's sums by span: one after the other, then the next span's.
struct Series {
  const CellsByTime::Asked* asked;
  absl::flat_hash_map<uint32_t, std::vector<CellsByTime::Part>> by_cell;
  std::vector<std::vector<SpanSum>> sums;  // by sum, then by span
};

void Add(const Cell& cell, Unit unit, bool sure, SpanSum* sum) {
  uint64_t add = 0;
  switch (unit) {
    case Unit::kBytes:
      add = cell.counters.bytes;
      break;
    case Unit::kUploadBytes:
      add = cell.key.role == Role::kInitiator ? cell.counters.payload_bytes : 0;
      break;
    case Unit::kFlows:
      add = cell.counters.flows;
      break;
    case Unit::kFrames:
      add = cell.counters.frames;
      break;
    case Unit::kClients:
    case Unit::kPersons:
      sum->possible.Merge(cell.clients);
      if (sure) sum->sure.Merge(cell.clients);
      return;
    case Unit::kRecords:
      return;
  }
  sum->high += add;
  if (sure) sum->low += add;
}

std::vector<Series> SeriesOf(absl::Span<const CellsByTime::Asked> asked) {
  std::vector<Series> series;
  for (const CellsByTime::Asked& one : asked) {
    Series& of = series.emplace_back();
    of.asked = &one;
    of.sums.resize(one.sums);
    for (const CellsByTime::Part& part : one.parts) of.by_cell[part.cell].push_back(part);
  }
  return series;
}

}  // namespace

CellsBySpans::CellsBySpans(absl::Span<const PolicyCell> whole, const Entities& entities,
                           ReadSpans read)
    : entities_(entities), read_(std::move(read)) {
  for (size_t i = 0; i < whole.size(); ++i) {
    positions_.emplace(KeyOf(whole[i]), static_cast<uint32_t>(i));
    bytes_ += whole[i].bytes;
  }
}

std::vector<CellsByTime::Most> CellsBySpans::MostInAPeriod(absl::Span<const Asked> asked) const {
  uint64_t shortest = std::numeric_limits<uint64_t>::max();
  for (const Asked& one : asked) {
    shortest = std::min(shortest, one.threshold->hours * kSecondsPerHour);
  }
  std::vector<Series> series = SeriesOf(asked);
  std::vector<TimeSpan> spans;
  uint64_t bytes = 0;
  absl::Status read = read_(shortest, [&](const TimeSpan& span, const std::vector<Cell>& cells) {
    spans.push_back(span);
    for (Series& of : series) {
      for (std::vector<SpanSum>& sum : of.sums) sum.emplace_back();
    }
    for (const Cell& cell : cells) {
      bytes += cell.counters.bytes;
      const auto position = positions_.find(KeyOf(cell, entities_));
      if (position == positions_.end()) return absl::AbortedError("the store changed meanwhile");
      for (Series& of : series) {
        const auto parts = of.by_cell.find(position->second);
        if (parts == of.by_cell.end()) continue;
        for (const Part& part : parts->second) {
          Add(cell, of.asked->threshold->unit, part.sure, &of.sums[part.sum].back());
        }
      }
    }
    return absl::OkStatus();
  });
  if (read.ok() && bytes != bytes_) {
    read = absl::FailedPreconditionError(
        "some of it is kept as one total only, without its days; leave that out with --from");
  }
  std::vector<Most> most(asked.size());
  for (size_t t = 0; t < asked.size(); ++t) {
    if (!read.ok()) {
      most[t].not_measurable = std::string(read.message());
      continue;
    }
    for (const std::vector<SpanSum>& sums : series[t].sums) {
      most[t].bounds.push_back(borderflow::MostInAPeriod(spans, sums, *asked[t].threshold));
    }
  }
  return most;
}

}  // namespace borderflow
