// QuicCrypto: opens the Initial packets of a QUIC client.
//
// Initial keys are public: they follow from the version and the client's first destination
// connection id (RFC 9001 section 5.2, RFC 9369 section 3.3). SHA-256 goes through OpenSSL's
// low-level calls: their states are plain values that can be primed with a key and copied, where
// EVP would allocate for each copy. AES-GCM goes through Intel's IPsec multi-buffer library, which
// takes a key and opens a packet in two calls and with the widest instructions of the processor: a
// third of EVP's time, since each flow has its own key and seldom more than two packets.
//
// Thread safety: none. Cost: about 0.7 us for the keys and 0.25 us for a packet of 1,200 bytes. No
// allocation after construction.
#ifndef BORDERFLOW_DATAPLANE_INSPECT_QUIC_CRYPTO_H_
#define BORDERFLOW_DATAPLANE_INSPECT_QUIC_CRYPTO_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "dataplane/inspect/reader.h"

namespace borderflow {

// How a version protects its Initials.
enum class QuicFamily : uint8_t {
  kNone,     // not a version that we can open
  kDraft22,  // and the mvfst of its time
  kDraft23,  // to draft 28
  kDraft29,  // to draft 32
  kV1,       // and drafts 33, 34
  kV2,
  kQ050,
  kT050,
  kT051,
};
QuicFamily FamilyOf(uint32_t version);

struct QuicKeys {
  std::array<uint8_t, 16> key;
  std::array<uint8_t, 12> iv;
  std::array<uint8_t, 16> header;
};

class QuicCrypto {
 public:
  QuicCrypto();
  ~QuicCrypto();

  // Keys of the client's Initials. REQUIRES: family is not kNone; a connection id of at most 20
  // bytes (RFC 9000 section 17.2).
  QuicKeys ClientKeys(QuicFamily family, Bytes connection_id) const;

  // Opens the Initial `packet`, which ends with its tag; its packet number starts at
  // `number_offset`. Empty when the tag says that it was not protected with these keys. Valid until
  // the next call.
  Bytes Open(const QuicKeys& keys, Bytes packet, size_t number_offset);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_INSPECT_QUIC_CRYPTO_H_
