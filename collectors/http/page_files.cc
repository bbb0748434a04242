#include "collectors/http/page_files.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace borderflow {
namespace {

constexpr char kPolicy[] =
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' "
    "data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

}  // namespace

PageFiles::PageFiles(const Page& page, const std::string& instead) {
  if (!page.missing.empty()) {
    files_.emplace("/", TaggedText(absl::StrCat(std::string(page.missing), "\n\n", instead),
                                   "text/plain; charset=utf-8"));
    return;
  }
  const std::string document(page.document);
  files_.emplace("/", TaggedText(document, "text/html; charset=utf-8"));
  files_.emplace("/index.html", TaggedText(document, "text/html; charset=utf-8"));
  files_.emplace("/page.js",
                 TaggedText(std::string(page.script), "text/javascript; charset=utf-8"));
  files_.emplace("/page.css", TaggedText(std::string(page.styles), "text/css; charset=utf-8"));
}

std::optional<HttpResponse> PageFiles::Answer(const HttpRequest& request) {
  const auto file = files_.find(request.path);
  if (file == files_.end()) return std::nullopt;
  HttpResponse response = file->second.Answer(request);
  response.headers.emplace_back("Content-Security-Policy", kPolicy);
  // Kept, and asked about again: a newer borderflow has a newer page.
  response.headers.emplace_back("Cache-Control", "no-cache");
  return response;
}

}  // namespace borderflow
