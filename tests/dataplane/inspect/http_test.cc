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

Buffer Frame(uint8_t type, uint8_t flags, const Buffer& content) {
  Buffer frame;
  AppendNumber(&frame, content.size(), 3);
  frame.push_back(type);
  frame.push_back(flags);
  AppendNumber(&frame, 1, 4);
  return Join({frame, content});
}

std::string AuthorityOf(const Buffer& block, uint8_t flags = 0x04) {
  const Buffer stream = Join({FromText("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), Frame(4, 0, {}),
                              Frame(8, 0, FromHex("00010000")), Frame(1, flags, block)});
  char authority[255];
  size_t size = 0;
  for (size_t cut = 0; cut < stream.size(); ++cut) {
    EXPECT_EQ(ParseHttp2(Slice(stream, 0, cut), authority, &size), Parse::kMore) << cut;
  }
  EXPECT_EQ(ParseHttp2(stream, authority, &size), Parse::kDone);
  return std::string(authority, size);
}

// RFC 7541 appendix C.3.1, C.4.1: the same request with a plain and with a Huffman literal.
TEST(Http2, AuthorityIsReadFromTheRfcsExamples) {
  EXPECT_EQ(AuthorityOf(FromHex("8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d")),
            "www.example.com");
  EXPECT_EQ(AuthorityOf(FromHex("8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff")), "www.example.com");
  // Padded, with priority.
  EXPECT_EQ(
      AuthorityOf(FromHex("02 0000000010 8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff 0000"), 0x2c),
      "www.example.com");
}

TEST(Http2, AuthorityWithLiteralNameIsRead) {
  EXPECT_EQ(AuthorityOf(Join(
                {FromHex("00 0a"), FromText(":authority"), FromHex("09"), FromText("a.example")})),
            "a.example");
}

TEST(Http2, DamagedBlocksYieldNoName) {
  EXPECT_EQ(AuthorityOf(FromHex("8286 8441 ff")), "");
  EXPECT_EQ(AuthorityOf(FromHex("418c f1e3 c2e5 f23a 6ba0 ab90 f400")), "");  // wrong padding
  EXPECT_EQ(AuthorityOf({}), "");
}

}  // namespace
}  // namespace borderflow
