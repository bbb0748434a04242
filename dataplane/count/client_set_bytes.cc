// ClientSet as bytes: the form in which a store keeps it.
#include <algorithm>
#include <bit>
#include <cstring>

#include "dataplane/count/client_set.h"
#include "dataplane/count/hyperloglog.h"

namespace borderflow {
namespace {

constexpr uint8_t kSparse = 0x80;
constexpr uint8_t kDense = 0xc0;
constexpr int kRankBits = 6;
constexpr size_t kHashBytes = 8;
constexpr size_t kDenseBytes = hyperloglog::kRegisters * kRankBits / 8;
// Above this a sparse list would be the longer form.
constexpr size_t kMostSparse = kDenseBytes / 2 - 1;
// The hash's bits below the index, all zero, and the one that stands for the end.
constexpr uint8_t kHighestRank = 64 - hyperloglog::kRegisterBits + 1;
static_assert(kHighestRank < 1 << kRankBits);

void AppendLittleEndian(uint64_t value, size_t bytes, std::string* out) {
  for (size_t i = 0; i < bytes; ++i) out->push_back(static_cast<char>(value >> 8 * i));
}

uint64_t LittleEndian(absl::Span<const uint8_t> bytes) {
  uint64_t value = 0;
  if constexpr (std::endian::native == std::endian::little) {
    std::memcpy(&value, bytes.data(), bytes.size());
  } else {
    for (size_t i = bytes.size(); i > 0; --i) value = value << 8 | bytes[i - 1];
  }
  return value;
}

// Raises registers to those that the bytes state.
bool MergeSparse(absl::Span<const uint8_t> bytes, uint8_t* registers) {
  if (bytes.size() % 2 != 0 || bytes.size() / 2 > kMostSparse) return false;
  size_t least = 0;
  for (size_t at = 0; at < bytes.size(); at += 2) {
    const uint64_t entry = LittleEndian(bytes.subspan(at, 2));
    const size_t index = entry >> kRankBits;
    const auto rank = static_cast<uint8_t>(entry & ((1 << kRankBits) - 1));
    if (index < least || rank == 0 || rank > kHighestRank) return false;
    registers[index] = std::max(registers[index], rank);
    least = index + 1;
  }
  return true;
}

bool MergeDense(absl::Span<const uint8_t> bytes, uint8_t* registers) {
  if (bytes.size() != kDenseBytes) return false;
  size_t used = 0;
  // Four registers fill three bytes.
  for (size_t at = 0; at < bytes.size(); at += 3) {
    const uint64_t four = LittleEndian(bytes.subspan(at, 3));
    for (int i = 0; i < 4; ++i, ++registers) {
      const auto rank = static_cast<uint8_t>(four >> kRankBits * i & ((1 << kRankBits) - 1));
      if (rank > kHighestRank) return false;
      used += rank != 0 ? 1 : 0;
      *registers = std::max(*registers, rank);
    }
  }
  return used > kMostSparse;
}

}  // namespace

std::string ClientSet::ToBytes() const {
  std::string bytes;
  if (exact()) {
    bytes.push_back(static_cast<char>(hashes_.size()));
    for (const uint64_t hash : hashes_) AppendLittleEndian(hash, kHashBytes, &bytes);
    return bytes;
  }
  const auto used =
      std::count_if(registers_.begin(), registers_.end(), [](uint8_t r) { return r != 0; });
  if (static_cast<size_t>(used) <= kMostSparse) {
    bytes.push_back(static_cast<char>(kSparse));
    for (size_t i = 0; i < registers_.size(); ++i) {
      if (registers_[i] != 0) AppendLittleEndian(i << kRankBits | registers_[i], 2, &bytes);
    }
    return bytes;
  }
  bytes.push_back(static_cast<char>(kDense));
  for (size_t at = 0; at < registers_.size(); at += 4) {
    uint64_t four = 0;
    for (size_t i = 0; i < 4; ++i) four |= uint64_t{registers_[at + i]} << kRankBits * i;
    AppendLittleEndian(four, 3, &bytes);
  }
  return bytes;
}

std::optional<ClientSet> ClientSet::FromBytes(absl::Span<const uint8_t> bytes) {
  ClientSet set;
  if (!set.MergeBytes(bytes)) return std::nullopt;
  return set;
}

bool ClientSet::MergeBytes(absl::Span<const uint8_t> bytes) {
  if (bytes.empty()) return false;
  const uint8_t kind = bytes[0];
  bytes.remove_prefix(1);
  if (kind == kSparse || kind == kDense) {
    if (exact()) TurnToEstimate();
    return kind == kSparse ? MergeSparse(bytes, registers_.data())
                           : MergeDense(bytes, registers_.data());
  }
  if (kind > kExact || bytes.size() != kind * kHashBytes) return false;
  uint64_t before = 0;
  for (size_t at = 0; at < bytes.size(); at += kHashBytes) {
    const uint64_t hash = LittleEndian(bytes.subspan(at, kHashBytes));
    if (at > 0 && hash <= before) return false;
    before = hash;
    AddHash(hash);
  }
  return true;
}

}  // namespace borderflow
