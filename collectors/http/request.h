// HttpRequest: what a client asks for, as the handler sees it.
//
// Thread safety: a value.
#ifndef BORDERFLOW_COLLECTORS_HTTP_REQUEST_H_
#define BORDERFLOW_COLLECTORS_HTTP_REQUEST_H_

#include <map>
#include <string>
#include <string_view>

namespace borderflow {

struct HttpRequest {
  std::string method;                          // "GET" or "HEAD"
  std::string path;                            // percent-decoded; begins with '/'
  std::map<std::string, std::string> query;    // decoded; of equal names the last
  std::map<std::string, std::string> headers;  // names in lower case, values without outer blanks

  // "" when there is none.
  std::string_view Header(std::string_view name) const {
    const auto at = headers.find(std::string(name));
    return at == headers.end() ? std::string_view() : std::string_view(at->second);
  }
};

}  // namespace borderflow

#endif  // BORDERFLOW_COLLECTORS_HTTP_REQUEST_H_
