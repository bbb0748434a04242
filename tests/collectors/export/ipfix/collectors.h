// nfdump's nfcapd and pmacct's nfacctd as processes of a test's own, and what they counted.
#ifndef BORDERFLOW_TESTS_COLLECTORS_EXPORT_IPFIX_COLLECTORS_H_
#define BORDERFLOW_TESTS_COLLECTORS_EXPORT_IPFIX_COLLECTORS_H_

#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "dataplane/count/cell.h"
#include "tests/collectors/child_process.h"

namespace borderflow {

// Whether whoever listens at a UDP port of 127.0.0.1 has read all that was sent to it.
inline bool HasReadAll(const std::string& port) {
  const std::string address = absl::StrFormat(" 0100007F:%04X ", std::stoi(port));
  std::istringstream lines(ReadWhole("/proc/net/udp"));
  for (std::string line; std::getline(lines, line);) {
    const size_t at = line.find(address);
    if (at == std::string::npos) continue;
    // The remote address, the state, then both queues, in hexadecimal.
    std::istringstream rest(line.substr(at + address.size()));
    std::string remote, state, queues;
    rest >> remote >> state >> queues;
    return queues.substr(queues.find(':')) == ":00000000";
  }
  return false;
}

class NfcapdForTest {
 public:
  static bool Installed() { return HasProgram("nfcapd") && HasProgram("nfdump"); }

  NfcapdForTest() : folder_("nfcapd"), port_(std::to_string(FreePort(SOCK_DGRAM))) {}

  bool Start() {
    std::filesystem::create_directory(folder_.Path("flows"));
    process_ = std::make_unique<ChildProcess>(
        std::vector<std::string>{"nfcapd", "-b", "127.0.0.1", "-p", port_, "-w",
                                 folder_.Path("flows"), "-t", "3600", "-B", "8000000"},
        folder_.Path("log"));
    return Eventually([this] { return log().find("Startup") != std::string::npos; });
  }
  const std::string& port() const { return port_; }
  std::string log() const { return ReadWhole(folder_.Path("log")); }

  // Ends it, when it has read all. "Bytes" -> "9971630" and so on, as nfdump sums them up.
  std::map<std::string, std::string> Totals() {
    Eventually([this] { return HasReadAll(port_); });
    process_->End(SIGTERM);
    std::map<std::string, std::string> totals;
    if (std::system(
            ("nfdump -R '" + folder_.Path("flows") + "' -I > '" + folder_.Path("totals") + "' 2>&1")
                .c_str()) != 0) {
      return totals;
    }
    std::istringstream lines(ReadWhole(folder_.Path("totals")));
    for (std::string line; std::getline(lines, line);) {
      const size_t colon = line.find(": ");
      if (colon != std::string::npos) totals[line.substr(0, colon)] = line.substr(colon + 2);
    }
    return totals;
  }

 private:
  TestFolder folder_;
  const std::string port_;
  std::unique_ptr<ChildProcess> process_;
};

// By location of sender and receiver, which it learns from a file of primitives.
class NfacctdForTest {
 public:
  using Pairs = std::map<std::pair<std::string, std::string>, CellCounters>;

  static bool Installed() { return HasProgram("nfacctd"); }

  NfacctdForTest() : folder_("nfacctd"), port_(std::to_string(FreePort(SOCK_DGRAM))) {}

  bool Start() {
    folder_.Write("primitives",
                  "name=source_location field_type=32473:3 len=vlen semantics=str\n"
                  "name=destination_location field_type=32473:4 len=vlen semantics=str\n");
    folder_.Write("conf",
                  absl::StrCat("daemonize: false\nnfacctd_ip: 127.0.0.1\nnfacctd_port: ", port_,
                               "\nnfacctd_pipe_size: 8000000\naggregate_primitives: ",
                               folder_.Path("primitives"),
                               "\nplugins: print[a]\n"
                               "aggregate[a]: source_location, destination_location, flows\n"
                               "print_refresh_time[a]: 1\nprint_output[a]: json\n"
                               "print_output_file_append[a]: true\nprint_output_file[a]: ",
                               folder_.Path("out.json"), "\n"));
    process_ = std::make_unique<ChildProcess>(
        std::vector<std::string>{"nfacctd", "-f", folder_.Path("conf")}, folder_.Path("log"));
    return Eventually([this] {
      return log().find("waiting for NetFlow/IPFIX data") != std::string::npos &&
             log().find("JSON: setting") != std::string::npos;
    });
  }
  const std::string& port() const { return port_; }
  std::string log() const { return ReadWhole(folder_.Path("log")); }

  // What it has written when that holds `flows` flows, or after half a minute; empty while a line
  // is half written.
  Pairs WaitFor(uint64_t flows) const {
    Pairs pairs;
    Eventually([this, flows, &pairs] {
      pairs.clear();
      uint64_t sum = 0;
      std::istringstream lines(ReadWhole(folder_.Path("out.json")));
      for (std::string line; std::getline(lines, line);) {
        const auto json = nlohmann::json::parse(line, nullptr, false);
        if (json.is_discarded()) return false;
        CellCounters& pair = pairs[{json["source_location"], json["destination_location"]}];
        pair.frames += json["packets"].get<uint64_t>();
        pair.bytes += json["bytes"].get<uint64_t>();
        pair.flows += json["flows"].get<uint64_t>();
        sum += json["flows"].get<uint64_t>();
      }
      return sum >= flows;
    });
    return pairs;
  }

 private:
  TestFolder folder_;
  const std::string port_;
  std::unique_ptr<ChildProcess> process_;
};

}  // namespace borderflow

#endif  // BORDERFLOW_TESTS_COLLECTORS_EXPORT_IPFIX_COLLECTORS_H_
