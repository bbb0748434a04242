// FlowTexts: what is remembered of readable flows from one packet to the next, in fixed memory: the
// ends of what was read (carried_text.h) and how much was found.
//
// Found by the flow's key, so that the flow itself holds nothing. Text is kept while its flow is
// under inspection, and wiped when that ends, when it was not used for longer than its age (event
// time), or when the room goes to another flow. As long as no text was taken from a flow before its
// age, which is counted, what a flow finds depends on its own packets only.
//
// Thread safety: none; one a worker.
#ifndef BORDERFLOW_DATAPLANE_INSPECT_FLOW_TEXTS_H_
#define BORDERFLOW_DATAPLANE_INSPECT_FLOW_TEXTS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "dataplane/flow/arena.h"
#include "dataplane/inspect/content/carried_text.h"
#include "dataplane/inspect/content/content.h"
#include "dataplane/inspect/reader.h"
#include "dataplane/packet/flow_key.h"
#include "dataplane/packet/keyed_hash.h"

namespace borderflow {

// One direction of a TCP stream, as far as it was read.
struct ReadStream {
  uint32_t next = 0;    // sequence number behind what was read
  bool begun = false;   // `next` is known
  bool gapped = false;  // something before `next` was not seen
  CarriedText end;
};

// What a packet brings to a stream that was read so far.
struct TextNews {
  Bytes bytes;
  bool joins = false;  // they follow what was read
  bool last = false;   // what follows them is not read, so that nothing can join them
};

struct FlowText {
  FlowKey owner;
  uint64_t used_ns = 0;
  std::array<ReadStream, 2> streams;           // of the responder, of the initiator
  std::array<uint8_t, kContentKinds> found{};  // hits, up to 255 of a kind
  uint16_t newer = 0;
  uint16_t older = 0;  // of those that are free, the next
  uint16_t next = 0;   // of those whose keys share a bucket
};

static_assert(std::is_trivially_copyable_v<FlowText>);  // all zero is a new one

class FlowTexts {
 public:
  static constexpr uint16_t kMost = 2048;

  // Dies when the address space is exhausted.
  explicit FlowTexts(uint16_t most = kMost);

  // The flow's text, marked as used; nullptr when it has none, or none of its age.
  FlowText* Find(const FlowKey& owner, uint64_t now_ns);

  // A new one. REQUIRES: the flow has none.
  FlowText* Take(const FlowKey& owner, uint64_t now_ns);

  // Wipes the flow's text if it has one.
  void Forget(const FlowKey& owner);

  uint16_t held() const { return held_; }
  // Texts taken from flows whose inspection could still have used them.
  uint64_t exhausted() const { return exhausted_; }
  // All memory that text may stand in; what is not held must not be found in it.
  Bytes memory() const;

 private:
  uint16_t& BucketOf(const FlowKey& owner);
  uint16_t IndexOf(const FlowKey& owner);
  void Link(uint16_t index);
  void Unlink(uint16_t index);
  void Free(uint16_t index);
  bool IsOld(const FlowText& text, uint64_t now_ns) const;

  KeyedHash hash_;
  Arena<FlowText> texts_;    // [0] stays unused, so that index 0 is none
  Arena<uint16_t> buckets_;  // the first of each
  uint16_t touched_ = 0;
  uint16_t free_ = 0;
  uint16_t newest_ = 0;
  uint16_t oldest_ = 0;
  uint16_t held_ = 0;
  uint64_t exhausted_ = 0;
};

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_INSPECT_FLOW_TEXTS_H_
