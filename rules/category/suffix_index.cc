#include "rules/category/suffix_index.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "absl/numeric/int128.h"
#include "absl/strings/str_cat.h"

namespace borderflow {
namespace {

constexpr size_t kMaxLabels = SuffixIndex::kMaxName / 2 + 1;  // one letter and a dot each
constexpr uint64_t kSeed = 0x9E3779B97F4A7C15;
constexpr uint64_t kOdd = 0xD6E8FEB86659FD93;

// Sets the bit that tells lower case from upper. Other bytes may fall together too, which costs a
// comparison and no more.
constexpr uint64_t kFold = 0x2020202020202020;

// Both halves of the product, so that every bit of the word reaches every bit of the hash.
uint64_t Mix(uint64_t hash, uint64_t word) {
  const absl::uint128 product = absl::uint128(hash ^ word) * kOdd;
  return absl::Uint128Low64(product) ^ absl::Uint128High64(product);
}

template <typename Word>
uint64_t Load(const char* from) {
  Word word;
  std::memcpy(&word, from, sizeof(word));
  return word;
}

// Extends the hash of what follows `label` in the name by `label`, which must not be empty.
uint64_t ExtendHash(uint64_t hash, std::string_view label) {
  const char* at = label.data();
  size_t left = label.size();
  hash += label.size();
  while (left > 8) {
    hash = Mix(hash, Load<uint64_t>(at) | kFold);
    at += 8;
    left -= 8;
  }
  // The last 1 to 8 bytes by loads that overlap and stay inside the label.
  uint64_t tail;
  if (label.size() >= 8) {
    tail = Load<uint64_t>(at + left - 8);
  } else if (left >= 4) {
    tail = Load<uint32_t>(at) | Load<uint32_t>(at + left - 4) << 32;
  } else {
    tail =
        Load<uint8_t>(at) | Load<uint8_t>(at + left / 2) << 8 | Load<uint8_t>(at + left - 1) << 16;
  }
  return Mix(hash, tail | kFold);
}

// One suffix of a name, and its hash.
struct Candidate {
  uint64_t hash;
  const char* begin;
};

// The suffixes of a name from the shortest: at most `most` of them, ending before a label that no
// rule can have. Returns how many there are.
size_t Candidates(std::string_view name, size_t most, Candidate* candidates) {
  const char* const begin = name.data();
  const char* end = begin + name.size();
  uint64_t hash = kSeed;
  size_t count = 0;
  while (count < most) {
    const size_t room = std::min<size_t>(end - begin, SuffixIndex::kMaxLabel + 1);
    const char* const limit = end - room;
    const char* label = end;
    while (label != limit && label[-1] != '.') --label;
    const size_t length = end - label;
    if (length == 0 || length > SuffixIndex::kMaxLabel) break;
    hash = ExtendHash(hash, {label, length});
    candidates[count++] = {hash, label};
    if (label == begin) break;
    end = label - 1;  // before the dot
  }
  return count;
}

// `suffix` must be lower case.
bool SameIgnoringCase(std::string_view name, std::string_view suffix) {
  if (name.size() != suffix.size()) return false;
  for (size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    if ((c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c) != suffix[i]) return false;
  }
  return true;
}

}  // namespace

std::optional<std::string> SuffixFault(std::string_view suffix) {
  if (suffix.empty()) return "empty suffix";
  if (suffix.size() > SuffixIndex::kMaxName) {
    return absl::StrCat("suffix of ", suffix.size(), " bytes: a name has at most ",
                        SuffixIndex::kMaxName);
  }
  size_t label = 0;
  for (size_t i = 0; i <= suffix.size(); ++i) {
    if (i == suffix.size() || suffix[i] == '.') {
      const size_t length = i - label;
      if (length == 0) return "empty label: write the suffix without dots at its ends";
      if (length > SuffixIndex::kMaxLabel) {
        return absl::StrCat("label of ", length, " bytes: at most ", SuffixIndex::kMaxLabel);
      }
      if (suffix[label] == '-' || suffix[i - 1] == '-') return "label that begins or ends with '-'";
      label = i + 1;
      continue;
    }
    const char c = suffix[i];
    if (c >= 'A' && c <= 'Z') return "upper case: write the suffix in lower case";
    if ((c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' && c != '_') {
      return "only letters, digits, '-', '_' and '.' may stand in a suffix (other scripts as xn--)";
    }
  }
  return std::nullopt;
}

// The high bits choose the slot, the low ones the tag.
size_t SuffixIndex::Home(uint64_t hash) const {
  return absl::Uint128High64(absl::uint128(hash) * slots_.size());
}

uint32_t SuffixIndex::Tag(uint64_t hash) const {
  return static_cast<uint32_t>(hash) & ~index_mask_;
}

std::optional<size_t> SuffixIndex::Build(absl::Span<const NameRule> rules) {
  // Five slots in eight are taken: probes stay short, and a rule costs 6.4 bytes.
  slots_.assign(rules.size() * 8 / 5 + 1, 0);
  index_mask_ = static_cast<uint32_t>((uint64_t{1} << std::bit_width(rules.size())) - 1);
  most_labels_ = 0;
  std::array<Candidate, kMaxLabels> candidates;
  for (size_t i = 0; i < rules.size(); ++i) {
    const size_t labels = Candidates(rules[i].suffix, kMaxLabels, candidates.data());
    const uint64_t hash = candidates[labels - 1].hash;
    if (Probe(rules, hash, rules[i].suffix) != nullptr) return i;
    size_t slot = Home(hash);
    while (slots_[slot] != 0) slot = slot + 1 == slots_.size() ? 0 : slot + 1;
    slots_[slot] = Tag(hash) | static_cast<uint32_t>(i + 1);
    most_labels_ = std::max(most_labels_, labels);
  }
  return std::nullopt;
}

const NameRule* SuffixIndex::Probe(absl::Span<const NameRule> rules, uint64_t hash,
                                   std::string_view suffix) const {
  const uint32_t tag = Tag(hash);
  for (size_t slot = Home(hash); slots_[slot] != 0;
       slot = slot + 1 == slots_.size() ? 0 : slot + 1) {
    if ((slots_[slot] & ~index_mask_) != tag) continue;
    const NameRule& rule = rules[(slots_[slot] & index_mask_) - 1];
    if (SameIgnoringCase(suffix, rule.suffix)) return &rule;
  }
  return nullptr;
}

const NameRule* SuffixIndex::Find(absl::Span<const NameRule> rules, std::string_view name) const {
  if (name.ends_with('.')) name.remove_suffix(1);
  std::array<Candidate, kMaxLabels> candidates;
  const size_t count = Candidates(name, most_labels_, candidates.data());
  for (size_t i = 0; i < count; ++i) __builtin_prefetch(&slots_[Home(candidates[i].hash)]);
  const char* const end = name.data() + name.size();
  for (size_t i = count; i-- > 0;) {
    const std::string_view suffix(candidates[i].begin, end - candidates[i].begin);
    if (const NameRule* rule = Probe(rules, candidates[i].hash, suffix)) return rule;
  }
  return nullptr;
}

}  // namespace borderflow
