// Channel: the bytes of one connection, plain or under TLS, without ever waiting.
//
// Thread safety: none; TlsContext may be shared.
#ifndef BORDERFLOW_COLLECTORS_HTTP_CHANNEL_H_
#define BORDERFLOW_COLLECTORS_HTTP_CHANNEL_H_

#include <openssl/ssl.h>

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace borderflow {

// A server's certificate and key, TLS 1.2 or later.
class TlsContext {
 public:
  // PEM files; the certificate's may hold its chain.
  // Errors: InvalidArgument naming the file and OpenSSL's reason.
  static absl::StatusOr<TlsContext> Load(const std::string& certificate, const std::string& key);
  SSL_CTX* get() const { return context_.get(); }

 private:
  struct Free {
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  };
  std::unique_ptr<SSL_CTX, Free> context_;
};

class Channel {
 public:
  enum class State { kDone, kWantsRead, kWantsWrite, kEnded };

  // Takes over a connected, non-blocking socket. `tls` nullptr for plain; it must outlive this.
  Channel(int socket, const TlsContext* tls);
  ~Channel();
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  int socket() const { return socket_; }

  // Appends what has arrived, at most `room` bytes. kDone when there was something.
  State Read(size_t room, std::string* to);
  // Sends what it can; `sent` is how much that was. kDone when there was something.
  State Write(std::string_view bytes, size_t* sent);

 private:
  struct Free {
    void operator()(SSL* ssl) const { SSL_free(ssl); }
  };
  State TlsState(int result) const;

  int socket_;
  std::unique_ptr<SSL, Free> ssl_;
  bool failed_ = false;
};

}  // namespace borderflow

#endif  // BORDERFLOW_COLLECTORS_HTTP_CHANNEL_H_
