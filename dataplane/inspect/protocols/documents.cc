// XML documents on a stream or in a datagram, by the names in their first KiB.
#include "dataplane/inspect/protocols/checks.h"
#include "dataplane/inspect/protocols/text.h"

namespace borderflow {
namespace {

// The first KiB: what a document is, it says at its start.
std::string_view Head(const WireMessage& m) { return Part(m.text(), 0, 1024); }
bool HeadHas(const WireMessage& m, std::string_view needle) {
  return Head(m).find(needle) != std::string_view::npos;
}

}  // namespace

bool IsIso20022Xml(const WireMessage& m) { return HeadHas(m, "urn:iso:std:iso:20022:tech:xsd:"); }
bool IsEbicsXml(const WireMessage& m) {
  return HeadHas(m, "<ebicsRequest") || HeadHas(m, "<ebicsUnsecuredRequest") ||
         HeadHas(m, "<ebicsNoPubKeyDigestsRequest") || HeadHas(m, "<ebicsResponse") ||
         HeadHas(m, "<ebicsKeyManagementResponse");
}
bool IsOfxXml(const WireMessage& m) { return HeadHas(m, "<?OFX ") || HeadHas(m, "<OFX>"); }
bool IsXmppXml(const WireMessage& m) { return HeadHas(m, "<stream:stream"); }
bool IsOnvifXml(const WireMessage& m) {
  return HeadHas(m, "onvif.org/") && HeadHas(m, "ws/2005/04/discovery");
}
bool IsDiscoveryXml(const WireMessage& m) {
  return !HeadHas(m, "onvif.org/") && HeadHas(m, "ws/2005/04/discovery");
}

}  // namespace borderflow
