// The name in a server's certificate, which TLS up to 1.2 shows (RFC 5246 section 7.4.2; RFC 5280).
//
// Thread safety: pure functions. No signature, chain or date is checked: the name says what the
// server claims to be, which is what a client would have asked for.
#ifndef BORDERFLOW_DATAPLANE_INSPECT_CERTIFICATE_H_
#define BORDERFLOW_DATAPLANE_INSPECT_CERTIFICATE_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "absl/types/span.h"
#include "dataplane/inspect/reader.h"

namespace borderflow {

// `stream` starts with the record of a ServerHello and has no gaps. kDone sets `name`, within
// `scratch`: of the first certificate the first DNS name of subjectAltName, else a common name that
// is a host name; without the label of a wildcard; empty when there is none (or TLS 1.3 hides it).
// kMore sets `needed` to the length from which on another call can tell more. `scratch` must hold
// as many bytes as the stream.
Parse ParseServerFlight(Bytes stream, absl::Span<uint8_t> scratch, std::string_view* name,
                        size_t* needed);

// The name in a certificate in DER, as above.
std::string_view CertificateName(Bytes certificate);

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_INSPECT_CERTIFICATE_H_
