#include "tools/live/live_view.h"

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <nlohmann/json.hpp>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "collectors/export/times.h"
#include "collectors/report/sums.h"
#include "collectors/report/text.h"

namespace borderflow {
namespace {

constexpr size_t kTopPairs = 8;

std::string Now() { return Iso8601(static_cast<uint64_t>(std::time(nullptr))); }

std::string DroppedText(const LiveStatement& live) {
  std::string text;
  for (const auto& [reason, frames] : Dropped(live)) {
    absl::StrAppend(&text, " ", reason, "=", frames);
  }
  return text.empty() ? " none" : text;
}

std::vector<std::string> LinksDown(const LiveStatement& live) {
  std::vector<std::string> down;
  for (const PortStatement& port : live.ports) {
    if (!port.link_up) down.push_back(port.device);
  }
  return down;
}

double Busiest(const LiveStatement& live) {
  double busiest = 0;
  for (const LaneStatement& lane : live.lanes) busiest = std::max(busiest, lane.busy_share);
  return busiest;
}

}  // namespace

LiveView::LiveView(bool terminal, LogForm form, std::vector<JurisdictionSet> zones)
    : terminal_(terminal), form_(form), zones_(std::move(zones)) {}

LiveView::~LiveView() = default;

void LiveView::Write(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stderr);
  std::fflush(stderr);
}

void LiveView::Log(std::string_view what) {
  lines_on_screen_ = 0;  // the view starts anew below what was said
  if (form_ == LogForm::kJson) {
    const nlohmann::ordered_json line = {{"time", Now()}, {"event", std::string(what)}};
    Write(line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
  } else {
    Write(absl::StrFormat("%s %s\n", Now(), std::string(what)));
  }
}

void LiveView::Show(const Snapshot& snapshot, const LiveStatement& live, double elapsed) {
  const FrameTotals& captured = snapshot.decode.captured;
  const double frames = static_cast<double>(captured.frames - before_.frames) / elapsed;
  const double bits = static_cast<double>(captured.bytes - before_.bytes) * 8 / elapsed;
  before_ = captured;
  if (terminal_) {
    ShowScreen(snapshot, live, frames, bits);
    return;
  }
  if (form_ == LogForm::kJson) {
    const nlohmann::ordered_json line = {{"time", Now()},
                                         {"frames", captured.frames},
                                         {"bytes", captured.bytes},
                                         {"frames_per_second", frames},
                                         {"bits_per_second", bits},
                                         {"flows", snapshot.flows.total},
                                         {"dropped", Dropped(live)},
                                         {"busiest_worker", Busiest(live)},
                                         {"links_down", LinksDown(live)}};
    Write(line.dump() + "\n");
    return;
  }
  std::string links;
  for (const std::string& device : LinksDown(live)) {
    absl::StrAppend(&links, "  LINK DOWN: ", device);
  }
  Write(absl::StrFormat(
      "%s frames=%d bytes=%d rate=%.0f/s %.3f Gbit/s flows=%d busiest=%s dropped:%s%s\n", Now(),
      captured.frames, captured.bytes, frames, bits / 1e9, snapshot.flows.total,
      Percent(Busiest(live)), DroppedText(live), links));
}

void LiveView::ShowScreen(const Snapshot& snapshot, const LiveStatement& live,
                          double frames_per_second, double bits_per_second) {
  const Sums sums = SumUp(snapshot.cells, zones_);
  std::string text =
      absl::StrFormat("%s  %s frames/s  %.3f Gbit/s  %s frames  %s  %s flows\n", Now(),
                      Grouped(static_cast<uint64_t>(frames_per_second)), bits_per_second / 1e9,
                      Grouped(snapshot.decode.captured.frames),
                      Bytes(snapshot.decode.captured.bytes), Grouped(snapshot.flows.total));
  absl::StrAppendFormat(&text, "dropped:%s   busiest worker %s   located %s  classified %s\n",
                        DroppedText(live), Percent(Busiest(live)), Percent(sums.coverage.located),
                        Percent(sums.coverage.classified));
  for (const std::string& device : LinksDown(live)) {
    absl::StrAppendFormat(&text, "LINK DOWN: %s\n", device);
  }
  const CellCounters& crossing = sums.crossing[static_cast<size_t>(Crossing::kCrossBorder)];
  absl::StrAppendFormat(&text, "crosses a border: %s of %s\n",
                        Percent(crossing.bytes, sums.total.bytes), Bytes(sums.total.bytes));
  for (size_t i = 0; i < std::min(kTopPairs, sums.pairs.size()); ++i) {
    const PairSum& pair = sums.pairs[i];
    absl::StrAppendFormat(&text, "  %-11s -> %-11s %8s %10s\n", std::string(Code(pair.source)),
                          std::string(Code(pair.destination)),
                          Percent(pair.counters.bytes, sums.total.bytes),
                          Bytes(pair.counters.bytes));
  }
  // ECMA-48: up by so many lines, then each line is cleared before it is written.
  std::string screen;
  if (lines_on_screen_ > 0) absl::StrAppend(&screen, "\x1b[", lines_on_screen_, "A");
  lines_on_screen_ = static_cast<int>(std::count(text.begin(), text.end(), '\n'));
  size_t begin = 0;
  for (size_t end = text.find('\n'); end != std::string::npos; end = text.find('\n', begin)) {
    absl::StrAppend(&screen, "\x1b[2K", text.substr(begin, end - begin), "\n");
    begin = end + 1;
  }
  Write(screen + "\x1b[J");
}

}  // namespace borderflow
