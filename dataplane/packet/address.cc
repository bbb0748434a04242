#include "dataplane/packet/address.h"

#include <arpa/inet.h>

#include <array>
#include <charconv>
#include <cstring>

#include "dataplane/packet/cursor.h"

namespace borderflow {
namespace {

constexpr int kGroups = 8;  // of 16 bits each

std::string V4ToString(uint32_t address) {
  std::string text;
  for (int shift = 24; shift >= 0; shift -= 8) {
    if (shift < 24) text += '.';
    text += std::to_string((address >> shift) & 0xff);
  }
  return text;
}

struct Run {
  int start = 0;
  int length = 0;
};

// The longest run of zero groups, the first of equals; a lone zero group is not shortened
// (RFC 5952 section 4.2).
Run LongestZeroRun(const std::array<unsigned, kGroups>& groups) {
  Run best;
  Run current;
  for (int i = 0; i < kGroups; ++i) {
    current = groups[i] != 0 ? Run{i + 1, 0} : Run{current.start, current.length + 1};
    if (current.length > best.length) best = current;
  }
  return best.length >= 2 ? best : Run{};
}

// The bits that are free below a prefix of `length`, in one 64-bit half that starts at `first`.
uint64_t HostBits(int length, int first) {
  const int fixed = length - first;
  if (fixed <= 0) return ~uint64_t{0};
  return fixed >= 64 ? 0 : ~uint64_t{0} >> fixed;
}

}  // namespace

std::string ToString(const IpAddress& address) {
  if (address.IsV4Mapped()) return V4ToString(address.v4());
  std::array<unsigned, kGroups> groups;
  for (int i = 0; i < kGroups; ++i) {
    const uint64_t half = i < 4 ? address.high : address.low;
    groups[i] = static_cast<unsigned>((half >> (48 - 16 * (i % 4))) & 0xffff);
  }
  const Run zeros = LongestZeroRun(groups);
  char text[INET6_ADDRSTRLEN];
  char* at = text;
  for (int i = 0; i < kGroups;) {
    if (zeros.length > 0 && i == zeros.start) {
      *at++ = ':';
      i += zeros.length;
      if (i == kGroups) *at++ = ':';
      continue;
    }
    if (i > 0) *at++ = ':';
    at = std::to_chars(at, text + sizeof(text), groups[i], 16).ptr;
    ++i;
  }
  return std::string(text, at);
}

std::optional<IpAddress> ParseAddress(std::string_view text) {
  char terminated[INET6_ADDRSTRLEN];
  if (text.empty() || text.size() >= sizeof(terminated)) return std::nullopt;
  if (text.find('\0') != text.npos) return std::nullopt;
  std::memcpy(terminated, text.data(), text.size());
  terminated[text.size()] = '\0';
  uint8_t bytes[16];
  if (inet_pton(AF_INET, terminated, bytes) == 1) return IpAddress::FromV4(LoadBig32(bytes));
  if (inet_pton(AF_INET6, terminated, bytes) != 1) return std::nullopt;
  return IpAddress{LoadBig64(bytes), LoadBig64(bytes + 8)};
}

IpAddress Prefix::last() const {
  return {address.high | HostBits(length, 0), address.low | HostBits(length, 64)};
}

std::optional<Prefix> ParsePrefix(std::string_view text) {
  const size_t slash = text.find('/');
  const std::string_view address_text = text.substr(0, slash);
  const std::optional<IpAddress> address = ParseAddress(address_text);
  if (!address) return std::nullopt;
  if (slash == text.npos) return Prefix{*address, 128};

  const std::string_view digits = text.substr(slash + 1);
  if (digits.empty() || digits.size() > 3 || (digits.size() > 1 && digits[0] == '0')) {
    return std::nullopt;
  }
  unsigned length = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), length);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  const bool is_v4 = address_text.find(':') == address_text.npos;
  if (length > (is_v4 ? 32u : 128u)) return std::nullopt;

  const Prefix prefix{*address, static_cast<int>(length) + (is_v4 ? 96 : 0)};
  const bool host_bits_set = (address->high & HostBits(prefix.length, 0)) != 0 ||
                             (address->low & HostBits(prefix.length, 64)) != 0;
  if (host_bits_set) return std::nullopt;
  return prefix;
}

}  // namespace borderflow
