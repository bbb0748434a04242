// SHA256_* are deprecated since OpenSSL 3.0 in favour of EVP; quic_crypto.h says why they are used.
#define OPENSSL_SUPPRESS_DEPRECATED
// Keeps old names out of the library's header, of which one is SHA1.
#define NO_COMPAT_IMB_API_053
#include "dataplane/inspect/quic_crypto.h"

#include <endian.h>
#include <intel-ipsec-mb.h>
#include <openssl/sha.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>

namespace borderflow {
namespace {

constexpr size_t kHash = 32;
constexpr size_t kHashBlock = 64;
constexpr size_t kTag = 16;
constexpr size_t kSample = 16;
constexpr size_t kMaxPacket = 65536;
constexpr int kFamilies = static_cast<int>(QuicFamily::kT051) + 1;

using Salt = std::array<uint8_t, 20>;

// Initial salts: RFC 9001 section 5.2, RFC 9369 section 3.3.1, the drafts' own text, and for
// Google's versions the constants that its clients are observed to use.
constexpr Salt kSalts[kFamilies] = {
    {},
    {0x7f, 0xbc, 0xdb, 0x0e, 0x7c, 0x66, 0xbb, 0xe9, 0x19, 0x3a,
     0x96, 0xcd, 0x21, 0x51, 0x9e, 0xbd, 0x7a, 0x02, 0x64, 0x4a},
    {0xc3, 0xee, 0xf7, 0x12, 0xc7, 0x2e, 0xbb, 0x5a, 0x11, 0xa7,
     0xd2, 0x43, 0x2b, 0xb4, 0x63, 0x65, 0xbe, 0xf9, 0xf5, 0x02},
    {0xaf, 0xbf, 0xec, 0x28, 0x99, 0x93, 0xd2, 0x4c, 0x9e, 0x97,
     0x86, 0xf1, 0x9c, 0x61, 0x11, 0xe0, 0x43, 0x90, 0xa8, 0x99},
    {0x38, 0x76, 0x2c, 0xf7, 0xf5, 0x59, 0x34, 0xb3, 0x4d, 0x17,
     0x9a, 0xe6, 0xa4, 0xc8, 0x0c, 0xad, 0xcc, 0xbb, 0x7f, 0x0a},
    {0x0d, 0xed, 0xe3, 0xde, 0xf7, 0x00, 0xa6, 0xdb, 0x81, 0x93,
     0x81, 0xbe, 0x6e, 0x26, 0x9d, 0xcb, 0xf9, 0xbd, 0x2e, 0xd9},
    {0x50, 0x45, 0x74, 0xef, 0xd0, 0x66, 0xfe, 0x2f, 0x9d, 0x94,
     0x5c, 0xfc, 0xdb, 0xd3, 0xa7, 0xf0, 0xd3, 0xb5, 0x6b, 0x45},
    {0x7f, 0xf5, 0x79, 0xe5, 0xac, 0xd0, 0x72, 0x91, 0x55, 0x80,
     0x30, 0x4c, 0x43, 0xa2, 0x36, 0x7c, 0x60, 0x48, 0x83, 0x10},
    {0x7a, 0x4e, 0xde, 0xf4, 0xe7, 0xcc, 0xee, 0x5f, 0xa4, 0x50,
     0x6c, 0x19, 0x12, 0x4f, 0xc8, 0xcc, 0xda, 0x6e, 0x03, 0x3d},
};

// The last block of what HMAC hashes: the key's block went before it.
using Block = std::array<uint8_t, kHashBlock>;

// `message` as such a block, padded (FIPS 180-4 section 5.1.1). REQUIRES: at most 55 bytes.
Block LastBlock(Bytes message) {
  Block block{};
  const auto end = std::copy(message.begin(), message.end(), block.begin());
  *end = 0x80;
  const size_t bits = (kHashBlock + message.size()) * 8;
  block[kHashBlock - 2] = static_cast<uint8_t>(bits >> 8);
  block[kHashBlock - 1] = static_cast<uint8_t>(bits);
  return block;
}

// HKDF-Expand-Label's info (RFC 8446 section 7.1) with the block counter of HKDF (RFC 5869 section
// 2.3) behind it: one block is all that is ever asked for here.
Block Label(uint8_t length, std::string_view name) {
  constexpr std::string_view kPrefix = "tls13 ";
  std::array<uint8_t, 24> bytes{};
  bytes[1] = length;
  bytes[2] = static_cast<uint8_t>(kPrefix.size() + name.size());
  auto end = std::copy(kPrefix.begin(), kPrefix.end(), bytes.begin() + 3);
  end = std::copy(name.begin(), name.end(), end);
  *end++ = 0;  // no context
  *end++ = 1;  // block counter
  return LastBlock(Bytes(bytes.data(), static_cast<size_t>(end - bytes.begin())));
}

using Digest = std::array<uint8_t, kHash>;

// HMAC-SHA-256 (RFC 2104) whose key has been hashed already: two compressions a message.
class PrimedHmac {
 public:
  PrimedHmac() = default;
  // REQUIRES: a key of at most a block.
  explicit PrimedHmac(Bytes key) {
    inner_ = Primed(key, 0x36);
    outer_ = Primed(key, 0x5c);
  }

  Digest operator()(const Block& message) const {
    SHA256_CTX context = inner_;
    SHA256_Transform(&context, message.data());
    const Digest digest = Words(context);
    context = outer_;
    SHA256_Transform(&context, LastBlock(digest).data());
    return Words(context);
  }

 private:
  static SHA256_CTX Primed(Bytes key, uint8_t fill) {
    Block pad;
    pad.fill(fill);
    for (size_t i = 0; i < key.size(); ++i) pad[i] ^= key[i];
    SHA256_CTX context;
    SHA256_Init(&context);
    SHA256_Transform(&context, pad.data());
    return context;
  }

  static Digest Words(const SHA256_CTX& context) {
    Digest digest;
    for (size_t i = 0; i < kHash / 4; ++i) {
      const uint32_t word = htobe32(context.h[i]);
      std::memcpy(digest.data() + 4 * i, &word, sizeof(word));
    }
    return digest;
  }

  SHA256_CTX inner_;
  SHA256_CTX outer_;
};

template <size_t kSize>
void Expand(const PrimedHmac& secret, const Block& label, std::array<uint8_t, kSize>* out) {
  const Digest block = secret(label);
  std::copy_n(block.begin(), kSize, out->begin());
}

struct Labels {
  Block key;
  Block iv;
  Block header;
};

// The library's functions for this processor. A process has one set: making it takes a millisecond,
// and the functions used here keep nothing in it.
const IMB_MGR& Ciphers() {
  static const IMB_MGR* const ciphers = [] {
    IMB_MGR* made = alloc_mb_mgr(0);
    if (made != nullptr) init_mb_mgr_auto(made, nullptr);
    if (made == nullptr || imb_get_errno(made) != 0) {
      std::fprintf(stderr, "libIPSec_MB offers no AES here: %s\n",
                   imb_get_strerror(imb_get_errno(made)));
      std::abort();
    }
    return made;
  }();
  return *ciphers;
}

}  // namespace

QuicFamily FamilyOf(uint32_t version) {
  switch (version) {
    case 0x00000001:
      return QuicFamily::kV1;
    case 0x6b3343cf:
      return QuicFamily::kV2;
    case 0xfaceb001:  // mvfst
      return QuicFamily::kDraft22;
    case 0xfaceb002:
      return QuicFamily::kDraft23;
    case 0x51303530:
      return QuicFamily::kQ050;
    case 0x54303530:
      return QuicFamily::kT050;
    case 0x54303531:
      return QuicFamily::kT051;
    default:
      break;
  }
  if ((version & 0xffffff00) != 0xff000000) return QuicFamily::kNone;
  const uint32_t draft = version & 0xff;
  if (draft == 22) return QuicFamily::kDraft22;
  if (draft >= 23 && draft <= 28) return QuicFamily::kDraft23;
  if (draft >= 29 && draft <= 32) return QuicFamily::kDraft29;
  if (draft == 33 || draft == 34) return QuicFamily::kV1;
  return QuicFamily::kNone;
}

struct QuicCrypto::State {
  const IMB_MGR& ciphers = Ciphers();
  alignas(64) gcm_key_data opener;
  gcm_context_data opening;
  // Expanded keys of AES-128: eleven round keys. Only those for encryption are used.
  alignas(16) std::array<uint8_t, size_t{11} * 16> header;
  alignas(16) std::array<uint8_t, size_t{11} * 16> header_decryption;
  std::array<PrimedHmac, kFamilies> extract;
  Block client_in = Label(kHash, "client in");
  Labels labels{Label(16, "quic key"), Label(12, "quic iv"), Label(16, "quic hp")};
  Labels labels_v2{Label(16, "quicv2 key"), Label(12, "quicv2 iv"), Label(16, "quicv2 hp")};
  std::array<uint8_t, kMaxPacket> plain;
  std::array<uint8_t, kMaxPacket> header_bytes;
};

QuicCrypto::QuicCrypto() : state_(std::make_unique<State>()) {
  for (int i = 0; i < kFamilies; ++i) state_->extract[i] = PrimedHmac(kSalts[i]);
}

QuicCrypto::~QuicCrypto() = default;

QuicKeys QuicCrypto::ClientKeys(QuicFamily family, Bytes connection_id) const {
  // RFC 9001 section 5.2: initial_secret = HKDF-Extract(salt, connection id), then two labels deep.
  const Digest initial = state_->extract[static_cast<size_t>(family)](LastBlock(connection_id));
  Digest client;
  Expand(PrimedHmac(initial), state_->client_in, &client);
  const PrimedHmac secret(client);
  const Labels& labels = family == QuicFamily::kV2 ? state_->labels_v2 : state_->labels;
  QuicKeys keys;
  Expand(secret, labels.key, &keys.key);
  Expand(secret, labels.iv, &keys.iv);
  Expand(secret, labels.header, &keys.header);
  return keys;
}

Bytes QuicCrypto::Open(const QuicKeys& keys, Bytes packet, size_t number_offset) {
  // RFC 9001 section 5.4.2: the sample starts four bytes behind the packet number's start.
  if (packet.size() < number_offset + 4 + kSample || packet.size() > kMaxPacket) return {};
  // AES-ECB of the sample (RFC 9001 section 5.4.3), which is CFB's first block over zeros.
  constexpr std::array<uint8_t, kSample> kZeros{};
  std::array<uint8_t, kSample> mask;
  const IMB_MGR& ciphers = state_->ciphers;
  IMB_AES_KEYEXP_128(&ciphers, keys.header.data(), state_->header.data(),
                     state_->header_decryption.data());
  IMB_AES128_CFB_ONE(&ciphers, mask.data(), kZeros.data(), packet.data() + number_offset + 4,
                     state_->header.data(), kSample);

  const uint8_t first = packet[0] ^ (mask[0] & 0x0f);
  const size_t number_size = (first & 3u) + 1;
  std::array<uint8_t, 4> number;
  std::array<uint8_t, 12> nonce = keys.iv;
  for (size_t i = 0; i < number_size; ++i) {
    number[i] = packet[number_offset + i] ^ mask[1 + i];
    nonce[nonce.size() - number_size + i] ^= number[i];
  }

  const size_t header_size = number_offset + number_size;
  if (packet.size() < header_size + kTag) return {};
  const Bytes sealed = packet.subspan(header_size, packet.size() - header_size - kTag);
  // The header as it was before its protection, in one piece.
  std::memcpy(state_->header_bytes.data(), packet.data(), number_offset);
  state_->header_bytes[0] = first;
  std::memcpy(state_->header_bytes.data() + number_offset, number.data(), number_size);
  std::array<uint8_t, kTag> tag;
  IMB_AES128_GCM_PRE(&ciphers, keys.key.data(), &state_->opener);
  IMB_AES128_GCM_DEC(&ciphers, &state_->opener, &state_->opening, state_->plain.data(),
                     sealed.data(), sealed.size(), nonce.data(), state_->header_bytes.data(),
                     header_size, tag.data(), kTag);
  if (std::memcmp(tag.data(), packet.data() + packet.size() - kTag, kTag) != 0) return {};
  return Bytes(state_->plain.data(), sealed.size());
}

}  // namespace borderflow
