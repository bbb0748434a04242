// DNS messages: names equal those of a recursive twin, and every walk ends.
#include <cstdlib>
#include <optional>
#include <string>

#include "absl/strings/ascii.h"
#include "dataplane/inspect/dns.h"

using borderflow::Bytes;

namespace {

void Require(bool condition) {
  if (!condition) std::abort();
}

// RFC 1035 section 4.1.4, as it is told there; loops end by depth.
std::optional<std::string> TwinName(Bytes message, size_t at, int depth = 0) {
  constexpr int kDeepest = 400;
  if (at >= message.size() || depth > kDeepest) return std::nullopt;
  const uint8_t length = message[at];
  if (length == 0) return "";
  if (length >= 0xc0) {
    if (at + 1 >= message.size()) return std::nullopt;
    return TwinName(message, size_t{length & 0x3fu} << 8 | message[at + 1], depth + 1);
  }
  if (length > 63 || at + 1 + length > message.size()) return std::nullopt;
  const auto rest = TwinName(message, at + 1 + length, depth + 1);
  if (!rest) return std::nullopt;
  std::string name(reinterpret_cast<const char*>(message.data()) + at + 1, length);
  absl::AsciiStrToLower(&name);
  return rest->empty() ? name : name + "." + *rest;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const Bytes message(data, size);
  for (size_t start = 0; start < size && start < 64; ++start) {
    borderflow::DomainName name;
    size_t at = start;
    if (!name.Read(message, &at)) continue;
    Require(at > start && at <= size);
    Require(TwinName(message, start) == std::string(name.text()));
  }
  borderflow::IsConvincingDns(message);
  if (!borderflow::ReadDnsHeader(message)) return 0;
  size_t at = borderflow::kDnsHeader;
  borderflow::DomainName name;
  borderflow::DnsQuestion question;
  size_t skipped = at;
  const bool read = borderflow::ReadDnsQuestion(message, &at, &name, &question);
  Require(borderflow::SkipDnsQuestion(message, &skipped) == read);
  Require(!read || skipped == at);
  borderflow::DnsRecord record;
  while (true) {
    const size_t before = at;
    if (!borderflow::ReadDnsRecord(message, &at, &record)) break;
    Require(at > before && at <= size);
  }
  return 0;
}
