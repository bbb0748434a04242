// PageRun: the page, built, and the browser test run on it by node; everything below the build
// folder.
#ifndef BORDERFLOW_TESTS_COLLECTORS_DASHBOARD_PAGE_RUN_H_
#define BORDERFLOW_TESTS_COLLECTORS_DASHBOARD_PAGE_RUN_H_

#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "tests/end_to_end/background.h"
#include "tests/end_to_end/programs.h"
#include "tests/source_tree.h"

namespace borderflow {

class PageRun {
 public:
  // What browser_test.mjs and prepare.mjs end with when the machine lacks something.
  static constexpr int kSkipped = 77;

  explicit PageRun(const Programs& programs) : programs_(programs) {}

  // Installs the packages and builds the page, once for all tests. 0, kSkipped, or what went wrong.
  int Prepare() {
    if (std::system("node --version >/dev/null 2>&1") != 0) {
      said_ = "no node: apt-get install nodejs npm";
      return kSkipped;
    }
    std::filesystem::create_directories(work_);
    return Node("prepare.mjs", "--work '" + work_ + "'");
  }

  // A script beside this file.
  int Node(const std::string& script, const std::string& arguments) {
    const std::string log = programs_.Path("log");
    const std::string command = "node '" BORDERFLOW_SOURCE_DIR "/tests/collectors/dashboard/" +
                                script + "' " + arguments + " >'" + log + "' 2>&1";
    const int status = std::system(command.c_str());
    said_ = programs_.Read("log");
    said_.erase(said_.find_last_not_of('\n') + 1);  // a skipped test's reason is its last line
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

  // Screenshots stay in the build folder, tests/page/shots.
  int BrowserTest(const std::string& arguments) {
    return Node("browser_test.mjs", "--page '" + work_ + "/page' --modules '" + modules() +
                                        "' --shots '" + work_ + "/shots' " + arguments);
  }

  std::string modules() const { return work_ + "/modules/node_modules"; }
  // What the last script said.
  const std::string& said() const { return said_; }

  // The address that a program names on standard error, between "http://" and `end`.
  static std::string AddressIn(const std::string& said, const std::string& end) {
    const size_t from = said.find("http://");
    if (from == std::string::npos) return "";
    return said.substr(from, said.find(end, from) - from);
  }

 private:
  const Programs& programs_;
  const std::string work_ = BORDERFLOW_BINARY_DIR "/tests/page";
  std::string said_;
};

}  // namespace borderflow

#endif  // BORDERFLOW_TESTS_COLLECTORS_DASHBOARD_PAGE_RUN_H_
