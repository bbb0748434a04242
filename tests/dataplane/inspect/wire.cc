#include "tests/dataplane/inspect/wire.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include <algorithm>
#include <cctype>
#include <stdexcept>

namespace borderflow {
namespace {

void Append(Buffer* buffer, const Buffer& more) {
  for (const uint8_t byte : more) buffer->push_back(byte);
}

// `content` behind its length of `bytes` bytes.
Buffer Prefixed(const Buffer& content, int bytes) {
  Buffer out;
  AppendNumber(&out, content.size(), bytes);
  Append(&out, content);
  return out;
}

Buffer Extension(uint16_t type, const Buffer& content) {
  Buffer out;
  AppendNumber(&out, type, 2);
  Append(&out, Prefixed(content, 2));
  return out;
}

Buffer VarInt(uint64_t number) {
  Buffer out;
  if (number < 64) {
    AppendNumber(&out, number, 1);
  } else if (number < 16384) {
    AppendNumber(&out, number | 0x4000, 2);
  } else {
    AppendNumber(&out, number | 0x80000000, 4);
  }
  return out;
}

// HKDF-Extract is HMAC with the salt as key (RFC 5869 section 2.2); OpenSSL's EVP_KDF refuses the
// empty input that an empty connection id is.
Buffer Extract(const Buffer& salt, const Buffer& input) {
  Buffer out(32);
  const uint8_t none = 0;
  HMAC(EVP_sha256(), salt.data(), static_cast<int>(salt.size()),
       input.empty() ? &none : input.data(), input.size(), out.data(), nullptr);
  return out;
}

// HKDF-Expand by OpenSSL's own EVP_KDF.
Buffer Expand(Buffer key, Buffer info, size_t length) {
  EVP_KDF* kdf = EVP_KDF_fetch(nullptr, "HKDF", nullptr);
  EVP_KDF_CTX* context = EVP_KDF_CTX_new(kdf);
  char digest[] = "SHA256";
  int mode = EVP_KDF_HKDF_MODE_EXPAND_ONLY;
  Buffer out(length);
  const OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0),
      OSSL_PARAM_construct_int(OSSL_KDF_PARAM_MODE, &mode),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, key.data(), key.size()),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, info.data(), info.size()),
      OSSL_PARAM_construct_end()};
  const int done = EVP_KDF_derive(context, out.data(), out.size(), parameters);
  EVP_KDF_CTX_free(context);
  EVP_KDF_free(kdf);
  if (done != 1) throw std::runtime_error("OpenSSL's HKDF failed");
  return out;
}

Buffer ExpandLabel(const Buffer& secret, const std::string& label, size_t length) {
  Buffer info;
  AppendNumber(&info, length, 2);
  Append(&info, Prefixed(FromText("tls13 " + label), 1));
  info.push_back(0);
  return Expand(secret, info, length);
}

Buffer SaltOf(uint32_t version) {
  switch (version) {
    case 1:
      return FromHex("38762cf7f55934b34d179ae6a4c80cadccbb7f0a");
    case 0x6b3343cf:
      return FromHex("0dede3def700a6db819381be6e269dcbf9bd2ed9");
    case 0xff00001d:
      return FromHex("afbfec289993d24c9e9786f19c6111e04390a899");
    default:
      throw std::invalid_argument("no salt");
  }
}

Packet MakePacket(const Ends& ends, bool from_client, uint8_t protocol, Bytes payload) {
  Packet packet;
  const bool client_low = ends.client < ends.server;
  packet.key.lo = IpAddress::FromV4(std::min(ends.client, ends.server));
  packet.key.hi = IpAddress::FromV4(std::max(ends.client, ends.server));
  packet.key.port_lo = client_low ? ends.client_port : ends.server_port;
  packet.key.port_hi = client_low ? ends.server_port : ends.client_port;
  packet.key.protocol = protocol;
  packet.key.family = 4;
  packet.sender = from_client == client_low ? Sender::kLo : Sender::kHi;
  packet.time_ns = ends.time_ns;
  packet.payload = payload.data();
  packet.payload_captured = static_cast<uint32_t>(payload.size());
  packet.payload_bytes = packet.payload_captured;
  packet.bytes = packet.payload_bytes + 54;
  return packet;
}

}  // namespace

Buffer FromHex(std::string_view hex) {
  Buffer out;
  int high = -1;
  for (const char c : hex) {
    if (std::isspace(static_cast<unsigned char>(c))) continue;
    const int digit = c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
    if (high < 0) {
      high = digit;
    } else {
      out.push_back(static_cast<uint8_t>(high << 4 | digit));
      high = -1;
    }
  }
  return out;
}

Buffer FromText(std::string_view text) { return Buffer(text.begin(), text.end()); }

Buffer Join(const std::vector<Buffer>& parts) {
  Buffer out;
  for (const Buffer& part : parts) Append(&out, part);
  return out;
}

void AppendNumber(Buffer* buffer, uint64_t number, int bytes) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
    buffer->push_back(static_cast<uint8_t>(number >> shift));
  }
}

Buffer Zeros(size_t count) { return Buffer(count, 0); }

Buffer SizedBig(Buffer buffer, size_t at, int width, size_t less) {
  size_t number = buffer.size() - less;
  for (int i = width; i-- > 0; number >>= 8) {
    buffer[at + static_cast<size_t>(i)] = static_cast<uint8_t>(number);
  }
  return buffer;
}

Buffer SizedLittle(Buffer buffer, size_t at, int width, size_t less) {
  size_t number = buffer.size() - less;
  for (int i = 0; i < width; ++i, number >>= 8) {
    buffer[at + static_cast<size_t>(i)] = static_cast<uint8_t>(number);
  }
  return buffer;
}

Buffer Slice(const Buffer& buffer, size_t begin, size_t end) {
  end = std::min(end, buffer.size());
  begin = std::min(begin, end);
  return Buffer(buffer.begin() + static_cast<std::ptrdiff_t>(begin),
                buffer.begin() + static_cast<std::ptrdiff_t>(end));
}

Buffer ClientHelloBody(const HelloOptions& options) {
  Buffer server_name;
  if (!options.name.empty()) {
    Buffer entry = {0};  // host_name
    Append(&entry, Prefixed(FromText(options.name), 2));
    server_name = Extension(0, Prefixed(entry, 2));
  }
  Buffer extensions;
  if (!options.name_last) Append(&extensions, server_name);
  Append(&extensions, Extension(0x0017, {}));                       // extended_master_secret
  Append(&extensions, Extension(0x000a, FromHex("000411ec001d")));  // supported_groups
  Append(&extensions, Extension(0x0010, FromHex("000c02683208687474702f312e31")));  // ALPN
  Append(&extensions, Extension(0x002b, FromHex("0403040303")));  // supported_versions
  if (options.ech) Append(&extensions, Extension(0xfe0d, Buffer(186, 0x5a)));
  Append(&extensions, Extension(0x0033, Buffer(options.key_share_bytes, 0xa5)));  // key_share
  if (options.name_last) Append(&extensions, server_name);

  Buffer body = options.dtls ? FromHex("fefd") : FromHex("0303");
  Append(&body, Buffer(32, 0x77));               // random
  Append(&body, Prefixed(Buffer(32, 0x11), 1));  // session id
  if (options.dtls) Append(&body, Prefixed({}, 1));
  Append(&body, Prefixed(FromHex("130113021303c02bc02f"), 2));
  Append(&body, Prefixed({0}, 1));
  Append(&body, Prefixed(extensions, 2));
  return body;
}

Buffer ClientHelloMessage(const HelloOptions& options) {
  Buffer message = {1};
  Append(&message, Prefixed(ClientHelloBody(options), 3));
  return message;
}

Buffer TlsRecords(const Buffer& message, const std::vector<size_t>& sizes) {
  Buffer out;
  size_t at = 0;
  for (size_t i = 0; i <= sizes.size(); ++i) {
    const size_t end = i < sizes.size() ? std::min(at + sizes[i], message.size()) : message.size();
    if (end == at) continue;
    Append(&out, FromHex("160301"));
    Append(&out, Prefixed(Slice(message, at, end), 2));
    at = end;
  }
  return out;
}

Buffer TlsClientHello(const HelloOptions& options) {
  return TlsRecords(ClientHelloMessage(options));
}

Buffer DtlsFragment(const Buffer& body, size_t begin, size_t end, uint16_t message_sequence) {
  Buffer handshake = {1};
  AppendNumber(&handshake, body.size(), 3);
  AppendNumber(&handshake, message_sequence, 2);
  AppendNumber(&handshake, begin, 3);
  const Buffer piece = Slice(body, begin, end);
  AppendNumber(&handshake, piece.size(), 3);
  Append(&handshake, piece);
  Buffer record = FromHex("16fefd0000000000000000");
  Append(&record, Prefixed(handshake, 2));
  return record;
}

Buffer DnsName(std::string_view name) {
  Buffer out;
  while (!name.empty()) {
    const size_t dot = std::min(name.find('.'), name.size());
    Append(&out, Prefixed(FromText(name.substr(0, dot)), 1));
    name.remove_prefix(std::min(dot + 1, name.size()));
  }
  out.push_back(0);
  return out;
}

Buffer DnsQuery(std::string_view name, uint16_t type) {
  Buffer out = FromHex("1234 0100 0001 0000 0000 0000");
  Append(&out, DnsName(name));
  AppendNumber(&out, type, 2);
  AppendNumber(&out, 1, 2);
  return out;
}

Buffer DnsResponse(std::string_view name, const std::vector<DnsAnswer>& answers) {
  Buffer out = FromHex("1234 8180 0001");
  AppendNumber(&out, answers.size(), 2);
  AppendNumber(&out, 0, 4);
  Append(&out, DnsName(name));
  AppendNumber(&out, 1, 2);
  AppendNumber(&out, 1, 2);
  for (const DnsAnswer& answer : answers) {
    AppendNumber(&out, 0xc00c, 2);
    AppendNumber(&out, answer.type, 2);
    AppendNumber(&out, 1, 2);
    AppendNumber(&out, answer.ttl, 4);
    Append(&out, Prefixed(answer.data, 2));
  }
  return out;
}

Buffer CryptoFrameBytes(uint64_t offset, const Buffer& bytes) {
  Buffer out = {6};
  Append(&out, VarInt(offset));
  Append(&out, VarInt(bytes.size()));
  Append(&out, bytes);
  return out;
}

Buffer QuicInitial(const InitialOptions& options, const Buffer& payload) {
  const bool v2 = options.version == 0x6b3343cf;
  const std::string prefix = v2 ? "quicv2 " : "quic ";
  const Buffer& key_id =
      options.key_connection_id.empty() ? options.connection_id : options.key_connection_id;
  const Buffer initial = Extract(SaltOf(options.version), key_id);
  const Buffer client = ExpandLabel(initial, "client in", 32);
  const Buffer key = ExpandLabel(client, prefix + "key", 16);
  Buffer nonce = ExpandLabel(client, prefix + "iv", 12);
  const Buffer header_key = ExpandLabel(client, prefix + "hp", 16);

  Buffer plain = payload;
  plain.resize(std::max(plain.size(), options.pad_to));
  Buffer header = {static_cast<uint8_t>(v2 ? 0xd3 : 0xc3)};  // Initial, number of four bytes
  AppendNumber(&header, options.version, 4);
  Append(&header, Prefixed(options.connection_id, 1));
  header.push_back(0);  // no source connection id
  Append(&header, VarInt(options.token.size()));
  Append(&header, options.token);
  Append(&header, VarInt(4 + plain.size() + 16));
  const size_t number_at = header.size();
  AppendNumber(&header, options.number, 4);
  for (int i = 0; i < 4; ++i) nonce[8 + i] ^= header[number_at + i];

  Buffer sealed(plain.size() + 16);
  int written = 0;
  EVP_CIPHER_CTX* context = EVP_CIPHER_CTX_new();
  EVP_EncryptInit_ex(context, EVP_aes_128_gcm(), nullptr, key.data(), nonce.data());
  EVP_EncryptUpdate(context, nullptr, &written, header.data(), static_cast<int>(header.size()));
  EVP_EncryptUpdate(context, sealed.data(), &written, plain.data(), static_cast<int>(plain.size()));
  EVP_EncryptFinal_ex(context, sealed.data() + plain.size(), &written);
  EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, 16, sealed.data() + plain.size());
  uint8_t mask[32];
  EVP_EncryptInit_ex(context, EVP_aes_128_ecb(), nullptr, header_key.data(), nullptr);
  EVP_EncryptUpdate(context, mask, &written, sealed.data(), 16);
  EVP_CIPHER_CTX_free(context);
  header[0] ^= mask[0] & 0x0f;
  for (int i = 0; i < 4; ++i) header[number_at + i] ^= mask[1 + i];
  Append(&header, sealed);
  return header;
}

Packet TcpPacket(const Ends& ends, bool from_client, uint32_t sequence, Bytes payload) {
  Packet packet = MakePacket(ends, from_client, 6, payload);
  packet.tcp_sequence = sequence;
  packet.tcp_flags = kTcpAck | kTcpPsh;
  return packet;
}

Packet UdpPacket(const Ends& ends, bool from_client, Bytes payload) {
  return MakePacket(ends, from_client, 17, payload);
}

}  // namespace borderflow
