// Rights: what this process may do, and what its file would grant to others.
//
// Sources: capabilities(7), proc(5), linux/capability.h for the attribute of the file.
//
// Thread safety: values and pure functions, but for Read, which reads the system.
#ifndef BORDERFLOW_TOOLS_DOCTOR_RIGHTS_H_
#define BORDERFLOW_TOOLS_DOCTOR_RIGHTS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "tools/doctor/check_result.h"
#include "tools/doctor/system_files.h"
#include "tools/doctor/wanted.h"

namespace borderflow {

// The three that capture may need.
struct Capabilities {
  bool net_raw = false;    // open a packet socket
  bool net_admin = false;  // make an interface promiscuous
  bool ipc_lock = false;   // lock more memory than the limit allows
  static Capabilities FromMask(uint64_t mask);
};

struct Rights {
  bool root = false;
  bool no_new_privileges = false;  // a file's capabilities are then ignored
  Capabilities process;            // effective
  Capabilities file;               // permitted to whoever runs the executable
  std::string executable;
  uint64_t memlock = 0;  // bytes that may be locked; UINT64_MAX for no limit
};

// `attribute`: the executable's security.capability, empty for none.
Rights ReadRights(const SystemFiles& files, const std::string& attribute);
// That attribute of this process's own executable.
std::string CapabilityAttribute();

std::vector<CheckResult> CheckRights(const Rights& rights, const Wanted& wanted);

}  // namespace borderflow

#endif  // BORDERFLOW_TOOLS_DOCTOR_RIGHTS_H_
