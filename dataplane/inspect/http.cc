#include "dataplane/inspect/http.h"

#include <algorithm>
#include <cstring>

#include "absl/strings/match.h"

namespace borderflow {
namespace {

// RFC 9110 section 9.3 and the methods of WebDAV (RFC 4918, 3253, 5842), PATCH, and what UPnP adds.
// Sorted by how often they are met.
constexpr std::string_view kMethods[] = {
    "GET",      "POST",  "HEAD",      "CONNECT",     "OPTIONS",      "PUT",       "DELETE",
    "PROPFIND", "PATCH", "PROPPATCH", "MKCOL",       "COPY",         "MOVE",      "LOCK",
    "UNLOCK",   "TRACE", "REPORT",    "SEARCH",      "NOTIFY",       "SUBSCRIBE", "UNSUBSCRIBE",
    "PURGE",    "MERGE", "CHECKOUT",  "RPC_IN_DATA", "RPC_OUT_DATA", "BPROPFIND", "POLL",
};
constexpr std::string_view kResponse = "HTTP/1.";
constexpr std::string_view kPreface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\r'; }

std::string_view Trim(std::string_view text) {
  while (!text.empty() && IsSpace(text.front())) text.remove_prefix(1);
  while (!text.empty() && IsSpace(text.back())) text.remove_suffix(1);
  return text;
}

// The line from `from` on, without its end; false when its end is not there yet.
bool Line(std::string_view text, size_t from, std::string_view* line, size_t* next) {
  const size_t end = text.find('\n', from);
  if (end == std::string_view::npos) return false;
  *line = text.substr(from, end - from);
  *next = end + 1;
  if (!line->empty() && line->back() == '\r') line->remove_suffix(1);
  return true;
}

// The authority of an absolute-form or authority-form target; empty for the others.
std::string_view Authority(std::string_view target, bool connect) {
  if (connect) return target;
  const size_t scheme = target.find("://");
  if (target.empty() || target.front() == '/' || scheme == std::string_view::npos || scheme > 16) {
    return {};
  }
  target.remove_prefix(scheme + 3);
  target = target.substr(0, target.find_first_of("/?#"));
  const size_t user = target.rfind('@');
  return user == std::string_view::npos ? target : target.substr(user + 1);
}

}  // namespace

HttpStart LookForHttp(Bytes segment) {
  const std::string_view text = AsText(segment);
  if (text.empty() || text[0] < 'B' || text[0] > 'U') return HttpStart::kNot;
  const auto matches = [text](std::string_view whole) {
    // The first letter decides nearly always, and is cheaper than a call.
    return text[0] == whole[0] && text.substr(0, whole.size()) == whole.substr(0, text.size());
  };
  if (matches(kResponse)) {
    return text.size() >= kResponse.size() ? HttpStart::kResponse : HttpStart::kPrefix;
  }
  for (const std::string_view method : kMethods) {
    if (!matches(method)) continue;
    if (text.size() <= method.size()) return HttpStart::kPrefix;
    if (text[method.size()] == ' ') return HttpStart::kRequest;
  }
  if (matches(kPreface)) {
    return text.size() >= kPreface.size() ? HttpStart::kHttp2 : HttpStart::kPrefix;
  }
  return HttpStart::kNot;
}

std::string_view WithoutPort(std::string_view authority) {
  const size_t colon = authority.rfind(':');
  if (colon == std::string_view::npos || colon + 1 == authority.size()) return authority;
  const std::string_view port = authority.substr(colon + 1);
  if (!std::all_of(port.begin(), port.end(), [](char c) { return c >= '0' && c <= '9'; })) {
    return authority;
  }
  // A bare IPv6 address is not host:port, however it ends.
  const std::string_view host = authority.substr(0, colon);
  if (host.find(':') != std::string_view::npos && host.find(']') == std::string_view::npos) {
    return authority;
  }
  return host;
}

Parse ParseHttpRequest(Bytes stream, size_t* resume, HttpRequestHead* request) {
  const std::string_view text = AsText(stream);
  std::string_view line;
  size_t next = 0;
  // The request line is read again on every call, for what it says: it is short.
  if (!Line(text, 0, &line, &next)) return Parse::kMore;
  const size_t method_end = line.find(' ');
  const size_t version = line.rfind(' ');
  if (method_end == std::string_view::npos || version <= method_end ||
      line.substr(version + 1, 5) != "HTTP/") {
    return Parse::kNot;
  }
  request->connect = line.substr(0, method_end) == "CONNECT";
  const std::string_view target = Trim(line.substr(method_end + 1, version - method_end - 1));
  const std::string_view authority = Authority(target, request->connect);
  if (!authority.empty() && !request->connect) {
    request->host = WithoutPort(authority);
    return Parse::kDone;
  }

  size_t at = std::max(*resume, next);
  while (Line(text, at, &line, &next)) {
    if (line.empty()) {
      request->size = next;
      if (request->connect) request->host = WithoutPort(authority);
      return Parse::kDone;
    }
    constexpr std::string_view kHost = "host:";
    if (!request->connect && line.size() >= kHost.size() &&
        absl::EqualsIgnoreCase({line.data(), kHost.size()}, {kHost.data(), kHost.size()})) {
      request->host = WithoutPort(Trim(line.substr(kHost.size())));
      return Parse::kDone;
    }
    at = next;
  }
  *resume = at;
  return Parse::kMore;
}

}  // namespace borderflow
