// SCTP: what its user data is, each message says by number (RFC 9260 section 3.3.1; IANA's registry
// of SCTP payload protocol identifiers).
//
//   chunk: type | flags | length 2 | TSN 4 | stream 2, number 2 | payload protocol 4 | user data
#include "dataplane/inspect/inspector_state.h"
#include "dataplane/inspect/signatures.h"

namespace borderflow {
namespace {

constexpr uint8_t kData = 0;
constexpr uint8_t kInterleavedData = 64;  // RFC 8260
constexpr uint8_t kBeginning = 0x02;      // flag: the first fragment of a message

// What the number must be borne out by.
enum class Form : uint8_t {
  kAny,
  kAdaptation,  // version 1, reserved 0, class, type, length 4 (RFC 4666 section 3.1 and its kin)
  kAsn1,        // aligned PER: initiating message, successful or unsuccessful outcome
};

struct PayloadProtocol {
  uint32_t number;
  Protocol protocol;
  Form form;
};
constexpr PayloadProtocol kPayloadProtocols[] = {
    {2, Protocol::kM2ua, Form::kAdaptation},  {3, Protocol::kM3ua, Form::kAdaptation},
    {4, Protocol::kSua, Form::kAdaptation},   {5, Protocol::kM2pa, Form::kAdaptation},
    {7, Protocol::kMegaco, Form::kAny},       {18, Protocol::kS1ap, Form::kAsn1},
    {27, Protocol::kX2ap, Form::kAsn1},       {46, Protocol::kDiameter, Form::kAny},
    {47, Protocol::kDiameterTls, Form::kAny}, {60, Protocol::kNgap, Form::kAsn1},
    {61, Protocol::kXnap, Form::kAsn1},
};

bool Fits(Form form, Bytes data) {
  switch (form) {
    case Form::kAny:
      return true;
    case Form::kAdaptation:
      return data.size() >= 8 && data[0] == 1 && data[1] == 0;
    case Form::kAsn1:
      return data.size() >= 3 && (data[0] & 0x9f) == 0 && data[0] <= 0x40;
  }
  return false;
}

Protocol ProtocolOf(uint32_t number, Bytes data) {
  for (const PayloadProtocol& known : kPayloadProtocols) {
    if (known.number == number) return Fits(known.form, data) ? known.protocol : Protocol::kNone;
  }
  const WireMessage message = {data, data.size(), /*datagram=*/false};
  const Recognition found = FindSignature(message);
  return found.proof == Proof::kOnce ? found.protocol : Protocol::kNone;
}

}  // namespace

Inspection Inspector::State::Sctp(const Subject& subject) {
  constexpr int kMaxChunks = 16;
  const Packet& packet = subject.packet;
  Bytes rest(packet.payload, packet.payload_captured);
  for (int i = 0; i < kMaxChunks && !rest.empty(); ++i) {
    Reader reader(rest);
    const uint8_t type = reader.U8();
    const uint8_t flags = reader.U8();
    const size_t length = reader.U16();
    if (!reader.ok() || length < 4) break;
    if ((type == kData || type == kInterleavedData) && (flags & kBeginning) != 0) {
      reader.Skip(type == kData ? 8 : 12);
      const uint32_t number = reader.U32();
      const size_t header = reader.position();
      if (reader.ok() && length > header) {
        const Bytes data = rest.subspan(header, length - header);
        const Protocol protocol = ProtocolOf(number, data);
        if (protocol != Protocol::kNone) {
          return Decided(subject, Judge::Known(protocol, /*named=*/false));
        }
      }
    }
    const size_t padded = (length + 3) / 4 * 4;
    rest = rest.subspan(std::min(padded, rest.size()));
  }
  return Undecided();
}

}  // namespace borderflow
