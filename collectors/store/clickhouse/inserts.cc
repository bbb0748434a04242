#include "collectors/store/clickhouse/inserts.h"

#include <algorithm>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "rules/digest/sha256.h"

namespace borderflow {
namespace {

constexpr char kCellColumns[] =
    "INSERT INTO cell_parts (sensor, run, window_start, sequence, batch, row, src, dst, "
    "src_registered, dst_registered, src_as, dst_as, src_operator, dst_operator, role, category, "
    "evidence, confidence, protection, entity, crossing, frames, bytes, payload_bytes, flows, "
    "clients, verdicts.pack, verdicts.version, verdicts.verdict) FORMAT TabSeparated\n";

constexpr char kWindowColumns[] =
    "INSERT INTO window_parts (sensor, run, window_start, sequence, batch, written, window_end, "
    "vantage, groups_digest, rules_digest, entities_digest, geo_digests, pack_digests, min_cell, "
    "captured_frames, captured_bytes, non_ip_frames, non_ip_bytes, malformed_frames, "
    "malformed_bytes, "
    "dropped_frames, cells, frames, bytes, flows) FORMAT TabSeparated\n";

// Tab-separated values, with ClickHouse's escapes.
class Line {
 public:
  void Add(std::string_view text) {
    Separate();
    Escape(text);
  }
  void Add(uint64_t number) {
    Separate();
    absl::StrAppend(&text_, number);
  }
  void Add(absl::Span<const std::string> texts) {
    Separate();
    text_ += '[';
    for (size_t i = 0; i < texts.size(); ++i) {
      if (i > 0) text_ += ',';
      text_ += '\'';
      Escape(texts[i]);
      text_ += '\'';
    }
    text_ += ']';
  }
  const std::string& text() const { return text_; }

 private:
  void Separate() {
    if (!text_.empty()) text_ += '\t';
  }
  void Escape(std::string_view text) {
    for (const char c : text) {
      switch (c) {
        case '\t':
          text_ += "\\t";
          break;
        case '\n':
          text_ += "\\n";
          break;
        case '\\':
        case '\'':
          text_ += '\\';
          text_ += c;
          break;
        default:
          text_ += c;
      }
    }
  }

  std::string text_;
};

// Of the cell itself, without where it belongs.
std::string CellValues(const ExportBatch& batch, const BatchRow& row) {
  const CellRow& cell = row.cell;
  Line line;
  const auto word = [&line, &row](std::string_view text) { line.Add(row.Word(text)); };
  const auto detail = [&line, &row](std::string_view text) { line.Add(row.Detail(text)); };
  word(Code(cell.source.location));
  word(Code(cell.destination.location));
  detail(Code(cell.source.registered));
  detail(Code(cell.destination.registered));
  line.Add(cell.source.asn);
  line.Add(cell.destination.asn);
  detail(Code(row.source_operator));
  detail(Code(row.destination_operator));
  word(Name(cell.role));
  word(Code(cell.category));
  word(Name(cell.evidence));
  line.Add(cell.confidence);
  word(Name(cell.protection));
  line.Add(cell.entity);
  word(Name(row.crossing));
  line.Add(cell.counters.frames);
  line.Add(cell.counters.bytes);
  line.Add(cell.counters.payload_bytes);
  line.Add(cell.counters.flows);
  line.Add(cell.clients);
  std::vector<std::string> packs;
  std::vector<std::string> versions;
  std::vector<std::string> verdicts;
  for (size_t i = 0; i < batch.packs.size(); ++i) {
    packs.push_back(batch.packs[i].id);
    versions.push_back(batch.packs[i].version);
    verdicts.emplace_back(row.VerdictOf(i));
  }
  line.Add(packs);
  line.Add(versions);
  line.Add(verdicts);
  return line.text();
}

// What else is said of the window.
std::string WindowValues(const ExportBatch& batch) {
  Line line;
  line.Add(batch.end_ns);
  line.Add(batch.vantage);
  line.Add(batch.groups_digest);
  line.Add(batch.rules_digest);
  line.Add(batch.entities_digest);
  line.Add(batch.geo_digests);
  std::vector<std::string> digests;
  for (const BatchPack& pack : batch.packs) digests.push_back(pack.digest);
  line.Add(digests);
  line.Add(batch.min_cell);
  for (const FrameTotals& totals : {batch.captured, batch.non_ip, batch.malformed}) {
    line.Add(totals.frames);
    line.Add(totals.bytes);
  }
  line.Add(batch.dropped_frames);
  line.Add(batch.rows.size());
  line.Add(batch.total.frames);
  line.Add(batch.total.bytes);
  line.Add(batch.total.flows);
  return line.text();
}

std::string KeyValues(const WindowKey& key, uint64_t batch) {
  Line line;
  line.Add(key.sensor);
  line.Add(key.run);
  line.Add(key.start_ns);
  line.Add(key.sequence);
  line.Add(batch);
  return line.text();
}

}  // namespace

std::vector<std::string> Inserts(const ExportBatch& batch, uint64_t written_ns,
                                 size_t rows_in_insert) {
  std::vector<std::string> values;
  values.reserve(batch.rows.size());
  std::string all = WindowValues(batch);
  for (const BatchRow& row : batch.rows) {
    values.push_back(CellValues(batch, row));
    absl::StrAppend(&all, "\n", values.back());
  }
  // What a batch says is its number: the same again replaces itself, anything else does not mix.
  const uint64_t number = std::stoull(Sha256Hex(all).substr(0, 16), nullptr, 16);
  const std::string key = KeyValues(batch.key, number);
  std::vector<std::string> inserts;
  for (size_t from = 0; from < values.size(); from += rows_in_insert) {
    std::string insert = kCellColumns;
    const size_t to = std::min(values.size(), from + rows_in_insert);
    for (size_t row = from; row < to; ++row) {
      absl::StrAppend(&insert, key, "\t", row, "\t", values[row], "\n");
    }
    inserts.push_back(std::move(insert));
  }
  inserts.push_back(
      absl::StrCat(kWindowColumns, key, "\t", written_ns, "\t", WindowValues(batch), "\n"));
  return inserts;
}

}  // namespace borderflow
