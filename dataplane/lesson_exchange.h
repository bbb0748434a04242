// LessonExchange: what one live worker's DNS answers teach, passed to all others.
//
// A client's answer and its later flows have different address pairs, so a link's queues give them
// to different workers. From each worker to each other one goes a ring of fixed size with one
// writer and one reader; nobody waits. What finds a ring full is not learned there, and counted.
//
// Thread safety: Post and Take of a lane by that lane's thread; lost() by anybody.
#ifndef BORDERFLOW_DATAPLANE_LESSON_EXCHANGE_H_
#define BORDERFLOW_DATAPLANE_LESSON_EXCHANGE_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "dataplane/inspect/dns_lesson.h"

namespace borderflow {

class LessonExchange {
 public:
  explicit LessonExchange(size_t lanes);

  // Passes on what `lane` learned, and empties the list.
  void Post(size_t lane, DnsLessons* lessons);

  // Calls `learn` with what others have posted for `lane`; at most a ring's worth of each.
  template <typename Learn>
  void Take(size_t lane, const Learn& learn) {
    for (size_t from = 0; from < lanes_; ++from) {
      if (from == lane) continue;
      Ring& ring = *rings_[from * lanes_ + lane];
      const uint32_t end = ring.written.load(std::memory_order_acquire);
      uint32_t at = ring.read.load(std::memory_order_relaxed);
      if (at == end) continue;
      for (; at != end; ++at) learn(ring.lessons[at % kRing]);
      ring.read.store(at, std::memory_order_release);
    }
  }

  // Lessons that some lane did not get.
  uint64_t lost() const { return lost_.load(std::memory_order_relaxed); }

 private:
  // Answers of some milliseconds on a busy link; 150 KB a ring.
  static constexpr uint32_t kRing = 1024;
  struct Ring {
    alignas(64) std::atomic<uint32_t> written{0};
    alignas(64) std::atomic<uint32_t> read{0};
    std::array<DnsLesson, kRing> lessons;
  };

  size_t lanes_;
  std::vector<std::unique_ptr<Ring>> rings_;  // from * lanes + to
  std::atomic<uint64_t> lost_{0};
};

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_LESSON_EXCHANGE_H_
