// A server's first flight and the certificate in it.
#include <array>
#include <cstdlib>

#include "dataplane/inspect/certificate.h"

using borderflow::Bytes;
using borderflow::Parse;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static std::array<uint8_t, 16384> scratch;
  const Bytes bytes(data, size < scratch.size() ? size : scratch.size());
  std::string_view name;
  size_t needed = 0;
  const Parse parse = borderflow::ParseServerFlight(bytes, absl::MakeSpan(scratch), &name, &needed);
  if (parse == Parse::kMore && needed <= bytes.size()) std::abort();
  if (parse == Parse::kMore && !name.empty()) std::abort();
  for (const std::string_view found : {name, borderflow::CertificateName(bytes)}) {
    if (found.size() > 253) std::abort();
    for (const char c : found) {
      if (c <= ' ' || c > '~') std::abort();
    }
  }
  return 0;
}
