// ForeseenNames: names that a burst is about to ask for, read ahead.
//
// Among millions of suffixes a look-up waits for memory. A name that is read some time before it is
// asked for lets memory be asked for its places meanwhile, and is not read again.
//
// Thread safety: none; one a Judge.
#ifndef BORDERFLOW_DATAPLANE_INSPECT_FORESEEN_NAMES_H_
#define BORDERFLOW_DATAPLANE_INSPECT_FORESEEN_NAMES_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "rules/category/name_tails.h"

namespace borderflow {

class ForeseenNames {
 public:
  // Of a storm's burst some names find no room, and wait for memory as if nobody had foreseen them.
  static constexpr size_t kRoom = 16;

  void Clear() { count_ = next_ = 0; }

  // Reads a name, whose mark this is, and which need not live on. REQUIRES: fewer than kRoom since
  // Clear.
  const NameTails& Add(std::string_view name, uint64_t mark) {
    marks_[count_] = mark;
    return tails_[count_++].emplace(name);
  }

  // The name of this mark, which `name` is; nullptr for none. Fastest in the order of adding.
  const NameTails* Find(uint64_t mark, std::string_view name) {
    for (size_t tried = 0; tried < count_; ++tried) {
      const size_t at = next_ < count_ ? next_ : 0;
      next_ = at + 1;
      if (marks_[at] != mark) continue;
      tails_[at]->ReferTo(name);
      return &*tails_[at];
    }
    return nullptr;
  }

 private:
  size_t count_ = 0;
  size_t next_ = 0;  // that Find tries first
  std::array<uint64_t, kRoom> marks_;
  std::array<std::optional<NameTails>, kRoom> tails_;
};

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_INSPECT_FORESEEN_NAMES_H_
