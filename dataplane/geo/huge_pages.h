// HugeVector: a std::vector whose large blocks ask the kernel for huge pages.
//
// Random look-ups in a table of several megabytes spend most of their time in TLB misses with 4 KiB
// pages. Blocks of 2 MiB or more are mapped at a 2 MiB boundary with MADV_HUGEPAGE, which is
// advice: where the kernel refuses, ordinary pages serve. Smaller blocks come from operator new.
//
// A page costs memory, and the time to clear it, when it is first touched: to reserve too much
// costs address space only, while to grow step by step clears and copies everything about twice.
//
// Unlike in a std::vector, new elements of a type without initial values are left as they are: what
// is about to be read from a file need not be cleared before.
//
// Thread safety: as std::vector.
#ifndef BORDERFLOW_DATAPLANE_GEO_HUGE_PAGES_H_
#define BORDERFLOW_DATAPLANE_GEO_HUGE_PAGES_H_

#include <cstddef>
#include <limits>
#include <new>
#include <utility>
#include <vector>

namespace borderflow {

inline constexpr size_t kHugePage = size_t{2} << 20;

// A mapping of at least `bytes`, aligned to kHugePage; nullptr when there is no memory.
void* MapHugePages(size_t bytes);
void UnmapHugePages(void* block, size_t bytes);

template <typename T>
struct HugePageAllocator {
  using value_type = T;

  HugePageAllocator() = default;
  template <typename U>
  explicit HugePageAllocator(const HugePageAllocator<U>&) {}

  template <typename U>
  void construct(U* place) {
    ::new (static_cast<void*>(place)) U;
  }
  template <typename U, typename First, typename... Rest>
  void construct(U* place, First&& first, Rest&&... rest) {
    ::new (static_cast<void*>(place)) U(std::forward<First>(first), std::forward<Rest>(rest)...);
  }

  T* allocate(size_t n) {
    if (n > std::numeric_limits<size_t>::max() / sizeof(T) / 2) throw std::bad_alloc();
    const size_t bytes = n * sizeof(T);
    void* block = bytes < kHugePage ? ::operator new(bytes) : MapHugePages(bytes);
    if (block == nullptr) throw std::bad_alloc();
    return static_cast<T*>(block);
  }
  void deallocate(T* block, size_t n) {
    const size_t bytes = n * sizeof(T);
    if (bytes < kHugePage) {
      ::operator delete(block);
    } else {
      UnmapHugePages(block, bytes);
    }
  }
  friend bool operator==(const HugePageAllocator&, const HugePageAllocator&) { return true; }
};

template <typename T>
using HugeVector = std::vector<T, HugePageAllocator<T>>;

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_GEO_HUGE_PAGES_H_
