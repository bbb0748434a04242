// What a source delivers, with bytes of its own.
#ifndef BORDERFLOW_TESTS_DATAPLANE_CAPTURE_DPDK_POLLED_H_
#define BORDERFLOW_TESTS_DATAPLANE_CAPTURE_DPDK_POLLED_H_

#include <array>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "dataplane/burst_source.h"
#include "tests/dataplane/capture/captures.h"

namespace borderflow {

// One poll.
inline std::vector<OwnedFrame> Polled(BurstSource* source, uint64_t now_ns = 0) {
  std::array<Frame, kBurst> frames;
  const size_t found = source->Poll(now_ns, absl::MakeSpan(frames));
  FrameBlock block;
  block.frames.assign(frames.begin(), frames.begin() + static_cast<std::ptrdiff_t>(found));
  std::vector<OwnedFrame> owned;
  AppendFrames(block, &owned);
  source->Release();
  return owned;
}

// Polls until so many frames came; only a loss goes on for ever.
inline std::vector<OwnedFrame> PolledUntil(BurstSource* source, size_t frames) {
  std::vector<OwnedFrame> all;
  while (all.size() < frames) {
    std::vector<OwnedFrame> some = Polled(source);
    if (some.empty()) std::this_thread::yield();
    all.insert(all.end(), some.begin(), some.end());
  }
  return all;
}

// A capture file for one test.
class CaptureFile {
 public:
  CaptureFile(const std::string& name, const Bytes& bytes)
      : path_(std::filesystem::temp_directory_path() /
              ("borderflow_" + name + "_" + std::to_string(getpid()) + ".pcap")) {
    std::ofstream(path_, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()),
               static_cast<std::streamsize>(bytes.size()));
  }
  ~CaptureFile() { std::filesystem::remove(path_); }
  CaptureFile(const CaptureFile&) = delete;
  CaptureFile& operator=(const CaptureFile&) = delete;

  std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

}  // namespace borderflow

#endif  // BORDERFLOW_TESTS_DATAPLANE_CAPTURE_DPDK_POLLED_H_
