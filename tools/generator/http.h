// HTTP/1.1 messages (RFC 9112) in clear.
//
// Thread safety: pure but for the Random.
#ifndef BORDERFLOW_TOOLS_GENERATOR_HTTP_H_
#define BORDERFLOW_TOOLS_GENERATOR_HTTP_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "tools/generator/random.h"

namespace borderflow::generator {

// A GET with a few headers of a browser or a machine, Host among them.
std::string HttpRequest(std::string_view host, Random& random);

// The head of a 200 that announces `body` bytes.
std::string HttpResponseHead(size_t body);

}  // namespace borderflow::generator

#endif  // BORDERFLOW_TOOLS_GENERATOR_HTTP_H_
