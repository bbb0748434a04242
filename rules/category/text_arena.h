// TextArena: strings that stay where they are until the arena goes.
//
// Thread safety: none.
#ifndef BORDERFLOW_RULES_CATEGORY_TEXT_ARENA_H_
#define BORDERFLOW_RULES_CATEGORY_TEXT_ARENA_H_

#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

namespace borderflow {

class TextArena {
 public:
  std::string_view Store(std::string_view text) {
    if (text.size() > room_) {
      room_ = text.size() < kBlock ? kBlock : text.size();
      blocks_.push_back(std::make_unique_for_overwrite<char[]>(room_));
      next_ = blocks_.back().get();
      bytes_ += room_;
    }
    if (!text.empty()) std::memcpy(next_, text.data(), text.size());
    const std::string_view stored(next_, text.size());
    next_ += text.size();
    room_ -= text.size();
    return stored;
  }

  size_t memory_bytes() const { return bytes_; }

 private:
  static constexpr size_t kBlock = 16'384;
  std::vector<std::unique_ptr<char[]>> blocks_;
  char* next_ = nullptr;
  size_t room_ = 0;
  size_t bytes_ = 0;
};

}  // namespace borderflow

#endif  // BORDERFLOW_RULES_CATEGORY_TEXT_ARENA_H_
