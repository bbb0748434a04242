// A folder that looks like a machine: what a test puts there, and nothing else.
#ifndef BORDERFLOW_TESTS_TOOLS_DOCTOR_MADE_UP_SYSTEM_H_
#define BORDERFLOW_TESTS_TOOLS_DOCTOR_MADE_UP_SYSTEM_H_

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "tools/doctor/check_result.h"
#include "tools/doctor/system_files.h"

namespace borderflow {

class MadeUpSystem {
 public:
  MadeUpSystem() {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    root_ = std::filesystem::path(testing::TempDir()) /
            (std::string("doctor_") + test->test_suite_name() + "_" + test->name() + "_" +
             std::to_string(getpid()));
    std::filesystem::create_directories(root_);
  }
  ~MadeUpSystem() { std::filesystem::remove_all(root_); }

  // Paths as the machine has them, such as /proc/mounts.
  MadeUpSystem& File(const std::string& path, const std::string& text) {
    std::filesystem::create_directories(At(path).parent_path());
    std::ofstream(At(path), std::ios::binary) << text;
    return *this;
  }
  MadeUpSystem& Folder(const std::string& path) {
    std::filesystem::create_directories(At(path));
    return *this;
  }
  MadeUpSystem& Link(const std::string& path, const std::string& target) {
    std::filesystem::create_directories(At(path).parent_path());
    std::filesystem::create_symlink(target, At(path));
    return *this;
  }

  SystemFiles files() const { return SystemFiles(root_.string()); }

 private:
  std::filesystem::path At(const std::string& path) const { return root_.string() + path; }
  std::filesystem::path root_;
};

// The findings of a check.
inline std::vector<CheckResult> Of(const std::vector<CheckResult>& findings, const std::string& check) {
  std::vector<CheckResult> chosen;
  for (const CheckResult& finding : findings) {
    if (finding.check == check) chosen.push_back(finding);
  }
  return chosen;
}

}  // namespace borderflow

#endif  // BORDERFLOW_TESTS_TOOLS_DOCTOR_MADE_UP_SYSTEM_H_
