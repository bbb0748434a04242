// QUIC: long headers and frames of a client's first packets, and the CHLO of Google's QUIC.
//
// Sources: RFC 9000 sections 17.2 (long headers) and 19 (frames), RFC 8999 (what holds for every
// version), RFC 9369 (version 2), RFC 9287 (greased fixed bit, which is why it is not looked at);
// draft-hamilton-early-deployment-quic-00 for Google's.
//
// Thread safety: pure functions over views.
#ifndef BORDERFLOW_DATAPLANE_INSPECT_QUIC_H_
#define BORDERFLOW_DATAPLANE_INSPECT_QUIC_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "dataplane/inspect/quic_crypto.h"
#include "dataplane/inspect/reader.h"

namespace borderflow {

enum class QuicType : uint8_t {
  kVersionNegotiation,
  kInitial,
  kZeroRtt,
  kHandshake,
  kRetry,
  kUnknownVersion,  // greased, or one that we cannot open
};

// One packet of a datagram; several may be coalesced.
struct QuicPacket {
  QuicType type = QuicType::kUnknownVersion;
  QuicFamily family = QuicFamily::kNone;
  Bytes connection_id;       // destination's
  Bytes bytes;               // the whole packet, as far as it is captured
  size_t number_offset = 0;  // of the protected packet number
  bool complete = false;     // all of it is captured
};

// The next long-header packet from `*at` on; false when there is none left. The rest of a datagram
// behind a packet without a length (Retry, unknown versions) belongs to that packet.
bool NextQuicPacket(Bytes datagram, size_t* at, QuicPacket* packet);

// True if a datagram that starts so is QUIC beyond reasonable doubt: a long header of a known
// version with connection ids that fit, or Version Negotiation naming a known version.
bool IsQuic(Bytes datagram);

struct CryptoFrame {
  uint64_t offset = 0;
  Bytes bytes;
};
// The next CRYPTO frame of a decrypted Initial, from `*at` on; skips PADDING, PING and ACK. False
// at the end or at a frame that has no business in an Initial.
bool NextCryptoFrame(Bytes payload, size_t* at, CryptoFrame* frame);

// True for the public header of Google's versions up to Q043, and the long header of Q046.
bool IsGoogleQuic(Bytes datagram);

// The SNI tag of a CHLO message within the first bytes of `bytes`; kNot when no CHLO is there,
// kMore when it is cut short.
Parse ParseChlo(Bytes bytes, std::string_view* name);

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_INSPECT_QUIC_H_
