// HttpResponse: what is answered.
//
// Thread safety: a value.
#ifndef BORDERFLOW_COLLECTORS_HTTP_RESPONSE_H_
#define BORDERFLOW_COLLECTORS_HTTP_RESPONSE_H_

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace borderflow {

struct HttpResponse {
  int status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  // Beside the usual ones (exchange.h), or instead of those of the same name.
  std::vector<std::pair<std::string, std::string>> headers;
  std::shared_ptr<const std::string> body;  // nullptr for none
};

HttpResponse TextResponse(int status, std::string text);

// gzip at its fastest level; nullptr when zlib has no memory.
std::shared_ptr<const std::string> Gzipped(std::string_view text);

// Whether an Accept-Encoding header takes gzip.
bool AcceptsGzip(std::string_view accept_encoding);

}  // namespace borderflow

#endif  // BORDERFLOW_COLLECTORS_HTTP_RESPONSE_H_
