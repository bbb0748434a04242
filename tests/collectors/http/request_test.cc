#include "collectors/http/request.h"

#include <gtest/gtest.h>

#include <string>

namespace borderflow {
namespace {

int StatusOf(const std::string& head) {
  const auto parsed = ParseHead(head);
  const auto* bad = std::get_if<BadRequest>(&parsed);
  return bad == nullptr ? 200 : bad->status;
}

int StatusOfLine(const std::string& line) { return StatusOf(line + "\r\nHost: h\r\n\r\n"); }

TEST(RequestTest, TargetQueryAndHeadersAreRead) {
  const auto parsed = ParseHead(
      "GET /api/v1/cells?src=DE&dst=%55S&x=a+b%26&flag&=z HTTP/1.1\r\nHost: localhost\r\n"
      "ACCEPT:  text/plain \t\r\nAccept: */*\r\nConnection: Close\r\n\r\n");
  ASSERT_TRUE(std::holds_alternative<HttpRequest>(parsed));
  const auto& request = std::get<HttpRequest>(parsed);
  EXPECT_EQ(request.method, "GET");
  EXPECT_EQ(request.path, "/api/v1/cells");
  EXPECT_EQ(request.query, (std::map<std::string, std::string>{
                               {"src", "DE"}, {"dst", "US"}, {"x", "a b&"}, {"flag", ""}}));
  EXPECT_EQ(request.Header("accept"), "text/plain, */*");
  EXPECT_EQ(request.Header("cookie"), "");
  EXPECT_FALSE(request.keep_alive);
}

TEST(RequestTest, OneDotZeroClosesUnlessItAsksToStay) {
  const auto stays = [](const std::string& head) {
    return std::get<HttpRequest>(ParseHead(head)).keep_alive;
  };
  EXPECT_FALSE(stays("GET / HTTP/1.0\r\n\r\n"));
  EXPECT_TRUE(stays("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"));
  EXPECT_TRUE(stays("GET / HTTP/1.1\r\nHost: h\r\n\r\n"));
}

TEST(RequestTest, WhatIsMalformedIsRefusedByItsOwnStatus) {
  EXPECT_EQ(StatusOfLine("GET / HTTP/1.1"), 200);
  EXPECT_EQ(StatusOfLine("HEAD /metrics HTTP/1.1"), 200);
  for (const char* line :
       {"", "GET", "GET /", "GET  HTTP/1.1", " / HTTP/1.1", "GET x HTTP/1.1", "GET / / HTTP/1.1",
        "GE(T / HTTP/1.1", "GET http://h/ HTTP/1.1", "GET /%zz HTTP/1.1", "GET /%4 HTTP/1.1",
        "GET /%00 HTTP/1.1", "GET /?a=%x HTTP/1.1", "GET /\x01 HTTP/1.1"}) {
    EXPECT_EQ(StatusOfLine(line), 400) << line;
  }
  EXPECT_EQ(StatusOfLine("POST / HTTP/1.1"), 405);
  EXPECT_EQ(StatusOfLine("CONNECT / HTTP/1.1"), 405);
  EXPECT_EQ(StatusOfLine("GET / HTTP/2.0"), 505);
  EXPECT_EQ(StatusOfLine("GET / http/1.1"), 505);
  EXPECT_EQ(StatusOfLine("GET /" + std::string(kMaxTargetBytes, 'a') + " HTTP/1.1"), 414);
}

TEST(RequestTest, HeadersThatHaveBeenAWayInAreRefused) {
  const std::string line = "GET / HTTP/1.1\r\nHost: h\r\n";
  EXPECT_EQ(StatusOf("GET / HTTP/1.1\r\n\r\n"), 400) << "no host";
  EXPECT_EQ(StatusOf(line + "Host: other\r\n\r\n"), 400) << "two hosts";
  EXPECT_EQ(StatusOf(line + "Authorization: a\r\nAuthorization: b\r\n\r\n"), 400);
  EXPECT_EQ(StatusOf(line + "A : b\r\n\r\n"), 400) << "blank before the colon";
  EXPECT_EQ(StatusOf(line + "A: b\r\n c\r\n\r\n"), 400) << "folded";
  EXPECT_EQ(StatusOf(line + "A: b\nC: d\r\n\r\n"), 400) << "bare line feed";
  EXPECT_EQ(StatusOf(line + std::string("A: b\0c\r\n\r\n", 10)), 400) << "NUL";
  EXPECT_EQ(StatusOf(line + "no colon\r\n\r\n"), 400);
  EXPECT_EQ(StatusOf(line + "Content-Length: 5\r\n\r\n"), 413);
  EXPECT_EQ(StatusOf(line + "Content-Length: 0\r\n\r\n"), 200);
  EXPECT_EQ(StatusOf(line + "Transfer-Encoding: chunked\r\n\r\n"), 413);
  std::string many = line;
  for (size_t i = 0; i < kMaxHeaders; ++i) many += "A: b\r\n";
  EXPECT_EQ(StatusOf(many + "\r\n"), 431);
  EXPECT_EQ(StatusOf(line), 400) << "no end";
}

}  // namespace
}  // namespace borderflow
