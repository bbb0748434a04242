#include "dataplane/geo/huge_pages.h"

#include <sys/mman.h>

#include <cstdint>

namespace borderflow {
namespace {

size_t RoundUp(size_t bytes) { return (bytes + kHugePage - 1) / kHugePage * kHugePage; }

}  // namespace

void* MapHugePages(size_t bytes) {
  const size_t wanted = RoundUp(bytes);
  void* mapped = mmap(nullptr, wanted + kHugePage, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (mapped == MAP_FAILED) return nullptr;
  // Cut what lies before and behind the aligned block.
  const uintptr_t start = reinterpret_cast<uintptr_t>(mapped);
  const uintptr_t aligned = RoundUp(start);
  if (aligned > start) munmap(mapped, aligned - start);
  const size_t behind = start + kHugePage - aligned;
  if (behind > 0) munmap(reinterpret_cast<void*>(aligned + wanted), behind);
  void* block = reinterpret_cast<void*>(aligned);
  madvise(block, wanted, MADV_HUGEPAGE);
  return block;
}

void UnmapHugePages(void* block, size_t bytes) { munmap(block, RoundUp(bytes)); }

}  // namespace borderflow
