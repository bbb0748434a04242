#include "dataplane/inspect/certificate.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "dataplane/inspect/protocols/ber.h"
#include "dataplane/inspect/tls.h"

namespace borderflow {
namespace {

constexpr uint8_t kServerHello = 2;
constexpr uint8_t kCertificate = 11;
constexpr size_t kHandshakeHeader = 4;

constexpr uint8_t kSequence = 0x30;
constexpr uint8_t kObjectId = 0x06;
constexpr uint8_t kOctetString = 0x04;
constexpr uint8_t kVersionTag = 0xa0;
constexpr uint8_t kExtensionsTag = 0xa3;
constexpr uint8_t kDnsNameTag = 0x82;
constexpr std::string_view kCommonName("\x55\x04\x03", 3);
constexpr std::string_view kSubjectAltName("\x55\x1d\x11", 3);

bool IsTls13(Bytes server_hello) {
  constexpr uint16_t kSupportedVersions = 43;
  Reader reader(server_hello);
  reader.Skip(2 + 32);
  reader.Skip(reader.U8());
  reader.Skip(2 + 1 + 2);
  while (reader.left() >= 4) {
    const uint16_t type = reader.U16();
    const uint16_t size = reader.U16();
    if (type == kSupportedVersions) return reader.U16() == 0x0304;
    reader.Skip(size);
  }
  return false;
}

// Without a wildcard's label; empty unless it is a host name of several labels.
std::string_view AsHostName(const BerElement& element) {
  if (element.content.size() < element.length) return {};  // half a name is none
  std::string_view name = AsText(element.content);
  if (name.starts_with("*.")) name.remove_prefix(2);
  const bool clean = std::all_of(name.begin(), name.end(), [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '.' || c == '_';
  });
  const size_t dot = name.find('.');
  const bool letters = std::any_of(name.begin(), name.end(), [](char c) {
    return absl::ascii_isalpha(static_cast<unsigned char>(c));
  });
  const bool host = clean && letters && dot != name.npos && dot > 0 && name.size() <= 253;
  return host ? name : std::string_view();
}

// RDNSequence: SEQUENCE OF SET OF SEQUENCE { type, value }.
std::string_view CommonName(Bytes subject) {
  BerElement set, pair, type, value;
  while (NextBer(&subject, &set)) {
    Bytes sets = set.content;
    while (NextBer(&sets, &pair)) {
      Bytes rest = pair.content;
      if (NextBer(&rest, &type) && type.tag == kObjectId && AsText(type.content) == kCommonName &&
          NextBer(&rest, &value)) {
        return AsHostName(value);
      }
    }
  }
  return {};
}

// Extensions: SEQUENCE OF SEQUENCE { id, [critical], OCTET STRING }.
std::string_view AlternativeName(Bytes extensions) {
  BerElement list, extension, id, value, names, entry;
  if (!NextBer(&extensions, &list)) return {};
  Bytes rest = list.content;
  while (NextBer(&rest, &extension)) {
    Bytes inside = extension.content;
    if (!NextBer(&inside, &id) || id.tag != kObjectId || AsText(id.content) != kSubjectAltName) {
      continue;
    }
    while (NextBer(&inside, &value) && value.tag != kOctetString) {
    }
    Bytes content = value.content;
    if (value.tag != kOctetString || !NextBer(&content, &names)) return {};
    Bytes all = names.content;
    while (NextBer(&all, &entry)) {
      if (entry.tag != kDnsNameTag) continue;
      const std::string_view name = AsHostName(entry);
      if (!name.empty()) return name;
    }
    return {};
  }
  return {};
}

}  // namespace

// Certificate ::= SEQUENCE { tbs SEQUENCE { [0] version, serial, algorithm, issuer, validity,
// subject, key, ..., [3] extensions }, ... }
std::string_view CertificateName(Bytes certificate) {
  BerElement outer, to_be_signed, field;
  if (!NextBer(&certificate, &outer) || outer.tag != kSequence) return {};
  Bytes rest = outer.content;
  if (!NextBer(&rest, &to_be_signed) || to_be_signed.tag != kSequence) return {};
  rest = to_be_signed.content;
  constexpr int kSubject = 4;  // serial is field 0
  std::string_view common;
  for (int number = 0; NextBer(&rest, &field);) {
    if (field.tag == kVersionTag) continue;
    if (number == kSubject) common = CommonName(field.content);
    if (field.tag == kExtensionsTag) {
      const std::string_view name = AlternativeName(field.content);
      return name.empty() ? common : name;
    }
    ++number;
  }
  return common;
}

Parse ParseServerFlight(Bytes stream, absl::Span<uint8_t> scratch, std::string_view* name,
                        size_t* needed) {
  bool ended = false;
  Bytes messages = JoinHandshakeRecords(stream, scratch, &ended);
  *needed = stream.size() + 1;
  const auto more = [ended] { return ended ? Parse::kDone : Parse::kMore; };
  while (messages.size() >= kHandshakeHeader) {
    Reader reader(messages);
    const uint8_t type = reader.U8();
    const size_t length = reader.U24();
    if (type != kServerHello && type != kCertificate) return Parse::kDone;
    const Bytes body = reader.rest().subspan(0, std::min(length, reader.left()));
    if (type == kServerHello && body.size() == length && IsTls13(body)) return Parse::kDone;
    if (type == kCertificate) {
      Reader list(body);
      list.U24();
      const Bytes first = list.Take(list.U24());
      if (!list.ok()) return body.size() < length ? more() : Parse::kDone;
      *name = CertificateName(first);
      return Parse::kDone;
    }
    if (body.size() < length) return more();
    messages.remove_prefix(kHandshakeHeader + length);
  }
  return more();
}

}  // namespace borderflow
