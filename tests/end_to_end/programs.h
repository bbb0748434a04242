// Runs the built programs as a user does, in a folder of their own.
#ifndef BORDERFLOW_TESTS_END_TO_END_PROGRAMS_H_
#define BORDERFLOW_TESTS_END_TO_END_PROGRAMS_H_

#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "tests/source_tree.h"

namespace borderflow {

struct Finished {
  int exit_code = -1;
  std::string out;
  std::string err;
};

class Programs {
 public:
  // `name` makes the folder unique to a test. A database of one block is built in it as tiny.mmdb,
  // so that nothing depends on what the machine has.
  explicit Programs(const std::string& name)
      : folder_(std::filesystem::temp_directory_path() /
                ("borderflow_" + name + "_" + std::to_string(getpid()))) {
    std::filesystem::create_directories(folder_ / "tor");
    Write("tor/geoip", "# Generated: Thu, 25 Jun 2026 04:33:59 GMT\n134744064,134744319,US\n");
    Write("tor/geoip6", "2001:4860::,2001:4860:ffff:ffff:ffff:ffff:ffff:ffff,US\n");
    Borderflow("geo build --tor tor --no-libloc -o tiny.mmdb");
  }
  ~Programs() { std::filesystem::remove_all(folder_); }

  void Write(const std::string& file, const std::string& text) const {
    std::ofstream(folder_ / file, std::ios::binary) << text;
  }
  std::string Read(const std::string& file) const {
    std::ifstream in(folder_ / file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  }
  std::string Path(const std::string& file) const { return (folder_ / file).string(); }

  // The command line after the program's name, by the shell.
  Finished Borderflow(const std::string& arguments) const {
    return Execute("borderflow", arguments);
  }
  Finished Generate(const std::string& arguments) const {
    return Execute("borderflow_generate", arguments);
  }

 private:
  Finished Execute(const std::string& program, const std::string& arguments) const {
    const std::string command = "cd '" + folder_.string() + "' && '" BORDERFLOW_BINARY_DIR "/" +
                                program + "' " + arguments + " >out 2>err";
    const int status = std::system(command.c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, Read("out"), Read("err")};
  }

  std::filesystem::path folder_;
};

}  // namespace borderflow

#endif  // BORDERFLOW_TESTS_END_TO_END_PROGRAMS_H_
