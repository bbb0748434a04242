#include "collectors/dashboard/html_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "collectors/dashboard/html_writer.h"
#include "collectors/dashboard/view.h"
#include "collectors/report/text.h"
#include "rules/digest/sha256.h"
#include "tests/collectors/dashboard/random_cells.h"

namespace borderflow {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr Page kPage = {"<!doctype html>", "document.title='drawn';", "body{margin:0}", ""};
constexpr Page kNoPage = {"", "", "", "built without the page, because npm was not found"};

size_t Count(const std::string& text, const std::string& what) {
  size_t count = 0;
  for (size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++count;
  return count;
}

std::string Between(const std::string& text, const std::string& begin, const std::string& end) {
  const size_t from = text.find(begin);
  if (from == std::string::npos) return "";
  const size_t to = text.find(end, from + begin.size());
  return text.substr(from + begin.size(), to - from - begin.size());
}

std::string Html(const Report& report, const Page& page = kPage) {
  return HtmlReport(ViewOf(report, {}, Timeline("one window"), "replay"), page);
}

TEST(HtmlWriterTest, WhatMeansSomethingInHtmlIsEscaped) {
  EXPECT_EQ(HtmlEscaped("<a href=\"x\">'&"), "&lt;a href=&quot;x&quot;&gt;&#39;&amp;");
  EXPECT_EQ(HtmlEscaped(std::string("a\0b\x1b\x7f", 5)), "a\uFFFDb\uFFFD\uFFFD");
  EXPECT_EQ(HtmlEscaped("\u202Egpj.exe\u2066\u200F\u061C\u0085"),
            "\uFFFDgpj.exe\uFFFD\uFFFD\uFFFD\uFFFD");
  EXPECT_EQ(HtmlEscaped("Köln\n€"), "Köln\n€");
  EXPECT_EQ(ScriptEscaped("{\"</script><!--&\":1}"),
            "{\"\\u003c/script\\u003e\\u003c!--\\u0026\":1}");
}

TEST(HtmlReportTest, NamesFromTheWireAreTextEverywhere) {
  Report report = RandomReport(1, 20);
  report.parameters.names = true;
  report.parameters.purpose = "<img src=x onerror=alert(1)>";
  report.sensor = "</script><script>alert(2)</script>";
  report.captures = {{"\"><svg onload=alert(3)>.pcap", ""}};
  for (const char* name : {"<script>alert(4)</script>.example", "\"><img onerror=alert(5)>",
                           "</script><b>", "\xff\xfe\x01", "\u202Emoc.elpmaxe"}) {
    report.snapshot.names[name] = {Evidence::kName, Category::kMed, Protocol::kTls, 1, 10};
  }
  const std::string html = Html(report);
  // The model and the page's own script.
  EXPECT_EQ(Count(html, "<script"), 2u);
  EXPECT_EQ(Count(html, "</script"), 2u);
  for (const char* tag : {"<img", "<svg", "<b>", "onload=alert(3)>.pcap\""}) {
    EXPECT_EQ(Count(html, tag), 0u) << tag;
  }
  EXPECT_THAT(html, HasSubstr("&lt;script&gt;alert(4)&lt;/script&gt;.example"));
  EXPECT_EQ(Count(html, "\u202E"), 1u) << "in the model, which is no text on the page";
  const ViewJson model =
      ViewJson::parse(Between(html, "<script type=\"application/json\" id=\"view\">", "</script>"));
  EXPECT_EQ(model["source"]["sensor"], "</script><script>alert(2)</script>");
}

TEST(HtmlReportTest, ItsPolicyLetsOnlyItsOwnScriptRun) {
  const std::string html = Html(RandomReport(1, 20));
  const std::string policy = Between(html, "Content-Security-Policy\" content=\"", "\"");
  const std::string script = Between(html, "</script>\n<script>", "</script>");
  EXPECT_EQ(script, kPage.script);
  const auto source = [](const std::string& text) {
    return absl::StrCat("'sha256-", absl::Base64Escape(absl::HexStringToBytes(Sha256Hex(text))),
                        "'");
  };
  EXPECT_THAT(policy, HasSubstr("default-src 'none'; "));
  EXPECT_THAT(policy, HasSubstr("script-src " + source(script)));
  EXPECT_THAT(policy, HasSubstr("style-src " + source(Between(html, "<style>", "</style>"))));
  EXPECT_THAT(policy, Not(HasSubstr("unsafe")));
  for (const char* request : {"src=", "href=", "url(", "@import", "http://", "https://"}) {
    EXPECT_EQ(Count(html, request), 0u) << request;
  }
}

TEST(HtmlReportTest, TheTextHasTheTotalsOfTheModel) {
  const Report report = RandomReport(5, 400);
  const ViewJson view = ViewOf(report, {}, Timeline("one window"), "replay");
  const std::string html = HtmlReport(view, kPage);
  const auto row = [](const std::string& title, const ViewJson& counts) {
    return absl::StrCat(title, "</th><td class=\"number\">100.0 %</td><td class=\"number\">",
                        Grouped(counts["frames"]), "</td><td class=\"number\">",
                        Grouped(counts["bytes"]), "</td><td class=\"number\">",
                        Grouped(counts["flows"]), "</td>");
  };
  EXPECT_THAT(html, HasSubstr(row("total: every IP frame", view["total"])));
  EXPECT_EQ(Grouped(view["total"]["bytes"]), Grouped(report.sums.total.bytes));
  for (const auto& [crossing, counts] : view["crossing"].items()) {
    EXPECT_THAT(html, HasSubstr(Grouped(counts["bytes"]))) << crossing;
  }
  for (const ViewJson& category : view["categories"]) {
    EXPECT_THAT(html, HasSubstr(Grouped(category["bytes"])));
  }
  EXPECT_THAT(html, HasSubstr("Unsuppressed"));
  EXPECT_THAT(html, HasSubstr("00ff")) << "the capture's digest";
  EXPECT_THAT(html, HasSubstr("borderflow replay a.pcap"));
}

TEST(HtmlReportTest, ItStaysUnderTwoMegabytesForAnyInput) {
  Report report = RandomReport(9, 60'000, 255);
  report.parameters.names = true;
  report.command = std::string(3'000'000, '<');
  for (int i = 0; i < 5000; ++i) {
    report.captures.push_back({std::string(3000, '"') + std::to_string(i), std::string(64, 'a')});
    report.snapshot.names[std::string(250, '&') + std::to_string(i)] = {};
    report.damaged.push_back({"x" + std::string(2000, '<'), 1, "cut"});
  }
  std::vector<Pack> packs;
  for (const std::string& id : ShippedPacks()) packs.push_back(*LoadPack(id, Groups::BuiltIn()));
  for (const Pack& pack : packs) report.policies.push_back(Evaluate(pack, {}));
  Timeline timeline(60);
  for (uint64_t i = 0; i < 5000; ++i) timeline.Add(i * 60, report.snapshot.cells, {});
  const std::string large(900'000, 'x');
  const Page page = {"", large, "body{}", ""};
  const std::string html = HtmlReport(ViewOf(report, packs, timeline, "replay"), page);
  EXPECT_LT(html.size(), kReportBytes);
  EXPECT_THAT(html, HasSubstr("</html>"));
}

TEST(HtmlReportTest, WithoutThePageThereIsTheTextAndTheReason) {
  const std::string html = Html(RandomReport(1, 20), kNoPage);
  EXPECT_THAT(html, HasSubstr("Without pictures: built without the page, because npm"));
  EXPECT_EQ(Count(html, "<script"), 1u) << "the model";
  EXPECT_THAT(html, Not(HasSubstr("script-src")));
  EXPECT_THAT(html, HasSubstr("What crosses a border"));
}

TEST(HtmlReportTest, ThePageThatIsBuiltInCanStandInADocument) {
  const Page& page = BuiltInPage();
  if (!page.missing.empty()) GTEST_SKIP() << page.missing;
  EXPECT_THAT(std::string(page.script), Not(HasSubstr("</script")));
  EXPECT_THAT(std::string(page.styles), Not(HasSubstr("</style")));
  EXPECT_THAT(std::string(page.document), HasSubstr("page.js"));
}

}  // namespace
}  // namespace borderflow
