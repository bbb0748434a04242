#include "tools/generator/tls_hello.h"

#include <algorithm>
#include <utility>

#include "tools/generator/bytes.h"

namespace borderflow::generator {
namespace {

constexpr size_t kMostFragment = 16384;
constexpr size_t kX25519Share = 32;
constexpr size_t kMlKemClientShare = 1184 + kX25519Share;
constexpr size_t kMlKemServerShare = 1088 + kX25519Share;
constexpr uint16_t kX25519 = 0x001d;
constexpr uint16_t kX25519MlKem768 = 0x11ec;

enum Extension : uint16_t {
  kServerName = 0,
  kStatusRequest = 5,
  kSupportedGroups = 10,
  kPointFormats = 11,
  kSignatureAlgorithms = 13,
  kAlpn = 16,
  kCertificateTimestamp = 18,
  kExtendedMasterSecret = 23,
  kCompressCertificate = 27,
  kSessionTicket = 35,
  kSupportedVersions = 43,
  kPskModes = 45,
  kKeyShare = 51,
  kQuicTransportParameters = 57,
  kApplicationSettings = 17613,
  kEncryptedClientHello = 0xfe0d,
  kRenegotiationInfo = 0xff01,
};

using Extensions = std::vector<std::pair<uint16_t, std::string>>;

// One of the sixteen values 0x0a0a, 0x1a1a ... (RFC 8701).
uint16_t Grease(Random& random) {
  const uint32_t nibble = random.Below(16);
  return static_cast<uint16_t>(nibble << 12 | 0x0a00 | nibble << 4 | 0x0a);
}

std::string U16List(const std::vector<uint16_t>& values) {
  ByteWriter list;
  for (const uint16_t value : values) list.U16(value);
  return ByteWriter().Vector(2, list.bytes()).Take();
}

std::string ServerName(std::string_view name) {
  const std::string entry = ByteWriter().U8(0).Vector(2, name).Take();
  return ByteWriter().Vector(2, entry).Take();
}

std::string Alpn(const std::vector<std::string_view>& protocols) {
  ByteWriter list;
  for (const std::string_view protocol : protocols) list.Vector(1, protocol);
  return ByteWriter().Vector(2, list.bytes()).Take();
}

std::string KeyShare(bool grease, bool post_quantum, uint16_t grease_group, Random& random) {
  ByteWriter shares;
  if (grease) shares.U16(grease_group).Vector(2, std::string_view("\0", 1));
  if (post_quantum) shares.U16(kX25519MlKem768).Vector(2, random.Bytes(kMlKemClientShare));
  shares.U16(kX25519).Vector(2, random.Bytes(kX25519Share));
  return ByteWriter().Vector(2, shares.bytes()).Take();
}

// An outer ClientHello's extension: HKDF-SHA256 and AES-128-GCM, a 32-byte encapsulated key and a
// payload of one of the sizes that padding yields.
std::string EncryptedClientHello(Random& random) {
  constexpr uint8_t kOuter = 0;
  const size_t payload = 144 + 32 * random.Below(4);
  return ByteWriter()
      .U8(kOuter)
      .U16(0x0001)
      .U16(0x0001)
      .U8(random.Below(256))
      .Vector(2, random.Bytes(32))
      .Vector(2, random.Bytes(payload))
      .Take();
}

std::string TransportParameters(std::string_view source_id) {
  ByteWriter out;
  const auto add = [&out](uint64_t id, std::string_view value) {
    out.VarInt(id).VarInt(value.size()).Raw(value);
  };
  const auto number = [](uint64_t value) { return ByteWriter().VarInt(value).Take(); };
  add(0x01, number(30000));     // max_idle_timeout
  add(0x03, number(1472));      // max_udp_payload_size
  add(0x04, number(15728640));  // initial_max_data
  add(0x05, number(6291456));   // initial_max_stream_data_bidi_local
  add(0x06, number(6291456));   // ... bidi_remote
  add(0x07, number(6291456));   // ... uni
  add(0x08, number(100));       // initial_max_streams_bidi
  add(0x09, number(103));       // initial_max_streams_uni
  add(0x0f, source_id);         // initial_source_connection_id
  return out.Take();
}

// GREASE first and last, everything between in random order, as Chromium does since version 110.
void ShuffleBetween(Extensions* extensions, Random& random) {
  for (size_t i = extensions->size() - 2; i > 1; --i) {
    std::swap((*extensions)[i], (*extensions)[1 + random.Below(static_cast<uint32_t>(i))]);
  }
}

Extensions BrowserExtensions(const HelloOptions& options, Random& random) {
  const uint16_t group = Grease(random);
  std::vector<uint16_t> groups = {group};
  if (options.post_quantum) groups.push_back(kX25519MlKem768);
  groups.insert(groups.end(), {kX25519, 0x0017, 0x0018});
  const uint16_t version = Grease(random);
  ByteWriter versions;
  versions.U16(version).U16(0x0304);
  if (!options.quic) versions.U16(0x0303);

  Extensions list;
  list.emplace_back(Grease(random), "");
  if (!options.name.empty()) list.emplace_back(kServerName, ServerName(options.name));
  list.emplace_back(kSupportedGroups, U16List(groups));
  list.emplace_back(kSignatureAlgorithms,
                    U16List({0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601}));
  list.emplace_back(kKeyShare, KeyShare(true, options.post_quantum, group, random));
  list.emplace_back(kSupportedVersions, ByteWriter().Vector(1, versions.bytes()).Take());
  list.emplace_back(kPskModes, std::string("\x01\x01", 2));
  list.emplace_back(kCompressCertificate, std::string("\x02\x00\x02", 3));
  if (!options.alpn.empty()) {
    list.emplace_back(kAlpn, Alpn(options.alpn));
    list.emplace_back(kApplicationSettings, Alpn({options.alpn.front()}));
  }
  if (options.quic) {
    list.emplace_back(kQuicTransportParameters, TransportParameters(options.quic_source_id));
  } else {
    list.emplace_back(kStatusRequest, std::string("\x01\0\0\0\0", 5));
    list.emplace_back(kPointFormats, std::string("\x01\0", 2));
    list.emplace_back(kCertificateTimestamp, "");
    list.emplace_back(kExtendedMasterSecret, "");
    list.emplace_back(kSessionTicket, "");
    list.emplace_back(kRenegotiationInfo, std::string(1, '\0'));
  }
  if (options.ech) list.emplace_back(kEncryptedClientHello, EncryptedClientHello(random));
  // Two GREASE extensions must differ, or the message carries one type twice.
  uint16_t last = Grease(random);
  while (last == list.front().first) last = Grease(random);
  list.emplace_back(last, std::string(1, '\0'));
  ShuffleBetween(&list, random);
  return list;
}

Extensions LibraryExtensions(const HelloOptions& options, Random& random) {
  std::vector<uint16_t> groups;
  if (options.post_quantum) groups.push_back(kX25519MlKem768);
  groups.insert(groups.end(), {kX25519, 0x0017, 0x001e, 0x0019, 0x0018});
  Extensions list;
  if (!options.name.empty()) list.emplace_back(kServerName, ServerName(options.name));
  if (!options.quic) list.emplace_back(kPointFormats, std::string("\x03\0\x01\x02", 4));
  list.emplace_back(kSupportedGroups, U16List(groups));
  if (!options.quic) list.emplace_back(kSessionTicket, "");
  if (!options.alpn.empty()) list.emplace_back(kAlpn, Alpn(options.alpn));
  if (!options.quic) list.emplace_back(kExtendedMasterSecret, "");
  list.emplace_back(kSignatureAlgorithms, U16List({0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0804,
                                                   0x0805, 0x0806, 0x0401, 0x0501, 0x0601}));
  list.emplace_back(kSupportedVersions, options.quic ? std::string("\x02\x03\x04", 3)
                                                     : std::string("\x04\x03\x04\x03\x03", 5));
  list.emplace_back(kPskModes, std::string("\x01\x01", 2));
  list.emplace_back(kKeyShare, KeyShare(false, options.post_quantum, 0, random));
  if (options.quic) {
    list.emplace_back(kQuicTransportParameters, TransportParameters(options.quic_source_id));
  }
  if (options.ech) list.emplace_back(kEncryptedClientHello, EncryptedClientHello(random));
  return list;
}

Extensions OldExtensions(const HelloOptions& options) {
  Extensions list;
  list.emplace_back(kRenegotiationInfo, std::string(1, '\0'));
  if (!options.name.empty()) list.emplace_back(kServerName, ServerName(options.name));
  list.emplace_back(kExtendedMasterSecret, "");
  list.emplace_back(kSessionTicket, "");
  list.emplace_back(kSignatureAlgorithms,
                    U16List({0x0401, 0x0501, 0x0601, 0x0403, 0x0503, 0x0603, 0x0201}));
  list.emplace_back(kPointFormats, std::string("\x01\0", 2));
  list.emplace_back(kSupportedGroups, U16List({kX25519, 0x0017, 0x0018}));
  if (!options.alpn.empty()) list.emplace_back(kAlpn, Alpn(options.alpn));
  return list;
}

std::string CipherSuites(const HelloOptions& options, Random& random) {
  std::vector<uint16_t> suites;
  if (options.kind == ClientKind::kBrowser) suites.push_back(Grease(random));
  if (options.kind != ClientKind::kOld) suites.insert(suites.end(), {0x1301, 0x1302, 0x1303});
  if (!options.quic) {
    suites.insert(suites.end(), {0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0xc013, 0xc014,
                                 0x009c, 0x009d, 0x002f, 0x0035});
  }
  return U16List(suites);
}

std::string WithExtensions(std::string_view body, const Extensions& extensions, uint8_t type) {
  ByteWriter block;
  for (const auto& [id, value] : extensions) block.U16(id).Vector(2, value);
  const std::string whole = ByteWriter().Raw(body).Vector(2, block.bytes()).Take();
  return ByteWriter().U8(type).Vector(3, whole).Take();
}

}  // namespace

std::string ClientHello(const HelloOptions& options, Random& random) {
  constexpr uint8_t kType = 1;
  ByteWriter body;
  body.U16(0x0303).Raw(random.Bytes(32));
  // QUIC forbids the compatibility mode's session id (RFC 9001 section 8.4).
  const bool session = !options.quic && options.kind != ClientKind::kOld;
  body.Vector(1, session ? random.Bytes(32) : std::string());
  body.Raw(CipherSuites(options, random));
  body.U8(1).U8(0);  // no compression
  Extensions extensions;
  switch (options.kind) {
    case ClientKind::kBrowser:
      extensions = BrowserExtensions(options, random);
      break;
    case ClientKind::kLibrary:
      extensions = LibraryExtensions(options, random);
      break;
    case ClientKind::kOld:
      extensions = OldExtensions(options);
      break;
  }
  return WithExtensions(body.bytes(), extensions, kType);
}

std::string ServerHello(const ServerHelloOptions& options, Random& random) {
  constexpr uint8_t kType = 2;
  ByteWriter body;
  body.U16(0x0303).Raw(random.Bytes(32)).Vector(1, options.session_id);
  body.U16(options.tls13 ? 0x1301 : 0xc02f).U8(0);
  Extensions extensions;
  if (options.tls13) {
    const uint16_t group = options.post_quantum ? kX25519MlKem768 : kX25519;
    const size_t share = options.post_quantum ? kMlKemServerShare : kX25519Share;
    extensions.emplace_back(kKeyShare,
                            ByteWriter().U16(group).Vector(2, random.Bytes(share)).Take());
    extensions.emplace_back(kSupportedVersions, std::string("\x03\x04", 2));
  } else {
    extensions.emplace_back(kRenegotiationInfo, std::string(1, '\0'));
    extensions.emplace_back(kExtendedMasterSecret, "");
  }
  return WithExtensions(body.bytes(), extensions, kType);
}

std::string Record(uint8_t type, std::string_view fragment, uint16_t version) {
  return ByteWriter().U8(type).U16(version).Vector(2, fragment).Take();
}

std::string Records(std::string_view message, size_t limit) {
  std::string records;
  while (!message.empty()) {
    records += Record(kRecordHandshake, message.substr(0, limit), 0x0301);
    message.remove_prefix(std::min(limit, message.size()));
  }
  return records;
}

std::string OpaqueRecords(size_t size, Random& random) {
  constexpr size_t kHeader = 5;
  std::string records;
  while (size > kHeader) {
    const size_t fragment = std::min(size - kHeader, kMostFragment);
    records += Record(kRecordApplicationData, random.Opaque(fragment));
    size -= kHeader + fragment;
  }
  return records;
}

std::string ServerFlight(const ServerHelloOptions& options, size_t encrypted, Random& random) {
  std::string flight = Record(kRecordHandshake, ServerHello(options, random));
  flight += Record(kRecordChangeCipherSpec, std::string_view("\x01", 1));
  if (options.tls13) return flight + OpaqueRecords(encrypted, random);
  constexpr size_t kFinished = 40;
  return flight + Record(kRecordHandshake, random.Opaque(kFinished));
}

}  // namespace borderflow::generator
