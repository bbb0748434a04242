// Any path, parameters and headers: refused with a status, or answered. Lines: the path, then
// "?name=value" for parameters and "name=value" for headers.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "collectors/http/exchange.h"
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
  std::string_view text(reinterpret_cast<const char*>(data), size);
  borderflow::HttpRequest request;
  request.method = "GET";
  bool first = true;
  while (first || !text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (first) {
      request.path.push_back('/');
      request.path.append(line.begin(), line.end());
      first = false;
      continue;
    }
    const bool in_query = !line.empty() && line.front() == '?';
    if (in_query) line.remove_prefix(1);
    const size_t equals = std::min(line.find('='), line.size());
    const std::string name(line.substr(0, equals));
    (in_query ? request.query : request.headers)[name] =
        line.substr(std::min(equals + 1, line.size()));
  }
  static_cast<void>(borderflow::IsWellEscaped(request.path));
  const borderflow::HttpResponse response = site->Answer(request, "127.0.0.1");
  Require(response.status == 304 || response.body != nullptr);
  // Nothing of the request got into a header as a line of its own.
  Require(borderflow::ToMicrohttpd(response) != nullptr);
  return 0;
}
