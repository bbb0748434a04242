// HTTP: whom a request is for. HTTP/1 (RFC 9112); http2.h has HTTP/2 in cleartext.
//
// Thread safety: pure functions.
#ifndef BORDERFLOW_DATAPLANE_INSPECT_HTTP_H_
#define BORDERFLOW_DATAPLANE_INSPECT_HTTP_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "dataplane/inspect/reader.h"

namespace borderflow {

enum class HttpStart : uint8_t {
  kNot,
  kPrefix,   // all bytes fit, too few to tell
  kRequest,  // a method and a space
  kResponse,
  kHttp2,  // the connection preface
};
HttpStart LookForHttp(Bytes segment);

struct HttpRequestHead {
  // The host as on the wire, any bytes, without port and user information; IPv6 literals keep their
  // brackets. The request target's authority where it has one (RFC 9112 section 3.2), else the Host
  // field's.
  std::string_view host;
  bool connect = false;  // what follows the answer is another protocol
  size_t size = 0;       // bytes of the request's head, when it is complete
};

// `stream` starts with the request line and has no gaps. `*resume` is 0 at first, and lets a call
// with more bytes of the same stream go on where the last one stopped.
Parse ParseHttpRequest(Bytes stream, size_t* resume, HttpRequestHead* request);

// Without the port, if there is one.
std::string_view WithoutPort(std::string_view authority);

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_INSPECT_HTTP_H_
