#include "dataplane/capture/classic_pcap.h"

#include <algorithm>
#include <array>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "dataplane/capture/block_reader.h"
#include "dataplane/capture/link_types.h"
#include "dataplane/capture/load.h"

namespace borderflow {
namespace {

constexpr uint32_t kMicrosecondMagic = 0xa1b2c3d4;
constexpr uint32_t kNanosecondMagic = 0xa1b23c4d;
constexpr uint32_t kKuznetzovMagic = 0xa1b2cd34;

constexpr size_t kFileHeaderBytes = 24;
constexpr size_t kRecordHeaderBytes = 16;
constexpr size_t kKuznetzovRecordHeaderBytes = 24;  // interface, protocol, packet type, padding

constexpr uint64_t kNanosecondsPerSecond = 1000000000;

// In which order a record states its lengths.
enum class LengthOrder : uint8_t {
  kCapturedFirst,
  kOriginalFirst,  // before version 2.3, and DG/UX's 543.0
  kSmallerFirst,   // 2.3 itself was written both ways; no frame captures more than it had
};

bool IsMagic(uint32_t magic) {
  return magic == kMicrosecondMagic || magic == kNanosecondMagic || magic == kKuznetzovMagic;
}

struct Header {
  bool swapped;
  uint16_t link_type;
  LengthOrder length_order;
  uint32_t fraction_ns;  // nanoseconds in one unit of a record's fraction field
  size_t record_header_bytes;
};

absl::StatusOr<Header> ParseHeader(const std::string& file, absl::Span<const uint8_t> bytes) {
  if (bytes.size() < kFileHeaderBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat(file, ": ends after ", bytes.size(), " bytes, inside the pcap header of ",
                     kFileHeaderBytes, "; nothing was captured, or the copy is incomplete"));
  }
  const bool swapped = !IsMagic(Load32(bytes.data(), false));
  const uint32_t magic = Load32(bytes.data(), swapped);
  const uint16_t major = Load16(bytes.data() + 4, swapped);
  const uint16_t minor = Load16(bytes.data() + 6, swapped);
  if (!(major == 2 && minor <= 4) && !(major == 543 && minor == 0)) {
    return absl::InvalidArgumentError(
        absl::StrCat(file, ":4: pcap version ", major, ".", minor,
                     ", expected 2.0 to 2.4 or 543.0; the header is damaged, or convert the file "
                     "with editcap -F pcapng"));
  }
  // The upper six bits describe a frame check sequence, not the link type.
  const uint32_t link_type = Load32(bytes.data() + 20, swapped) & 0x03ffffff;
  if (link_type > UINT16_MAX) {
    return absl::InvalidArgumentError(absl::StrCat(
        file, ":20: unknown link type ", link_type,
        ", expected a LINKTYPE_ number of at most 65535; the header is damaged: if the frames are "
        "Ethernet, editcap -T ether mends it"));
  }
  Header header;
  header.swapped = swapped;
  header.link_type = CanonicalLinkType(static_cast<uint16_t>(link_type));
  header.length_order = major == 543 || minor < 3 ? LengthOrder::kOriginalFirst
                        : minor == 3              ? LengthOrder::kSmallerFirst
                                                  : LengthOrder::kCapturedFirst;
  header.fraction_ns = magic == kNanosecondMagic ? 1 : 1000;
  header.record_header_bytes =
      magic == kKuznetzovMagic ? kKuznetzovRecordHeaderBytes : kRecordHeaderBytes;
  return header;
}

class ClassicPcap final : public BlockReader {
 public:
  ClassicPcap(std::string file, std::unique_ptr<ByteStream> stream, size_t read_bytes,
              const Header& header)
      : BlockReader(std::move(file), std::move(stream), kFileHeaderBytes, read_bytes),
        header_(header) {}

 protected:
  Parsed Parse(absl::Span<const uint8_t> stretch, FrameBlock* block) override {
    return header_.swapped ? ParseRecords<true>(stretch, block)
                           : ParseRecords<false>(stretch, block);
  }

 private:
  template <bool kSwapped>
  Parsed ParseRecords(absl::Span<const uint8_t> stretch, FrameBlock* block) const;

  const Header header_;
};

template <bool kSwapped>
BlockReader::Parsed ClassicPcap::ParseRecords(absl::Span<const uint8_t> stretch,
                                              FrameBlock* block) const {
  const Header header = header_;  // a copy, so that stores to frames cannot alias it
  Parsed parsed;
  const uint8_t* at = stretch.data();
  const uint8_t* const end = at + stretch.size();
  for (;;) {
    const size_t left = static_cast<size_t>(end - at);
    if (left < header.record_header_bytes) {
      parsed.need = header.record_header_bytes;
      break;
    }
    uint32_t captured = Load32(at + 8, kSwapped);
    uint32_t original = Load32(at + 12, kSwapped);
    if (header.length_order == LengthOrder::kOriginalFirst ||
        (header.length_order == LengthOrder::kSmallerFirst && captured > original)) {
      std::swap(captured, original);
    }
    if (captured > kMaxFrameBytes) {
      parsed.damage = absl::StrCat("record claims ", captured,
                                   " captured bytes, no frame has more than ", kMaxFrameBytes);
      break;
    }
    const size_t record_bytes = header.record_header_bytes + captured;
    if (left < record_bytes) {
      parsed.need = record_bytes;
      break;
    }
    const uint64_t seconds = Load32(at, kSwapped);
    const uint64_t fraction = Load32(at + 4, kSwapped);
    block->frames.push_back(
        {.data = at + header.record_header_bytes,
         .captured = captured,
         .bytes = std::min(original, kMaxFrameBytes),
         .time_ns = seconds * kNanosecondsPerSecond + fraction * header.fraction_ns,
         .link_type = header.link_type,
         .length_forged = original > kMaxFrameBytes});
    at += record_bytes;
  }
  parsed.used = static_cast<size_t>(at - stretch.data());
  return parsed;
}

}  // namespace

bool IsClassicPcap(absl::Span<const uint8_t> begin) {
  return begin.size() >= 4 &&
         (IsMagic(Load32(begin.data(), false)) || IsMagic(Load32(begin.data(), true)));
}

absl::StatusOr<std::unique_ptr<FrameSource>> OpenClassicPcap(std::string file,
                                                             std::unique_ptr<ByteStream> stream,
                                                             size_t read_bytes) {
  const auto begin = stream->Peek(kFileHeaderBytes);
  if (!begin.ok()) return begin.status();
  const absl::StatusOr<Header> header = ParseHeader(file, *begin);
  if (!header.ok()) return header.status();
  std::array<uint8_t, kFileHeaderBytes> consumed;
  const absl::StatusOr<size_t> count = stream->Read(consumed.data(), consumed.size());
  if (!count.ok()) return count.status();
  return std::make_unique<ClassicPcap>(std::move(file), std::move(stream), read_bytes, *header);
}

}  // namespace borderflow
