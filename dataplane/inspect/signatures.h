// Signatures: application protocols by the structure of their messages, on any port.
//
// One table, signatures.inc, is data: for each kind of message its first bytes and, where these do
// not suffice, a check (protocols/, one file a family, pure functions over the bytes). The compiler
// turns it into lists by first byte, so that a message meets only the lines that can fit.
//
// Thread safety: pure functions over constant tables. Cost: 20 to 60 ns for a message that nothing
// fits.
#ifndef BORDERFLOW_DATAPLANE_INSPECT_SIGNATURES_H_
#define BORDERFLOW_DATAPLANE_INSPECT_SIGNATURES_H_

#include "absl/types/span.h"
#include "dataplane/inspect/wire_message.h"
#include "rules/category/protocol.h"

namespace borderflow {

// What it takes to believe a signature.
enum class Proof : uint8_t {
  kOnce,      // strong: one message is enough
  kTwice,     // weak: another message of the flow, of either direction, must fit as well
  kAnswered,  // weak: a message of the other direction must fit as well
};

struct Recognition {
  Protocol protocol = Protocol::kNone;
  Proof proof = Proof::kOnce;
};

// The protocol of a message: the first strong signature that fits, else the only protocol whose
// weak ones do. `expected`, a protocol that an earlier message of the flow fitted, goes before
// other weak ones. kNone when nothing fits, or too much does.
Recognition FindSignature(const WireMessage& message, Protocol expected = Protocol::kNone);

// All signatures that fit, for tests: writes up to found.size() of them, and returns how many.
size_t AllSignatures(const WireMessage& message, absl::Span<Recognition> found);

// Every protocol that the table knows, once each.
absl::Span<const Protocol> ProtocolsWithSignatures();

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_INSPECT_SIGNATURES_H_
