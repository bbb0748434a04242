#include "collectors/http/tls_context.h"

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <memory>
#include <type_traits>

#include "absl/strings/str_cat.h"

namespace borderflow {
namespace {

absl::Status FileError(const char* flag, const std::string& file, const char* reason) {
  return absl::InvalidArgumentError(absl::StrCat(flag, ": ", file, ": ", reason));
}

absl::StatusOr<std::string> ReadPem(const char* flag, const std::string& file) {
  errno = 0;
  std::ifstream in(file, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  if (!in || text.empty()) {
    return FileError(flag, file, errno != 0 ? std::strerror(errno) : "empty, or not readable");
  }
  return text;
}

gnutls_datum_t Datum(const std::string& text) {
  // GnuTLS only reads it.
  return {reinterpret_cast<unsigned char*>(const_cast<char*>(text.data())),
          static_cast<unsigned>(text.size())};
}

struct FreeCredentials {
  void operator()(gnutls_certificate_credentials_t credentials) const {
    gnutls_certificate_free_credentials(credentials);
  }
};
using Credentials =
    std::unique_ptr<std::remove_pointer_t<gnutls_certificate_credentials_t>, FreeCredentials>;

// GnuTLS's code for what is wrong with the certificates by themselves.
int CheckCertificates(const gnutls_datum_t& pem) {
  gnutls_x509_crt_t* list = nullptr;
  unsigned size = 0;
  const int code = gnutls_x509_crt_list_import2(&list, &size, &pem, GNUTLS_X509_FMT_PEM, 0);
  if (code < 0) return code;
  for (unsigned i = 0; i < size; ++i) gnutls_x509_crt_deinit(list[i]);
  gnutls_free(list);
  return code;
}

}  // namespace

absl::StatusOr<TlsContext> TlsContext::Load(const std::string& certificate,
                                            const std::string& key) {
  constexpr char kCertificate[] = "--listen-certificate";
  constexpr char kKey[] = "--listen-key";
  absl::StatusOr<std::string> certificate_pem = ReadPem(kCertificate, certificate);
  if (!certificate_pem.ok()) return certificate_pem.status();
  absl::StatusOr<std::string> key_pem = ReadPem(kKey, key);
  if (!key_pem.ok()) return key_pem.status();
  const gnutls_datum_t certificate_datum = Datum(*certificate_pem);
  const gnutls_datum_t key_datum = Datum(*key_pem);
  if (const int code = CheckCertificates(certificate_datum); code < 0) {
    return FileError(kCertificate, certificate, gnutls_strerror(code));
  }
  gnutls_certificate_credentials_t made = nullptr;
  if (gnutls_certificate_allocate_credentials(&made) < 0) {
    return absl::ResourceExhaustedError("--listen: no memory for TLS");
  }
  const Credentials credentials(made);
  // Also whether the two belong together.
  const int code = gnutls_certificate_set_x509_key_mem(credentials.get(), &certificate_datum,
                                                       &key_datum, GNUTLS_X509_FMT_PEM);
  if (code < 0) return FileError(kKey, key, gnutls_strerror(code));
  TlsContext tls;
  tls.certificate_ = *std::move(certificate_pem);
  tls.key_ = *std::move(key_pem);
  return tls;
}

}  // namespace borderflow
