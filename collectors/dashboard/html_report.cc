#include "collectors/dashboard/html_report.h"

#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "collectors/dashboard/html_writer.h"
#include "collectors/dashboard/report_text.h"
#include "collectors/dashboard/view.h"
#include "rules/digest/sha256.h"

namespace borderflow {
namespace {

// Styles of a report whose program was built without the page.
constexpr std::string_view kPlainStyles =
    "body{font:16px/1.5 sans-serif;margin:0}#static{max-width:76rem;margin:0 auto;padding:1rem}"
    "table{border-collapse:collapse;width:100%;font-size:.875rem}caption{text-align:left}"
    "th,td{text-align:left;font-weight:400;padding:.3rem 1rem .3rem 0;border-bottom:1px solid "
    "#ccc;vertical-align:top}.number{text-align:right;white-space:nowrap}.scroll{overflow:auto}"
    ".facts{display:grid;grid-template-columns:minmax(9rem,14rem) 1fr;gap:.3rem 1rem}"
    ".facts dd{margin:0;overflow-wrap:anywhere}.lead{font-size:1.2rem}"
    ".banner{padding:.6rem;border-left:4px solid #b35900}";

// "'sha256-...'" of a script or style as a browser computes it.
std::string Source(std::string_view text) {
  const std::string hex = Sha256Hex(text);
  return absl::StrCat("'sha256-", absl::Base64Escape(absl::HexStringToBytes(hex)), "'");
}

std::string Document(const ViewJson& view, const Page& page) {
  const std::string_view styles = page.missing.empty() ? page.styles : kPlainStyles;
  std::string policy = absl::StrCat("default-src 'none'; style-src ", Source(styles),
                                    "; img-src data:; base-uri 'none'; form-action 'none'");
  if (page.missing.empty()) absl::StrAppend(&policy, "; script-src ", Source(page.script));
  std::string html = absl::StrCat(
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"",
      policy,
      "\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"color-scheme\" content=\"light dark\">\n"
      "<meta name=\"referrer\" content=\"no-referrer\">\n<title>borderflow "
      "report</title>\n<style>");
  html.append(styles);
  absl::StrAppend(&html,
                  "</style>\n</head>\n<body>\n<div id=\"app\"></div>\n<div id=\"static\">\n");
  if (!page.missing.empty()) {
    HtmlWriter note;
    note.Element("p", "banner", absl::StrCat("Without pictures: ", std::string(page.missing)));
    html += note.Take();
  }
  absl::StrAppend(&html, ReportText(view), "</div>\n<script type=\"application/json\" id=\"view\">",
                  ScriptEscaped(ViewText(view)), "</script>\n");
  if (page.missing.empty()) {
    html += "<script>";
    html.append(page.script);
    html += "</script>\n";
  }
  html += "</body>\n</html>\n";
  return html;
}

}  // namespace

std::string HtmlReport(ViewJson view, const Page& page) {
  // What is not UTF-8 becomes U+FFFD here, so that the text and the model say the same.
  view = ViewJson::parse(ViewText(view));
  std::string html;
  for (size_t bytes = kViewBytes; bytes > kViewBytes / 64; bytes /= 2) {
    CutView(bytes, &view);
    html = Document(view, page);
    if (html.size() < kReportBytes) break;
  }
  return html;
}

}  // namespace borderflow
