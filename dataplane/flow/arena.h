// Arena: a fixed, zeroed array whose memory is taken from the system page by page as it is touched.
//
// What the dataplane sizes once and for all (flow entries, buckets, cells) lives in arenas: no
// allocation on the hot path, and an unused part costs address space only. Large pages are asked
// for, since they save about 28 ns a random access (dataplane measurements).
//
// Thread safety: as of an array.
#ifndef BORDERFLOW_DATAPLANE_FLOW_ARENA_H_
#define BORDERFLOW_DATAPLANE_FLOW_ARENA_H_

#include <sys/mman.h>

#include <cstddef>
#include <cstdlib>
#include <type_traits>
#include <utility>

namespace borderflow {

enum class PageSize { kNormal, kLarge };

template <typename T>
class Arena {
  static_assert(std::is_trivially_destructible_v<T>);

 public:
  Arena() = default;
  // All bytes zero. Ends the program if the system refuses even the address space: there is no
  // smaller way to go on, and it happens at start only.
  explicit Arena(size_t size, PageSize pages = PageSize::kNormal) : size_(size) {
    if (size == 0) return;
    void* memory = mmap(nullptr, bytes(), PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) std::abort();
    if (pages == PageSize::kLarge) madvise(memory, bytes(), MADV_HUGEPAGE);
    data_ = static_cast<T*>(memory);
  }
  ~Arena() {
    if (data_ != nullptr) munmap(data_, bytes());
  }
  Arena(Arena&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  Arena& operator=(Arena&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    return *this;
  }

  T& operator[](size_t index) { return data_[index]; }
  const T& operator[](size_t index) const { return data_[index]; }
  T* data() { return data_; }
  size_t size() const { return size_; }

 private:
  size_t bytes() const { return size_ * sizeof(T); }

  T* data_ = nullptr;
  size_t size_ = 0;
};

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_FLOW_ARENA_H_
