// Any bytes as the head of a request: refused with a status, or read and answered.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "collectors/http/site.h"

namespace {

void Require(bool holds) {
  if (!holds) std::abort();
}

borderflow::Site* MakeSite() {
  auto* site = new borderflow::Site(borderflow::Access::Local(), std::nullopt);
  borderflow::Publisher publisher({}, 0);
  site->Show(publisher.Publish(borderflow::Report(), {}, 60, 0));
  return site;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static borderflow::Site* const site = MakeSite();
  const auto parsed =
      borderflow::ParseHead(std::string_view(reinterpret_cast<const char*>(data), size));
  if (const auto* bad = std::get_if<borderflow::BadRequest>(&parsed)) {
    Require(bad->status >= 400 && !bad->reason.empty());
    return 0;
  }
  const auto& request = std::get<borderflow::HttpRequest>(parsed);
  Require(!request.path.empty() && request.path[0] == '/');
  const borderflow::HttpResponse response = site->Answer(request, "127.0.0.1");
  Require(borderflow::StatusLine(response.status).substr(0, 3) == std::to_string(response.status));
  const std::string head = borderflow::Head(response, false);
  // One empty line, at the end: nothing of the request got into the head.
  Require(head.find("\r\n\r\n") == head.size() - 4);
  return 0;
}
