// A request as the server hands it on, for tests that need no server.
#ifndef BORDERFLOW_TESTS_COLLECTORS_HTTP_ASKING_H_
#define BORDERFLOW_TESTS_COLLECTORS_HTTP_ASKING_H_

#include <microhttpd.h>

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "collectors/http/request.h"

namespace borderflow {

inline std::string Unescaped(std::string text, bool in_query) {
  if (in_query) std::replace(text.begin(), text.end(), '+', ' ');
  text.resize(MHD_http_unescape(text.data()));
  return text;
}

// GET of "/path?name=value&...", escaped.
inline HttpRequest Asking(const std::string& target,
                          const std::map<std::string, std::string>& headers = {}) {
  HttpRequest request;
  request.method = "GET";
  const size_t question = std::min(target.find('?'), target.size());
  request.path = Unescaped(target.substr(0, question), false);
  for (size_t at = question + 1; at < target.size();) {
    const size_t end = std::min(target.find('&', at), target.size());
    const std::string pair = target.substr(at, end - at);
    const size_t equals = std::min(pair.find('='), pair.size());
    request.query[Unescaped(pair.substr(0, equals), true)] =
        equals == pair.size() ? "" : Unescaped(pair.substr(equals + 1), true);
    at = end + 1;
  }
  request.headers["host"] = "localhost";
  for (const auto& [name, value] : headers) request.headers[absl::AsciiStrToLower(name)] = value;
  return request;
}

}  // namespace borderflow

#endif  // BORDERFLOW_TESTS_COLLECTORS_HTTP_ASKING_H_
