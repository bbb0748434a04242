#include "tools/generator/http.h"

#include "absl/strings/str_cat.h"

namespace borderflow::generator {

std::string HttpRequest(std::string_view host, Random& random) {
  constexpr std::string_view kPaths[] = {"/",           "/index.html",          "/status",
                                         "/feed.xml",   "/images/banner.jpg",   "/api/v1/items",
                                         "/robots.txt", "/static/app-4711.css", "/download/latest"};
  constexpr std::string_view kAgents[] = {"curl/8.5.0", "Wget/1.21.4", "Go-http-client/1.1",
                                          "Mozilla/5.0 (X11; Linux x86_64; rv:128.0)"};
  const std::string_view path = kPaths[random.Below(std::size(kPaths))];
  const std::string_view agent = kAgents[random.Below(std::size(kAgents))];
  const std::string host_line = absl::StrCat("Host: ", std::string(host), "\r\n");
  const std::string agent_line = absl::StrCat("User-Agent: ", std::string(agent), "\r\n");
  // Clients differ in where they put Host.
  const bool host_first = random.Percent(70);
  return absl::StrCat("GET ", std::string(path), " HTTP/1.1\r\n",
                      host_first ? host_line : agent_line, host_first ? agent_line : host_line,
                      "Accept: */*\r\nConnection: keep-alive\r\n\r\n");
}

std::string HttpResponseHead(size_t body) {
  return absl::StrCat(
      "HTTP/1.1 200 OK\r\nServer: nginx\r\nContent-Type: application/octet-stream\r\n"
      "Content-Length: ",
      body, "\r\n\r\n");
}

}  // namespace borderflow::generator
