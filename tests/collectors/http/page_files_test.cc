// The page as it is served: to whom, with which policy, and what it draws from.
#include "collectors/http/page_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "collectors/http/site.h"
#include "tests/collectors/http/asking.h"
#include "tests/collectors/http/publications.h"

namespace borderflow {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr Page kPage = {"<!doctype html>", "document.title='drawn';", "body{margin:0}", ""};
constexpr Page kNoPage = {"", "", "", "built without the page, because npm was not found"};

std::string HeaderOf(const HttpResponse& response, const std::string& name) {
  for (const auto& [header, value] : response.headers) {
    if (header == name) return value;
  }
  return "";
}

TEST(PageFilesTest, EachFileHasItsKindItsPolicyAndAnEtag) {
  PageFiles files(kPage, "instead");
  for (const auto& [path, type] : {std::pair{"/", "text/html; charset=utf-8"},
                                   std::pair{"/page.js", "text/javascript; charset=utf-8"},
                                   std::pair{"/page.css", "text/css; charset=utf-8"}}) {
    const std::optional<HttpResponse> response = files.Answer(Asking(path, {}));
    ASSERT_TRUE(response.has_value()) << path;
    EXPECT_EQ(response->status, 200);
    EXPECT_EQ(response->content_type, type);
    EXPECT_EQ(HeaderOf(*response, "Content-Security-Policy"),
              "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
              "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
    const std::string etag = HeaderOf(*response, "ETag");
    EXPECT_EQ(files.Answer(Asking(path, {{"if-none-match", etag}}))->status, 304);
  }
  for (const char* path : {"/page.j", "/page.js/", "/../page.js", "/api/v1/view", ""}) {
    EXPECT_FALSE(files.Answer(Asking(path, {})).has_value()) << path;
  }
}

TEST(PageFilesTest, WithoutThePageItSaysWhy) {
  PageFiles files(kNoPage, "/metrics");
  const std::optional<HttpResponse> response = files.Answer(Asking("/", {}));
  EXPECT_EQ(*response->body, "built without the page, because npm was not found\n\n/metrics");
  EXPECT_FALSE(files.Answer(Asking("/page.js", {})).has_value());
}

TEST(PageFilesTest, ThePageNeedsNoTokenWhatItDrawsDoes) {
  const std::string path = std::string(P_tmpdir) + "/borderflow_page_" + std::to_string(getpid());
  std::ofstream(path) << "0123456789abcdef\n";
  std::filesystem::permissions(path, std::filesystem::perms::owner_read);
  Site site(*Access::FromFile(path), std::nullopt);
  std::filesystem::remove(path);
  site.Show(PublicationOf(CellsOfTheWorld(50)));
  EXPECT_EQ(site.Answer(Asking("/", {}), "192.0.2.1").status, 200);
  EXPECT_EQ(site.Answer(Asking("/api/v1/view", {}), "192.0.2.1").status, 401);
  const HttpResponse view = site.Answer(
      Asking("/api/v1/view", {{"authorization", "Bearer 0123456789abcdef"}}), "192.0.2.1");
  ASSERT_EQ(view.status, 200);
  EXPECT_EQ(nlohmann::json::parse(*view.body)["schema"], "borderflow.view/1");
  EXPECT_THAT(HeaderOf(view, "ETag"), StartsWith("\""));
}

TEST(PageFilesTest, WithoutATokenForeignNamesGetNoPage) {
  Site site(Access::Local(), std::nullopt);
  EXPECT_EQ(site.Answer(Asking("/", {{"host", "rebound.example"}}), "127.0.0.1").status, 421);
  EXPECT_EQ(site.Answer(Asking("/", {{"host", "127.0.0.1:9669"}}), "127.0.0.1").status, 200);
}

TEST(PageFilesTest, TheViewTakesNoParameters) {
  Site site(Access::Local(), std::nullopt);
  site.Show(PublicationOf(CellsOfTheWorld(50)));
  const HttpResponse refused = site.Answer(Asking("/api/v1/view?x=1", {}), "127.0.0.1");
  EXPECT_EQ(refused.status, 400);
  EXPECT_THAT(*refused.body, HasSubstr("this path takes none"));
}

}  // namespace
}  // namespace borderflow
