#include "tools/bench/prepared_frames.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>

#include "dataplane/packet/packet.h"
#include "tools/bench/mix.h"

namespace borderflow {
namespace {

constexpr uint16_t kEthernetLink = 1;
constexpr size_t kEthernetHeader = 14;
constexpr size_t kIpv4Header = 20;
constexpr size_t kIpv6Header = 40;
constexpr size_t kTcpHeader = 20;
constexpr uint8_t kTcp = 6;
constexpr uint64_t kStartNs = 1'700'000'000'000'000'000;
constexpr uint64_t kShareOne = uint64_t{1} << 32;

// One segment that says what the flow is and to whom.
constexpr std::string_view kRequest = "GET / HTTP/1.1\r\nHost: example.com\r\n\r\n";
constexpr uint16_t kHttpPort = 80;
constexpr uint16_t kHttpsPort = 443;

void Put16(uint8_t* at, uint16_t value) {
  value = __builtin_bswap16(value);
  std::memcpy(at, &value, sizeof(value));
}
void Put32(uint8_t* at, uint32_t value) {
  value = __builtin_bswap32(value);
  std::memcpy(at, &value, sizeof(value));
}
void Put64(uint8_t* at, uint64_t value) {
  value = __builtin_bswap64(value);
  std::memcpy(at, &value, sizeof(value));
}

size_t Headers(bool v6) { return kEthernetHeader + (v6 ? kIpv6Header : kIpv4Header) + kTcpHeader; }

}  // namespace

PreparedFrames::PreparedFrames(const Places* places, const PreparedOptions& options)
    : places_(places),
      options_(options),
      new_below_(static_cast<uint64_t>(options.new_flows * static_cast<double>(kShareOne))),
      v6_below_(static_cast<uint64_t>(options.ipv6 * static_cast<double>(kShareOne))),
      victim_(places->V4(0, Mix(options.seed))),
      memory_(options.buffers * kStride, PageSize::kLarge),
      frames_(options.buffers),
      fresh_(options.flows),
      time_ns_(kStartNs) {
  payload_ = *std::max_element(options_.sizes.begin(), options_.sizes.end()) > kSmallestFrame;
  if (payload_) sent_.resize(2 * options_.flows);
  for (size_t i = 0; i < memory_.size(); i += 8) {
    const uint64_t noise = Mix(i);
    std::memcpy(&memory_[i], &noise, sizeof(noise));
  }
  for (size_t at = 0; at < frames_.size(); ++at) {
    frames_[at].data = Buffer(at);
    frames_[at].link_type = kEthernetLink;
  }
}

absl::Span<const Frame> PreparedFrames::Opening() {
  size_t at = 0;
  for (; at + 2 <= buffers() && opened_ < options_.flows; at += 2) {
    const Flow flow = FlowOf(opened_++);
    Write(at, flow, {true, kTcpSyn, flow.sequence, kSmallestFrame});
    const auto bytes =
        static_cast<uint32_t>(Headers(flow.v6) + kRequest.size() + kFrameCheckSequence);
    Write(at + 1, flow, {true, kTcpPsh | kTcpAck, flow.sequence + 1, bytes});
    std::memcpy(Buffer(at + 1) + Headers(flow.v6), kRequest.data(), kRequest.size());
  }
  return Ready(at);
}

absl::Span<const Frame> PreparedFrames::NewFlows(size_t count) {
  for (size_t at = 0; at < count; ++at) WriteNew(at);
  return Ready(count);
}

absl::Span<const Frame> PreparedFrames::Next(size_t count) {
  for (size_t at = 0; at < count; ++at) {
    const uint64_t random = Mix(Mix(options_.seed) + draws_++);
    if ((random & (kShareOne - 1)) < new_below_) {
      WriteNew(at);
    } else {
      WriteOpen(at, Mix(random));
    }
  }
  return Ready(count);
}

void PreparedFrames::WriteNew(size_t at) {
  const Flow flow = FlowOf(fresh_++);
  Write(at, flow, {true, kTcpSyn, flow.sequence, kSmallestFrame});
}

void PreparedFrames::WriteOpen(size_t at, uint64_t random) {
  const uint64_t number = Below(random, static_cast<uint32_t>(options_.flows));
  const Flow flow = FlowOf(number);
  const bool from_client = (random & 1) != 0;
  const uint64_t draw = Mix(random);
  const uint32_t size = options_.sizes[Below(draw, static_cast<uint32_t>(options_.sizes.size()))];
  const uint32_t opening = from_client ? 1 + static_cast<uint32_t>(kRequest.size()) : 1;
  Segment segment = {from_client, kTcpAck, flow.sequence + opening, size};
  if (payload_) {
    uint32_t& sent = sent_[2 * number + (from_client ? 1 : 0)];
    segment.sequence += sent;
    const size_t without = Headers(flow.v6) + kFrameCheckSequence;
    if (size > kSmallestFrame && size > without) sent += static_cast<uint32_t>(size - without);
  }
  Write(at, flow, segment);
}

// A flow's ends by its number alone: no table of flows stands between one batch and the next, which
// would push the worker's own tables out of the caches.
PreparedFrames::Flow PreparedFrames::FlowOf(uint64_t number) const {
  const uint64_t random = Mix(options_.seed + (number << 8));
  Flow flow;
  flow.v6 = (random & (kShareOne - 1)) < v6_below_;
  const uint64_t client = Mix(random + 1);
  const uint64_t server = Mix(random + 2);
  const uint64_t rest = Mix(random + 3);
  flow.sequence = static_cast<uint32_t>(rest >> 32);
  constexpr uint16_t kFirstPort = 1024;
  flow.client_port = static_cast<uint16_t>(kFirstPort + rest % (65536 - kFirstPort));
  flow.server_port = number < options_.flows ? kHttpPort : kHttpsPort;
  const uint32_t countries = places_->countries();
  if (options_.syn_flood && number >= options_.flows) {
    flow.v6 = false;
    flow.client = places_->V4(Below(random, countries), client);
    flow.server = victim_;
    return flow;
  }
  // Each client's country talks to as many others, itself first.
  const uint32_t pair = Below(random, options_.cells / 2);
  const uint32_t from = pair % countries;
  const uint32_t to = (from + pair / countries) % countries;
  flow.client = flow.v6 ? places_->V6(from, client) : places_->V4(from, client);
  flow.server = flow.v6 ? places_->V6(to, server) : places_->V4(to, server);
  return flow;
}

void PreparedFrames::Write(size_t at, const Flow& flow, const Segment& segment) {
  uint8_t* const start = Buffer(at);
  const auto headers = static_cast<uint32_t>(Headers(flow.v6));
  const uint32_t size = std::max(segment.frame_bytes - kFrameCheckSequence, headers);
  const uint32_t payload = segment.frame_bytes > kSmallestFrame ? size - headers : 0;
  const IpAddress& source = segment.from_client ? flow.client : flow.server;
  const IpAddress& destination = segment.from_client ? flow.server : flow.client;

  constexpr std::array<uint8_t, 12> kMacs = {2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2};
  std::memcpy(start, kMacs.data(), kMacs.size());
  Put16(start + 12, flow.v6 ? 0x86dd : 0x0800);
  uint8_t* ip = start + kEthernetHeader;
  if (flow.v6) {
    Put32(ip, 0x6000'0000);
    Put16(ip + 4, static_cast<uint16_t>(kTcpHeader + payload));
    Put16(ip + 6, uint16_t{kTcp} << 8 | 64);  // next header, hop limit
    Put64(ip + 8, source.high);
    Put64(ip + 16, source.low);
    Put64(ip + 24, destination.high);
    Put64(ip + 32, destination.low);
    ip += kIpv6Header;
  } else {
    Put16(ip, 0x4500);
    Put16(ip + 2, static_cast<uint16_t>(kIpv4Header + kTcpHeader + payload));
    Put32(ip + 4, static_cast<uint32_t>(offered_.frames) << 16 | 0x4000);  // identification, DF
    Put32(ip + 8, uint32_t{64} << 24 | uint32_t{kTcp} << 16);              // TTL, no checksum
    Put32(ip + 12, source.v4());
    Put32(ip + 16, destination.v4());
    ip += kIpv4Header;
  }
  Put16(ip, segment.from_client ? flow.client_port : flow.server_port);
  Put16(ip + 2, segment.from_client ? flow.server_port : flow.client_port);
  Put32(ip + 4, segment.sequence);
  // Acknowledgements differ from frame to frame, or they would look like copies of each other.
  Put32(ip + 8, segment.flags == kTcpSyn ? 0 : static_cast<uint32_t>(offered_.frames));
  Put16(ip + 12, static_cast<uint16_t>(0x5000 | segment.flags));
  Put32(ip + 14, 0xffff'0000);  // window, no checksum
  Put16(ip + 18, 0);

  Frame& frame = frames_[at];
  frame.captured = frame.bytes = size;
  frame.time_ns = time_ns_;
  offered_ += {1, size};
  // A live burst has one time.
  if (offered_.frames % kBurst == 0) time_ns_ += kBurst * options_.frame_interval_ns;
}

}  // namespace borderflow
