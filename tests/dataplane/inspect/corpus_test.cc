// The names that inspection finds in real captures, against an independent dissector's.
#include "tests/corpus.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "dataplane/capture/source.h"
#include "dataplane/inspect/http.h"
#include "dataplane/inspect/inspector.h"
#include "dataplane/packet/decode.h"

namespace borderflow {
namespace {

using Names = std::set<std::string>;
using NamesByKind = std::map<std::string, Names>;

struct KeyLess {
  bool operator()(const FlowKey& a, const FlowKey& b) const {
    const auto tie = [](const FlowKey& k) {
      return std::tie(k.lo, k.hi, k.port_lo, k.port_hi, k.protocol, k.family);
    };
    return tie(a) < tie(b);
  }
};

struct Flow {
  Sender initiator = Sender::kLo;
  bool over = false;
  bool staying = false;
  int packets = 0;
  int frames = 0;
  uint64_t bytes[2] = {0, 0};
  SlotHandle slot = 0;
};

std::string KindOf(Protocol protocol) {
  switch (protocol) {
    case Protocol::kTls:
      return "tls_sni";
    case Protocol::kQuic:
      return "quic_sni";
    case Protocol::kDtls:
      return "dtls_sni";
    case Protocol::kHttp:
      return "http_host";
    case Protocol::kHttp2:
      return "http2_authority";
    case Protocol::kDns:
      return "dns_qry";
    case Protocol::kMdns:
      return "mdns_qry";
    case Protocol::kLlmnr:
      return "llmnr_qry";
    default:
      return "?";
  }
}

// Applies the bounds that a worker applies, over an ordinary map.
class NameFinder {
 public:
  explicit NameFinder(const NameRules* rules) : decoder_(TunnelMode::kInner), inspector_(rules) {}

  void Add(const Frame& frame) {
    Packet packet;
    if (decoder_.Decode(frame, &packet).frame_class != FrameClass::kIp) return;
    if (Inspector::CanTeach(packet)) inspector_.Learn(packet);
    const auto [it, fresh] = flows_.try_emplace(packet.key);
    Flow& flow = it->second;
    if (fresh) flow.initiator = packet.sender;
    const bool opens =
        packet.key.protocol == 6 && (packet.tcp_flags & (kTcpSyn | kTcpAck | kTcpRst)) == kTcpSyn;
    if (opens && flow.packets > 0) {  // the ports are used again
      inspector_.Release(flow.slot);
      flow = Flow{.initiator = packet.sender};
    }
    if (opens) flow.initiator = packet.sender;
    ++flow.frames;
    if (flow.over || packet.payload_bytes == 0) return;
    const bool from_initiator = packet.sender == flow.initiator;
    Show(packet, from_initiator, &flow);
    if (flow.staying) return;
    ++flow.packets;
    flow.bytes[from_initiator ? 0 : 1] += packet.payload_bytes;
    const bool bounds_reached = flow.packets >= kInspectPackets || flow.frames >= kInspectFrames ||
                                std::max(flow.bytes[0], flow.bytes[1]) >= kInspectBytes;
    if (bounds_reached && flow.slot == 0) flow.over = true;
  }

  const NamesByKind& names() const { return names_; }
  const Inspector& inspector() const { return inspector_; }

 private:
  void Show(const Packet& packet, bool from_initiator, Flow* flow) {
    Inspection inspection = inspector_.Inspect(packet, from_initiator, &flow->slot);
    if (!inspection.name.empty()) {
      do {
        names_[KindOf(inspection.name_protocol)].insert(std::string(inspection.name));
      } while (inspector_.NextName(&inspection));
    }
    flow->over = inspection.state == Inspection::State::kDecided;
    flow->staying |= inspection.state == Inspection::State::kStaying;
  }

  Decoder decoder_;
  Inspector inspector_;
  std::map<FlowKey, Flow, KeyLess> flows_;
  NamesByKind names_;
};

std::string Lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(c < 128 ? std::tolower(c) : c); });
  return text;
}

bool HasReplacement(const std::string& name) {
  return name.find("\xef\xbf\xbd") != std::string::npos;
}
bool IsAscii(const std::string& name) {
  return std::all_of(name.begin(), name.end(),
                     [](char c) { return static_cast<signed char>(c) >= 0; });
}

// The names of an expectation: those that the dissector's defaults saw, and all.
struct Expected {
  Names sure;
  Names any;
  size_t unreadable = 0;  // not UTF-8: known by number only
};
Expected ReadExpected(const nlohmann::json& json, const std::string& kind) {
  Expected expected;
  const auto names = json.find(kind);
  if (names == json.end()) return expected;
  for (const auto& [raw, detail] : names->items()) {
    if (raw == "<Root>" || raw.empty()) continue;
    const std::string by = detail.at("by");
    const std::string name = Lower(kind == "http_host" ? std::string(WithoutPort(raw)) : raw);
    if (HasReplacement(name)) {
      if (by.find('B') != std::string::npos) ++expected.unreadable;
      continue;
    }
    expected.any.insert(name);
    if (by.find('B') != std::string::npos) expected.sure.insert(name);
  }
  return expected;
}

Names Minus(const Names& a, const Names& b) {
  Names left;
  std::set_difference(a.begin(), a.end(), b.begin(), b.end(), std::inserter(left, left.end()));
  return left;
}

nlohmann::json ReadJson(const std::filesystem::path& path) {
  std::ifstream in(path);
  return nlohmann::json::parse(in);
}

// Names that we do not find, and why that is right or what is missing.
bool IsExplained(const std::string& capture, const std::string& kind, const std::string& name) {
  // The frame ends within the Host field: half a name is none.
  if (capture.find("~snap96") != std::string::npos && kind == "http_host") {
    return name == "www.wiki" || name == "connectivity-check.u" || name == "172.16.2";
  }
  return false;
}

constexpr const char* kKinds[] = {"tls_sni",  "quic_sni",  "dtls_sni",  "dns_qry",
                                  "mdns_qry", "llmnr_qry", "http_host", "http2_authority"};

class Corpus : public testing::TestWithParam<const char*> {};

TEST_P(Corpus, NamesAgreeWithTheIndependentDissector) {
  const auto corpus = CorpusFolder();
  if (!corpus) GTEST_SKIP() << "no corpus of real captures";
  size_t captures = 0;
  for (const auto& entry : std::filesystem::directory_iterator(*corpus / GetParam())) {
    if (entry.path().extension() != ".json") continue;
    std::filesystem::path capture = entry.path();
    capture.replace_extension();
    const std::string label = capture.filename().string();
    const nlohmann::json json = ReadJson(entry.path());
    auto source = OpenCapture(capture.string());
    if (!source.ok()) {
      EXPECT_EQ(json.at("ip_packets"), 0) << source.status();
      continue;
    }
    NameFinder finder(&NameRules::BuiltIn());
    FrameBlock block;
    while (true) {
      const auto more = (*source)->Read(&block);
      ASSERT_TRUE(more.ok()) << more.status();
      if (!*more) break;
      for (const Frame& frame : block.frames) finder.Add(frame);
    }
    ++captures;
    for (const std::string kind : kKinds) {
      Expected expected = ReadExpected(json, kind);
      // What a mechanical variant still shows of its source is no invention, even where the
      // dissector lost it.
      if (json.contains("derived_from")) {
        const std::string origin = json.at("derived_from");
        expected.any.merge(
            ReadExpected(ReadJson(*corpus / "captures" / (origin + ".json")), kind).any);
      }
      Names ours;
      if (const auto it = finder.names().find(kind); it != finder.names().end()) ours = it->second;
      for (const std::string& name : Minus(expected.sure, ours)) {
        EXPECT_TRUE(IsExplained(label, kind, name)) << label << ": " << kind << " lacks " << name;
      }
      Names readable;
      std::copy_if(ours.begin(), ours.end(), std::inserter(readable, readable.end()), IsAscii);
      EXPECT_THAT(Minus(readable, expected.any), testing::IsEmpty()) << label << ' ' << kind;
      EXPECT_GE(ours.size() - readable.size(), expected.unreadable) << label << ' ' << kind;
    }
    const InspectorCounters& counters = finder.inspector().counters();
    EXPECT_EQ(counters.slots_exhausted, 0u) << label;
  }
  EXPECT_GT(captures, 0u);
}

INSTANTIATE_TEST_SUITE_P(Folders, Corpus, testing::Values("captures", "derived"),
                         [](const auto& folder) { return std::string(folder.param); });

}  // namespace
}  // namespace borderflow
