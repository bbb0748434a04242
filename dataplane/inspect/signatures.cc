#include "dataplane/inspect/signatures.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "dataplane/inspect/byte_pattern.h"
#include "dataplane/inspect/protocols/checks.h"

namespace borderflow {
namespace {

// Where a message may travel.
enum class Carrier : uint8_t { kStream = 1, kDatagram = 2, kEither = 3 };

struct Signature {
  Protocol protocol;
  Carrier carrier;
  Proof proof;
  BytePattern pattern;
  bool (*check)(const WireMessage&);
};

constexpr Signature kSignatures[] = {
#define BORDERFLOW_SIGNATURE(protocol, carrier, proof, pattern, ...) \
  {Protocol::protocol, Carrier::carrier, Proof::proof, BytePattern(pattern), &__VA_ARGS__},
#include "dataplane/inspect/signatures.inc"
#undef BORDERFLOW_SIGNATURE
};
constexpr size_t kLines = std::size(kSignatures);
static_assert(kLines <= UINT16_MAX);
static_assert(std::endian::native == std::endian::little);  // how a pattern's words are taken apart

// Lines in the order in which they are asked: those that settle a protocol at once come first.
constexpr auto kOrder = [] {
  std::array<uint16_t, kLines> order = {};
  size_t at = 0;
  for (const bool strong : {true, false}) {
    for (size_t line = 0; line < kLines; ++line) {
      if ((kSignatures[line].proof == Proof::kOnce) != strong) continue;
      order[at++] = static_cast<uint16_t>(line);
    }
  }
  return order;
}();

// A set of lines, as bits in kOrder.
constexpr size_t kWordBits = 64;
struct Lines {
  std::array<uint64_t, (kLines + kWordBits - 1) / kWordBits> words = {};

  constexpr void Add(size_t place) {
    words[place / kWordBits] |= uint64_t{1} << (place % kWordBits);
  }
  constexpr Lines& operator&=(const Lines& other) {
    for (size_t i = 0; i < words.size(); ++i) words[i] &= other.words[i];
    return *this;
  }
};

// Which lines each of the first bytes allows: what is in all of these sets is worth a closer look,
// and nearly all lines are not.
constexpr size_t kSieveBytes = 4;
constexpr auto kSieve = [] {
  std::array<std::array<Lines, 256>, kSieveBytes> sieve = {};
  for (size_t place = 0; place < kLines; ++place) {
    const BytePattern& pattern = kSignatures[kOrder[place]].pattern;
    for (size_t at = 0; at < kSieveBytes; ++at) {
      const auto value = static_cast<uint8_t>(pattern.value[0] >> (8 * at));
      const auto mask = static_cast<uint8_t>(pattern.mask[0] >> (8 * at));
      for (size_t byte = 0; byte < 256; ++byte) {
        if (((byte ^ value) & mask) == 0) sieve[at][byte].Add(place);
      }
    }
  }
  return sieve;
}();

constexpr Lines LinesOf(Carrier carrier) {
  Lines lines;
  for (size_t place = 0; place < kLines; ++place) {
    const int both =
        static_cast<int>(kSignatures[kOrder[place]].carrier) & static_cast<int>(carrier);
    if (both != 0) lines.Add(place);
  }
  return lines;
}
constexpr Lines kStreamLines = LinesOf(Carrier::kStream);
constexpr Lines kDatagramLines = LinesOf(Carrier::kDatagram);

// Calls visit(signature) for every line that fits, until it returns false.
template <typename Visit>
void ForEachFit(const WireMessage& message, Visit visit) {
  if (message.bytes.empty()) return;
  std::array<uint64_t, BytePattern::kWords> head = {};
  std::memcpy(head.data(), message.bytes.data(), std::min(message.bytes.size(), sizeof(head)));
  Lines left = message.datagram ? kDatagramLines : kStreamLines;
  for (size_t at = 0; at < kSieveBytes; ++at) left &= kSieve[at][head[0] >> (8 * at) & 0xff];
  for (size_t word = 0; word < left.words.size(); ++word) {
    for (uint64_t bits = left.words[word]; bits != 0; bits &= bits - 1) {
      const auto bit = static_cast<size_t>(std::countr_zero(bits));
      const Signature& signature = kSignatures[kOrder[word * kWordBits + bit]];
      if (message.bytes.size() < signature.pattern.size || !signature.pattern.Matches(head)) {
        continue;
      }
      if (signature.check(message) && !visit(signature)) return;
    }
  }
}

constexpr auto ListProtocols() {
  constexpr auto first_line = [](size_t line) {
    for (size_t i = 0; i < line; ++i) {
      if (kSignatures[i].protocol == kSignatures[line].protocol) return false;
    }
    return true;
  };
  constexpr size_t kCount = [first_line] {
    size_t count = 0;
    for (size_t line = 0; line < kLines; ++line) count += first_line(line) ? 1 : 0;
    return count;
  }();
  std::array<Protocol, kCount> protocols = {};
  size_t at = 0;
  for (size_t line = 0; line < kLines; ++line) {
    if (first_line(line)) protocols[at++] = kSignatures[line].protocol;
  }
  return protocols;
}
constexpr auto kProtocols = ListProtocols();

}  // namespace

Recognition FindSignature(const WireMessage& message, Protocol expected) {
  Recognition best;
  bool ambiguous = false;
  ForEachFit(message, [&](const Signature& signature) {
    const Recognition found = {signature.protocol, signature.proof};
    if (found.proof == Proof::kOnce || found.protocol == expected) {
      best = found;
      ambiguous = false;
      return false;
    }
    ambiguous |= best.protocol != Protocol::kNone && best.protocol != found.protocol;
    if (best.protocol == Protocol::kNone) best = found;
    return true;
  });
  return ambiguous ? Recognition{} : best;
}

size_t AllSignatures(const WireMessage& message, absl::Span<Recognition> found) {
  size_t count = 0;
  ForEachFit(message, [&](const Signature& signature) {
    if (count < found.size()) found[count] = {signature.protocol, signature.proof};
    ++count;
    return true;
  });
  return count;
}

absl::Span<const Protocol> ProtocolsWithSignatures() { return kProtocols; }

}  // namespace borderflow
