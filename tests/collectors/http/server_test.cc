// The server under clients as they should be, and as they should not be.
#include "collectors/http/server.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/collectors/http/http_client.h"

namespace borderflow {
namespace {

using testing::HasSubstr;

constexpr size_t kLargeBytes = 30'000'000;  // more than any socket holds

size_t Threads() {
  size_t threads = 0;
  for ([[maybe_unused]] const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
    ++threads;
  }
  return threads;
}

class ServerTest : public testing::Test {
 protected:
  ServerTest() {
    large_ = std::make_shared<const std::string>(kLargeBytes, 'x');
    auto server = HttpServer::Start(
        {"127.0.0.1", 0, true}, std::nullopt,
        [this](const HttpRequest& request, const std::string& peer) -> HttpResponse {
          if (request.path == "/large") {
            HttpResponse response;
            response.body = large_;
            return response;
          }
          return TextResponse(request.path == "/" ? 200 : 404, "hello " + peer);
        });
    EXPECT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
  }

  uint16_t port() const { return server_->port(); }
  uint64_t Refused(Refusal refusal) const { return server_->counts().refused.at(refusal); }

  std::shared_ptr<const std::string> large_;
  std::unique_ptr<HttpServer> server_;
};

TEST_F(ServerTest, AnswersGetAndHeadAndKeepsConnections) {
  const ClientSocket socket(port());
  socket.Send("GET / HTTP/1.1\r\nHost: h\r\n\r\nHEAD / HTTP/1.1\r\nHost: h\r\n\r\n");
  socket.Send("GET /absent HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  const std::string all = socket.ReadAll();
  EXPECT_THAT(all, testing::StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(all, HasSubstr("Content-Length: 15\r\n"));
  EXPECT_THAT(all, HasSubstr("\r\n\r\nhello 127.0.0.1HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(all, HasSubstr("\r\n\r\nHTTP/1.1 404 Not Found\r\n")) << "HEAD has no body";
  EXPECT_EQ(server_->counts().requests.at(200), 2u);
  EXPECT_EQ(server_->counts().requests.at(404), 1u);
}

TEST_F(ServerTest, ARequestInSingleBytesIsARequest) {
  const ClientSocket socket(port());
  for (const char c : std::string("GET / HTTP/1.0\r\n\r\n")) {
    socket.Send({&c, 1});
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  EXPECT_EQ(ToFetched(socket.ReadAll()).status, 200);
}

struct RefusedCase {
  std::string request;
  int status;  // 0: closed without an answer, as libmicrohttpd does with what is no HTTP
};

TEST_F(ServerTest, MalformedAndOversizedRequestsAreRefusedAndCounted) {
  const std::string host = "GET / HTTP/1.1\r\nHost: h\r\n";
  std::string many = host;
  for (size_t i = 0; i < 64; ++i) absl::StrAppend(&many, "A", i, ": b\r\n");
  const std::vector<RefusedCase> cases = {
      {"GET\r\n\r\n", 0},
      {"GET  HTTP/1.1\r\nHost: h\r\n\r\n", 400},
      {"GET x HTTP/1.1\r\nHost: h\r\n\r\n", 400},
      {"GET / / HTTP/1.1\r\nHost: h\r\n\r\n", 0},
      {"GET http://h/ HTTP/1.1\r\nHost: h\r\n\r\n", 400},
      {"GET /%zz HTTP/1.1\r\nHost: h\r\n\r\n", 400},
      {"GET /%4 HTTP/1.1\r\nHost: h\r\n\r\n", 400},
      {"GET /%00 HTTP/1.1\r\nHost: h\r\n\r\n", 400},
      {"GET /?a=%x HTTP/1.1\r\nHost: h\r\n\r\n", 400},
      {std::string("\x16\x03\x01\x02\x00", 5) + "\r\n\r\n", 0},  // TLS to a plain port
      {"GET / HTTP/1.1\r\n\r\n", 400},                           // no host
      {host + "Host: other\r\n\r\n", 400},
      {host + "Authorization: a\r\nAuthorization: b\r\n\r\n", 400},
      {host + "A : b\r\n\r\n", 400},
      {host + "no colon\r\n\r\n", 400},
      {"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbody", 405},
      {"CONNECT h:1 HTTP/1.1\r\nHost: h\r\n\r\n", 405},
      {host + "Content-Length: 5\r\n\r\nabcde", 413},
      {host + "Content-Length: 5\r\nExpect: 100-continue\r\n\r\n", 413},
      {host + "Transfer-Encoding: chunked\r\n\r\n", 413},
      {"GET /" + std::string(4000, 'a') + " HTTP/1.1\r\nHost: h\r\n\r\n", 414},
      {"GET /" + std::string(200'000, 'a') + " HTTP/1.1\r\nHost: h\r\n\r\n", 414},
      {many + "\r\n", 431},
      {host + "A: " + std::string(200'000, 'a') + "\r\n\r\n", 431},
      {"GET / HTTP/3\r\n\r\n", 400}};
  for (const auto& [request, status] : cases) {
    const ClientSocket socket(port());
    socket.Send(request);
    EXPECT_EQ(ToFetched(socket.ReadAll()).status, status) << request.substr(0, 60);
  }
  // The last one may see its connection end before that is counted.
  const auto until = std::chrono::steady_clock::now() + std::chrono::minutes(1);
  while (Refused(Refusal::kMalformed) < cases.size() && std::chrono::steady_clock::now() < until) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  EXPECT_EQ(Refused(Refusal::kMalformed), cases.size());
  EXPECT_EQ(Fetch(port(), "/").status, 200);
}

TEST_F(ServerTest, AStormOfAHundredIsAnsweredByOneThread) {
  const size_t threads = Threads();
  std::vector<ClientSocket> storm;
  for (int i = 0; i < 100; ++i) {
    storm.emplace_back(port());
    ASSERT_TRUE(storm.back().connected());
  }
  for (const ClientSocket& socket : storm) socket.Send("GET / HTTP/1.0\r\n\r\n");
  for (const ClientSocket& socket : storm) {
    EXPECT_EQ(ToFetched(socket.ReadAll()).status, 200);
  }
  EXPECT_EQ(Threads(), threads);
  EXPECT_EQ(server_->counts().requests.at(200), 100u);
}

TEST_F(ServerTest, ClientsThatAskSlowlyKeepNobodyWaitingHoweverManyTheyAre) {
  std::vector<ClientSocket> slow;
  for (int i = 0; i < 300; ++i) {
    slow.emplace_back(port());
    slow.back().Send("GET / HTT");
  }
  const auto before = std::chrono::steady_clock::now();
  EXPECT_EQ(Fetch(port(), "/").status, 200);
  // Not a limit on speed: they have five seconds, and nobody waited for those.
  EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds(4));
  EXPECT_LE(server_->counts().connections, 128u);
  EXPECT_GE(Refused(Refusal::kCrowded), 300u - 128u);
  // Those that were left end by their time.
  for (const ClientSocket& socket : slow) EXPECT_EQ(socket.ReadAll(), "");
  EXPECT_GE(Refused(Refusal::kSlowRequest) + Refused(Refusal::kCrowded), 300u);
}

// A byte now and then is no reason to wait for longer.
TEST_F(ServerTest, AClientThatAsksByteByByteIsGivenUpInTheEnd) {
  const ClientSocket socket(port());
  const auto begin = std::chrono::steady_clock::now();
  while (Refused(Refusal::kSlowRequest) == 0 &&
         std::chrono::steady_clock::now() - begin < std::chrono::minutes(1)) {
    socket.Send("a");
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
  }
  EXPECT_EQ(Refused(Refusal::kSlowRequest), 1u);
  EXPECT_EQ(socket.ReadAll(), "");
}

TEST_F(ServerTest, ClientsThatDoNotReadKeepNobodyWaitingAndAreGivenUp) {
  std::vector<ClientSocket> deaf;
  for (int i = 0; i < 20; ++i) {
    deaf.emplace_back(port());
    deaf.back().Send("GET /large HTTP/1.1\r\nHost: h\r\n\r\n");
  }
  for (int i = 0; i < 20; ++i) EXPECT_EQ(Fetch(port(), "/").status, 200);
  const auto until = std::chrono::steady_clock::now() + std::chrono::minutes(1);
  while (Refused(Refusal::kSlowReader) < 20 && std::chrono::steady_clock::now() < until) {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  EXPECT_EQ(Refused(Refusal::kSlowReader), 20u);
  EXPECT_EQ(large_.use_count(), 1) << "what they did not read is kept for nobody";
}

TEST_F(ServerTest, AReaderWhoTakesALargeAnswerGetsAllOfIt) {
  EXPECT_EQ(Fetch(port(), "/large").body.size(), kLargeBytes);
}

TEST_F(ServerTest, ManyRequestsAtOnceFromOneClientAreAllAnswered) {
  const ClientSocket socket(port());
  std::string many;
  for (int i = 0; i < 199; ++i) many += "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
  socket.Send(many + "GET / HTTP/1.0\r\n\r\n");
  const std::string all = socket.ReadAll();
  size_t answers = 0;
  for (size_t at = all.find("hello"); at != std::string::npos; at = all.find("hello", at + 1)) {
    ++answers;
  }
  EXPECT_EQ(answers, 200u);
}

TEST_F(ServerTest, APortThatIsTakenIsSaidToBe) {
  const auto second = HttpServer::Start(
      {"127.0.0.1", port(), true}, std::nullopt,
      [](const HttpRequest&, const std::string&) { return TextResponse(200, ""); });
  EXPECT_THAT(std::string(second.status().message()),
              HasSubstr("another program listens there: stop it, or choose another port"));
}

TEST_F(ServerTest, ItEndsWhileClientsHang) {
  std::vector<ClientSocket> hanging;
  for (int i = 0; i < 10; ++i) {
    hanging.emplace_back(port());
    hanging.back().Send(i % 2 == 0 ? "GET /large HTTP/1.0\r\n\r\n" : "GET /");
  }
  server_.reset();
  for (const ClientSocket& socket : hanging) socket.ReadAll();  // every connection is closed
}

TEST(ListenAddressTest, LoopbackIsToldFromTheRest) {
  for (const char* text : {"127.0.0.1:9669", "127.9.9.9:0", "[::1]:80", "localhost:65535"}) {
    const auto address = ParseListenAddress(text);
    ASSERT_TRUE(address.ok()) << text;
    EXPECT_TRUE(address->loopback) << text;
  }
  for (const char* text :
       {"0.0.0.0:9669", "[::]:9669", "192.0.2.1:1", "[2001:db8::1]:1", "[::ffff:127.0.0.1]:1"}) {
    const auto address = ParseListenAddress(text);
    ASSERT_TRUE(address.ok()) << text;
    EXPECT_FALSE(address->loopback) << text;
  }
  for (const char* text :
       {"", ":", "9669", ":9669", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1",
        "127.0.0.1:+1", "host.example:80", "::1:80", "[::1]", "[127.0.0.1]:80", "127.1:80"}) {
    EXPECT_THAT(std::string(ParseListenAddress(text).status().message()),
                HasSubstr("expected ADDRESS:PORT"))
        << text;
  }
}

TEST(ListenAddressTest, AnAddressEndsAtItsPortAndAtNoNul) {
  const std::string text("127.0.0.1\0.example:80", 22);
  EXPECT_THAT(std::string(ParseListenAddress(text).status().message()),
              HasSubstr("has no address"));
}

class TlsServerTest : public testing::Test {
 protected:
  TlsServerTest() {
    std::filesystem::create_directories(folder_);
    const std::string command =
        "cd '" + folder_.string() +
        "' && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 "
        "-subj /CN=localhost -keyout key.pem -out certificate.pem >log 2>&1";
    EXPECT_EQ(std::system(command.c_str()), 0);
  }
  ~TlsServerTest() override { std::filesystem::remove_all(folder_); }

  const std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("borderflow_tls_" + std::to_string(getpid()));
};

TEST_F(TlsServerTest, AnswersUnderTlsAndNoPlainText) {
  auto tls = TlsContext::Load(folder_ / "certificate.pem", folder_ / "key.pem");
  ASSERT_TRUE(tls.ok()) << tls.status();
  const std::string page(3'000'000, 'y');
  auto server = HttpServer::Start(
      {"127.0.0.1", 0, true}, *std::move(tls),
      [&page](const HttpRequest&, const std::string&) { return TextResponse(200, page); });
  ASSERT_TRUE(server.ok()) << server.status();
  const uint16_t port = (*server)->port();
  EXPECT_EQ(Fetch(port, "/").status, 0) << "plain text";

  const ClientSocket socket(port);
  SSL_CTX* context = SSL_CTX_new(TLS_client_method());
  SSL* ssl = SSL_new(context);
  SSL_set_fd(ssl, socket.descriptor());
  ASSERT_EQ(SSL_connect(ssl), 1);
  const std::string request = "GET / HTTP/1.0\r\n\r\n";
  ASSERT_GT(SSL_write(ssl, request.data(), static_cast<int>(request.size())), 0);
  std::string all;
  std::vector<char> buffer(65536);
  for (int got = 0; (got = SSL_read(ssl, buffer.data(), static_cast<int>(buffer.size()))) > 0;) {
    all.append(buffer.data(), static_cast<size_t>(got));
  }
  SSL_free(ssl);
  SSL_CTX_free(context);
  EXPECT_EQ(ToFetched(all).body, page);

  // Hands that are never shaken keep nobody waiting.
  std::vector<ClientSocket> silent;
  for (int i = 0; i < 140; ++i) silent.emplace_back(port);
  EXPECT_LE((*server)->counts().connections, 128u);
}

TEST_F(TlsServerTest, FilesThatDoNotFitAreNamed) {
  EXPECT_THAT(std::string(TlsContext::Load("/absent.pem", folder_ / "key.pem").status().message()),
              HasSubstr("--listen-certificate: /absent.pem: "));
  EXPECT_THAT(
      std::string(
          TlsContext::Load(folder_ / "certificate.pem", folder_ / "log").status().message()),
      HasSubstr("--listen-key: "));
}

}  // namespace
}  // namespace borderflow
