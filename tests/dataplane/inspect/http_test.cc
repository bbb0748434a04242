#include "dataplane/inspect/http.h"

#include <gtest/gtest.h>

#include "tests/dataplane/inspect/wire.h"

namespace borderflow {
namespace {

std::string Host(std::string_view text, Parse expected = Parse::kDone) {
  const Buffer stream = FromText(text);
  size_t resume = 0;
  HttpRequestHead request;
  EXPECT_EQ(ParseHttpRequest(stream, &resume, &request), expected) << text;
  return std::string(request.host);
}

TEST(Http, HostIsTakenAsItStandsWithoutPort) {
  EXPECT_EQ(Host("GET / HTTP/1.1\r\nHost: www.example.org\r\n\r\n"), "www.example.org");
  EXPECT_EQ(Host("GET / HTTP/1.1\r\nAccept: */*\r\nhOsT:\t www.example.org:8080 \r\n"),
            "www.example.org");
  EXPECT_EQ(Host("GET / HTTP/1.0\nHost: bare.example\n\n"), "bare.example");
  EXPECT_EQ(Host("GET / HTTP/1.1\r\nHost: [2001:db8::1]:80\r\n"), "[2001:db8::1]");
  EXPECT_EQ(Host("GET / HTTP/1.1\r\nHost: 2001:db8::1\r\n"), "2001:db8::1");
  EXPECT_EQ(Host("GET / HTTP/1.1\r\nHost: a b,\x01\xff c\r\n"), "a b,\x01\xff c");
  EXPECT_EQ(Host("GET / HTTP/1.1\r\nHost: " + std::string(300, 'a') + "\r\n"),
            std::string(300, 'a'));
  EXPECT_EQ(Host("GET / HTTP/1.1\r\nHost:\r\n\r\n"), "");
  EXPECT_EQ(Host("GET / HTTP/1.0\r\nX-Host: no\r\n\r\n"), "");
}

TEST(Http, AbsoluteTargetStandsAboveTheHostField) {
  EXPECT_EQ(Host("GET http://user@www.example.org:81/x?u=http://o/ HTTP/1.1\r\nHost: other\r\n"),
            "www.example.org");
  EXPECT_EQ(Host("GET /?u=http://other/ HTTP/1.1\r\nHost: www.example.org\r\n"), "www.example.org");
}

TEST(Http, ConnectNamesItsTargetWhenTheHeadIsComplete) {
  const Buffer stream = FromText("CONNECT www.example.org:443 HTTP/1.1\r\nHost: proxy\r\n\r\nrest");
  size_t resume = 0;
  HttpRequestHead request;
  ASSERT_EQ(ParseHttpRequest(stream, &resume, &request), Parse::kDone);
  EXPECT_TRUE(request.connect);
  EXPECT_EQ(request.host, "www.example.org");
  EXPECT_EQ(request.size, stream.size() - 4);
}

TEST(Http, OtherProtocolsWithTheSameMethodsAreNot) {
  Host("OPTIONS sip:a@example.org SIP/2.0\r\nHost: no\r\n\r\n", Parse::kNot);
  Host("DESCRIBE rtsp://example.org/x RTSP/1.0\r\n\r\n", Parse::kNot);
  EXPECT_EQ(LookForHttp(FromText("GETX / HTTP/1.1")), HttpStart::kNot);
  EXPECT_EQ(LookForHttp(FromText("220 mail")), HttpStart::kNot);
}

TEST(Http, ResumedParseEqualsOneOverTheWhole) {
  const std::string text =
      "POST /form HTTP/1.1\r\nUser-Agent: test\r\nAccept: */*\r\nHost: slow.example\r\n\r\n";
  size_t resume = 0;
  for (size_t size = 0; size <= text.size(); ++size) {
    const Buffer stream = FromText(text.substr(0, size));
    HttpRequestHead request;
    const Parse parse = ParseHttpRequest(stream, &resume, &request);
    const bool complete = size >= text.find("\r\n\r\n") + 2;
    ASSERT_EQ(parse, complete ? Parse::kDone : Parse::kMore) << size;
    ASSERT_EQ(request.host, complete ? "slow.example" : "");
  }
}

TEST(Http, StartsAreToldApart) {
  EXPECT_EQ(LookForHttp(FromText("G")), HttpStart::kPrefix);
  EXPECT_EQ(LookForHttp(FromText("GET")), HttpStart::kPrefix);
  EXPECT_EQ(LookForHttp(FromText("GET /")), HttpStart::kRequest);
  EXPECT_EQ(LookForHttp(FromText("HTTP/1.1 200 OK")), HttpStart::kResponse);
  EXPECT_EQ(LookForHttp(FromText("HTTP")), HttpStart::kPrefix);
  EXPECT_EQ(LookForHttp(FromText("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")), HttpStart::kHttp2);
  EXPECT_EQ(LookForHttp(FromText("PRI * HTTP/2.0\r\n")), HttpStart::kPrefix);
  EXPECT_EQ(LookForHttp(FromText("SSH-2.0-x")), HttpStart::kNot);
}

}  // namespace
}  // namespace borderflow
