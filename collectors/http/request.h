// HttpRequest: the head of an HTTP/1.x request (RFC 9112), as far as a server needs it that only
// answers GET and HEAD and takes no bodies.
//
// Strict where leniency has been a way in: no folded lines, no space before a colon, one Host, no
// control characters. No regular expressions, no recursion; work is linear in the head's length.
//
// Thread safety: pure functions.
#ifndef BORDERFLOW_COLLECTORS_HTTP_REQUEST_H_
#define BORDERFLOW_COLLECTORS_HTTP_REQUEST_H_

#include <map>
#include <string>
#include <string_view>
#include <variant>

namespace borderflow {

inline constexpr size_t kMaxHeadBytes = 16 * 1024;
inline constexpr size_t kMaxTargetBytes = 2048;
inline constexpr size_t kMaxHeaders = 64;

struct HttpRequest {
  std::string method;                          // "GET" or "HEAD"
  std::string path;                            // percent-decoded; begins with '/'
  std::map<std::string, std::string> query;    // decoded; of equal names the last
  std::map<std::string, std::string> headers;  // names in lower case, values without outer blanks
  bool keep_alive = true;

  // "" when there is none.
  std::string_view Header(std::string_view name) const;
};

// What is wrong with a head, as the status code of the answer and a reason for people.
struct BadRequest {
  int status = 400;
  std::string_view reason;
};

// `head` with the empty line at its end.
// Answers 400 malformed, 405 other methods, 413 a body, 414 a long target, 431 too many headers,
// 505 another version.
std::variant<HttpRequest, BadRequest> ParseHead(std::string_view head);

}  // namespace borderflow

#endif  // BORDERFLOW_COLLECTORS_HTTP_REQUEST_H_
