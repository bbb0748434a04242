// Receivers that never answer, and frames to count meanwhile.
#ifndef BORDERFLOW_TESTS_COLLECTORS_EXPORT_BLOCKED_H_
#define BORDERFLOW_TESTS_COLLECTORS_EXPORT_BLOCKED_H_

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <string>
#include <vector>

#include "dataplane/replay.h"

namespace borderflow {

// Accepts what a kernel accepts by itself, and never reads a byte or answers one.
class SilentServer {
 public:
  SilentServer() : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const int small = 4096;  // inherited by connections: they fill up at once
    setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small));
    sockaddr_in any{};
    any.sin_family = AF_INET;
    any.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(any);
    bind(socket_, reinterpret_cast<sockaddr*>(&any), size);
    getsockname(socket_, reinterpret_cast<sockaddr*>(&any), &size);
    listen(socket_, 8);
    port_ = std::to_string(ntohs(any.sin_port));
  }
  ~SilentServer() { close(socket_); }
  SilentServer(const SilentServer&) = delete;
  SilentServer& operator=(const SilentServer&) = delete;
  const std::string& port() const { return port_; }

 private:
  int socket_;
  std::string port_;
};

// Frames of one flow, as many as asked for.
class EndlessFrames final : public FrameSource {
 public:
  explicit EndlessFrames(uint64_t frames) : left_(frames) {}
  absl::StatusOr<bool> Read(FrameBlock* block) override {
    block->Clear();
    if (left_ == 0) return false;
    for (int i = 0; i < 256 && left_ > 0; ++i, --left_) {
      Frame frame;
      frame.data = kFrame;
      frame.captured = sizeof(kFrame);
      frame.bytes = sizeof(kFrame);
      frame.time_ns = ++time_ns_;
      frame.link_type = kEthernet;
      block->frames.push_back(frame);
    }
    return true;
  }
  uint64_t bytes_read() const override { return 0; }
  uint64_t bytes_total() const override { return 0; }
  std::vector<Damage> damaged() const override { return {}; }

 private:
  static constexpr uint16_t kEthernet = 1;  // LINKTYPE_ETHERNET
  // Ethernet, IPv4, UDP from 8.8.8.8 port 53 to 9.9.9.9 port 99.
  static constexpr uint8_t kFrame[42] = {2,    0, 0, 0,  0, 1, 2, 0,  0,  0,  0, 2, 8, 0,
                                         0x45, 0, 0, 28, 0, 0, 0, 0,  64, 17, 0, 0, 8, 8,
                                         8,    8, 9, 9,  9, 9, 0, 53, 0,  99, 0, 8, 0, 0};
  uint64_t left_;
  uint64_t time_ns_ = 1'780'000'000'000'000'000;
};

// Two workers count `frames` frames, every one of which must be in the result.
inline void ExpectAllCounted(uint64_t frames) {
  EndlessFrames source(frames);
  const PrefixMap map;
  Snapshot snapshot;
  EXPECT_TRUE(
      Replay(&source, map, NameRules::BuiltIn(), ReplayOptions{2, {}, {}}, nullptr, &snapshot)
          .ok());
  EXPECT_EQ(snapshot.decode.captured.frames, frames);
  EXPECT_EQ(snapshot.decode.ip.frames, frames);
}

}  // namespace borderflow

#endif  // BORDERFLOW_TESTS_COLLECTORS_EXPORT_BLOCKED_H_
