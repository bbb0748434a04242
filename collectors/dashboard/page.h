// The page: the script and styles that draw the pictures, built from page/ and compiled in.
//
// Thread safety: constant.
#ifndef BORDERFLOW_COLLECTORS_DASHBOARD_PAGE_H_
#define BORDERFLOW_COLLECTORS_DASHBOARD_PAGE_H_

#include <string_view>

namespace borderflow {

struct Page {
  std::string_view document;  // index.html, which asks for page.css and page.js
  std::string_view script;
  std::string_view styles;
  // Why there is no page in this program, with what to do about it; empty when there is one.
  std::string_view missing;
};

const Page& BuiltInPage();

}  // namespace borderflow

#endif  // BORDERFLOW_COLLECTORS_DASHBOARD_PAGE_H_
