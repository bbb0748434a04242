// The table of signatures: every line's check on any message, whatever its pattern says; and the
// dispatch by first byte against a twin that reads the patterns' text for each message.
//
// The first byte: bit 0 a datagram, bit 1 the capture has cut the message.
#include <array>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "dataplane/inspect/protocols/checks.h"
#include "dataplane/inspect/signatures.h"
#include "dataplane/inspect/socks.h"

using borderflow::Bytes;
using borderflow::Proof;
using borderflow::Protocol;
using borderflow::Recognition;
using borderflow::WireMessage;

namespace {

void Require(bool condition) {
  if (!condition) std::abort();
}

struct Line {
  Protocol protocol;
  std::string_view carrier;
  Proof proof;
  std::string_view pattern;
  bool (*check)(const WireMessage&);
};

std::vector<Line> Lines() {
  using namespace borderflow;  // the checks' names
  return {
#define BORDERFLOW_SIGNATURE(protocol, carrier, proof, pattern, ...) \
  {Protocol::protocol, #carrier, Proof::proof, pattern, &__VA_ARGS__},
#include "dataplane/inspect/signatures.inc"
#undef BORDERFLOW_SIGNATURE
  };
}

bool NibbleFits(char wanted, int nibble) {
  return wanted == '.' || nibble == (wanted <= '9' ? wanted - '0' : wanted - 'a' + 10);
}

// Reads a pattern (byte_pattern.h) letter by letter beside the bytes.
bool Fits(std::string_view pattern, Bytes bytes) {
  size_t at = 0;
  for (size_t i = 0; i < pattern.size();) {
    if (pattern[i] == ' ') {
      ++i;
      continue;
    }
    if (pattern[i] == '@') {
      at = static_cast<size_t>(std::atoi(pattern.data() + i + 1));
      ++i;
      while (i < pattern.size() && pattern[i] >= '0' && pattern[i] <= '9') ++i;
      continue;
    }
    const bool any_case = pattern[i] == 'i';
    if (any_case || pattern[i] == '\'') {
      for (i += any_case ? 2 : 1; pattern[i] != '\''; ++i, ++at) {
        if (at >= bytes.size()) return false;
        const auto letter = static_cast<uint8_t>(pattern[i]);
        const bool is_letter = (letter | 0x20) >= 'a' && (letter | 0x20) <= 'z';
        const uint8_t bits = any_case && is_letter ? 0xdf : 0xff;
        if ((bytes[at] & bits) != (letter & bits)) return false;
      }
      ++i;
      continue;
    }
    if (at >= bytes.size() || !NibbleFits(pattern[i], bytes[at] >> 4) ||
        !NibbleFits(pattern[i + 1], bytes[at] & 0x0f)) {
      return false;
    }
    ++at;
    i += 2;
  }
  return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const std::vector<Line>* const lines = new std::vector<Line>(Lines());
  if (size < 2) return 0;
  const bool datagram = (data[0] & 1) != 0;
  const Bytes bytes(data + 1, size - 1);
  const WireMessage message = {bytes, bytes.size() + ((data[0] & 2) != 0 ? 700 : 0), datagram};
  std::array<bool, static_cast<size_t>(Protocol::kCount)> expected = {};
  size_t expected_lines = 0;
  bool strong = false;
  for (const Line& line : *lines) {
    const bool checked = line.check(message);
    if (line.carrier != "kEither" && (line.carrier == "kDatagram") != datagram) continue;
    if (!checked || !Fits(line.pattern, bytes)) continue;
    expected[static_cast<size_t>(line.protocol)] = true;
    strong |= line.proof == Proof::kOnce;
    ++expected_lines;
  }
  std::array<Recognition, 512> found;
  const size_t count = borderflow::AllSignatures(message, absl::MakeSpan(found));
  Require(count == expected_lines);
  for (size_t i = 0; i < count; ++i) Require(expected[static_cast<size_t>(found[i].protocol)]);
  const Recognition best = borderflow::FindSignature(message);
  Require(best.protocol == Protocol::kNone || expected[static_cast<size_t>(best.protocol)]);
  if (strong) Require(best.protocol != Protocol::kNone && best.proof == Proof::kOnce);
  const std::string_view target = borderflow::SocksTarget(bytes);
  Require(target.size() <= bytes.size());
  return 0;
}
