// Exchange: requests and responses as libmicrohttpd has them, and as the handler does.
//
// libmicrohttpd parses. Here is only what it leaves to its users to refuse: other methods, bodies,
// escapes that mean nothing, single headers that come twice (which two programs may read
// differently), and more than is needed.
//
// Thread safety: pure functions.
#ifndef BORDERFLOW_COLLECTORS_HTTP_EXCHANGE_H_
#define BORDERFLOW_COLLECTORS_HTTP_EXCHANGE_H_

#include <microhttpd.h>

#include <memory>
#include <string_view>
#include <variant>

#include "collectors/http/request.h"
#include "collectors/http/response.h"

namespace borderflow {

inline constexpr size_t kMaxTargetBytes = 2048;
inline constexpr size_t kMaxHeaders = 64;

// What is wrong with a request, as the status code of the answer and a reason for people.
struct BadRequest {
  int status = 400;
  std::string_view reason;
};

// What is known of a request before its headers.
struct TargetCheck {
  bool too_long = false;
  bool bad_escape = false;
};

// Whether every '%' begins an escape, and none means NUL.
bool IsWellEscaped(std::string_view text);

// Answers 400 malformed, 405 another method, 413 a body, 414 a long target, 431 too many headers.
std::variant<HttpRequest, BadRequest> ReadRequest(MHD_Connection* connection,
                                                  std::string_view method, std::string_view path,
                                                  const TargetCheck& target);

struct FreeResponse {
  void operator()(MHD_Response* response) const { MHD_destroy_response(response); }
};
using OwnedResponse = std::unique_ptr<MHD_Response, FreeResponse>;

// With the response's headers, and those that every answer has: nothing may be cached without
// asking, sniffed, framed or loaded from elsewhere. The body is shared, not copied. nullptr when
// there is no memory.
OwnedResponse ToMicrohttpd(const HttpResponse& response);

}  // namespace borderflow

#endif  // BORDERFLOW_COLLECTORS_HTTP_EXCHANGE_H_
