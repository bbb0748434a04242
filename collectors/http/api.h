// /api/v1: what is published, as JSON. Documented in API.md.
//
// Thread safety: pure functions.
#ifndef BORDERFLOW_COLLECTORS_HTTP_API_H_
#define BORDERFLOW_COLLECTORS_HTTP_API_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "collectors/http/request.h"
#include "collectors/privacy/publisher.h"

namespace borderflow {

// The answer to a path below /api/v1, as JSON.
// Errors: NotFound for another path; InvalidArgument for a parameter that the path does not take,
// or a value that it cannot have.
absl::StatusOr<std::string> ApiAnswer(const HttpRequest& request, const Publication& publication);

}  // namespace borderflow

#endif  // BORDERFLOW_COLLECTORS_HTTP_API_H_
