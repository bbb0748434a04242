// HttpResponse: what is answered, and how that looks on the wire.
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
  std::vector<std::pair<std::string, std::string>> headers;  // beside the usual ones
  std::shared_ptr<const std::string> body;                   // nullptr for none
};

HttpResponse TextResponse(int status, std::string text);

// "404 Not Found"
std::string_view StatusLine(int status);

// The head, with the empty line at its end. Length and type of a body are stated whether or not it
// is sent (HEAD). Nothing may be cached without asking, sniffed, framed or loaded from elsewhere.
std::string Head(const HttpResponse& response, bool keep_alive);

// gzip at its fastest level; nullptr when zlib has no memory.
std::shared_ptr<const std::string> Gzipped(std::string_view text);

// Whether an Accept-Encoding header takes gzip.
bool AcceptsGzip(std::string_view accept_encoding);

}  // namespace borderflow

#endif  // BORDERFLOW_COLLECTORS_HTTP_RESPONSE_H_
