#include "dataplane/inspect/signatures.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <utility>

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
  // Not defaulted: std::equal would be many more steps for the compiler.
  constexpr bool operator==(const Lines& other) const {
    for (size_t i = 0; i < words.size(); ++i) {
      if (words[i] != other.words[i]) return false;
    }
    return true;
  }
  constexpr bool empty() const {
    uint64_t all = 0;
    for (const uint64_t word : words) all |= word;
    return all == 0;
  }
};

// Which lines some of the first bytes allow: what is in all of these sets is worth a closer look,
// and nearly all lines are not. Behind the first eight, those are looked at that the lines speak of
// which leave these free. The first byte's sets also know the carrier.
using SieveBytes = std::index_sequence<1, 2, 3, 4, 5, 6, 7, 12, 17>;
constexpr size_t kByteValues = 256;
using Allowed = std::array<Lines, kByteValues>;
using Head = std::array<uint64_t, BytePattern::kWords>;
constexpr uint8_t ByteOf(const Head& head, size_t at) {
  return static_cast<uint8_t>(head[at / 8] >> (8 * (at % 8)));
}
constexpr Allowed AllowedAt(size_t at, Carrier carrier) {
  Allowed allowed = {};
  Lines any;  // lines that leave this byte free, as most do behind the first few
  for (size_t place = 0; place < kLines; ++place) {
    const Signature& signature = kSignatures[kOrder[place]];
    if ((static_cast<int>(signature.carrier) & static_cast<int>(carrier)) == 0) continue;
    const uint8_t value = ByteOf(signature.pattern.value, at);
    const uint8_t mask = ByteOf(signature.pattern.mask, at);
    if (mask == 0) {
      any.Add(place);
    } else if (mask == 0xff) {
      allowed[value].Add(place);
    } else {
      for (size_t byte = 0; byte < kByteValues; ++byte) {
        if (((byte ^ value) & mask) == 0) allowed[byte].Add(place);
      }
    }
  }
  for (Lines& lines : allowed) {
    for (size_t word = 0; word < lines.words.size(); ++word) lines.words[word] |= any.words[word];
  }
  return allowed;
}

// Byte values that allow the same share a set, so that the sieve stays in the nearest cache.
template <size_t kSets>
struct Column {
  std::array<uint8_t, kByteValues> set_of = {};
  std::array<Lines, kSets> sets = {};

  constexpr const Lines& operator[](uint8_t byte) const { return sets[set_of[byte]]; }
};
// For each byte value the first that allows the same. By digests, as a compiler may take no more
// than about a million steps.
using Firsts = std::array<uint8_t, kByteValues>;
constexpr Firsts FirstsOf(const Allowed& allowed) {
  uint64_t digests[kByteValues] = {};
  for (size_t byte = 0; byte < kByteValues; ++byte) {
    for (const uint64_t word : allowed[byte].words) {
      digests[byte] = (digests[byte] ^ word) * 0x9e3779b97f4a7c15 + 1;
    }
  }
  Firsts firsts = {};
  for (size_t byte = 0; byte < kByteValues; ++byte) {
    size_t first = 0;
    while (digests[first] != digests[byte] || !(allowed[first] == allowed[byte])) ++first;
    firsts[byte] = static_cast<uint8_t>(first);
  }
  return firsts;
}
constexpr size_t CountSets(const Firsts& firsts) {
  size_t sets = 0;
  for (size_t byte = 0; byte < kByteValues; ++byte) sets += firsts[byte] == byte ? 1 : 0;
  return sets;
}
template <size_t kAt, Carrier kCarrier = Carrier::kEither>
constexpr auto ColumnAt() {
  constexpr Allowed kAllowed = AllowedAt(kAt, kCarrier);
  constexpr Firsts kFirsts = FirstsOf(kAllowed);
  Column<CountSets(kFirsts)> column;
  size_t next = 0;
  for (size_t byte = 0; byte < kByteValues; ++byte) {
    const size_t first = kFirsts[byte];
    if (first == byte) {
      column.sets[next] = kAllowed[byte];
      column.set_of[byte] = static_cast<uint8_t>(next++);
    } else {
      column.set_of[byte] = column.set_of[first];
    }
  }
  return column;
}
constexpr auto kStreamColumn = ColumnAt<0, Carrier::kStream>();
constexpr auto kDatagramColumn = ColumnAt<0, Carrier::kDatagram>();
template <size_t kAt>
constexpr auto kColumn = ColumnAt<kAt>();

// The lines that the first bytes of a message, zeros behind its end, allow.
Lines Sifted(const Head& head, bool datagram) {
  Lines left = datagram ? kDatagramColumn[ByteOf(head, 0)] : kStreamColumn[ByteOf(head, 0)];
  [&]<size_t... kAt>(std::index_sequence<kAt...>) {
    ((left &= kColumn<kAt>[ByteOf(head, kAt)]), ...);
  }
  (SieveBytes());
  return left;
}

Head HeadOf(Bytes bytes) {
  Head head = {};
  if (bytes.size() >= sizeof(head)) {
    std::memcpy(head.data(), bytes.data(), sizeof(head));  // no call, as the size is known
  } else {
    std::memcpy(head.data(), bytes.data(), bytes.size());
  }
  return head;
}

// Calls visit(signature) for every line that fits, until it returns false.
template <typename Visit>
void ForEachFit(const WireMessage& message, Visit visit) {
  if (message.bytes.empty()) return;
  const Head head = HeadOf(message.bytes);
  const Lines left = Sifted(head, message.datagram);
  if (left.empty()) return;
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
