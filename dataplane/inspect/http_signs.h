// What an HTTP request's head says of the application behind it: its target and a few fields.
//
// The rules are data, http_signs.inc. What is not in the head (bodies) is not looked at.
//
// Thread safety: pure functions. Cost: some 100 ns for a browser's request.
#ifndef BORDERFLOW_DATAPLANE_INSPECT_HTTP_SIGNS_H_
#define BORDERFLOW_DATAPLANE_INSPECT_HTTP_SIGNS_H_

#include <string_view>

#include "rules/category/protocol.h"

namespace borderflow {

struct HttpSign {
  Protocol protocol = Protocol::kNone;
  bool strong = false;  // a name that only this application uses; a path alone may be a website's
};

// `head` starts with the request line; what follows the head, or is missing of it, does no harm.
HttpSign FindHttpSign(std::string_view head);

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_INSPECT_HTTP_SIGNS_H_
