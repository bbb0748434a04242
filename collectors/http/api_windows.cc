#include "collectors/http/api_windows.h"

#include <algorithm>
#include <string>
#include <utility>

#include "collectors/export/times.h"

namespace borderflow {
namespace {

using Json = nlohmann::ordered_json;

Json CountsOf(const CellCounters& counters) {
  return {{"frames", counters.frames}, {"bytes", counters.bytes}, {"flows", counters.flows}};
}

Json CountsOf(const FrameTotals& totals) {
  return {{"frames", totals.frames}, {"bytes", totals.bytes}};
}

Json ToJson(const PublishedWindow& window) {
  Json crossing = Json::object();
  for (int i = 0; i < kCrossings; ++i) {
    const auto at = window.crossing.series.find({static_cast<uint16_t>(i)});
    crossing[std::string(Name(static_cast<Crossing>(i)))] =
        CountsOf(at == window.crossing.series.end() ? CellCounters{} : at->second.counters);
  }
  return {{"start", Iso8601(window.begin)},
          {"end", Iso8601(window.end)},
          {"sequence", window.sequence},
          {"total", CountsOf(window.total)},
          {"crossing", std::move(crossing)},
          {"suppressed", CountsOf(window.crossing.suppressed)},
          {"late", CountsOf(window.late)},
          {"ahead", CountsOf(window.ahead)},
          {"undecided", CountsOf(window.undecided)},
          {"losses", window.lost},
          {"digests",
           {{"databases", window.databases},
            {"groups", window.groups_digest},
            {"rules", window.rules_digest},
            {"packs", window.pack_digests}}}};
}

}  // namespace

Json WindowsJson(const Publication& publication, size_t limit) {
  const std::vector<PublishedWindow>& all = *publication.windows;
  Json list = Json::array();
  for (size_t i = all.size() - std::min(limit, all.size()); i < all.size(); ++i) {
    list.push_back(ToJson(all[i]));
  }
  return {{"time", publication.own_windows ? "event" : "clock"},
          {"windows", std::move(list)},
          {"of", all.size()}};
}

}  // namespace borderflow
