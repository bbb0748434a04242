// QUIC packets: Initials under the keys that the version prescribes, and what follows as noise.
//
// Sources: RFC 9000 section 17.2 (packets), RFC 9001 sections 5.2 to 5.4 (Initial secrets, header
// protection), RFC 9369 (version 2). Written for its own sake and sharing nothing with the
// inspector, whose witness it is.
//
// Thread safety: QuicKeys is immutable; the rest is pure but for the Random.
#ifndef BORDERFLOW_TOOLS_GENERATOR_QUIC_INITIAL_H_
#define BORDERFLOW_TOOLS_GENERATOR_QUIC_INITIAL_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "tools/generator/conversation.h"
#include "tools/generator/random.h"

namespace borderflow::generator {

inline constexpr uint32_t kQuicVersion1 = 0x00000001;
inline constexpr uint32_t kQuicVersion2 = 0x6b3343cf;

// The least UDP payload that carries an ack-eliciting Initial (RFC 9000 section 14.1).
inline constexpr size_t kQuicDatagram = 1200;

struct QuicKeys {
  std::string key;                // AES-128-GCM
  std::string iv;                 // 12 bytes
  std::string header_protection;  // AES-128

  // The keys of one side's Initials, from the first Destination Connection ID of the client. About
  // 10 us.
  static QuicKeys Initial(uint32_t version, Side side, std::string_view first_destination_id);
};

struct QuicInitial {
  uint32_t version = kQuicVersion1;
  std::string_view destination_id;
  std::string_view source_id;
  std::string_view token;
  uint32_t packet_number = 0;
  std::string_view frames;  // plaintext
  // PADDING is added until the protected packet has this many bytes; 0 for none.
  size_t packet_size = 0;
};

// The protected packet, as it stands in a datagram.
std::string ProtectInitial(const QuicKeys& keys, const QuicInitial& initial);

// Frames (RFC 9000 section 19).
std::string CryptoFrame(uint64_t offset, std::string_view data);
std::string AckFrame(uint32_t largest);
std::string PingFrame();

// A Handshake packet of `size` bytes in all whose protected part is noise; at least 60.
std::string OpaqueHandshake(uint32_t version, std::string_view destination_id,
                            std::string_view source_id, size_t size, Random& random);
// A 1-RTT packet of `size` bytes in all; at least 40.
std::string OpaqueShort(std::string_view destination_id, size_t size, Random& random);

}  // namespace borderflow::generator

#endif  // BORDERFLOW_TOOLS_GENERATOR_QUIC_INITIAL_H_
