// Processors: which there are, and how well they suit threads that never sleep.
//
// Thread safety: values and pure functions, but for Read, which reads the system.
#ifndef BORDERFLOW_TOOLS_DOCTOR_PROCESSORS_H_
#define BORDERFLOW_TOOLS_DOCTOR_PROCESSORS_H_

#include <map>
#include <string>
#include <vector>

#include "tools/doctor/check_result.h"
#include "tools/doctor/system_files.h"
#include "tools/doctor/wanted.h"

namespace borderflow {

struct Processors {
  std::vector<int> online;
  std::vector<int> allowed;                  // to this process
  std::vector<int> isolated;                 // kept free of other threads
  std::vector<int> tickless;                 // without the scheduler's timer while one thread runs
  std::map<int, std::vector<int>> siblings;  // that share a core's units, itself among them
  std::map<int, std::string> governors;      // where frequencies can be governed
  bool x86 = false;
  bool sse42 = false;
};

Processors ReadProcessors(const SystemFiles& files);

// "cores", "isolation", "governor", "instructions".
std::vector<CheckResult> CheckProcessors(const Processors& processors, const Wanted& wanted);

}  // namespace borderflow

#endif  // BORDERFLOW_TOOLS_DOCTOR_PROCESSORS_H_
