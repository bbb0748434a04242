#include "rules/entity/address_prefix.h"

#include <arpa/inet.h>

#include <array>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "rules/jurisdiction/suggest.h"

namespace borderflow {
namespace {

constexpr uint64_t kMapped = 0xffff'0000'0000;  // ::ffff:0:0, below which IPv4 stands
constexpr int kV4Bits = 32;
constexpr int kV6Bits = 128;
constexpr int kWidestV4 = 8;
constexpr int kWidestV6 = 16;

absl::uint128 FromBytes(const unsigned char* bytes, int count) {
  absl::uint128 value = 0;
  for (int i = 0; i < count; ++i) value = value << 8 | bytes[i];
  return value;
}

// All bits behind the prefix.
absl::uint128 HostMask(int length) {
  return length == 0 ? ~absl::uint128(0) : (absl::uint128(1) << (kV6Bits - length)) - 1;
}

}  // namespace

absl::uint128 AddressPrefix::last() const { return first | HostMask(length); }

absl::StatusOr<AddressPrefix> ParseAddressPrefix(std::string_view text) {
  const auto error = [text](std::string_view what) {
    return absl::InvalidArgumentError(
        absl::StrCat(Quoted(text), " is not a prefix: ", std::string(what)));
  };
  const size_t slash = text.find('/');
  const std::string address(text.substr(0, slash));
  const bool is_v6 = address.find(':') != std::string::npos;
  std::array<unsigned char, 16> bytes{};
  // A NUL would end the text early for inet_pton.
  if (address.find('\0') != std::string::npos ||
      inet_pton(is_v6 ? AF_INET6 : AF_INET, address.c_str(), bytes.data()) != 1) {
    return error("expected an address and a length, such as 192.0.2.0/24 or 2001:db8::/32");
  }
  const int bits = is_v6 ? kV6Bits : kV4Bits;
  if (slash == std::string_view::npos) {
    return error(absl::StrCat("it has no length: write ", address, "/", bits, " for one address"));
  }
  const std::string_view digits = text.substr(slash + 1);
  int length = 0;
  if (!absl::SimpleAtoi(absl::string_view(digits.data(), digits.size()), &length) || length < 0 ||
      length > bits || digits.size() > 3 || digits[0] == '+' || digits[0] == ' ') {
    return error(absl::StrCat("the length behind \"/\" must be from ",
                              is_v6 ? kWidestV6 : kWidestV4, " to ", bits));
  }
  AddressPrefix prefix;
  prefix.first = is_v6 ? FromBytes(bytes.data(), 16) : kMapped | FromBytes(bytes.data(), 4);
  prefix.length = length + kV6Bits - bits;
  if (length < (is_v6 ? kWidestV6 : kWidestV4)) {
    return error(absl::StrCat("wider than /", is_v6 ? kWidestV6 : kWidestV4,
                              ", more than one organisation holds"));
  }
  const absl::uint128 host = prefix.first & HostMask(prefix.length);
  prefix.first &= ~HostMask(prefix.length);
  if (host != 0) {
    return error(absl::StrCat("bits are set behind its length: write ", PrefixToText(prefix)));
  }
  return prefix;
}

std::string PrefixToText(const AddressPrefix& prefix) {
  std::array<unsigned char, 16> bytes{};
  absl::uint128 rest = prefix.first;
  for (size_t i = bytes.size(); i-- > 0; rest >>= 8) {
    bytes[i] = static_cast<unsigned char>(absl::Uint128Low64(rest) & 0xff);
  }
  std::array<char, INET6_ADDRSTRLEN> text{};
  const bool is_v4 = prefix.length >= kV6Bits - kV4Bits && (prefix.first >> kV4Bits) == 0xffff;
  inet_ntop(is_v4 ? AF_INET : AF_INET6, is_v4 ? bytes.data() + 12 : bytes.data(), text.data(),
            text.size());
  return absl::StrCat(text.data(), "/",
                      is_v4 ? prefix.length - (kV6Bits - kV4Bits) : prefix.length);
}

}  // namespace borderflow
