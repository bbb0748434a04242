#include "tools/command/flow_story.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "dataplane/flow/expiry.h"
#include "dataplane/inspect/inspector.h"
#include "dataplane/packet/keyed_hash.h"
#include "dataplane/worker.h"

namespace borderflow {
namespace {

constexpr uint64_t kHashSeed = 20261122;  // any: one flow is in the table

// As the worker has it: the SYN's sender, a SYN-ACK's receiver, otherwise the first frame's sender.
Sender InitiatorBy(const Packet& first) {
  const bool answers = first.key.protocol == kProtocolTcp &&
                       (first.tcp_flags & (kTcpSyn | kTcpAck)) == (kTcpSyn | kTcpAck);
  const bool from_lo = (first.sender == Sender::kLo) != answers;
  return from_lo ? Sender::kLo : Sender::kHi;
}

using Pair = std::pair<std::pair<uint64_t, uint64_t>, std::pair<uint64_t, uint64_t>>;
Pair PairOf(const IpAddress& client, const IpAddress& server) {
  return {{client.high, client.low}, {server.high, server.low}};
}

class Teller {
 public:
  Teller(const FlowChoice& choice, const PrefixMap& map, const NameRules& rules,
         const FrontOptions& front, const std::optional<Place>& place,
         std::shared_ptr<const Entities> entities)
      : choice_(choice),
        front_(&map, front),
        worker_(
            &map, &rules, hash_,
            {.flows = kFlows, .cells = kCells, .place = place, .entities = std::move(entities)}),
        inspector_(&rules) {
    inspector_.Share(&lessons_);
  }

  void Take(const Frame& frame);
  absl::StatusOr<FlowStory> Finish();

 private:
  static constexpr size_t kFlows = 64;
  static constexpr size_t kCells = 256;
  // Answers remembered before the flow is known: those of a day at a large site.
  static constexpr size_t kMostAsked = size_t{1} << 20;

  bool IsChosen(const Packet& packet);
  void Begin(const Packet& packet);
  void Learn(const Packet& packet);
  void Look(const Packet& packet);
  void Time(const Packet& packet);

  const FlowChoice choice_;
  const KeyedHash hash_{kHashSeed};
  Front front_;
  Worker worker_;
  Inspector inspector_;
  DnsLessons lessons_;
  uint64_t frame_ = 0;
  absl::flat_hash_map<Pair, AskedName> asked_;
  absl::flat_hash_map<std::pair<Pair, std::tuple<uint16_t, uint16_t, uint8_t, uint8_t>>, uint64_t>
      numbers_;
  bool begun_ = false;
  bool decided_ = false;
  int inspected_ = 0;
  SlotHandle slot_ = 0;
  uint64_t opened_ns_ = 0;  // the first SYN
  FlowStory story_;
};

void Teller::Take(const Frame& frame) {
  ++frame_;
  Packet packet;
  if (!front_.Take(frame, &packet)) return;
  const bool chosen = IsChosen(packet);
  if (chosen && !begun_) Begin(packet);
  const bool teaches = Inspector::CanTeach(packet);
  if (teaches) Learn(packet);
  if (!chosen && !teaches) return;
  packet.hash = hash_(packet.key);
  packet.teach_only = !chosen;
  worker_.Process(absl::MakeConstSpan(&packet, 1));
  if (!chosen) return;
  story_.last_frame = frame_;
  Time(packet);
  Look(packet);
}

void Teller::Time(const Packet& packet) {
  if (packet.key.protocol != kProtocolTcp || (packet.tcp_flags & kTcpSyn) == 0) return;
  if ((packet.tcp_flags & kTcpAck) == 0) {
    if (opened_ns_ == 0) opened_ns_ = packet.time_ns;
  } else if (opened_ns_ != 0 && packet.time_ns >= opened_ns_ && !story_.round_trip_ns.has_value()) {
    story_.round_trip_ns = packet.time_ns - opened_ns_;
  }
}

bool Teller::IsChosen(const Packet& packet) {
  if (begun_) return packet.key == story_.key;
  if (choice_.key.has_value()) return packet.key == *choice_.key;
  const FlowKey& key = packet.key;
  const auto number = numbers_.try_emplace(
      {PairOf(key.lo, key.hi), {key.port_lo, key.port_hi, key.protocol, key.family}},
      numbers_.size() + 1);
  return number.first->second == choice_.number;
}

void Teller::Begin(const Packet& packet) {
  begun_ = true;
  story_.number = choice_.number;
  story_.key = packet.key;
  story_.initiator = InitiatorBy(packet);
  story_.first_frame = frame_;
  story_.first_time_ns = packet.time_ns;
  const auto asked = asked_.find(PairOf(story_.client(), story_.server()));
  if (asked != asked_.end()) story_.asked = asked->second;
  asked_.clear();
}

void Teller::Learn(const Packet& packet) {
  inspector_.Learn(packet);
  for (size_t i = 0; i < lessons_.count && !begun_ && asked_.size() < kMostAsked; ++i) {
    const DnsLesson& lesson = lessons_.lessons[i];
    asked_[PairOf(lesson.client, lesson.server)] = {std::string(lesson.name.data(), lesson.size),
                                                    frame_, lesson.ttl_seconds};
  }
  lessons_.count = 0;
}

// The same looks that the worker takes, within its bounds; what comes later changes nothing.
void Teller::Look(const Packet& packet) {
  if (decided_ || !packet.inspectable() || story_.sights.size() >= FlowStory::kMostSights) return;
  if (++inspected_ > kInspectPackets && slot_ == 0) return;
  const bool from_initiator = packet.sender == story_.initiator;
  Inspection inspection = inspector_.Inspect(packet, from_initiator, &slot_);
  decided_ = inspection.state != Inspection::State::kMore;
  Classification known = inspection.classification;
  if (!decided_) known = inspector_.Recognised(slot_).value_or(Classification{});
  Sight sight = {frame_, from_initiator, known.protocol, std::string(inspection.name), decided_};
  const bool news = decided_ || !sight.name.empty() ||
                    (sight.protocol != Protocol::kNone &&
                     (story_.sights.empty() || story_.sights.back().protocol != sight.protocol));
  if (news) story_.sights.push_back(sight);
  while (story_.sights.size() < FlowStory::kMostSights && !inspection.name.empty() &&
         inspector_.NextName(&inspection)) {
    sight.name = inspection.name;
    story_.sights.push_back(sight);
  }
  if (decided_) inspector_.Release(slot_);
}

absl::StatusOr<FlowStory> Teller::Finish() {
  if (!begun_) {
    return absl::NotFoundError(
        choice_.key.has_value()
            ? std::string("no frame of this flow (is --tunnel the right one?)")
            : absl::StrCat("there are ", numbers_.size(), " flows, numbered from 1"));
  }
  worker_.Finish();
  Merge(worker_.Take(), &story_.counted);
  const auto& timed = story_.counted.round_trips.timed;
  if (std::all_of(timed.begin(), timed.end(), [](uint64_t flows) { return flows == 0; })) {
    story_.round_trip_ns.reset();
  }
  story_.flows_in_capture = numbers_.size();
  return std::move(story_);
}

}  // namespace

absl::StatusOr<FlowStory> TellFlow(FrameSource* source, const FlowChoice& choice,
                                   const PrefixMap& map, const NameRules& rules,
                                   const FrontOptions& front, const std::optional<Place>& place,
                                   std::shared_ptr<const Entities> entities) {
  Teller teller(choice, map, rules, front, place, std::move(entities));
  FrameBlock block;
  while (true) {
    const absl::StatusOr<bool> more = source->Read(&block);
    if (!more.ok()) return more.status();
    if (!*more) break;
    for (const Frame& frame : block.frames) teller.Take(frame);
  }
  return teller.Finish();
}

}  // namespace borderflow
