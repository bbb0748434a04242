// TaggedText: a text that is served again and again: with an ETag, and zipped for those who take
// that.
//
// Thread safety: none; one serving thread.
#ifndef BORDERFLOW_COLLECTORS_HTTP_TAGGED_TEXT_H_
#define BORDERFLOW_COLLECTORS_HTTP_TAGGED_TEXT_H_

#include <memory>
#include <string>

#include "collectors/http/request.h"
#include "collectors/http/response.h"

namespace borderflow {

class TaggedText {
 public:
  TaggedText(std::string text, std::string content_type);

  // 304 without a body for whoever has it already.
  HttpResponse Answer(const HttpRequest& request);

 private:
  std::shared_ptr<const std::string> text_;
  std::shared_ptr<const std::string> zipped_;  // made when first asked for
  std::string content_type_;
  std::string etag_;
};

}  // namespace borderflow

#endif  // BORDERFLOW_COLLECTORS_HTTP_TAGGED_TEXT_H_
