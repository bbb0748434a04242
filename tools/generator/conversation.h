// Conversation: one flow between a client and a server, from bytes said to frames on the wire.
//
// Keeps TCP's sequence numbers, both ends' IP identifications and a clock of its own, wraps what is
// said in the headers of its path, tells the truth what it did, and hands the frames to a Recorder.
//
// Thread safety: none.
#ifndef BORDERFLOW_TOOLS_GENERATOR_CONVERSATION_H_
#define BORDERFLOW_TOOLS_GENERATOR_CONVERSATION_H_

#include <array>
#include <cstdint>
#include <string_view>

#include "tools/generator/frames.h"
#include "tools/generator/recorder.h"
#include "tools/generator/truth.h"

namespace borderflow::generator {

enum class Side : uint8_t { kClient = 0, kServer = 1 };
constexpr Side Other(Side side) { return side == Side::kClient ? Side::kServer : Side::kClient; }

struct Peer {
  IpAddress address;
  Jurisdiction jurisdiction = Jurisdiction::kUnknown;
  uint16_t port = 0;
};

struct Tunnel {
  enum class Kind : uint8_t { kNone, kVxlan, kGre, kGtpU };
  Kind kind = Kind::kNone;
  IpAddress near;  // the end on the client's side
  IpAddress far;
  uint32_t id = 0;
};

struct Path {
  Peer client;
  Peer server;
  bool v4 = true;
  uint8_t transport = kIpTcp;
  Tunnel tunnel;
  std::array<uint16_t, 2> vlans{};  // outer first; 0 is none
  uint64_t rtt_ns = 20'000'000;
  uint16_t mss = 1460;
};

// What the sensor makes of the flow, and how tidy its ends are.
struct Habits {
  std::array<bool, 2> seen = {true, true};  // by Side: a one-way flow has one of them
  bool acks = true;                         // data is acknowledged by frames of its own
  uint8_t retransmit_percent = 0;           // of data segments, sent again 200 ms later
  uint8_t duplicate_percent = 0;            // of frames, copied by the mirror port
  uint32_t snap = 0;                        // bytes captured of a frame; 0 is all
};

class Conversation {
 public:
  // Opens no flow yet: a flow counts from its first frame that is seen.
  Conversation(Recorder* recorder, const Path& path, const FlowDescription& description,
               uint64_t start_ns);

  // TCP's handshake; the client's and server's first sequence numbers are random.
  void Connect();
  // A SYN that is refused.
  void Knock();
  // Says `data`: TCP in segments of the path's MSS, UDP as one datagram (fragmented above the
  // MTU), other protocols as one IP payload.
  void Say(Side side, std::string_view data);
  // Says `data` in TCP segments whose order on the wire is reversed.
  void SayReversed(Side side, std::string_view data);
  // FIN from `first`, FIN from the other, last ACK.
  void Close(Side first);
  void Reset(Side side);
  // A TCP acknowledgement without data.
  void Acknowledge(Side side);

  // From the next frame on the flow is expected to be something else (STARTTLS).
  void Become(const Expectation& expects);

  void Wait(uint64_t ns) { clock_ns_ += ns; }
  // `side` speaks next, at `time_ns` or when the conversation so far is over.
  void Resume(Side side, uint64_t time_ns) {
    clock_ns_ = time_ns > clock_ns_ ? time_ns : clock_ns_;
    turn_ = side;
  }
  uint64_t clock_ns() const { return clock_ns_; }
  Habits& habits() { return habits_; }
  const Path& path() const { return path_; }

 private:
  void Turn(Side side);
  void Segment(Side side, uint8_t flags, uint32_t sequence, std::string_view data,
               std::string_view options);
  void Datagram(Side side, std::string_view data);
  // The recorder's buffer holds an IP payload of which `payload_bytes` are the transport's.
  void SendIp(Side side, uint32_t payload_bytes, uint16_t fragment_offset, bool more_fragments);
  void WrapInTunnel(Side side);
  IpHeader Ip(Side side) const;
  const Peer& At(Side side) const { return side == Side::kClient ? path_.client : path_.server; }

  Recorder* recorder_;
  Path path_;
  FlowDescription description_;
  Habits habits_;
  Truth::Account account_;
  uint64_t clock_ns_;
  std::array<uint32_t, 2> sequence_{};  // next to be sent, by Side
  std::array<uint16_t, 2> identification_{};
  Side turn_ = Side::kClient;
};

}  // namespace borderflow::generator

#endif  // BORDERFLOW_TOOLS_GENERATOR_CONVERSATION_H_
