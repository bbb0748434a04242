// Debian's Prometheus on loopback, with borderflow's rules, ended whatever happens.
#ifndef BORDERFLOW_TESTS_END_TO_END_PROMETHEUS_SERVER_H_
#define BORDERFLOW_TESTS_END_TO_END_PROMETHEUS_SERVER_H_

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>

#include "tests/collectors/http/http_client.h"
#include "tests/end_to_end/programs.h"
#include "tests/source_tree.h"

namespace borderflow {

inline std::string SourceFile(const std::string& path) {
  std::ifstream in(BORDERFLOW_SOURCE_DIR "/" + path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

inline bool HasProgramNamed(const std::string& name) {
  return std::system(("command -v " + name + " >/dev/null 2>&1").c_str()) == 0;
}

// A port that nobody has at this moment.
inline uint16_t FreePort() {
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  if (bind(listener, reinterpret_cast<sockaddr*>(&address), size) != 0) ADD_FAILURE();
  getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size);
  close(listener);
  return ntohs(address.sin_port);
}

class PrometheusServer {
 public:
  // The shipped scrape configuration and rules, but for the target and how often.
  PrometheusServer(const Programs& programs, uint16_t sensor)
      : programs_(programs), port_(FreePort()) {
    std::string config = SourceFile("tools/prometheus/prometheus.yml");
    const auto replace = [&config](const std::string& old, const std::string& with) {
      const size_t at = config.find(old);
      ASSERT_NE(at, std::string::npos) << old;
      config.replace(at, old.size(), with);
    };
    replace("127.0.0.1:9669", "127.0.0.1:" + std::to_string(sensor));
    replace("scrape_interval: 15s", "scrape_interval: 1s");
    replace("evaluation_interval: 30s", "evaluation_interval: 1s");
    programs.Write("prometheus.yml", config);
    programs.Write("borderflow.rules.yml", SourceFile("tools/prometheus/borderflow.rules.yml"));
    const std::string listen = "--web.listen-address=127.0.0.1:" + std::to_string(port_);
    process_ = fork();
    if (process_ != 0) return;
    const int log = open(programs.Path("prometheus.log").c_str(), O_WRONLY | O_CREAT, 0644);
    if (chdir(programs.Path("").c_str()) != 0 || dup2(log, STDERR_FILENO) < 0) _exit(126);
    execlp("prometheus", "prometheus", "--config.file=prometheus.yml", "--storage.tsdb.path=tsdb",
           listen.c_str(), static_cast<char*>(nullptr));
    _exit(127);
  }
  ~PrometheusServer() {
    kill(process_, SIGKILL);
    waitpid(process_, nullptr, 0);
  }
  PrometheusServer(const PrometheusServer&) = delete;

  nlohmann::json Get(const std::string& target) const {
    const Fetched fetched = Fetch(port_, target);
    return nlohmann::json::parse(fetched.body, nullptr, false);
  }

  // The result of an instant query; "data" is missing where it was refused.
  nlohmann::json Query(const std::string& expression) const {
    return Get("/api/v1/query?query=" + UrlEncoded(expression));
  }

  // The value of a query that has one sample; -1 when it has none.
  double Value(const std::string& expression) const {
    const nlohmann::json answer = Query(expression);
    if (!answer.is_object() || !answer.contains("data") || answer["data"]["result"].empty()) {
      return -1;
    }
    return std::stod(answer["data"]["result"][0]["value"][1].get<std::string>());
  }

  // False if it is not so within a minute.
  bool WaitUntil(const std::string& expression, double value) const {
    const auto until = std::chrono::steady_clock::now() + std::chrono::minutes(1);
    while (std::chrono::steady_clock::now() < until) {
      if (Value(expression) == value) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(200));
    }
    return false;
  }

  std::string log() const { return programs_.Read("prometheus.log"); }

 private:
  const Programs& programs_;
  uint16_t port_;
  pid_t process_ = -1;
};

}  // namespace borderflow

#endif  // BORDERFLOW_TESTS_END_TO_END_PROMETHEUS_SERVER_H_
