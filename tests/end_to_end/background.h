// Background: a built program that runs while the test goes on, and is ended whatever happens.
#ifndef BORDERFLOW_TESTS_END_TO_END_BACKGROUND_H_
#define BORDERFLOW_TESTS_END_TO_END_BACKGROUND_H_

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <string>
#include <thread>
#include <vector>

#include "tests/end_to_end/programs.h"
#include "tests/source_tree.h"

namespace borderflow {

class Background {
 public:
  // In the programs' folder, with standard output and error in the files NAME.out and NAME.err.
  // `before` are words that stand before the program's own name, such as "ip netns exec N".
  Background(const Programs& programs, const std::string& name,
             const std::vector<std::string>& arguments, const std::vector<std::string>& before = {})
      : programs_(programs), name_(name) {
    std::vector<std::string> words = before;
    words.emplace_back(BORDERFLOW_BINARY_DIR "/borderflow");
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<char*> pointers;
    for (std::string& word : words) pointers.push_back(word.data());
    pointers.push_back(nullptr);
    for (const char* stream : {".out", ".err"}) programs.Write(name + stream, "");
    process_ = fork();
    if (process_ != 0) return;
    if (chdir(programs.Path("").c_str()) != 0) _exit(126);
    Redirect(name + ".out", STDOUT_FILENO);
    Redirect(name + ".err", STDERR_FILENO);
    execvp(pointers[0], pointers.data());
    _exit(127);
  }
  ~Background() {
    if (!Running()) return;
    kill(process_, SIGKILL);
    waitpid(process_, nullptr, 0);
  }
  Background(const Background&) = delete;
  Background& operator=(const Background&) = delete;

  // Nothing once it has ended: its number may be another's.
  void Signal(int signal) const {
    if (Running()) kill(process_, signal);
  }

  pid_t process() const { return process_; }
  std::string err() const { return programs_.Read(name_ + ".err"); }

  // False if it has not said so on standard error within a minute, or ended before.
  bool Says(const std::string& text) {
    return Within(std::chrono::minutes(1), [&] { return err().find(text) != std::string::npos; });
  }

  bool SaysSoOften(const std::string& text, size_t times) {
    return Within(std::chrono::minutes(1), [&] {
      const std::string said = err();
      size_t found = 0;
      for (size_t at = said.find(text); at != std::string::npos; at = said.find(text, at + 1)) {
        ++found;
      }
      return found >= times;
    });
  }

  // Waits for its end, two minutes at most.
  Finished Wait() {
    Within(std::chrono::minutes(2), [] { return false; });
    EXPECT_TRUE(ended_) << "still running: " << err();
    return {ended_ && WIFEXITED(status_) ? WEXITSTATUS(status_) : -1,
            programs_.Read(name_ + ".out"), err()};
  }

 private:
  bool Running() const { return process_ > 0 && !ended_; }

  static void Redirect(const std::string& file, int descriptor) {
    const int opened = open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
    if (opened < 0 || dup2(opened, descriptor) < 0) _exit(126);
  }

  template <typename Condition>
  bool Within(std::chrono::seconds patience, const Condition& condition) {
    const auto until = std::chrono::steady_clock::now() + patience;
    while (true) {
      ended_ = ended_ || waitpid(process_, &status_, WNOHANG) == process_;
      if (condition()) return true;
      if (ended_ || std::chrono::steady_clock::now() > until) return false;
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  }

  const Programs& programs_;
  std::string name_;
  pid_t process_ = -1;
  bool ended_ = false;
  int status_ = 0;
};

}  // namespace borderflow

#endif  // BORDERFLOW_TESTS_END_TO_END_BACKGROUND_H_
