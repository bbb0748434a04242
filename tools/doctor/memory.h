// Memory: hugepages for the buffers, and ordinary memory for flow tables and cells.
//
// Thread safety: values and pure functions, but for Read, which reads the system.
#ifndef BORDERFLOW_TOOLS_DOCTOR_MEMORY_H_
#define BORDERFLOW_TOOLS_DOCTOR_MEMORY_H_

#include <cstdint>
#include <string>
#include <vector>

#include "tools/doctor/check_result.h"
#include "tools/doctor/system_files.h"
#include "tools/doctor/wanted.h"

namespace borderflow {

struct HugepageSize {
  uint64_t bytes = 0;  // of a page
  uint64_t pages = 0;  // reserved
  uint64_t free = 0;
};

struct Memory {
  std::vector<HugepageSize> hugepages;   // by size
  std::vector<std::string> huge_mounts;  // where a hugetlbfs is mounted
  uint64_t total = 0;                    // bytes
  uint64_t available = 0;                // without swapping
  uint64_t free_huge_bytes() const;
};

Memory ReadMemory(const SystemFiles& files);

// `root`: whether this process may map hugepages.
CheckResult CheckHugepages(const Memory& memory, bool root, const Wanted& wanted);

// What the tables of the configuration take when they are full, against what there is.
CheckResult CheckTables(const Memory& memory, const Wanted& wanted);

}  // namespace borderflow

#endif  // BORDERFLOW_TOOLS_DOCTOR_MEMORY_H_
