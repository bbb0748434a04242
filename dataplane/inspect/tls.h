// TLS and DTLS: the server name in a ClientHello, read as the bytes arrive.
//
// Sources: RFC 8446 section 4.1.2 (ClientHello), 5.1 (records), RFC 6066 section 3 (server_name),
// RFC 9147 (DTLS 1.3; RFC 6347 for 1.2), RFC 9849 (ECH).
//
// Thread safety: pure functions. Cost: some 30 ns for a browser's hello whose name is in reach.
#ifndef BORDERFLOW_DATAPLANE_INSPECT_TLS_H_
#define BORDERFLOW_DATAPLANE_INSPECT_TLS_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "dataplane/inspect/reader.h"

namespace borderflow {

struct ClientHello {
  std::string_view name;  // as on the wire, within the bytes that were parsed; empty for none
  bool ech = false;       // an encrypted_client_hello extension was seen: proves nothing by itself
};

// True for names that client-facing servers publish as the outer name of an encrypted hello.
// Compares without regard to case.
bool IsClientFacingName(std::string_view name);

// What the first bytes of a segment say of TLS.
enum class TlsStart : uint8_t {
  kNot,
  kPrefix,        // all bytes fit, too few to tell
  kClientHello,   // a handshake record that starts with a ClientHello
  kServerFlight,  // a handshake record of the server, an alert, ChangeCipherSpec
  kData,          // application data: the handshake is over
};
TlsStart LookForTls(Bytes segment);

// `stream` starts with a record header of a ClientHello and has no gaps. A hello that is cut over
// several records is joined in `scratch`, which must hold as many bytes as the stream. kMore sets
// `needed` to the length from which on another call can tell more.
Parse ParseTlsClientHello(Bytes stream, absl::Span<uint8_t> scratch, ClientHello* hello,
                          size_t* needed);

// The server name of a segment that begins with a ClientHello and holds it, up to the name, in one
// record; within `segment`. Empty for every other.
std::string_view ServerNameInPlace(Bytes segment);

// Joins the handshake bytes of the records that `stream` starts with. `ended` when another kind of
// record follows. `scratch` must hold as many bytes as the stream.
Bytes JoinHandshakeRecords(Bytes stream, absl::Span<uint8_t> scratch, bool* ended);

// `message` starts with a handshake header (type, 24-bit length) and has no gaps: what QUIC's
// CRYPTO frames carry.
Parse ParseHandshakeClientHello(Bytes message, ClientHello* hello, size_t* needed);

// A piece of a DTLS ClientHello: the whole when offset is 0 and bytes.size() is length.
struct DtlsHelloFragment {
  uint16_t message_sequence = 0;
  uint32_t length = 0;  // of the whole body
  uint32_t offset = 0;
  Bytes bytes;
};
enum class DtlsStart : uint8_t { kNot, kClientHello, kOther };
DtlsStart LookForDtls(Bytes datagram);

// The next ClientHello fragment of a datagram, from `*at` on; false when there is none left.
bool NextDtlsHelloFragment(Bytes datagram, size_t* at, DtlsHelloFragment* fragment);

// `body` is the start of a DTLS ClientHello of `length` bytes, without its handshake header.
Parse ParseDtlsClientHello(Bytes body, size_t length, ClientHello* hello, size_t* needed);

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_INSPECT_TLS_H_
