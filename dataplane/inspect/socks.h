// SOCKS: whom a client wants to reach. Version 5 (RFC 1928) and 4a.
//
// Thread safety: pure functions.
#ifndef BORDERFLOW_DATAPLANE_INSPECT_SOCKS_H_
#define BORDERFLOW_DATAPLANE_INSPECT_SOCKS_H_

#include <string_view>

#include "dataplane/inspect/reader.h"

namespace borderflow {

// The domain name in a request, within its bytes; empty for other messages and for addresses.
std::string_view SocksTarget(Bytes message);

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_INSPECT_SOCKS_H_
