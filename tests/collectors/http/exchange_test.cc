#include "collectors/http/exchange.h"

#include <gtest/gtest.h>

#include <string>

namespace borderflow {
namespace {

TEST(ExchangeTest, OnlyWholeEscapesThatAreNotNulAreTaken) {
  for (const char* text : {"", "/", "/a%20b", "%41%7a%7A", "/%25", "/%2500", "a+b"}) {
    EXPECT_TRUE(IsWellEscaped(text)) << text;
  }
  for (const char* text : {"%", "/%", "/%4", "/%4g", "/%zz", "/%%41", "/%00", "/a%41%00b", "%-1"}) {
    EXPECT_FALSE(IsWellEscaped(text)) << text;
  }
}

// The slow twin: character by character, over every text of four from an alphabet that matters.
bool IsWellEscapedSlowly(const std::string& text) {
  for (size_t i = 0; i < text.size();) {
    if (text[i] != '%') {
      ++i;
      continue;
    }
    if (i + 2 >= text.size()) return false;
    const std::string digits = text.substr(i + 1, 2);
    if (digits.find_first_not_of("0123456789abcdefABCDEF") != std::string::npos) return false;
    if (digits == "00") return false;
    i += 3;
  }
  return true;
}

TEST(ExchangeTest, EveryShortTextIsJudgedAsByItsTwin) {
  const std::string alphabet = "%04aFg/";
  for (size_t length = 0; length <= 5; ++length) {
    size_t texts = 1;
    for (size_t i = 0; i < length; ++i) texts *= alphabet.size();
    for (size_t number = 0; number < texts; ++number) {
      std::string text;
      for (size_t rest = number; text.size() < length; rest /= alphabet.size()) {
        text.push_back(alphabet[rest % alphabet.size()]);
      }
      ASSERT_EQ(IsWellEscaped(text), IsWellEscapedSlowly(text)) << text;
    }
  }
}

TEST(ExchangeTest, AHeaderOfTheAnswerStandsAboveTheUsualOne) {
  HttpResponse response;
  response.body = std::make_shared<const std::string>("page");
  response.headers = {{"Content-Security-Policy", "default-src 'self'"}, {"ETag", "\"x\""}};
  const OwnedResponse own = ToMicrohttpd(response);
  ASSERT_NE(own, nullptr);
  const auto header = [&own](const char* name) {
    const char* value = MHD_get_response_header(own.get(), name);
    return std::string(value == nullptr ? "" : value);
  };
  EXPECT_EQ(header("Content-Security-Policy"), "default-src 'self'");
  EXPECT_EQ(header("ETag"), "\"x\"");
  EXPECT_EQ(header("X-Content-Type-Options"), "nosniff");
  EXPECT_EQ(header("Referrer-Policy"), "no-referrer");
  EXPECT_EQ(header("Cache-Control"), "no-cache");
  EXPECT_EQ(header("Content-Type"), "text/plain; charset=utf-8");
}

TEST(ExchangeTest, ABodyIsSharedAndLetGo) {
  HttpResponse response = TextResponse(200, "page");
  {
    const OwnedResponse own = ToMicrohttpd(response);
    EXPECT_EQ(response.body.use_count(), 2);
  }
  EXPECT_EQ(response.body.use_count(), 1);
}

TEST(ExchangeTest, ALineEndInAHeaderOfTheAnswerIsRefused) {
  HttpResponse response = TextResponse(200, "page");
  response.headers = {{"X", "a\r\nSet-Cookie: b"}};
  EXPECT_EQ(ToMicrohttpd(response), nullptr);
}

}  // namespace
}  // namespace borderflow
