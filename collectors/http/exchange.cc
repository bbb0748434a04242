#include "collectors/http/exchange.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace borderflow {
namespace {

constexpr auto kUsualHeaders = std::to_array<std::pair<const char*, const char*>>(
    {{"Cache-Control", "no-cache"},
     {"X-Content-Type-Options", "nosniff"},
     {"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"},
     {"Referrer-Policy", "no-referrer"}});

struct Gathered {
  HttpRequest request;
  size_t headers = 0;
  bool repeated = false;  // a header that must be single
  bool malformed = false;
};

std::string_view View(const char* text, size_t size) {
  return text == nullptr ? std::string_view() : std::string_view(text, size);
}

MHD_Result GatherHeader(void* into, MHD_ValueKind, const char* name, size_t name_size,
                        const char* value, size_t value_size) {
  auto* gathered = static_cast<Gathered*>(into);
  if (++gathered->headers > kMaxHeaders) return MHD_NO;
  const std::string_view given = View(name, name_size);
  gathered->malformed |= given.empty() || given.find_first_of(" \t") != std::string_view::npos;
  std::string key = absl::AsciiStrToLower(absl::string_view(given.data(), given.size()));
  const bool single = key == "host" || key == "authorization" || key == "content-length";
  const auto [slot, is_new] = gathered->request.headers.try_emplace(std::move(key));
  gathered->repeated |= single && !is_new;
  if (!is_new) slot->second += ", ";
  absl::StrAppend(&slot->second, absl::StripAsciiWhitespace(
                                     absl::string_view(value == nullptr ? "" : value, value_size)));
  return MHD_YES;
}

MHD_Result GatherArgument(void* into, MHD_ValueKind, const char* name, size_t name_size,
                          const char* value, size_t value_size) {
  auto* gathered = static_cast<Gathered*>(into);
  if (name_size > 0) {
    gathered->request.query[std::string(name, name_size)] = View(value, value_size);
  }
  return MHD_YES;
}

void FreeBody(void* body) { delete static_cast<std::shared_ptr<const std::string>*>(body); }

}  // namespace

bool IsWellEscaped(std::string_view text) {
  const auto is_digit = [](char c) { return absl::ascii_isxdigit(static_cast<unsigned char>(c)); };
  for (size_t at = text.find('%'); at != std::string_view::npos; at = text.find('%', at + 3)) {
    const std::string_view digits = text.substr(at + 1, 2);
    if (digits.size() < 2 || !std::all_of(digits.begin(), digits.end(), is_digit)) return false;
    if (digits == "00") return false;
  }
  return true;
}

std::variant<HttpRequest, BadRequest> ReadRequest(MHD_Connection* connection,
                                                  std::string_view method, std::string_view path,
                                                  const TargetCheck& target) {
  if (target.too_long) return BadRequest{414, "the target is too long"};
  Gathered gathered;
  MHD_get_connection_values_n(connection, MHD_HEADER_KIND, GatherHeader, &gathered);
  if (gathered.headers > kMaxHeaders) return BadRequest{431, "too many headers"};
  if (gathered.malformed) return BadRequest{400, "a header is malformed"};
  if (gathered.repeated) return BadRequest{400, "a header that must be single is repeated"};
  if (method != "GET" && method != "HEAD") return BadRequest{405, "only GET and HEAD are answered"};
  HttpRequest& request = gathered.request;
  const std::string_view length = request.Header("content-length");
  if ((!length.empty() && length != "0") || request.headers.contains("transfer-encoding")) {
    return BadRequest{413, "bodies are not taken"};
  }
  if (target.bad_escape || path.empty() || path.front() != '/') {
    return BadRequest{400, "the target is malformed"};
  }
  MHD_get_connection_values_n(connection, MHD_GET_ARGUMENT_KIND, GatherArgument, &gathered);
  request.method = method;
  request.path = path;
  return std::move(request);
}

OwnedResponse ToMicrohttpd(const HttpResponse& response) {
  static const auto* const kNone = new auto(std::make_shared<const std::string>());
  const bool has_body = response.body != nullptr && response.status != 304;
  auto kept =
      std::make_unique<std::shared_ptr<const std::string>>(has_body ? response.body : *kNone);
  const std::string& body = **kept;
  // It only reads it.
  OwnedResponse out(MHD_create_response_from_buffer_with_free_callback_cls(
      body.size(), const_cast<char*>(body.data()), FreeBody, kept.get()));
  if (out == nullptr) return nullptr;
  kept.release();  // FreeBody has it now
  bool added = true;
  const auto add = [&out, &added](const char* name, const char* value) {
    added = added && MHD_add_response_header(out.get(), name, value) == MHD_YES;
  };
  if (response.status != 304) add("Content-Type", response.content_type.c_str());
  for (const auto& [name, value] : response.headers) add(name.c_str(), value.c_str());
  for (const auto& [name, value] : kUsualHeaders) {
    if (MHD_get_response_header(out.get(), name) == nullptr) add(name, value);
  }
  return added ? std::move(out) : nullptr;
}

}  // namespace borderflow
