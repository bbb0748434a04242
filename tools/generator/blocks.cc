#include "tools/generator/blocks.h"

#include <algorithm>
#include <string_view>

#include "absl/strings/str_cat.h"

namespace borderflow::generator {
namespace {

constexpr int kLeastHostBits = 8;

struct DefaultBlock {
  std::string_view place;
  std::string_view prefix;
};

// The first block of a jurisdiction also holds its sites' clients.
constexpr DefaultBlock kDefaults[] = {
    {"DE", "80.128.0.0/11"},
    {"DE", "88.198.0.0/16"},
    {"DE", "2003::/19"},
    {"DE", "2001:638::/32"},
    {"AT", "131.130.0.0/16"},
    {"AT", "2001:628::/32"},
    {"US", "17.0.0.0/9"},
    {"US", "12.0.0.0/10"},
    {"US", "2607:f8b0::/32"},
    {"IE", "134.226.0.0/16"},
    {"IE", "2001:770::/32"},
    {"NL", "145.100.0.0/15"},
    {"NL", "2001:610::/32"},
    {"FR", "193.48.0.0/14"},
    {"FR", "2001:660::/32"},
    {"GB", "212.58.224.0/19"},
    {"GB", "129.67.0.0/16"},
    {"GB", "2001:630::/32"},
    {"CH", "129.132.0.0/16"},
    {"CH", "2001:620::/32"},
    {"IT", "131.114.0.0/16"},
    {"IT", "2001:760::/32"},
    {"ES", "130.206.0.0/16"},
    {"ES", "2001:720::/32"},
    {"PT", "193.136.0.0/15"},
    {"BE", "134.58.0.0/16"},
    {"LU", "158.64.0.0/16"},
    {"PL", "149.156.0.0/16"},
    {"CZ", "147.32.0.0/15"},
    {"GR", "147.102.0.0/16"},
    {"SE", "130.237.0.0/16"},
    {"SE", "2001:6b0::/32"},
    {"NO", "129.240.0.0/15"},
    {"DK", "130.225.0.0/16"},
    {"FI", "130.233.0.0/16"},
    {"EE", "193.40.0.0/16"},
    {"RU", "77.88.0.0/18"},
    {"RU", "2a02:6b8::/32"},
    {"TR", "144.122.0.0/16"},
    {"IL", "132.64.0.0/13"},
    {"CN", "166.111.0.0/16"},
    {"CN", "202.112.0.0/16"},
    {"CN", "2001:da8::/32"},
    {"HK", "147.8.0.0/16"},
    {"TW", "140.112.0.0/16"},
    {"SG", "137.132.0.0/16"},
    {"JP", "133.0.0.0/8"},
    {"JP", "2001:200::/32"},
    {"KR", "143.248.0.0/16"},
    {"KR", "2001:320::/32"},
    {"IN", "14.139.0.0/16"},
    {"IN", "2405:200::/32"},
    {"ID", "152.118.0.0/16"},
    {"TH", "161.200.0.0/16"},
    {"VN", "113.160.0.0/11"},
    {"AU", "128.250.0.0/16"},
    {"AU", "2001:388::/32"},
    {"NZ", "130.216.0.0/16"},
    {"CA", "142.103.0.0/16"},
    {"CA", "2001:410::/32"},
    {"MX", "132.248.0.0/16"},
    {"BR", "143.106.0.0/16"},
    {"BR", "2001:12f0::/32"},
    {"AR", "157.92.0.0/16"},
    {"CL", "146.83.0.0/16"},
    {"ZA", "137.158.0.0/16"},
    {"ZA", "2001:4200::/32"},
    {"NG", "197.210.0.0/16"},
    {"KE", "197.136.0.0/16"},
    {"EG", "41.32.0.0/12"},
    {"GH", "197.255.64.0/18"},
    {"AE", "94.200.0.0/16"},
    {"SA", "212.138.0.0/16"},
    // Resolvers first, in the order that Population::Resolver expects.
    {"anycast", "8.8.8.0/24"},
    {"anycast", "1.1.1.0/24"},
    {"anycast", "9.9.9.0/24"},
    {"anycast", "104.16.0.0/13"},
    {"anycast", "2001:4860:4860::/48"},
    {"anycast", "2606:4700:4700::/48"},
    {"anycast", "2620:fe::/48"},
    {"anycast", "2606:4700::/36"},
};

bool Overlap(const Prefix& a, const Prefix& b) {
  return a.address <= b.last() && b.address <= a.last();
}

absl::StatusOr<Block> ParseBlock(std::string_view place, std::string_view prefix) {
  const std::string where = absl::StrCat("--block ", std::string(place), "=", std::string(prefix));
  Block block;
  const std::optional<Jurisdiction> jurisdiction = FromCode(place);
  if (!jurisdiction.has_value() ||
      (IsSpecial(*jurisdiction) && *jurisdiction != Jurisdiction::kAnycast)) {
    const std::string_view near = SuggestCode(place);
    return absl::InvalidArgumentError(absl::StrCat(
        where, ": \"", std::string(place),
        "\" is not a jurisdiction; expected ISO 3166-1 alpha-2 or \"anycast\"",
        near.empty() ? "" : absl::StrCat(" (did you mean \"", std::string(near), "\"?)")));
  }
  const std::optional<Prefix> parsed = ParsePrefix(prefix);
  if (!parsed.has_value()) {
    return absl::InvalidArgumentError(
        absl::StrCat(where, ": \"", std::string(prefix),
                     "\" is not a prefix; expected for example 198.51.100.0/24 or 2001:db8::/32, "
                     "with host bits zero"));
  }
  if (parsed->length > 128 - kLeastHostBits) {
    return absl::InvalidArgumentError(
        absl::StrCat(where, ": too small; expected at least ", 1 << kLeastHostBits, " addresses"));
  }
  block.jurisdiction = *jurisdiction;
  block.prefix = *parsed;
  block.v4 = parsed->address.IsV4Mapped() && parsed->length >= 96;
  return block;
}

}  // namespace

Jurisdiction Place(std::string_view code) {
  return FromCode(code).value_or(Jurisdiction::kUnknown);
}

std::string ToString(const Prefix& prefix) {
  const bool v4 = prefix.address.IsV4Mapped() && prefix.length >= 96;
  return absl::StrCat(borderflow::ToString(prefix.address), "/",
                      v4 ? prefix.length - 96 : prefix.length);
}

uint32_t Block::quarter_size() const {
  constexpr int kMostBits = 24;
  const int bits = 128 - prefix.length - 2;
  return uint32_t{1} << std::min(bits, kMostBits);
}

IpAddress Block::At(uint64_t number) const {
  return {prefix.address.high, prefix.address.low + number};
}

IpAddress Block::Host(Quarter quarter, uint32_t number) const {
  // The second address is the first that is used, so that no host looks like a network's number.
  const uint32_t size = quarter_size();
  const uint64_t offset = 1 + number % (size - 2);
  return At(static_cast<uint64_t>(quarter) * size + offset);
}

absl::StatusOr<Blocks> Blocks::Make(absl::Span<const std::string> replacements) {
  std::vector<Block> chosen;
  for (const std::string& item : replacements) {
    const size_t equals = item.find('=');
    if (equals == std::string::npos) {
      return absl::InvalidArgumentError(
          absl::StrCat("--block ", item, ": no \"=\"; expected CC=PREFIX, as in DE=192.0.2.0/24"));
    }
    absl::StatusOr<Block> block = ParseBlock(std::string_view(item).substr(0, equals),
                                             std::string_view(item).substr(equals + 1));
    if (!block.ok()) return block.status();
    chosen.push_back(*std::move(block));
  }
  Blocks blocks;
  for (const DefaultBlock& entry : kDefaults) {
    absl::StatusOr<Block> block = ParseBlock(entry.place, entry.prefix);
    if (!block.ok()) return block.status();
    const bool replaced = std::any_of(chosen.begin(), chosen.end(), [&](const Block& other) {
      return other.jurisdiction == block->jurisdiction && other.v4 == block->v4;
    });
    if (!replaced) blocks.blocks_.push_back(*std::move(block));
  }
  blocks.blocks_.insert(blocks.blocks_.end(), chosen.begin(), chosen.end());
  for (size_t i = 0; i < blocks.blocks_.size(); ++i) {
    for (size_t j = 0; j < i; ++j) {
      const Block& a = blocks.blocks_[j];
      const Block& b = blocks.blocks_[i];
      if (!Overlap(a.prefix, b.prefix) || a.v4 != b.v4) continue;
      // A longer anycast prefix inside a shorter one is only a more specific name for it.
      if (a.jurisdiction == b.jurisdiction && a.jurisdiction == Jurisdiction::kAnycast) continue;
      return absl::InvalidArgumentError(
          absl::StrCat("blocks ", std::string(Code(a.jurisdiction)), "=", ToString(a.prefix),
                       " and ", std::string(Code(b.jurisdiction)), "=", ToString(b.prefix),
                       " overlap; choose others with --block"));
    }
  }
  return blocks;
}

std::vector<const Block*> Blocks::Of(Jurisdiction jurisdiction, bool v4) const {
  std::vector<const Block*> found;
  for (const Block& block : blocks_) {
    if (block.jurisdiction == jurisdiction && block.v4 == v4) found.push_back(&block);
  }
  return found;
}

}  // namespace borderflow::generator
