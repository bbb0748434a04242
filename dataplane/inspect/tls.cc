#include "dataplane/inspect/tls.h"

#include <algorithm>
#include <cstring>

#include "absl/strings/match.h"

namespace borderflow {
namespace {

// TLS ContentType and HandshakeType values (RFC 8446 appendix B).
constexpr uint8_t kChangeCipherSpec = 20;
constexpr uint8_t kAlert = 21;
constexpr uint8_t kHandshake = 22;
constexpr uint8_t kApplicationData = 23;
constexpr uint8_t kClientHelloType = 1;

constexpr uint16_t kServerNameExtension = 0;
constexpr uint16_t kEchExtension = 0xfe0d;
constexpr uint8_t kHostName = 0;

constexpr size_t kRecordHeader = 5;
constexpr size_t kHandshakeHeader = 4;
// RFC 8446 section 5.2: 2^14 + 256; TLS 1.2 allowed 2^14 + 2048.
constexpr size_t kMaxRecord = 16384 + 2048;

constexpr size_t kDtlsRecordHeader = 13;
constexpr size_t kDtlsHandshakeHeader = 12;

// The outer names that providers publish in their HTTPS records: Cloudflare's, and those of the two
// public test deployments.
constexpr std::string_view kClientFacingNames[] = {
    "cloudflare-ech.com",
    "cover.defo.ie",
    "public.tls-ech.dev",
};

bool IsRecordHeader(Bytes bytes) {
  const size_t length = static_cast<size_t>(bytes[3]) << 8 | bytes[4];
  return bytes[1] == 3 && bytes[2] <= 4 && length >= 1 && length <= kMaxRecord;
}

// What `stream`, which starts with a record header, has of the first record's content.
Bytes FirstRecord(Bytes stream) {
  const size_t length = static_cast<size_t>(stream[3]) << 8 | stream[4];
  return stream.subspan(kRecordHeader, length);
}

// RFC 6066 section 3: ServerNameList. Only the host_name type was ever defined.
void ReadServerName(Bytes extension, ClientHello* hello) {
  Reader reader(extension);
  reader.U16();  // length of the list
  while (reader.left() > 0) {
    const uint8_t type = reader.U8();
    const Bytes name = reader.Take(reader.U16());
    if (!reader.ok()) return;
    if (type == kHostName) {
      hello->name = AsText(name);
      return;
    }
  }
}

// Says whether more bytes can change a parse that ran out at `needed` of a message of `length`.
Parse RanOut(size_t reader_needed, size_t length, size_t* needed) {
  if (reader_needed > length) return Parse::kDone;  // it wants more than the message holds
  *needed = reader_needed;
  return Parse::kMore;
}

// ClientHello without its handshake header:
//   version 2 | random 32 | session id <0..32> | [DTLS: cookie <0..255>] | cipher suites <2..>
//   | compression <1..> | extensions <0..>: type 2, length 2, data
Parse ParseBody(Bytes body, size_t length, bool dtls, ClientHello* hello, size_t* needed) {
  Reader reader(body.subspan(0, std::min(length, body.size())));
  const uint8_t major = reader.U8();
  if (reader.ok() && major != (dtls ? 0xfe : 0x03)) return Parse::kNot;
  reader.Skip(1 + 32);
  const uint8_t session_id = reader.U8();
  if (session_id > 32) return Parse::kNot;
  reader.Skip(session_id);
  if (dtls) reader.Skip(reader.U8());
  const uint16_t cipher_suites = reader.U16();
  if (cipher_suites % 2 != 0) return Parse::kNot;
  reader.Skip(cipher_suites);
  reader.Skip(reader.U8());
  reader.U16();  // length of the extensions: the message's own length bounds them as well
  if (!reader.ok()) return RanOut(reader.needed(), length, needed);

  while (reader.position() < length) {
    const uint16_t type = reader.U16();
    const uint16_t size = reader.U16();
    if (type == kServerNameExtension && reader.ok()) {
      const Bytes extension = reader.Take(size);
      if (reader.ok()) {
        ReadServerName(extension, hello);
        // Only a name that stands for an encrypted one is worth reading on for.
        if (hello->ech || !IsClientFacingName(hello->name)) return Parse::kDone;
        continue;
      }
    }
    if (!reader.ok()) return RanOut(reader.needed(), length, needed);
    if (type == kEchExtension) {
      hello->ech = true;
      if (!hello->name.empty()) return Parse::kDone;
    }
    reader.Skip(size);
  }
  return Parse::kDone;
}

}  // namespace

Bytes JoinHandshakeRecords(Bytes stream, absl::Span<uint8_t> scratch, bool* ended) {
  Reader reader(stream);
  size_t joined = 0;
  *ended = false;
  while (reader.left() >= kRecordHeader) {
    const Bytes header = reader.Take(kRecordHeader);
    if (header[0] != kHandshake || !IsRecordHeader(header)) {
      *ended = true;
      break;
    }
    const size_t length = static_cast<size_t>(header[3]) << 8 | header[4];
    const Bytes content = reader.Take(std::min(length, reader.left()));
    if (content.empty()) break;
    std::memcpy(scratch.data() + joined, content.data(), content.size());
    joined += content.size();
  }
  return Bytes(scratch.data(), joined);
}

bool IsClientFacingName(std::string_view name) {
  return std::any_of(
      std::begin(kClientFacingNames), std::end(kClientFacingNames), [name](std::string_view known) {
        return name.size() == known.size() &&
               absl::EqualsIgnoreCase({name.data(), name.size()}, {known.data(), known.size()});
      });
}

TlsStart LookForTls(Bytes segment) {
  if (segment.empty() || segment[0] < kChangeCipherSpec || segment[0] > kApplicationData) {
    return TlsStart::kNot;
  }
  if (segment.size() < kRecordHeader + 1) {
    // Only a handshake is worth waiting for.
    const bool fits = segment[0] == kHandshake && (segment.size() < 2 || segment[1] == 3) &&
                      (segment.size() < 3 || segment[2] <= 4);
    return fits ? TlsStart::kPrefix : TlsStart::kNot;
  }
  if (!IsRecordHeader(segment)) return TlsStart::kNot;
  const size_t length = static_cast<size_t>(segment[3]) << 8 | segment[4];
  switch (segment[0]) {
    case kChangeCipherSpec:
      return length == 1 && segment[5] == 1 ? TlsStart::kServerFlight : TlsStart::kNot;
    case kAlert:
      return length <= 64 ? TlsStart::kServerFlight : TlsStart::kNot;
    case kApplicationData:
      return TlsStart::kData;
    default:
      return segment[5] == kClientHelloType ? TlsStart::kClientHello : TlsStart::kServerFlight;
  }
}

Parse ParseHandshakeClientHello(Bytes message, ClientHello* hello, size_t* needed) {
  Reader reader(message);
  const uint8_t type = reader.U8();
  if (reader.ok() && type != kClientHelloType) return Parse::kNot;
  const uint32_t length = reader.U24();
  if (!reader.ok()) {
    *needed = reader.needed();
    return Parse::kMore;
  }
  const Parse parse = ParseBody(reader.rest(), length, /*dtls=*/false, hello, needed);
  if (parse == Parse::kMore) *needed += kHandshakeHeader;
  return parse;
}

std::string_view ServerNameInPlace(Bytes segment) {
  if (LookForTls(segment) != TlsStart::kClientHello) return {};
  ClientHello hello;
  size_t needed = 0;
  const Parse parse = ParseHandshakeClientHello(FirstRecord(segment), &hello, &needed);
  return parse == Parse::kDone ? hello.name : std::string_view();
}

Parse ParseTlsClientHello(Bytes stream, absl::Span<uint8_t> scratch, ClientHello* hello,
                          size_t* needed) {
  if (stream.size() < kRecordHeader) {
    *needed = kRecordHeader;
    return Parse::kMore;
  }
  if (stream[0] != kHandshake || !IsRecordHeader(stream)) return Parse::kNot;
  // The usual case, in place: everything wanted lies in the first record.
  const size_t length = static_cast<size_t>(stream[3]) << 8 | stream[4];
  const Bytes record = stream.subspan(kRecordHeader);
  Parse parse = ParseHandshakeClientHello(FirstRecord(stream), hello, needed);
  if (parse != Parse::kMore) return parse;
  if (*needed <= length) {
    *needed += kRecordHeader;
    return Parse::kMore;
  }
  if (record.size() <= length) {
    *needed = kRecordHeader + length + kRecordHeader + 1;  // something of the next record
    return Parse::kMore;
  }
  bool ended = false;
  *hello = {};
  parse = ParseHandshakeClientHello(JoinHandshakeRecords(stream, scratch, &ended), hello, needed);
  if (parse != Parse::kMore) return parse;
  if (ended) return Parse::kDone;  // another kind of record cuts the hello off
  *needed = stream.size() + 1;
  return Parse::kMore;
}

DtlsStart LookForDtls(Bytes datagram) {
  if (datagram.size() < kDtlsRecordHeader + 1) return DtlsStart::kNot;
  Reader reader(datagram);
  const uint8_t type = reader.U8();
  const uint16_t version = reader.U16();
  const uint16_t epoch = reader.U16();
  reader.Skip(6);
  const uint16_t length = reader.U16();
  const bool known_version = version == 0xfeff || version == 0xfefd || version == 0x0100;
  if (type < kChangeCipherSpec || type > kApplicationData || !known_version || length == 0 ||
      length > kMaxRecord) {
    return DtlsStart::kNot;
  }
  if (type == kHandshake && epoch == 0 && datagram[kDtlsRecordHeader] == kClientHelloType) {
    return DtlsStart::kClientHello;
  }
  return DtlsStart::kOther;
}

bool NextDtlsHelloFragment(Bytes datagram, size_t* at, DtlsHelloFragment* fragment) {
  while (*at + kDtlsRecordHeader + kDtlsHandshakeHeader <= datagram.size()) {
    Reader reader(datagram.subspan(*at));
    const uint8_t type = reader.U8();
    reader.Skip(2);
    const uint16_t epoch = reader.U16();
    reader.Skip(6);
    const uint16_t length = reader.U16();
    *at += kDtlsRecordHeader + length;
    if (type != kHandshake || epoch != 0) continue;
    const uint8_t message = reader.U8();
    fragment->length = reader.U24();
    fragment->message_sequence = reader.U16();
    fragment->offset = reader.U24();
    const uint32_t size = reader.U24();
    // The captured part of a fragment is as good as a smaller fragment.
    fragment->bytes = reader.rest().subspan(0, std::min<size_t>(size, reader.left()));
    if (message == kClientHelloType && uint64_t{fragment->offset} + size <= fragment->length) {
      return true;
    }
  }
  return false;
}

Parse ParseDtlsClientHello(Bytes body, size_t length, ClientHello* hello, size_t* needed) {
  return ParseBody(body, length, /*dtls=*/true, hello, needed);
}

}  // namespace borderflow
