#include "tools/generator/expectation.h"

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

}  // namespace borderflow::generator
