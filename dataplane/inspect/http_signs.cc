#include "dataplane/inspect/http_signs.h"

#include "dataplane/inspect/protocols/text.h"

namespace borderflow {
namespace {

enum class Place : uint8_t { kStart, kWithin };

struct TargetSign {
  Protocol protocol;
  bool strong;
  Place place;
  std::string_view text;
};
struct FieldSign {
  Protocol protocol;
  bool strong;
  std::string_view field;
  std::string_view text;
};

constexpr TargetSign kTargets[] = {
#define BORDERFLOW_HTTP_TARGET(protocol, strong, place, text) \
  {Protocol::protocol, strong, Place::place, text},
#define BORDERFLOW_HTTP_FIELD(protocol, strong, field, text)
#include "dataplane/inspect/http_signs.inc"
#undef BORDERFLOW_HTTP_TARGET
#undef BORDERFLOW_HTTP_FIELD
};
constexpr FieldSign kFields[] = {
#define BORDERFLOW_HTTP_TARGET(protocol, strong, place, text)
#define BORDERFLOW_HTTP_FIELD(protocol, strong, field, text) \
  {Protocol::protocol, strong, field, text},
#include "dataplane/inspect/http_signs.inc"
#undef BORDERFLOW_HTTP_TARGET
#undef BORDERFLOW_HTTP_FIELD
};

// A strong sign goes before a weak one, and an earlier one before a later.
void Consider(Protocol protocol, bool strong, HttpSign* best) {
  const bool better = best->protocol == Protocol::kNone || (strong && !best->strong) ||
                      (best->protocol == Protocol::kWebsocket);
  if (better) *best = {protocol, strong};
}

}  // namespace

HttpSign FindHttpSign(std::string_view head) {
  constexpr size_t kReach = 4096;
  constexpr int kMaxFields = 64;
  head = head.substr(0, kReach);
  HttpSign best;
  size_t at = head.find('\n');
  const std::string_view line = head.substr(0, at);
  const size_t space = line.find(' ');
  if (space == line.npos) return best;
  const std::string_view target = line.substr(space + 1, line.find(' ', space + 1) - space - 1);
  for (const TargetSign& sign : kTargets) {
    const bool fits = sign.place == Place::kStart ? target.starts_with(sign.text)
                                                  : target.find(sign.text) != target.npos;
    if (fits) Consider(sign.protocol, sign.strong, &best);
  }
  for (int i = 0; i < kMaxFields && at != head.npos; ++i) {
    const size_t begin = at + 1;
    at = head.find('\n', begin);
    const std::string_view field = head.substr(begin, at == head.npos ? at : at - begin);
    if (field.empty() || field[0] == '\r') break;
    const size_t colon = field.find(':');
    for (const FieldSign& sign : kFields) {
      if (sign.field.size() != colon || (field[0] | 0x20) != sign.field[0]) continue;
      if (!StartsWithAnyCase(field, sign.field)) continue;
      if (ContainsAnyCase(field.substr(colon + 1), sign.text)) {
        Consider(sign.protocol, sign.strong, &best);
      }
    }
  }
  return best;
}

}  // namespace borderflow
