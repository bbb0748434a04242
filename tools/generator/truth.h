// Truth: what a right reader of the capture must find, counted while the frames are made.
//
// It counts by the words of design section 1 and knows nothing of how a reader works: which flow a
// frame belongs to, who sent it and how it will be classified is told by those who made it. All
// places are the ones that the generator intends (Blocks), for a replay without a declared home
// and with tunnels counted at the innermost header.
//
// Thread safety: none.
#ifndef BORDERFLOW_TOOLS_GENERATOR_TRUTH_H_
#define BORDERFLOW_TOOLS_GENERATOR_TRUTH_H_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "dataplane/count/cell.h"
#include "rules/category/category.h"
#include "rules/jurisdiction/jurisdiction.h"
#include "tools/generator/blocks.h"

namespace borderflow::generator {

// How a flow must be classified by the rules of today.
struct Expectation {
  Category category = Category::kUnk;
  Evidence evidence = Evidence::kNone;
  Protection protection = Protection::kUnknown;
  friend auto operator<=>(const Expectation&, const Expectation&) = default;
};

struct FlowDescription {
  Jurisdiction initiator = Jurisdiction::kUnknown;
  Jurisdiction responder = Jurisdiction::kUnknown;
  Expectation expects;
  // What the bytes really are ("smtp", "dicom" ...), so that a reader which learns to recognise
  // them by structure finds what to compare with.
  std::string_view application;
};

// How a name was visible.
enum class NameKind : uint8_t { kTls, kQuic, kHttp, kDns, kByDns };

class Truth {
 public:
  // Where the frames of one flow are counted; valid as long as the Truth.
  struct Account {
    CellCounters* by_role[2] = {nullptr, nullptr};
    CellCounters* application = nullptr;
  };

  Account OpenFlow(const FlowDescription& flow);
  // Where the frames of a flow are counted once it became something else; the flow itself stays
  // counted where it was opened.
  Account Turn(const FlowDescription& flow);
  void CountIp(const Account& account, Role role, uint32_t bytes, uint32_t payload_bytes,
               uint64_t time_ns);
  void CountNonIp(uint32_t bytes, uint64_t time_ns);
  void CountMalformed(uint32_t bytes, uint64_t time_ns);

  // One flow in which `name` was readable, or for kByDns one that is known by its answer only.
  // Count a name once for each flow; `messages` of the initiator carried it, which is more than one
  // where DNS asks for A and AAAA.
  void CountName(NameKind kind, std::string_view name, uint64_t messages = 1);
  // More of those messages, on a flow that was counted before.
  void CountNameAgain(NameKind kind, std::string_view name);

  uint64_t flows() const { return flows_; }
  uint64_t frames() const { return ip_.frames + non_ip_.frames + malformed_.frames; }
  uint64_t bytes() const { return ip_.bytes + non_ip_.bytes + malformed_.bytes; }

  // The truth file. `parameters` are the options that made the capture, by name.
  std::string ToJson(const std::map<std::string, std::string>& parameters,
                     const Blocks& blocks) const;

 private:
  struct CellName {
    Jurisdiction source;
    Jurisdiction destination;
    Role role;
    Expectation expects;
    friend auto operator<=>(const CellName&, const CellName&) = default;
  };
  void Span(uint64_t time_ns);

  std::map<CellName, CellCounters> cells_;  // nodes do not move: Accounts point into them
  std::map<std::pair<std::string, Expectation>, CellCounters> applications_;
  struct NameCount {
    uint64_t flows = 0;
    uint64_t messages = 0;
  };
  std::map<std::pair<std::string, NameKind>, NameCount> names_;
  CellCounters ip_;
  CellCounters non_ip_;
  CellCounters malformed_;
  uint64_t flows_ = 0;
  uint64_t first_ns_ = UINT64_MAX;
  uint64_t last_ns_ = 0;
};

// "prefix,location" lines for every block, longest prefixes told apart by themselves.
std::string OverridesCsv(const Blocks& blocks);

}  // namespace borderflow::generator

#endif  // BORDERFLOW_TOOLS_GENERATOR_TRUTH_H_
