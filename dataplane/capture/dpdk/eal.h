// Eal: DPDK's environment, started once a process.
//
// Thread safety: to be called by the main thread, before and after all else of DPDK.
#ifndef BORDERFLOW_DATAPLANE_CAPTURE_DPDK_EAL_H_
#define BORDERFLOW_DATAPLANE_CAPTURE_DPDK_EAL_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"

namespace borderflow {

// Free hugepages of any size that this process may map, in bytes; 0 for none.
uint64_t FreeHugepageBytes();

// The arguments that the environment is started with: the user's own, and before them what the user
// does not decide: memory (hugepages where some are free and may be used, ordinary pages
// otherwise), no shared configuration, which would leave files behind and forbid a second instance,
// warnings only. Of all PCI devices only those among `ports` are touched,
// unless a port is a bare number.
std::vector<std::string> EalArguments(absl::Span<const std::string> user,
                                      absl::Span<const std::string> ports, uint64_t free_hugepages);

// Errors: FailedPrecondition with what the environment said about its arguments or memory.
absl::Status StartEal(absl::Span<const std::string> arguments);

void StopEal();

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_CAPTURE_DPDK_EAL_H_
