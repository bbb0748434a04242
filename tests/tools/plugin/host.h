// Host: a DPDK application with the tap in it, on a terminal, as an operator runs it.
#ifndef BORDERFLOW_TESTS_TOOLS_PLUGIN_HOST_H_
#define BORDERFLOW_TESTS_TOOLS_PLUGIN_HOST_H_

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <pty.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "tests/end_to_end/programs.h"
#include "tests/source_tree.h"

namespace borderflow {

inline constexpr char kTap[] = BORDERFLOW_BINARY_DIR "/borderflow_tap.so";

// Why no application can load the tap here; empty if one can.
inline std::string WhyNoTap() {
#if defined(__SANITIZE_ADDRESS__)
  return "a sanitized object cannot be loaded into a program that is not";
#endif
  if (std::thread::hardware_concurrency() < 2) return "dpdk-testpmd needs two processors";
  namespace fs = std::filesystem;
  for (fs::path folder = fs::canonical(kTap).parent_path();; folder = folder.parent_path()) {
    struct stat status = {};
    if (stat(folder.c_str(), &status) == 0 && (status.st_mode & S_IWOTH) != 0) {
      return "DPDK loads nothing from below " + folder.string() +
             ", where anybody may write: build elsewhere";
    }
    if (folder == folder.root_path()) break;
  }
  return "";
}

class Host {
 public:
  // In the programs' folder; its messages go to the file err.
  Host(const Programs& programs, std::vector<std::string> words,
       const std::map<std::string, std::string>& environment)
      : programs_(programs) {
    std::vector<char*> pointers;
    for (std::string& word : words) pointers.push_back(word.data());
    pointers.push_back(nullptr);
    programs.Write("err", "");
    process_ = forkpty(&terminal_, nullptr, nullptr, nullptr);
    if (process_ != 0) return;
    for (const auto& [name, value] : environment) setenv(name.c_str(), value.c_str(), 1);
    const int err = open(programs.Path("err").c_str(), O_WRONLY | O_APPEND);
    if (err < 0 || dup2(err, STDERR_FILENO) < 0 || chdir(programs.Path("").c_str()) != 0) {
      _exit(126);
    }
    execvp(pointers[0], pointers.data());
    _exit(127);
  }
  ~Host() {
    if (process_ > 0) {
      kill(process_, SIGKILL);
      waitpid(process_, nullptr, 0);
    }
    close(terminal_);
  }
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;

  void Type(const std::string& line) {
    const std::string text = line + "\n";
    EXPECT_EQ(write(terminal_, text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
  void Signal(int signal) { kill(process_, signal); }

  // What it has put on the terminal, and its messages.
  std::string Shown() {
    Drain();
    return shown_;
  }
  std::string err() const { return programs_.Read("err"); }

  // False if that has not come to stand on the terminal, or so often among the messages, within a
  // minute.
  bool Says(const std::string& text, int times = 1) {
    return Within([&] {
      if (Shown().find(text) != std::string::npos) return true;
      const std::string messages = err();
      int found = 0;
      for (size_t at = messages.find(text); at != std::string::npos;
           at = messages.find(text, at + 1)) {
        ++found;
      }
      return found >= times;
    });
  }

  // Asks testpmd for the statistics of a port until they state that many frames.
  bool HasReceived(int port, uint64_t frames) {
    const std::string wanted = "RX-packets: " + std::to_string(frames) + " ";
    return Within([&] {
      Drain();
      shown_.clear();
      Type("show port stats " + std::to_string(port));
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
      return Shown().find(wanted) != std::string::npos;
    });
  }

  // Its exit code, or -1 if it has not ended by itself within a minute.
  int Wait() {
    int status = 0;
    const bool ended = Within([&] {
      Drain();
      return waitpid(process_, &status, WNOHANG) == process_;
    });
    if (!ended) return -1;
    Drain();
    process_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

 private:
  // What has come until now; a terminal that is full would hold the program up.
  void Drain() {
    pollfd readable = {terminal_, POLLIN, 0};
    char buffer[4096];
    while (poll(&readable, 1, 0) == 1 && (readable.revents & POLLIN) != 0) {
      const ssize_t got = read(terminal_, buffer, sizeof(buffer));
      if (got <= 0) return;
      shown_.append(buffer, static_cast<size_t>(got));
    }
  }

  template <typename Condition>
  bool Within(const Condition& condition) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::minutes(1);
    while (!condition()) {
      if (std::chrono::steady_clock::now() > until) return false;
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return true;
  }

  const Programs& programs_;
  pid_t process_ = -1;
  int terminal_ = -1;
  std::string shown_;
};

}  // namespace borderflow

#endif  // BORDERFLOW_TESTS_TOOLS_PLUGIN_HOST_H_
