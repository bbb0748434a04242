// Access: who may ask.
//
// With a token: whoever shows it, as `Authorization: Bearer TOKEN` or as the password of basic
// authentication under any user name. Without one, which only loopback allows: whoever asks for
// this machine by an address or as localhost, so that no web page can reach it through a name of
// its own (DNS rebinding).
//
// Thread safety: immutable.
#ifndef BORDERFLOW_COLLECTORS_HTTP_ACCESS_H_
#define BORDERFLOW_COLLECTORS_HTTP_ACCESS_H_

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "collectors/http/request.h"
#include "collectors/http/response.h"

namespace borderflow {

inline constexpr size_t kMinTokenBytes = 16;

class Access {
 public:
  // Everybody on this machine.
  static Access Local() { return Access(""); }
  // The token is the file's only line, of at least 16 printable characters.
  // Errors: NotFound; InvalidArgument for another content; PermissionDenied when everybody may read
  // the file.
  static absl::StatusOr<Access> FromFile(const std::string& path);

  // Nothing when the request is granted, else the refusal. `who` receives the user name that was
  // given, "token" for none, or "local".
  std::optional<HttpResponse> Check(const HttpRequest& request, std::string* who) const;

 private:
  explicit Access(std::string digest) : digest_(std::move(digest)) {}
  bool IsToken(std::string_view text) const;

  std::string digest_;  // SHA-256 of the token; empty for none
};

}  // namespace borderflow

#endif  // BORDERFLOW_COLLECTORS_HTTP_ACCESS_H_
