#include "dataplane/inspect/signatures.h"

#include <algorithm>
#include <array>
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

constexpr bool Applies(const Signature& signature, Carrier carrier, size_t byte) {
  return (static_cast<int>(signature.carrier) & static_cast<int>(carrier)) != 0 &&
         signature.pattern.MayStartWith(static_cast<uint8_t>(byte));
}

constexpr size_t CountEntries(Carrier carrier) {
  size_t entries = 0;
  for (const Signature& signature : kSignatures) {
    for (size_t byte = 0; byte < 256; ++byte) entries += Applies(signature, carrier, byte) ? 1 : 0;
  }
  return entries;
}

// For each first byte the lines that may fit, strong ones first.
template <Carrier kCarrier>
struct ByFirstByte {
  std::array<uint16_t, 257> begin = {};
  std::array<uint16_t, CountEntries(kCarrier)> lines = {};

  constexpr ByFirstByte() {
    size_t at = 0;
    for (size_t byte = 0; byte < 256; ++byte) {
      begin[byte] = static_cast<uint16_t>(at);
      for (const bool strong : {true, false}) {
        for (size_t line = 0; line < kLines; ++line) {
          if ((kSignatures[line].proof == Proof::kOnce) != strong) continue;
          if (Applies(kSignatures[line], kCarrier, byte)) lines[at++] = static_cast<uint16_t>(line);
        }
      }
    }
    begin[256] = static_cast<uint16_t>(at);
  }

  absl::Span<const uint16_t> operator[](uint8_t byte) const {
    return absl::MakeConstSpan(lines).subspan(begin[byte], begin[byte + 1u] - begin[byte]);
  }
};
constexpr ByFirstByte<Carrier::kStream> kStreamLines;
constexpr ByFirstByte<Carrier::kDatagram> kDatagramLines;

// The first bytes of every pattern once more, close together: they turn nearly all lines down, and
// the whole patterns of 300 lines do not fit a first-level cache beside everything else.
struct FirstBytes {
  uint32_t value = 0;
  uint32_t mask = 0;
};
constexpr auto kFirstBytes = [] {
  std::array<FirstBytes, kLines> first = {};
  for (size_t line = 0; line < kLines; ++line) {
    first[line].value = static_cast<uint32_t>(kSignatures[line].pattern.value[0]);
    first[line].mask = static_cast<uint32_t>(kSignatures[line].pattern.mask[0]);
  }
  return first;
}();

// Calls visit(signature) for every line that fits, until it returns false.
template <typename Visit>
void ForEachFit(const WireMessage& message, Visit visit) {
  if (message.bytes.empty()) return;
  std::array<uint64_t, BytePattern::kWords> head = {};
  std::memcpy(head.data(), message.bytes.data(), std::min(message.bytes.size(), sizeof(head)));
  const uint8_t first = message.bytes[0];
  const auto begin = static_cast<uint32_t>(head[0]);
  for (const uint16_t line : message.datagram ? kDatagramLines[first] : kStreamLines[first]) {
    if (((begin ^ kFirstBytes[line].value) & kFirstBytes[line].mask) != 0) continue;
    const Signature& signature = kSignatures[line];
    if (message.bytes.size() < signature.pattern.size || !signature.pattern.Matches(head)) continue;
    if (signature.check(message) && !visit(signature)) return;
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
