#include "collectors/http/channel.h"

#include <openssl/err.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "absl/strings/str_cat.h"

namespace borderflow {
namespace {

constexpr size_t kReadBytes = 4096;

absl::Status TlsError(const std::string& flag, const std::string& file) {
  std::array<char, 256> reason{};
  const unsigned long error = ERR_get_error();
  ERR_error_string_n(error, reason.data(), reason.size());
  ERR_clear_error();
  return absl::InvalidArgumentError(
      absl::StrCat(flag, ": ", file, ": ", error == 0 ? "not usable" : reason.data()));
}

}  // namespace

absl::StatusOr<TlsContext> TlsContext::Load(const std::string& certificate,
                                            const std::string& key) {
  TlsContext tls;
  ERR_clear_error();
  tls.context_.reset(SSL_CTX_new(TLS_server_method()));
  if (tls.context_ == nullptr) return TlsError("--listen-certificate", certificate);
  SSL_CTX_set_min_proto_version(tls.get(), TLS1_2_VERSION);
  SSL_CTX_set_mode(tls.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                  SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_options(tls.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_IGNORE_UNEXPECTED_EOF);
  if (SSL_CTX_use_certificate_chain_file(tls.get(), certificate.c_str()) != 1) {
    return TlsError("--listen-certificate", certificate);
  }
  if (SSL_CTX_use_PrivateKey_file(tls.get(), key.c_str(), SSL_FILETYPE_PEM) != 1 ||
      SSL_CTX_check_private_key(tls.get()) != 1) {
    return TlsError("--listen-key", key);
  }
  return tls;
}

Channel::Channel(int socket, const TlsContext* tls) : socket_(socket) {
  if (tls == nullptr) return;
  ssl_.reset(SSL_new(tls->get()));
  failed_ = ssl_ == nullptr || SSL_set_fd(ssl_.get(), socket) != 1;
  if (!failed_) SSL_set_accept_state(ssl_.get());  // the first read or write shakes hands
}

Channel::~Channel() {
  ssl_.reset();
  close(socket_);
}

Channel::State Channel::TlsState(int result) const {
  switch (SSL_get_error(ssl_.get(), result)) {
    case SSL_ERROR_WANT_READ:
      return State::kWantsRead;
    case SSL_ERROR_WANT_WRITE:
      return State::kWantsWrite;
    default:
      return State::kEnded;
  }
}

Channel::State Channel::Read(size_t room, std::string* to) {
  if (failed_) return State::kEnded;
  std::array<char, kReadBytes> buffer;
  const size_t wanted = std::min(room, buffer.size());
  if (ssl_ != nullptr) {
    ERR_clear_error();
    const int got = SSL_read(ssl_.get(), buffer.data(), static_cast<int>(wanted));
    if (got <= 0) return TlsState(got);
    to->append(buffer.data(), static_cast<size_t>(got));
    return State::kDone;
  }
  const ssize_t got = recv(socket_, buffer.data(), wanted, 0);
  if (got > 0) {
    to->append(buffer.data(), static_cast<size_t>(got));
    return State::kDone;
  }
  const bool later = got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR);
  return later ? State::kWantsRead : State::kEnded;
}

Channel::State Channel::Write(std::string_view bytes, size_t* sent) {
  *sent = 0;
  if (failed_) return State::kEnded;
  if (ssl_ != nullptr) {
    ERR_clear_error();
    const int written = SSL_write(ssl_.get(), bytes.data(),
                                  static_cast<int>(std::min<size_t>(bytes.size(), 1 << 20)));
    if (written <= 0) return TlsState(written);
    *sent = static_cast<size_t>(written);
    return State::kDone;
  }
  const ssize_t written = send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  if (written >= 0) {
    *sent = static_cast<size_t>(written);
    return State::kDone;
  }
  const bool later = errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
  return later ? State::kWantsWrite : State::kEnded;
}

}  // namespace borderflow
