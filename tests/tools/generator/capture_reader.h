// An independent count of a generated capture: classic pcap, Ethernet, tags, IP, and the three
// tunnels that the generator makes, read straight from the bytes. Shares no code with the generator
// or the dataplane, and knows only what generated captures hold.
#ifndef BORDERFLOW_TESTS_TOOLS_GENERATOR_CAPTURE_READER_H_
#define BORDERFLOW_TESTS_TOOLS_GENERATOR_CAPTURE_READER_H_

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace borderflow::generator {

using Address = std::string;  // 4 or 16 bytes

struct Counted {
  struct Sum {
    uint64_t frames = 0;
    uint64_t bytes = 0;
    uint64_t payload_bytes = 0;
  };
  bool in_order = true;
  uint64_t captured_less = 0;  // frames that hold less than their length
  Sum ip;
  Sum non_ip;
  Sum malformed;
  std::map<std::pair<Address, Address>, Sum> pairs;  // innermost source, destination
  std::set<std::string> flows;                       // both directions are one
};

// Reads the whole file's bytes; fails the running test where they are not a capture.
Counted CountCapture(std::string_view file);

}  // namespace borderflow::generator

#endif  // BORDERFLOW_TESTS_TOOLS_GENERATOR_CAPTURE_READER_H_
