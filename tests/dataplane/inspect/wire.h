// Bytes of real protocols, and packets that carry them, built in view of the tests.
#ifndef BORDERFLOW_TESTS_DATAPLANE_INSPECT_WIRE_H_
#define BORDERFLOW_TESTS_DATAPLANE_INSPECT_WIRE_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "dataplane/inspect/quic_crypto.h"
#include "dataplane/inspect/reader.h"
#include "dataplane/packet/packet.h"

namespace borderflow {

using Buffer = std::vector<uint8_t>;

Buffer FromHex(std::string_view hex);  // white space is skipped
Buffer FromText(std::string_view text);
Buffer Join(const std::vector<Buffer>& parts);
void AppendNumber(Buffer* buffer, uint64_t number, int bytes);
Buffer Slice(const Buffer& buffer, size_t begin, size_t end);

// The number of bytes from `at` on that a length field of `width` bytes states: the size less
// `less`.
Buffer SizedBig(Buffer buffer, size_t at, int width, size_t less = 0);
Buffer SizedLittle(Buffer buffer, size_t at, int width, size_t less = 0);
Buffer Zeros(size_t count);
// Text with \x escapes may hold zeros: a literal with its size.
template <size_t N>
Buffer Raw(const char (&literal)[N]) {
  return Buffer(literal, literal + N - 1);
}

struct HelloOptions {
  std::string name = {};        // no server_name extension when empty
  bool name_last = false;       // behind all other extensions
  bool ech = false;             // with an encrypted_client_hello extension
  size_t key_share_bytes = 32;  // 1,216 for X25519MLKEM768
  bool dtls = false;
};
Buffer ClientHelloBody(const HelloOptions& options);
// With the handshake header: type, 24-bit length.
Buffer ClientHelloMessage(const HelloOptions& options);
// One record for each size; the last takes what is left.
Buffer TlsRecords(const Buffer& message, const std::vector<size_t>& sizes = {});
Buffer TlsClientHello(const HelloOptions& options);

// One DTLS 1.2 record with the fragment [begin, end) of a ClientHello's body.
Buffer DtlsFragment(const Buffer& body, size_t begin, size_t end, uint16_t message_sequence = 0);

Buffer DnsName(std::string_view name);
Buffer DnsQuery(std::string_view name, uint16_t type = 1);
struct DnsAnswer {
  uint16_t type = 1;
  uint32_t ttl = 300;
  Buffer data;
};
// Owners are compressed: each answer's name is a pointer to the question.
Buffer DnsResponse(std::string_view name, const std::vector<DnsAnswer>& answers);

// A protected client Initial around `payload` (frames), sealed by OpenSSL's own HKDF and AEAD.
struct InitialOptions {
  uint32_t version = 1;
  Buffer connection_id = FromHex("8394c8f03e515708");  // on the packet
  Buffer key_connection_id = {};                       // of the keys; the same when empty
  Buffer token = {};
  uint32_t number = 2;
  size_t pad_to = 1162;  // bytes of payload
};
Buffer QuicInitial(const InitialOptions& options, const Buffer& payload);
Buffer CryptoFrameBytes(uint64_t offset, const Buffer& bytes);

// A connection from 192.0.2.1:50000 to 198.51.100.7:443, or as its members say.
struct Ends {
  uint32_t client = 0xc0000201;
  uint32_t server = 0xc6336407;
  uint16_t client_port = 50000;
  uint16_t server_port = 443;
  uint64_t time_ns = 1'000'000'000'000;
};
// The payload must outlive the packet.
Packet TcpPacket(const Ends& ends, bool from_client, uint32_t sequence, Bytes payload);
Packet UdpPacket(const Ends& ends, bool from_client, Bytes payload);

}  // namespace borderflow

#endif  // BORDERFLOW_TESTS_DATAPLANE_INSPECT_WIRE_H_
