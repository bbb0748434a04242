#include "dataplane/inspect/dns.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "absl/strings/ascii.h"
#include "dataplane/packet/cursor.h"

namespace borderflow {
namespace {

constexpr int kMaxPointers = 128;
constexpr uint16_t kTypeA = 1;
constexpr uint16_t kTypeAaaa = 28;
constexpr uint16_t kClassIn = 1;
// IANA's types that clients ask for: A NS CNAME SOA PTR MX TXT AAAA SRV NAPTR DS DNSKEY SVCB HTTPS
// ANY CAA.
constexpr uint16_t kAskedTypes[] = {1, 2, 5, 6, 12, 15, 16, 28, 33, 35, 43, 48, 64, 65, 255, 257};

bool IsHostNameByte(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_' || c == '.';
}

}  // namespace

namespace {

// Follows the name at `*at` and moves behind it; takes(label) for each of its labels, in order.
// False when it is malformed, not all there, or `takes` says so.
template <typename Takes>
bool FollowName(Bytes message, size_t* at, Takes takes) {
  size_t from = *at;
  size_t limit = *at;  // pointers must point before the piece that holds them
  bool jumped = false;
  for (int pointers = 0;;) {
    if (from >= message.size()) return false;
    const uint8_t length = message[from++];
    if (length == 0) break;
    if ((length & 0xc0) == 0xc0) {
      if (from >= message.size() || ++pointers > kMaxPointers) return false;
      const size_t target = (length & 0x3fu) << 8 | message[from++];
      if (!jumped) *at = from;
      jumped = true;
      if (target >= limit) return false;
      from = limit = target;
      continue;
    }
    if ((length & 0xc0) != 0 || length > message.size() - from) return false;
    if (!takes(message.subspan(from, length))) return false;
    from += length;
  }
  if (!jumped) *at = from;
  return true;
}

// Moves behind the name at `*at` under the same conditions as DomainName::Read.
bool SkipName(Bytes message, size_t* at) {
  size_t size = 0;
  return FollowName(message, at, [&size](Bytes label) {
    if (size + label.size() + 1 > kMaxDomainName) return false;
    size += label.size() + (size > 0 ? 1 : 0);
    return true;
  });
}

// Not absl::ascii_tolower: what has no table, the compiler does for 16 bytes at once.
char ToLower(uint8_t byte) {
  const bool upper = byte >= 'A' && byte <= 'Z';
  return static_cast<char>(byte + (upper ? 'a' - 'A' : 0));
}

}  // namespace

bool DomainName::Read(Bytes message, size_t* at) {
  size_ = 0;
  return FollowName(message, at, [this, message](Bytes label) {
    if (size_ + label.size() + 1 > kMaxDomainName) return false;
    if (size_ > 0) text_[size_++] = '.';
    char* const out = text_.data() + size_;
    const uint8_t* const in = label.data();
    if (label.size() <= kStep && in + kStep <= message.data() + message.size()) {
      // All of one vector, in a place of its own; the next label overwrites what is too much.
      std::array<uint8_t, kStep> step;
      std::memcpy(step.data(), in, kStep);
      for (uint8_t& byte : step) byte = static_cast<uint8_t>(ToLower(byte));
      std::memcpy(out, step.data(), kStep);
    } else {
      for (size_t i = 0; i < label.size(); ++i) out[i] = ToLower(in[i]);
    }
    size_ += label.size();
    return true;
  });
}

std::optional<DnsHeader> ReadDnsHeader(Bytes message) {
  if (message.size() < kDnsHeader) return std::nullopt;
  const uint8_t* const fields = message.data() + 2;  // behind the id
  const uint16_t flags = LoadBig16(fields);
  DnsHeader header;
  header.response = (flags & 0x8000) != 0;
  header.opcode = flags >> 11 & 0x0f;
  header.reserved_bits = (flags & 0x0040) != 0;
  header.code = flags & 0x0f;
  header.questions = LoadBig16(fields + 2);
  header.answers = LoadBig16(fields + 4);
  header.authorities = LoadBig16(fields + 6);
  header.additionals = LoadBig16(fields + 8);
  return header;
}

bool ReadDnsQuestion(Bytes message, size_t* at, DomainName* name, DnsQuestion* question) {
  if (!name->Read(message, at)) return false;
  Reader reader(message);
  reader.Skip(*at);
  question->type = reader.U16();
  question->dns_class = reader.U16();
  *at = reader.position();
  return reader.ok();
}

bool SkipDnsQuestion(Bytes message, size_t* at) {
  constexpr size_t kTypeAndClass = 4;
  if (!SkipName(message, at) || message.size() - *at < kTypeAndClass) return false;
  *at += kTypeAndClass;
  return true;
}

bool ReadDnsRecord(Bytes message, size_t* at, DnsRecord* record) {
  if (!SkipName(message, at)) return false;
  Reader reader(message);
  reader.Skip(*at);
  record->type = reader.U16();
  const uint16_t dns_class = reader.U16();
  record->ttl = reader.U32();
  const Bytes data = reader.Take(reader.U16());
  *at = reader.position();
  record->address.reset();
  if (!reader.ok()) return false;
  if (dns_class == kClassIn && record->type == kTypeA && data.size() == 4) {
    record->address = IpAddress::FromV4(LoadBig32(data.data()));
  } else if (dns_class == kClassIn && record->type == kTypeAaaa && data.size() == 16) {
    record->address = IpAddress{LoadBig64(data.data()), LoadBig64(data.data() + 8)};
  }
  return true;
}

bool IsConvincingDns(Bytes message) {
  // The number of questions is told first: one, of what anything else holds there.
  if (message.size() < kDnsHeader || LoadBig16(message.data() + 4) != 1) return false;
  const std::optional<DnsHeader> header = ReadDnsHeader(message);
  if (!header || header->opcode != 0 || header->reserved_bits || header->questions != 1 ||
      header->code > 5 || (!header->response && (header->answers != 0 || header->code != 0))) {
    return false;
  }
  size_t at = kDnsHeader;
  DomainName name;
  DnsQuestion question;
  if (!ReadDnsQuestion(message, &at, &name, &question)) return false;
  const std::string_view text = name.text();
  if (question.dns_class != kClassIn || text.find('.') == std::string_view::npos ||
      !std::all_of(text.begin(), text.end(), IsHostNameByte) ||
      std::find(std::begin(kAskedTypes), std::end(kAskedTypes), question.type) ==
          std::end(kAskedTypes)) {
    return false;
  }
  const int records = header->answers + header->authorities + header->additionals;
  DnsRecord record;
  for (int i = 0; i < records; ++i) {
    if (!ReadDnsRecord(message, &at, &record)) return false;
  }
  return at == message.size();
}

}  // namespace borderflow
