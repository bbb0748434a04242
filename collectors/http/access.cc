#include "collectors/http/access.h"

#include <arpa/inet.h>
#include <openssl/crypto.h>
#include <sys/stat.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "rules/digest/sha256.h"

namespace borderflow {
namespace {

// "127.0.0.1:9669", "[::1]", "localhost".
bool IsThisMachine(std::string_view host) {
  std::string name(host);
  if (!name.empty() && name.front() == '[') {
    const size_t end = name.find(']');
    if (end == std::string::npos) return false;
    in6_addr v6{};
    return inet_pton(AF_INET6, name.substr(1, end - 1).c_str(), &v6) == 1;
  }
  name = name.substr(0, name.find(':'));
  in_addr v4{};
  return absl::AsciiStrToLower(name) == "localhost" || inet_pton(AF_INET, name.c_str(), &v4) == 1;
}

}  // namespace

absl::StatusOr<Access> Access::FromFile(const std::string& path) {
  struct stat status {};
  std::ifstream file(path, std::ios::binary);
  if (!file || stat(path.c_str(), &status) != 0) {
    return absl::NotFoundError(
        absl::StrCat("--listen-token: ", path,
                     ": no such file, or not readable; 'openssl rand -hex 24 "
                     "> FILE; chmod 600 FILE' makes one"));
  }
  if ((status.st_mode & S_IROTH) != 0) {
    return absl::PermissionDeniedError(
        absl::StrCat("--listen-token: ", path, ": everybody may read this file; 'chmod 600' it"));
  }
  std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  const bool printable = std::all_of(text.begin(), text.end(), [](char c) {
    return absl::ascii_isgraph(static_cast<unsigned char>(c));
  });
  if (text.size() < kMinTokenBytes || !printable) {
    return absl::InvalidArgumentError(
        absl::StrCat("--listen-token: ", path, ": expected one line of at least ", kMinTokenBytes,
                     " printable characters without blanks"));
  }
  return Access(Sha256Hex(text));
}

// Digests are compared, in constant time, so that neither length nor content can be felt for.
bool Access::IsToken(std::string_view text) const {
  const std::string digest = Sha256Hex(text);
  return digest.size() == digest_.size() &&
         CRYPTO_memcmp(digest.data(), digest_.data(), digest.size()) == 0;
}

std::optional<HttpResponse> Access::Check(const HttpRequest& request, std::string* who) const {
  if (digest_.empty()) {
    *who = "local";
    const std::string_view host = request.Header("host");
    if (host.empty() || IsThisMachine(host)) return std::nullopt;
    return TextResponse(421, "ask by address or as localhost; other names need a token\n");
  }
  const std::string_view header = request.Header("authorization");
  const size_t blank = std::min(header.find(' '), header.size());
  const std::string scheme = absl::AsciiStrToLower(std::string(header.substr(0, blank)));
  const std::string given(absl::StripAsciiWhitespace(std::string(header.substr(blank))));
  *who = "token";
  if (scheme == "bearer" && IsToken(given)) return std::nullopt;
  std::string pair;
  if (scheme == "basic" && absl::Base64Unescape(given, &pair)) {
    const size_t colon = pair.find(':');
    if (colon != std::string::npos && IsToken(std::string_view(pair).substr(colon + 1))) {
      *who = pair.substr(0, colon);
      return std::nullopt;
    }
  }
  HttpResponse response = TextResponse(401, "a token is needed\n");
  response.headers.emplace_back("WWW-Authenticate",
                                "Bearer realm=\"borderflow\", Basic realm=\"borderflow\"");
  return response;
}

}  // namespace borderflow
