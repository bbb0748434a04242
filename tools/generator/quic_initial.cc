#include "tools/generator/quic_initial.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <memory>

#include "absl/strings/str_cat.h"
#include "tools/generator/bytes.h"

namespace borderflow::generator {
namespace {

using std::string_view_literals::operator""sv;  // the second salt holds a zero byte
constexpr std::string_view kSalt1 =
    "\x38\x76\x2c\xf7\xf5\x59\x34\xb3\x4d\x17\x9a\xe6\xa4\xc8\x0c\xad\xcc\xbb\x7f\x0a"sv;
constexpr std::string_view kSalt2 =
    "\x0d\xed\xe3\xde\xf7\x00\xa6\xdb\x81\x93\x81\xbe\x6e\x26\x9d\xcb\xf9\xbd\x2e\xd9"sv;
static_assert(kSalt1.size() == 20 && kSalt2.size() == 20);

constexpr size_t kTag = 16;
constexpr size_t kSample = 16;
// Two bytes of packet number and four of length field keep the arithmetic plain.
constexpr size_t kPacketNumberBytes = 2;

const unsigned char* Bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

// OpenSSL fails here only when it has no memory or was built without AES: nothing to go on with.
void Require(bool done, const char* what) {
  if (done) return;
  std::fprintf(stderr, "borderflow_generate: OpenSSL refused %s\n", what);
  std::abort();
}

std::string HmacSha256(std::string_view key, std::string_view data) {
  std::string mac(32, '\0');
  unsigned int size = 0;
  Require(HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), Bytes(data), data.size(),
               reinterpret_cast<unsigned char*>(mac.data()), &size) != nullptr,
          "HMAC-SHA256");
  return mac;
}

// HKDF-Expand-Label with an empty context (RFC 8446 section 7.1); one block is always enough.
std::string ExpandLabel(std::string_view secret, std::string_view label, size_t size) {
  const std::string full = absl::StrCat("tls13 ", std::string(label));
  ByteWriter info;
  info.U16(size).Vector(1, full).U8(0);
  info.U8(1);  // the first block of HKDF-Expand
  return HmacSha256(secret, info.bytes()).substr(0, size);
}

struct FreeCipher {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Cipher = std::unique_ptr<EVP_CIPHER_CTX, FreeCipher>;

std::string SealAes128Gcm(const QuicKeys& keys, std::string_view nonce, std::string_view header,
                          std::string_view plaintext) {
  const Cipher cipher(EVP_CIPHER_CTX_new());
  std::string sealed(plaintext.size() + kTag, '\0');
  unsigned char* out = reinterpret_cast<unsigned char*>(sealed.data());
  int size = 0;
  EVP_CIPHER_CTX* const c = cipher.get();
  Require(EVP_EncryptInit_ex(c, EVP_aes_128_gcm(), nullptr, Bytes(keys.key), Bytes(nonce)) == 1 &&
              EVP_EncryptUpdate(c, nullptr, &size, Bytes(header),
                                static_cast<int>(header.size())) == 1 &&
              EVP_EncryptUpdate(c, out, &size, Bytes(plaintext),
                                static_cast<int>(plaintext.size())) == 1 &&
              EVP_EncryptFinal_ex(c, out + size, &size) == 1 &&
              EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_GCM_GET_TAG, kTag, out + plaintext.size()) == 1,
          "AES-128-GCM");
  return sealed;
}

std::array<unsigned char, kSample> HeaderMask(const QuicKeys& keys, std::string_view sample) {
  const Cipher cipher(EVP_CIPHER_CTX_new());
  std::array<unsigned char, kSample> mask{};
  int size = 0;
  EVP_CIPHER_CTX* const c = cipher.get();
  Require(EVP_EncryptInit_ex(c, EVP_aes_128_ecb(), nullptr, Bytes(keys.header_protection),
                             nullptr) == 1 &&
              EVP_EncryptUpdate(c, mask.data(), &size, Bytes(sample), kSample) == 1,
          "AES-128-ECB");
  return mask;
}

// The two type bits of a long header; version 2 counts from one (RFC 9369 section 3.2).
uint8_t LongType(uint32_t version, uint8_t version1_type) {
  const uint8_t type = version == kQuicVersion2 ? (version1_type + 1) & 3 : version1_type;
  return static_cast<uint8_t>(0xc0 | type << 4);
}

constexpr uint8_t kTypeInitial = 0;
constexpr uint8_t kTypeHandshake = 2;

}  // namespace

QuicKeys QuicKeys::Initial(uint32_t version, Side side, std::string_view first_destination_id) {
  const bool second = version == kQuicVersion2;
  const std::string prefix = second ? "quicv2 " : "quic ";
  const std::string initial = HmacSha256(second ? kSalt2 : kSalt1, first_destination_id);
  const std::string secret =
      ExpandLabel(initial, side == Side::kClient ? "client in" : "server in", 32);
  return {ExpandLabel(secret, prefix + "key", 16), ExpandLabel(secret, prefix + "iv", 12),
          ExpandLabel(secret, prefix + "hp", 16)};
}

std::string ProtectInitial(const QuicKeys& keys, const QuicInitial& initial) {
  ByteWriter header;
  header.U8(LongType(initial.version, kTypeInitial) | (kPacketNumberBytes - 1));
  header.U32(initial.version).Vector(1, initial.destination_id).Vector(1, initial.source_id);
  header.VarInt(initial.token.size()).Raw(initial.token);

  std::string frames(initial.frames);
  // What precedes the frames: the header so far, a two-byte length, the packet number.
  const size_t before = header.size() + 2 + kPacketNumberBytes;
  const size_t least =
      initial.packet_size > before + kTag ? initial.packet_size - before - kTag : 0;
  frames.resize(std::max({frames.size(), least, size_t{4}}), '\0');

  header.U16(0x4000 | (kPacketNumberBytes + frames.size() + kTag));
  header.U16(initial.packet_number);
  std::string nonce = keys.iv;
  for (size_t i = 0; i < 4; ++i) {
    nonce[nonce.size() - 1 - i] ^= static_cast<char>(initial.packet_number >> (8 * i));
  }
  std::string packet = header.Take();
  const size_t number_at = packet.size() - kPacketNumberBytes;
  packet += SealAes128Gcm(keys, nonce, packet, frames);

  const auto mask = HeaderMask(keys, std::string_view(packet).substr(number_at + 4, kSample));
  packet[0] = static_cast<char>(packet[0] ^ (mask[0] & 0x0f));
  for (size_t i = 0; i < kPacketNumberBytes; ++i) {
    packet[number_at + i] = static_cast<char>(packet[number_at + i] ^ mask[1 + i]);
  }
  return packet;
}

std::string CryptoFrame(uint64_t offset, std::string_view data) {
  return ByteWriter().U8(0x06).VarInt(offset).VarInt(data.size()).Raw(data).Take();
}

std::string AckFrame(uint32_t largest) {
  // No delay, one range that reaches down to packet 0.
  return ByteWriter().U8(0x02).VarInt(largest).VarInt(0).VarInt(0).VarInt(largest).Take();
}

std::string PingFrame() { return std::string(1, '\x01'); }

std::string OpaqueHandshake(uint32_t version, std::string_view destination_id,
                            std::string_view source_id, size_t size, Random& random) {
  ByteWriter packet;
  packet.U8(LongType(version, kTypeHandshake) | random.Below(16));
  packet.U32(version).Vector(1, destination_id).Vector(1, source_id);
  const size_t rest = size - std::min(size, packet.size() + 2);
  return packet.U16(0x4000 | rest).Raw(random.Opaque(rest)).Take();
}

std::string OpaqueShort(std::string_view destination_id, size_t size, Random& random) {
  ByteWriter packet;
  packet.U8(0x40 | random.Below(64)).Raw(destination_id);
  return packet.Raw(random.Opaque(size - std::min(size, packet.size()))).Take();
}

}  // namespace borderflow::generator
