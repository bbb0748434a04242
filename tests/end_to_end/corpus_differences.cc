#include "tests/end_to_end/corpus_differences.h"

#include <algorithm>
#include <map>
#include <utility>

namespace borderflow {
namespace {

Differences Misses(std::set<std::string> names) {
  Differences differences;
  differences.missed_names = std::move(names);
  return differences;
}

Differences HasMore(std::set<std::string> names) {
  Differences differences;
  differences.more_names = std::move(names);
  return differences;
}

Differences Both(std::set<std::string> missed, std::set<std::string> more) {
  Differences differences = Misses(std::move(missed));
  differences.more_names = std::move(more);
  return differences;
}

}  // namespace

Differences KnownDifferences(const std::string& capture) {
  static const auto* const known = new std::map<std::string, Differences>{
      // A query for the root zone: its name is empty, and a report lists no empty name. Two hellos
      // without names, whose servers' certificates have them, and a SOCKS request by name.
      {"captures/arkime__arkime_synthetic.pcap",
       Both({"<root>"}, {"alt.example.test", "target.example.com", "tztest.example.com"})},
      // The snapped frame still holds the whole DNS question; the witness gives up on it.
      {"derived/mercury__quic_reordered_frames~snap96.pcap",
       HasMore({"deault-exp-tas-com.e-0014.e-msedge.net"})},
      {"derived/mercury__test_data__top-https.mcap~snap60.pcap", HasMore({"t.co"})},
      // The Host header is cut off by the snap length: half a name is no name.
      {"derived/mercury__test_data__top-https.mcap~snap96.pcap", Misses({"connectivity-check.u"})},
      {"derived/zeek__var-services-std-ports~snap96.pcap", Misses({"172.16.2"})},
      {"derived/zeek__wikipedia~snap96.pcap", Misses({"www.wiki"})},
      // The witness loses the request when its segments are swapped; the source capture has it.
      {"derived/zeek__wikipedia~seg100swap.pcap", HasMore({"www.wikipedia.org"})},
  };
  const auto found = known->find(capture);
  return found == known->end() ? Differences{} : found->second;
}

std::string NormalizedName(std::string name, std::string_view kind) {
  if (kind == "http_host" || kind == "http2_authority") {
    const size_t colon = name.rfind(':');
    const bool port = colon != std::string::npos && name.find(':') == colon &&
                      name.find_first_not_of("0123456789", colon + 1) == std::string::npos;
    if (port) name.resize(colon);
  }
  name.erase(std::remove_if(name.begin(), name.end(),
                            [](char c) { return static_cast<unsigned char>(c) >= 0x80; }),
             name.end());
  if (name.ends_with('.')) name.pop_back();
  return name;
}

}  // namespace borderflow
