#include "collectors/http/request.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"

namespace borderflow {
namespace {

constexpr std::string_view kLineEnd = "\r\n";

bool IsTokenChar(char c) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
         kMarks.find(c) != std::string_view::npos;
}

bool IsToken(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), IsTokenChar);
}

bool HasControl(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && byte != '\t') || byte == 0x7f;
  });
}

std::string_view Trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = absl::ascii_tolower(static_cast<unsigned char>(c));
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

// Nothing for a broken escape or a NUL. `plus`: '+' means a blank, as in queries.
std::optional<std::string> Decoded(std::string_view text, bool plus) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      if (i + 2 >= text.size()) return std::nullopt;
      const int high = HexDigit(text[i + 1]);
      const int low = HexDigit(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      c = static_cast<char>(high * 16 + low);
      i += 2;
      if (c == '\0') return std::nullopt;
    } else if (plus && c == '+') {
      c = ' ';
    }
    out.push_back(c);
  }
  return out;
}

bool ReadTarget(std::string_view target, HttpRequest* request) {
  if (target.empty() || target.front() != '/') return false;
  const size_t question = target.find('?');
  std::optional<std::string> path = Decoded(target.substr(0, question), false);
  if (!path.has_value()) return false;
  request->path = *std::move(path);
  if (question == std::string_view::npos) return true;
  std::string_view rest = target.substr(question + 1);
  while (!rest.empty()) {
    const size_t end = std::min(rest.find('&'), rest.size());
    const std::string_view pair = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    const size_t equals = std::min(pair.find('='), pair.size());
    std::optional<std::string> name = Decoded(pair.substr(0, equals), true);
    std::optional<std::string> value =
        Decoded(pair.substr(std::min(equals + 1, pair.size())), true);
    if (!name.has_value() || !value.has_value()) return false;
    if (!name->empty()) request->query[*std::move(name)] = *std::move(value);
  }
  return true;
}

// Takes a line off `text`; nullopt when there is no whole one.
std::optional<std::string_view> TakeLine(std::string_view* text) {
  const size_t end = text->find(kLineEnd);
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view line = text->substr(0, end);
  text->remove_prefix(end + kLineEnd.size());
  return line;
}

std::optional<BadRequest> ReadHeaders(std::string_view text, HttpRequest* request) {
  size_t count = 0;
  while (true) {
    const std::optional<std::string_view> line = TakeLine(&text);
    if (!line.has_value()) return BadRequest{400, "the head does not end"};
    if (line->empty()) return std::nullopt;
    if (++count > kMaxHeaders) return BadRequest{431, "too many headers"};
    const size_t colon = line->find(':');
    if (colon == std::string_view::npos || !IsToken(line->substr(0, colon)) || HasControl(*line)) {
      return BadRequest{400, "a header is malformed"};
    }
    std::string name = absl::AsciiStrToLower(absl::string_view(line->data(), colon));
    const std::string_view value = Trimmed(line->substr(colon + 1));
    const bool again = request->headers.contains(name);
    if (again && (name == "host" || name == "authorization" || name == "content-length")) {
      return BadRequest{400, "a header that must be single is repeated"};
    }
    std::string& slot = request->headers[std::move(name)];
    if (again) slot += ", ";
    slot += value;
  }
}

}  // namespace

std::string_view HttpRequest::Header(std::string_view name) const {
  const auto at = headers.find(std::string(name));
  return at == headers.end() ? std::string_view() : std::string_view(at->second);
}

std::variant<HttpRequest, BadRequest> ParseHead(std::string_view head) {
  HttpRequest request;
  const std::optional<std::string_view> line = TakeLine(&head);
  if (!line.has_value()) return BadRequest{400, "the head does not end"};
  const size_t first = line->find(' ');
  const size_t last = line->rfind(' ');
  if (first == std::string_view::npos || first == last || HasControl(*line)) {
    return BadRequest{400, "the request line is not METHOD TARGET HTTP/1.1"};
  }
  const std::string_view method = line->substr(0, first);
  const std::string_view target = line->substr(first + 1, last - first - 1);
  const std::string_view version = line->substr(last + 1);
  if (!IsToken(method) || target.find(' ') != std::string_view::npos) {
    return BadRequest{400, "the request line is not METHOD TARGET HTTP/1.1"};
  }
  if (version != "HTTP/1.1" && version != "HTTP/1.0") {
    return BadRequest{505, "only HTTP/1.1 and HTTP/1.0 are spoken here"};
  }
  if (target.size() > kMaxTargetBytes) return BadRequest{414, "the target is too long"};
  if (const auto bad = ReadHeaders(head, &request); bad.has_value()) return *bad;
  if (version == "HTTP/1.1" && request.Header("host").empty()) {
    return BadRequest{400, "HTTP/1.1 needs a Host header"};
  }
  if (method != "GET" && method != "HEAD") return BadRequest{405, "only GET and HEAD are answered"};
  const std::string_view length = request.Header("content-length");
  if ((!length.empty() && length != "0") || request.headers.contains("transfer-encoding")) {
    return BadRequest{413, "bodies are not taken"};
  }
  if (!ReadTarget(target, &request)) return BadRequest{400, "the target is malformed"};
  request.method = std::string(method);
  const std::string connection = absl::AsciiStrToLower(std::string(request.Header("connection")));
  request.keep_alive = version == "HTTP/1.1" ? !absl::StrContains(connection, "close")
                                             : absl::StrContains(connection, "keep-alive");
  return request;
}

}  // namespace borderflow
