#include "tools/generator/stray_frames.h"

#include <string>
#include <string_view>

#include "tools/generator/bytes.h"
#include "tools/generator/frames.h"

namespace borderflow::generator {
namespace {

constexpr uint64_t kBetween = 1'000'000;  // ns

}  // namespace

void AddNeighbourChatter(Recorder* recorder, uint64_t now) {
  const auto add = [&](std::string_view bytes, uint64_t time_ns) {
    FrameBuffer& frame = recorder->frame();
    frame.Reset(bytes);
    frame.PadTo(kEthernetMinimum);
    const uint32_t length = static_cast<uint32_t>(frame.size());
    recorder->Add(time_ns, frame.bytes(), length);
    recorder->truth().CountNonIp(length, time_ns);
  };
  const std::string host("\x02\x00\x0a\x14\x00\x0b", 6);
  const std::string router("\x00\x00\x5e\x00\x01\x01", 6);
  for (const bool answer : {false, true}) {
    ByteWriter arp;
    arp.Raw(answer ? host : std::string(6, '\xff')).Raw(answer ? router : host).U16(kEtherArp);
    arp.U16(1).U16(kEtherIpv4).U8(6).U8(4).U16(answer ? 2 : 1);
    arp.Raw(answer ? router : host).U32(answer ? 0x0a140001 : 0x0a14000b);
    arp.Raw(answer ? host : std::string(6, '\0')).U32(answer ? 0x0a14000b : 0x0a140001);
    add(arp.bytes(), now + (answer ? 300'000 : 0));
  }
  ByteWriter bridge;  // IEEE 802.1D configuration BPDU
  bridge.U16(0x0180).U32(0xc2000000).Raw(router).U16(38).U24(0x424203);
  bridge.U16(0).U8(0).U8(0).U8(0).U16(0x8000).Raw(router).U32(0).U16(0x8000).Raw(router);
  bridge.U16(0x8001).U16(0).U16(20 << 8).U16(2 << 8).U16(15 << 8);
  add(bridge.bytes(), now + kBetween);
}

void AddBrokenFrames(Recorder* recorder, uint64_t now) {
  const auto add = [&](uint16_t type, std::string_view packet, size_t pad_to) {
    FrameBuffer& frame = recorder->frame();
    frame.Reset(ByteWriter().Fill(6, 2).Fill(6, 4).U16(type).Raw(packet).bytes());
    frame.PadTo(pad_to);
    const uint32_t length = static_cast<uint32_t>(frame.size());
    recorder->Add(now, frame.bytes(), length);
    recorder->truth().CountMalformed(length, now);
    now += kBetween;
  };
  add(kEtherIpv4, std::string(1, '\x43'), kEthernetMinimum);  // a header of 12 bytes
  add(kEtherIpv4, std::string(1, '\x75'), kEthernetMinimum);  // version 7
  add(kEtherIpv4, std::string("\x45\0\0\x54\0\0", 6), 0);     // the header is cut
  add(kEtherIpv6, std::string("\x60\0\0\0\0\x08", 6), 0);
}

}  // namespace borderflow::generator
