// Any text as an IPFIX destination: refused with a message, or whole.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "collectors/export/ipfix/destination.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using borderflow::IpfixDestination;
  const auto read =
      borderflow::ParseIpfixDestination(std::string(reinterpret_cast<const char*>(data), size));
  if (!read.ok()) {
    if (read.status().message().empty()) std::abort();
    return 0;
  }
  const bool file = read->kind == IpfixDestination::Kind::kFile;
  if (file ? read->path.empty() : read->host.empty() || read->port.empty()) std::abort();
  return 0;
}
