// TLS handshake bytes as browsers, libraries and servers send them.
//
// Sources: RFC 8446 (TLS 1.3), RFC 5246 (1.2), RFC 6066 (server_name), RFC 8701 (GREASE), RFC 9849
// (ECH), draft-ietf-tls-ecdhe-mlkem (X25519MLKEM768: a client share of 1,216 bytes, a server share
// of 1,120), RFC 9001 section 8.2 (QUIC's transport parameters). Keys and randoms are noise: nobody
// can finish these handshakes.
//
// Thread safety: pure but for the Random that they draw from.
#ifndef BORDERFLOW_TOOLS_GENERATOR_TLS_HELLO_H_
#define BORDERFLOW_TOOLS_GENERATOR_TLS_HELLO_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tools/generator/random.h"

namespace borderflow::generator {

inline constexpr uint8_t kRecordChangeCipherSpec = 20;
inline constexpr uint8_t kRecordHandshake = 22;
inline constexpr uint8_t kRecordApplicationData = 23;

enum class ClientKind : uint8_t {
  kBrowser,  // GREASE, shuffled extensions, often ECH's GREASE: about 550 bytes, or 1,800
  kLibrary,  // a fixed order, few extensions: about 300 bytes, or 1,500
  kOld,      // TLS 1.2 only, about 200 bytes
};

struct HelloOptions {
  std::string_view name;  // server_name; empty for none
  ClientKind kind = ClientKind::kBrowser;
  bool post_quantum = false;  // also offer X25519MLKEM768, whose share makes the hello long
  bool ech = false;           // an encrypted_client_hello extension, GREASE or not: they look alike
  std::vector<std::string_view> alpn;
  // For QUIC: the client's source connection id; TLS over TCP leaves `quic` false.
  bool quic = false;
  std::string_view quic_source_id;
};

// The handshake message, with its type and length but without a record header.
std::string ClientHello(const HelloOptions& options, Random& random);

struct ServerHelloOptions {
  bool tls13 = true;
  bool post_quantum = false;
  std::string_view session_id;  // echoed; may be empty
};
std::string ServerHello(const ServerHelloOptions& options, Random& random);

// One record; `fragment` is at most 2^14 bytes.
std::string Record(uint8_t type, std::string_view fragment, uint16_t version = 0x0303);

// The handshake message as several records of at most `limit` bytes of it each.
std::string Records(std::string_view message, size_t limit);

// Encrypted records that carry `size` bytes altogether, headers included; at least 6.
std::string OpaqueRecords(size_t size, Random& random);

// What a TLS 1.3 server sends in its first flight, about `encrypted` bytes of it encrypted; or the
// abbreviated handshake of TLS 1.2, which shows no certificate either.
std::string ServerFlight(const ServerHelloOptions& options, size_t encrypted, Random& random);

}  // namespace borderflow::generator

#endif  // BORDERFLOW_TOOLS_GENERATOR_TLS_HELLO_H_
