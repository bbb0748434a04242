// PcapWriter: frames -> a classic pcap file of link type Ethernet.
//
// Little-endian on every machine, in nanoseconds or microseconds (LINKTYPE_ETHERNET, version 2.4).
// Frames are collected in a 4 MiB buffer and written by write(2), about 1.5 GB/s into the page
// cache.
//
// Thread safety: none.
#ifndef BORDERFLOW_TOOLS_GENERATOR_PCAP_WRITER_H_
#define BORDERFLOW_TOOLS_GENERATOR_PCAP_WRITER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"

namespace borderflow::generator {

enum class TimeUnit : uint8_t { kNanoseconds, kMicroseconds };

class PcapWriter {
 public:
  PcapWriter() = default;
  ~PcapWriter();
  PcapWriter(const PcapWriter&) = delete;
  PcapWriter& operator=(const PcapWriter&) = delete;

  // Creates or replaces `path`. Errors: the system's, with the path.
  absl::Status Open(const std::string& path, TimeUnit unit);

  // Appends one frame; `captured` may be shorter than `original_length`. An error of the disk is
  // kept and returned by Close.
  void Write(uint64_t time_ns, absl::Span<const uint8_t> captured, uint32_t original_length);

  // Writes what is buffered and closes. The first error met since Open, with the path.
  absl::Status Close();

  uint64_t file_bytes() const { return file_bytes_; }

 private:
  void Drain();

  std::string path_;
  std::vector<uint8_t> buffer_;
  size_t used_ = 0;
  uint64_t file_bytes_ = 0;
  absl::Status status_;
  int file_ = -1;
  TimeUnit unit_ = TimeUnit::kNanoseconds;
};

}  // namespace borderflow::generator

#endif  // BORDERFLOW_TOOLS_GENERATOR_PCAP_WRITER_H_
