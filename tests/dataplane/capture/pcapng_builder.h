// A pcapng written block by block, for tests.
#ifndef BORDERFLOW_TESTS_DATAPLANE_CAPTURE_PCAPNG_BUILDER_H_
#define BORDERFLOW_TESTS_DATAPLANE_CAPTURE_PCAPNG_BUILDER_H_

#include <cstdint>

#include "tests/dataplane/capture/captures.h"

namespace borderflow {

class PcapngBuilder {
 public:
  explicit PcapngBuilder(bool big_endian = false) { Section(big_endian); }

  // A new section; what follows has its byte order.
  PcapngBuilder& Section(bool big_endian, uint16_t major = 1, uint16_t minor = 0) {
    big_endian_ = big_endian;
    const ByteWriter body =
        Writer().U32(0x1a2b3c4d).U16(major).U16(minor).U64(UINT64_MAX);  // length unknown
    return Block(0x0a0d0d0a, body.bytes());
  }
  PcapngBuilder& Interface(uint16_t link_type, uint32_t snap_length, const Bytes& options = {}) {
    return Block(1, Writer().U16(link_type).U16(0).U32(snap_length).Raw(options).bytes());
  }
  // Options of an interface with if_tsresol and if_tsoffset.
  Bytes ClockOptions(uint8_t resolution, int64_t offset_seconds) const {
    return Writer()
        .U16(9)
        .U16(1)
        .U8(resolution)
        .PadTo4()
        .U16(14)
        .U16(8)
        .U64(static_cast<uint64_t>(offset_seconds))
        .U32(0)
        .bytes();
  }
  PcapngBuilder& Enhanced(uint32_t interface, uint64_t ticks, const Bytes& data, uint32_t original,
                          const Bytes& options = {}) {
    return Block(6, Writer()
                        .U32(interface)
                        .U32(static_cast<uint32_t>(ticks >> 32))
                        .U32(static_cast<uint32_t>(ticks))
                        .U32(static_cast<uint32_t>(data.size()))
                        .U32(original)
                        .Raw(data)
                        .PadTo4()
                        .Raw(options)
                        .bytes());
  }
  PcapngBuilder& Enhanced(uint32_t interface, uint64_t ticks, const Bytes& data) {
    return Enhanced(interface, ticks, data, static_cast<uint32_t>(data.size()));
  }
  PcapngBuilder& Obsolete(uint16_t interface, uint64_t ticks, const Bytes& data,
                          uint32_t original) {
    return Block(2, Writer()
                        .U16(interface)
                        .U16(0xffff)
                        .U32(static_cast<uint32_t>(ticks >> 32))
                        .U32(static_cast<uint32_t>(ticks))
                        .U32(static_cast<uint32_t>(data.size()))
                        .U32(original)
                        .Raw(data)
                        .PadTo4()
                        .bytes());
  }
  PcapngBuilder& Simple(const Bytes& data, uint32_t original) {
    return Block(3, Writer().U32(original).Raw(data).bytes());
  }
  // Any block; `body` is padded.
  PcapngBuilder& Block(uint32_t type, const Bytes& body) {
    const Bytes padded = Writer().Raw(body).PadTo4().bytes();
    const uint32_t length = static_cast<uint32_t>(12 + padded.size());
    return Raw(Writer().U32(type).U32(length).Raw(padded).U32(length).bytes());
  }
  PcapngBuilder& Raw(const Bytes& bytes) {
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
    return *this;
  }

  ByteWriter Writer() const { return ByteWriter(big_endian_); }
  const Bytes& bytes() const { return bytes_; }
  uint64_t size() const { return bytes_.size(); }

 private:
  bool big_endian_ = false;
  Bytes bytes_;
};

}  // namespace borderflow

#endif  // BORDERFLOW_TESTS_DATAPLANE_CAPTURE_PCAPNG_BUILDER_H_
