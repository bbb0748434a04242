// RecordNumbers: numbers the records that a search tree leads to, by their offsets in the data.
//
// One bit for each byte of the data section, and the number of bits before each word of them: a
// country and AS database of 3.3 MB has 0.8 MB of this, which a core's own cache holds, where a
// hash map of its 115,000 records waits for memory.
//
// Thread safety: const members from any number of threads.
#ifndef BORDERFLOW_DATAPLANE_GEO_RECORD_NUMBERS_H_
#define BORDERFLOW_DATAPLANE_GEO_RECORD_NUMBERS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

namespace borderflow {

class RecordNumbers {
 public:
  explicit RecordNumbers(size_t section_bytes)
      : nothing_(static_cast<uint32_t>(section_bytes)), words_(section_bytes / kBits + 1) {}

  // An offset behind all others for what has none; its number is the last and not handed out.
  uint32_t nothing() const { return nothing_; }

  // REQUIRES: offset <= nothing().
  void Mark(uint32_t offset) { words_[offset / kBits].marked |= uint64_t{1} << (offset % kBits); }

  // Gives the marked offsets numbers from 0, and returns them ascending, `nothing` left out.
  std::vector<uint32_t> Number() {
    Mark(nothing_);
    size_t count = 0;
    for (Word& word : words_) {
      word.before = static_cast<uint32_t>(count);
      count += static_cast<size_t>(__builtin_popcountll(word.marked));
    }
    std::vector<uint32_t> offsets;
    offsets.reserve(count);
    for (size_t i = 0; i < words_.size(); ++i) {
      for (uint64_t left = words_[i].marked; left != 0; left &= left - 1) {
        const auto bit = static_cast<size_t>(__builtin_ctzll(left));
        offsets.push_back(static_cast<uint32_t>(i * kBits + bit));
      }
    }
    offsets.pop_back();
    return offsets;
  }

  // REQUIRES: marked, and Number was called since.
  uint32_t Of(uint32_t offset) const {
    const Word& word = words_[offset / kBits];
    const uint64_t below = (uint64_t{1} << (offset % kBits)) - 1;
    return word.before + static_cast<uint32_t>(__builtin_popcountll(word.marked & below));
  }

 private:
  static constexpr size_t kBits = 64;
  struct Word {
    uint64_t marked = 0;
    uint32_t before = 0;  // bits marked in earlier words
    uint32_t unused = 0;
  };
  static_assert(sizeof(Word) == 16);

  uint32_t nothing_;
  std::vector<Word> words_;
};

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_GEO_RECORD_NUMBERS_H_
