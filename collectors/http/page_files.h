// PageFiles: the dashboard's page as it is served: /, /page.js and /page.css.
//
// The page holds no data: it is the same for everybody who has this version of borderflow, and asks
// the API for what it draws. So it is served without a token, which a browser could not show before
// there is a page to type it in, and which the API then demands. What it tells a stranger is that
// borderflow runs here, as /healthz does. Its policy lets it run its own script and ask its own
// server, and nothing else, whatever the figures hold.
//
// Thread safety: none; one serving thread.
#ifndef BORDERFLOW_COLLECTORS_HTTP_PAGE_FILES_H_
#define BORDERFLOW_COLLECTORS_HTTP_PAGE_FILES_H_

#include <map>
#include <optional>
#include <string>

#include "collectors/dashboard/page.h"
#include "collectors/http/request.h"
#include "collectors/http/response.h"
#include "collectors/http/tagged_text.h"

namespace borderflow {

class PageFiles {
 public:
  // `instead`: what / answers, as text, in a program without the page, behind the reason.
  PageFiles(const Page& page, const std::string& instead);

  // Nothing for a path that is not the page's.
  std::optional<HttpResponse> Answer(const HttpRequest& request);

 private:
  std::map<std::string, TaggedText> files_;  // by path
};

}  // namespace borderflow

#endif  // BORDERFLOW_COLLECTORS_HTTP_PAGE_FILES_H_
