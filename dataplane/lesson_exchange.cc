#include "dataplane/lesson_exchange.h"

namespace borderflow {

LessonExchange::LessonExchange(size_t lanes) : lanes_(lanes), rings_(lanes * lanes) {
  for (size_t from = 0; from < lanes; ++from) {
    for (size_t to = 0; to < lanes; ++to) {
      if (from != to) rings_[from * lanes + to] = std::make_unique<Ring>();
    }
  }
}

void LessonExchange::Post(size_t lane, DnsLessons* lessons) {
  uint64_t lost = lessons->lost;
  for (size_t to = 0; to < lanes_; ++to) {
    if (to == lane) continue;
    Ring& ring = *rings_[lane * lanes_ + to];
    uint32_t at = ring.written.load(std::memory_order_relaxed);
    const uint32_t read = ring.read.load(std::memory_order_acquire);
    for (size_t i = 0; i < lessons->count; ++i) {
      if (at - read == kRing) {
        ++lost;
        continue;
      }
      ring.lessons[at++ % kRing] = lessons->lessons[i];
    }
    ring.written.store(at, std::memory_order_release);
  }
  lessons->count = 0;
  lessons->lost = 0;
  if (lost > 0) lost_.fetch_add(lost, std::memory_order_relaxed);
}

}  // namespace borderflow
