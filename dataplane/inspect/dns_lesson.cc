#include "dataplane/inspect/dns_lesson.h"

#include <algorithm>

namespace borderflow {

std::string_view LessonName(std::string_view name) {
  if (name.size() <= kLessonNameBytes) return name;
  name.remove_prefix(name.size() - kLessonNameBytes);
  const size_t dot = name.find('.');
  return dot == std::string_view::npos ? name : name.substr(dot + 1);
}

void DnsLessons::Note(const IpAddress& client, const IpAddress& server, std::string_view name,
                      uint64_t time_ns, uint32_t ttl_seconds) {
  if (count == lessons.size()) {
    ++lost;
    return;
  }
  name = LessonName(name);
  DnsLesson& lesson = lessons[count++];
  lesson.client = client;
  lesson.server = server;
  lesson.time_ns = time_ns;
  lesson.ttl_seconds = ttl_seconds;
  lesson.size = static_cast<uint8_t>(name.size());
  std::copy(name.begin(), name.end(), lesson.name.begin());
}

}  // namespace borderflow
