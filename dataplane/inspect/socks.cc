#include "dataplane/inspect/socks.h"

namespace borderflow {

//   5: 05 | command | 00 | 03 | length, name | port 2
//   4a: 04 | command | port 2 | 0.0.0.x | user, 0 | name, 0
std::string_view SocksTarget(Bytes message) {
  constexpr uint8_t kDomain = 3;
  constexpr uint8_t kLastCommand = 3;
  Reader reader(message);
  const uint8_t version = reader.U8();
  const uint8_t command = reader.U8();
  if (command < 1 || command > kLastCommand) return {};
  if (version == 5) {
    if (reader.U8() != 0 || reader.U8() != kDomain) return {};
    const Bytes name = reader.Take(reader.U8());
    reader.U16();
    return reader.ok() && reader.left() == 0 ? AsText(name) : std::string_view();
  }
  if (version != 4) return {};
  reader.U16();
  const uint32_t address = reader.U32();
  if (!reader.ok() || address == 0 || address > 0xff) return {};
  std::string_view rest = AsText(reader.rest());
  const size_t user = rest.find('\0');
  if (user == rest.npos) return {};
  rest.remove_prefix(user + 1);
  const size_t end = rest.find('\0');
  return end == rest.npos ? std::string_view() : rest.substr(0, end);
}

}  // namespace borderflow
