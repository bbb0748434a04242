// DnsLesson: one thing that a DNS answer taught: what a client asked for before it called an
// address.
//
// Live, each worker sees the answers of its own queue only, and passes on what they teach.
//
// Thread safety: values.
#ifndef BORDERFLOW_DATAPLANE_INSPECT_DNS_LESSON_H_
#define BORDERFLOW_DATAPLANE_INSPECT_DNS_LESSON_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "dataplane/packet/address.h"

namespace borderflow {

// Names above this keep their tail, which is where the registrable domain stands.
inline constexpr size_t kLessonNameBytes = 95;

// The part of a name that is kept: all of it, or its last whole labels.
std::string_view LessonName(std::string_view name);

struct DnsLesson {
  IpAddress client;
  IpAddress server;
  uint64_t time_ns = 0;
  uint32_t ttl_seconds = 0;
  uint8_t size = 0;
  std::array<char, kLessonNameBytes> name;
};

// What a worker learned in one burst, for the others.
struct DnsLessons {
  // 32 answers with two addresses each; what exceeds this the others do not learn, and is counted.
  std::array<DnsLesson, 64> lessons;
  size_t count = 0;
  uint64_t lost = 0;

  void Note(const IpAddress& client, const IpAddress& server, std::string_view name,
            uint64_t time_ns, uint32_t ttl_seconds);
};

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_INSPECT_DNS_LESSON_H_
