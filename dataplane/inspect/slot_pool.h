// SlotPool: what an undecided flow makes us remember, in fixed memory.
//
// A slot is a record and a buffer of 4 KiB; a stream that needs more is moved to one of fewer
// buffers of 16 KiB. All is mapped at once and touched on use, and slots are reused last-in
// first-out, so that resident memory follows the most slots ever held at one time. What a buffer
// held is wiped when it is given back.
//
// A slot that was not used for longer than its age (event time) is worth nothing any more: the next
// look-up drops its bytes, keeping what had been recognised; a speculative one, which has
// recognised nothing, is given back whole, and its memory may be taken before that without anybody
// noticing. When all slots are held beyond that, the one used longest ago is taken from its flow,
// and counted. As long as that does not happen, what a flow finds depends on its own packets only.
//
// Thread safety: none; one a worker.
#ifndef BORDERFLOW_DATAPLANE_INSPECT_SLOT_POOL_H_
#define BORDERFLOW_DATAPLANE_INSPECT_SLOT_POOL_H_

#include <cstddef>
#include <cstdint>

#include "dataplane/count/cell.h"
#include "dataplane/inspect/flow_note.h"
#include "dataplane/inspect/inspector.h"
#include "dataplane/inspect/quic_crypto.h"
#include "dataplane/inspect/reassembly.h"
#include "dataplane/packet/flow_key.h"

namespace borderflow {

inline constexpr uint32_t kSmallBuffer = 4096;
inline constexpr uint32_t kLargeBuffer = 16384;

// What a slot's bytes are known to be.
enum class SlotKind : uint8_t {
  kNote,    // no bytes: only `best`
  kHeld,    // a stream whose start was not recognised; it may still turn up
  kTls,     // from `start`: TLS records of a ClientHello
  kHttp,    // from `start`: an HTTP/1 request
  kHttp2,   // from `start`: HTTP/2 frames behind the preface
  kDnsTcp,  // from `start`: DNS messages with their lengths
  kQuic,    // CRYPTO bytes by their offset
  kDtls,    // a ClientHello's body by its fragment offset
  kServer,  // from `start`: TLS records of a server's first flight
  kRtp,     // no bytes: what the next RTP packet of this direction must continue
};

struct Slot {
  FlowKey owner;
  uint64_t used_ns = 0;
  Classification best;  // what is known should nothing better come
  Segments segments;
  uint32_t base = 0;          // sequence number of the buffer's first byte (TCP)
  uint32_t start = 0;         // offset of the message in the buffer
  uint32_t needed = 0;        // bytes from `start` below which parsing again is no use
  uint32_t resume = 0;        // bytes from `start` that need not be read again
  uint32_t hello_length = 0;  // DTLS: of the whole body
  uint16_t hello_number = 0;  // DTLS: message sequence
  uint16_t large = 0;         // 1 + index of the large buffer; 0 for none
  uint32_t rtp_source = 0;    // RTP: SSRC
  uint16_t rtp_number = 0;    // RTP: sequence number
  uint8_t rtp_in_row = 0;     // RTP: packets that continued each other
  SlotKind kind = SlotKind::kNote;
  // What the flow is while TLS inside it is read; kNone where TLS is all of it.
  Protocol around = Protocol::kNone;
  ProtocolCandidate candidate;  // what the flow's latest packet may be
  bool from_initiator = false;  // direction of the bytes
  bool has_start = false;
  bool speculative = false;
  bool taken = false;
  bool overflowed = false;           // a byte had no room: the message cannot be completed
  uint16_t wipe_begin = UINT16_MAX;  // what of the buffer may hold bytes, of whatever message
  uint16_t wipe_end = 0;
  uint16_t shown = 0;    // packets of the flow, of either direction, while it holds the slot
  uint16_t stalled = 0;  // the latest of them that brought no new byte
  uint8_t generation = 0;
  bool has_quic_keys = false;
  QuicKeys quic_keys;  // of the first client Initial
  uint16_t newer = 0;
  uint16_t older = 0;
};

struct SlotPoolCounters {
  uint64_t exhausted = 0;  // a slot was taken from its flow, or no large buffer was left
  uint64_t expired = 0;    // firm slots whose bytes were dropped for their age
  uint64_t conflicts = 0;  // segments that overlap with other bytes
  uint64_t too_long = 0;   // streams beyond 16 KiB or with too many gaps
};

// A handle is the slot's index in the lower 12 bits, and above them how often the slot was taken
// (modulo 16), so that a handle whose slot went to another flow is hardly ever mistaken. Indices
// above kMaxSlots stand for notes that need no slot (flow_note.h).
inline constexpr uint16_t kMaxSlots = 0xdff;

class SlotPool {
 public:
  // `slots` is at most kMaxSlots. Dies when the address space is exhausted.
  explicit SlotPool(uint16_t slots = kMaxSlots, uint16_t large_buffers = 512);
  ~SlotPool();
  SlotPool(const SlotPool&) = delete;
  SlotPool& operator=(const SlotPool&) = delete;

  // The flow's slot, marked as used at `now_ns`; nullptr, with the handle cleared, when it has none
  // or lost it.
  Slot* Find(SlotHandle* handle, const FlowKey& owner, uint64_t now_ns);

  // A fresh slot for the flow, whose handle is set. A speculative one expires sooner, and nothing
  // may be noted in its `best`.
  Slot* Take(SlotHandle* handle, const FlowKey& owner, uint64_t now_ns, bool speculative);

  // Turns a speculative slot into a firm one.
  void MakeFirm(Slot* slot);

  // The slot behind a handle, whatever its age; nullptr when it was taken away. Changes nothing.
  const Slot* Peek(SlotHandle handle) const {
    const uint16_t index = handle & kIndexMask;
    if (index == 0 || index > slots_touched_) return nullptr;
    const Slot* slot = &slots_[index];
    return slot->taken && slot->generation == handle >> kIndexBits ? slot : nullptr;
  }
  Slot* Peek(SlotHandle handle) {
    return const_cast<Slot*>(static_cast<const SlotPool*>(this)->Peek(handle));
  }

  // Asks memory for what a look at the slot reads first.
  void Prefetch(SlotHandle handle) const {
    const Slot* const slot = &slots_[handle & kIndexMask];
    __builtin_prefetch(slot);
    __builtin_prefetch(&slot->kind);
  }

  // Gives a slot back if the handle still stands for one.
  void Release(SlotHandle handle);

  // Stores what of `bytes` falls into the buffer; `offset` may be negative. Sets `overflowed` when
  // some of it had no room. A speculative slot has 4 KiB only.
  void Store(Slot* slot, int64_t offset, Bytes bytes, Segments::Keep keep = Segments::Keep::kFirst);

  // The bytes from slot->start on, as far as they have no gap.
  Bytes Prefix(const Slot& slot) const;

  const SlotPoolCounters& counters() const { return counters_; }
  // All buffers; what is not held must not be found in them.
  Bytes memory() const;

 private:
  static constexpr int kIndexBits = 12;
  static constexpr uint16_t kIndexMask = (1 << kIndexBits) - 1;
  struct List {  // by use, ends are 0 when empty
    uint16_t newest = 0;
    uint16_t oldest = 0;
  };
  uint16_t IndexOf(const Slot* slot) const { return static_cast<uint16_t>(slot - slots_); }
  List& ListOf(const Slot* slot) { return lists_[slot->speculative ? 1 : 0]; }
  void Link(Slot* slot);
  void Unlink(Slot* slot);
  void Free(Slot* slot);
  void DropBytes(Slot* slot);
  void Wipe(Slot* slot);
  void Overflow(Slot* slot);
  uint16_t Unused(uint64_t now_ns);
  uint8_t* Buffer(const Slot* slot) const;
  bool Grow(Slot* slot);

  size_t mapped_bytes_ = 0;
  uint8_t* mapped_ = nullptr;
  Slot* slots_ = nullptr;  // [0] stays unused, so that handle 0 is none
  uint8_t* small_buffers_ = nullptr;
  uint8_t* large_buffers_ = nullptr;
  uint16_t* free_large_ = nullptr;
  uint16_t slot_count_ = 0;
  uint16_t large_count_ = 0;
  uint16_t slots_touched_ = 0;
  uint16_t large_touched_ = 0;
  uint16_t free_large_count_ = 0;
  uint16_t free_slots_ = 0;  // a list through `newer`
  List lists_[2];            // firm, speculative
  SlotPoolCounters counters_;
};

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_INSPECT_SLOT_POOL_H_
