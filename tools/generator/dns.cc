#include "tools/generator/dns.h"

#include <algorithm>

#include "tools/generator/bytes.h"

namespace borderflow::generator {
namespace {

constexpr uint16_t kClassIn = 1;
constexpr uint16_t kTypeCname = 5;
constexpr uint16_t kFlagsQuery = 0x0100;   // recursion desired
constexpr uint16_t kFlagsAnswer = 0x8180;  // response, recursion desired and available
constexpr uint16_t kPointer = 0xc000;
constexpr uint16_t kQuestionAt = 12;

std::string Labels(std::string_view name) {
  ByteWriter labels;
  while (!name.empty()) {
    const size_t dot = std::min(name.find('.'), name.size());
    labels.Vector(1, name.substr(0, dot));
    name.remove_prefix(std::min(dot + 1, name.size()));
  }
  return labels.U8(0).Take();
}

ByteWriter Header(uint16_t id, uint16_t flags, size_t answers, size_t additional) {
  ByteWriter message;
  message.U16(id).U16(flags).U16(1).U16(answers).U16(0).U16(additional);
  return message;
}

void AddEdns(ByteWriter* message) {
  constexpr uint16_t kTypeOpt = 41;
  message->U8(0).U16(kTypeOpt).U16(1232).U32(0).U16(0);
}

}  // namespace

std::string DnsQuery(uint16_t id, std::string_view name, DnsType type) {
  ByteWriter message = Header(id, kFlagsQuery, 0, 1);
  message.Raw(Labels(name)).U16(static_cast<uint16_t>(type)).U16(kClassIn);
  AddEdns(&message);
  return message.Take();
}

std::string MdnsQuery(std::string_view name, DnsType type) {
  ByteWriter message = Header(0, 0, 0, 0);
  message.Raw(Labels(name)).U16(static_cast<uint16_t>(type)).U16(kClassIn);
  return message.Take();
}

std::string DnsResponse(const DnsAnswer& answer) {
  const size_t aliases = answer.canonical.empty() ? 0 : 1;
  ByteWriter message = Header(answer.id, kFlagsAnswer, answer.addresses.size() + aliases, 1);
  message.Raw(Labels(answer.name)).U16(static_cast<uint16_t>(answer.type)).U16(kClassIn);
  uint16_t owner = kQuestionAt;
  if (aliases != 0) {
    message.U16(kPointer | owner).U16(kTypeCname).U16(kClassIn).U32(answer.ttl_seconds);
    owner = static_cast<uint16_t>(message.size() + 2);
    message.Vector(2, Labels(answer.canonical));
  }
  for (const IpAddress& address : answer.addresses) {
    message.U16(kPointer | owner).U16(static_cast<uint16_t>(answer.type)).U16(kClassIn);
    message.U32(answer.ttl_seconds);
    if (answer.type == DnsType::kA) {
      message.U16(4).U32(address.v4());
    } else {
      message.U16(16).U64(address.high).U64(address.low);
    }
  }
  AddEdns(&message);
  return message.Take();
}

std::string OverTcp(std::string_view message) { return ByteWriter().Vector(2, message).Take(); }

}  // namespace borderflow::generator
