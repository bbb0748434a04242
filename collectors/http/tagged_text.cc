#include "collectors/http/tagged_text.h"

#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "rules/digest/sha256.h"

namespace borderflow {
namespace {

constexpr size_t kEtagDigits = 32;  // 128 bits of SHA-256
constexpr size_t kWorthZipping = 1024;

bool MatchesEtag(std::string_view if_none_match, const std::string& etag) {
  return if_none_match == "*" || if_none_match.find(etag) != std::string_view::npos;
}

}  // namespace

TaggedText::TaggedText(std::string text, std::string content_type)
    : text_(std::make_shared<const std::string>(std::move(text))),
      content_type_(std::move(content_type)),
      etag_(absl::StrCat("\"", Sha256Hex(*text_).substr(0, kEtagDigits), "\"")) {}

HttpResponse TaggedText::Answer(const HttpRequest& request) {
  HttpResponse response;
  response.content_type = content_type_;
  response.headers = {{"ETag", etag_}, {"Vary", "Accept-Encoding"}};
  if (MatchesEtag(request.Header("if-none-match"), etag_)) {
    response.status = 304;
    return response;
  }
  response.body = text_;
  if (text_->size() < kWorthZipping || !AcceptsGzip(request.Header("accept-encoding"))) {
    return response;
  }
  if (zipped_ == nullptr) zipped_ = Gzipped(*text_);
  if (zipped_ == nullptr) return response;
  response.body = zipped_;
  response.headers.emplace_back("Content-Encoding", "gzip");
  return response;
}

}  // namespace borderflow
