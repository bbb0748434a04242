#include "tools/generator/expectation.h"

#include <utility>

namespace borderflow::generator {

Expectation ExpectProtocol(Protocol protocol, std::string_view name, const NameRules& rules) {
  Expectation expects;
  expects.protection = DefaultProtection(protocol);
  const NameRule* rule = name.empty() ? nullptr : rules.Find(name);
  const Category own = DefaultCategory(protocol);
  if (own != Category::kUnk) {  // DNS and SSH are what they are, whatever they carry
    expects.category = own;
    expects.evidence = Evidence::kProtocol;
  } else if (rule != nullptr && IsClassified(rule->category)) {
    expects.category = rule->category;
    expects.evidence = Evidence::kName;
  } else if (expects.protection == Protection::kEncrypted) {
    expects.category = Category::kEnc;
    expects.evidence = Evidence::kProtocol;
  }
  return expects;
}

Expectation ExpectPort(uint8_t ip_protocol, uint16_t port) {
  const PortRule rule = FindPort(ip_protocol, port);
  if (rule.category == Category::kUnk) return {};
  return {
      .category = rule.category, .evidence = Evidence::kPort, .protection = Protection::kUnknown};
}

Protocol StructureOf(std::string_view application) {
  constexpr std::pair<std::string_view, Protocol> kOtherNames[] = {
      {"hl7-mllp", Protocol::kHl7},
      {"imap-starttls", Protocol::kImap},
      {"submission", Protocol::kSmtp},
      {"smtp-starttls", Protocol::kSmtp},
  };
  for (const auto& [name, protocol] : kOtherNames) {
    if (application == name) return protocol;
  }
  // Questions of one line, and numbers of IP, have no structure that others lack.
  for (const std::string_view unseen : {"whois", "esp", "icmp", "icmp6"}) {
    if (application == unseen) return Protocol::kNone;
  }
  for (int id = 0; id < static_cast<int>(Protocol::kCount); ++id) {
    const auto protocol = static_cast<Protocol>(id);
    if (protocol != Protocol::kNone && borderflow::Name(protocol) == application) return protocol;
  }
  return Protocol::kNone;
}

}  // namespace borderflow::generator
