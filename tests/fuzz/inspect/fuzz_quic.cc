// QUIC packets, frames and Google's CHLO; hostile bytes through the real AEAD as well.
#include <cstdlib>

#include "dataplane/inspect/quic.h"

using borderflow::Bytes;

namespace {

void Require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static borderflow::QuicCrypto* const crypto = new borderflow::QuicCrypto;
  const Bytes input(data, size);
  borderflow::IsQuic(input);
  borderflow::QuicPacket packet;
  size_t at = 0;
  while (true) {
    const size_t before = at;
    if (!borderflow::NextQuicPacket(input, &at, &packet)) break;
    Require(at > before && at <= size);
    if (packet.type != borderflow::QuicType::kInitial || !packet.complete) continue;
    Require(packet.number_offset <= packet.bytes.size());
    const auto keys = crypto->ClientKeys(packet.family, packet.connection_id);
    crypto->Open(keys, packet.bytes, packet.number_offset);
  }
  borderflow::CryptoFrame frame;
  at = 0;
  while (true) {
    const size_t before = at;
    if (!borderflow::NextCryptoFrame(input, &at, &frame)) break;
    Require(at > before && frame.bytes.size() <= size);
  }
  std::string_view name;
  borderflow::IsGoogleQuic(input);
  borderflow::ParseChlo(input, &name);
  Require(name.size() <= size);
  return 0;
}
