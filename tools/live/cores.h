// Cores: which processor a thread runs on.
//
// Thread safety: acts on the calling thread.
#ifndef BORDERFLOW_TOOLS_LIVE_CORES_H_
#define BORDERFLOW_TOOLS_LIVE_CORES_H_

#include <cstddef>
#include <vector>

namespace borderflow {

// The processors that the calling thread may use, ascending.
std::vector<int> AllowedCores();

// Binds the calling thread to these; nothing for none. False if the system refuses.
bool RunOn(const std::vector<int>& cores);

// One core a worker: `wanted` in turn if there are any, else the allowed ones from the second on,
// since the first is left to the rest of the program.
std::vector<int> CoresOfWorkers(const std::vector<int>& allowed, const std::vector<int>& wanted,
                                size_t workers);

}  // namespace borderflow

#endif  // BORDERFLOW_TOOLS_LIVE_CORES_H_
