// TlsContext: a server's certificate and key, checked.
//
// Thread safety: a value.
#ifndef BORDERFLOW_COLLECTORS_HTTP_TLS_CONTEXT_H_
#define BORDERFLOW_COLLECTORS_HTTP_TLS_CONTEXT_H_

#include <string>

#include "absl/status/statusor.h"

namespace borderflow {

class TlsContext {
 public:
  // PEM files; the certificate's may hold its chain.
  // Errors: InvalidArgument naming the file and GnuTLS's reason.
  static absl::StatusOr<TlsContext> Load(const std::string& certificate, const std::string& key);

  // As read.
  const std::string& certificate() const { return certificate_; }
  const std::string& key() const { return key_; }

 private:
  std::string certificate_;
  std::string key_;
};

}  // namespace borderflow

#endif  // BORDERFLOW_COLLECTORS_HTTP_TLS_CONTEXT_H_
