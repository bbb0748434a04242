// Overrides that scatter a capture of small frames over every jurisdiction, so that a few hundred
// thousand flows make a hundred thousand cells.
#ifndef BORDERFLOW_TESTS_COLLECTORS_DASHBOARD_MANY_CELLS_H_
#define BORDERFLOW_TESTS_COLLECTORS_DASHBOARD_MANY_CELLS_H_

#include <arpa/inet.h>

#include <cstdint>
#include <sstream>
#include <string>
#include <vector>

#include "rules/jurisdiction/jurisdiction.h"

namespace borderflow {

// `intended`: the overrides that the generator wrote, "PREFIX,CODE" by line. Every /24 of its IPv4
// blocks becomes another jurisdiction in turn, and every address of the two where its clients are;
// registration and AS number change with them.
inline std::string ScatteredOverrides(const std::string& intended) {
  std::vector<std::string> codes;
  for (int i = 0; i < kJurisdictions; ++i) {
    const auto jurisdiction = static_cast<Jurisdiction>(i);
    if (!IsSpecial(jurisdiction)) codes.emplace_back(Code(jurisdiction));
  }
  std::string lines;
  size_t next = 0;
  const auto add = [&](uint32_t address, int length) {
    for (int shift = 24; shift >= 0; shift -= 8) {
      lines += std::to_string(address >> shift & 0xff) + (shift > 0 ? "." : "/");
    }
    // Registered next door, and in one of several networks.
    lines += std::to_string(length) + "," + codes[next % codes.size()] + "," +
             codes[(next + 1) % codes.size()] + "," + std::to_string(64512 + next % 31) + "\n";
    ++next;
  };
  std::istringstream input(intended);
  for (std::string line; std::getline(input, line);) {
    in_addr block{};
    const size_t slash = line.find('/');
    if (slash == std::string::npos ||
        inet_pton(AF_INET, line.substr(0, slash).c_str(), &block) != 1) {
      continue;
    }
    const uint32_t first = ntohl(block.s_addr);
    const int length = std::stoi(line.substr(slash + 1));
    const bool clients = line.rfind("80.128.", 0) == 0 || line.rfind("131.130.", 0) == 0;
    if (clients) {
      for (uint32_t host = 0; host < 256; ++host) add(first + host, 32);
    } else {
      for (uint32_t net = 0; length < 24 && net < 1u << (24 - length); ++net) {
        add(first + (net << 8), 24);
      }
    }
  }
  return lines;
}

}  // namespace borderflow

#endif  // BORDERFLOW_TESTS_COLLECTORS_DASHBOARD_MANY_CELLS_H_
