// What inspection costs a flow, from its first payload packet to its decision: prints nanoseconds
// on this machine. A program, not a test: times depend on the machine. An argument chooses those
// whose names contain it.
#include <time.h>

#include <algorithm>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "dataplane/inspect/inspector.h"
#include "tests/dataplane/inspect/wire.h"

namespace borderflow {
namespace {

constexpr uint32_t kFlows = 20'000;
constexpr int kRounds = 9;

std::string_view chosen;  // only what is named with this

struct Shown {
  bool tcp;
  bool from_client;
  uint32_t sequence;
  Buffer payload;
};

// Processor time, so that other work on the machine does not count.
double ProcessorNanoseconds() {
  timespec now = {};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

// The median over rounds of the mean over flows.
void Measure(const char* what, const std::vector<Shown>& packets) {
  if (std::string_view(what).find(chosen) == std::string_view::npos) return;
  Inspector inspector(&NameRules::BuiltIn());
  std::vector<Packet> ready;
  for (const Shown& shown : packets) {
    ready.push_back(shown.tcp ? TcpPacket({}, shown.from_client, shown.sequence, shown.payload)
                              : UdpPacket({}, shown.from_client, shown.payload));
  }
  std::vector<double> means;
  for (int round = 0; round < kRounds; ++round) {
    const double begin = ProcessorNanoseconds();
    for (uint32_t flow = 0; flow < kFlows; ++flow) {
      SlotHandle slot = 0;
      for (size_t i = 0; i < ready.size(); ++i) {
        Packet& packet = ready[i];
        packet.key.port_lo = static_cast<uint16_t>(flow);
        if (inspector.Inspect(packet, packets[i].from_client, &slot).state ==
            Inspection::State::kDecided) {
          break;
        }
      }
      inspector.Release(slot);
    }
    means.push_back((ProcessorNanoseconds() - begin) / kFlows);
  }
  std::nth_element(means.begin(), means.begin() + kRounds / 2, means.end());
  std::printf("%-52s %8.0f ns a flow\n", what, means[kRounds / 2]);
}

// Text in which nothing is found, and that ends within a sentence.
std::string Prose(size_t size) {
  const std::string line = "A line of text as pages have it, with 12 words and some commas, and\n";
  std::string text;
  while (text.size() < size) text += line;
  return text.substr(0, size);
}

void MeasureAll() {
  const Buffer small = TlsClientHello({.name = "www.example.org"});
  const Buffer large =
      TlsClientHello({.name = "www.example.org", .name_last = true, .key_share_bytes = 1216});
  Measure("TLS, the name in the first segment", {{true, true, 0, small}});
  Measure("TLS, a post-quantum hello in two segments",
          {{true, true, 0, Slice(large, 0, 1360)},
           {true, true, 1360, Slice(large, 1360, large.size())}});
  const Buffer hello = ClientHelloMessage({.name = "q.example"});
  Measure("QUIC, one Initial", {{false, true, 0, QuicInitial({}, CryptoFrameBytes(0, hello))}});
  Measure("HTTP request",
          {{true, true, 0,
            FromText("GET /index.html HTTP/1.1\r\nHost: www.example.org\r\nUser-Agent: Mozilla/5.0 "
                     "(X11; Linux x86_64)\r\nAccept: text/html,application/xhtml+xml\r\n"
                     "Accept-Language: en\r\nAccept-Encoding: gzip\r\nConnection: keep-alive\r\n"
                     "Cookie: id=0123456789abcdef0123456789abcdef\r\n\r\n")}});
  Measure("HTTP answer of text in three segments after its request",
          {{true, true, 0, FromText("GET / HTTP/1.1\r\nHost: www.example.org\r\n\r\n")},
           {true, false, 0,
            FromText("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n" + Prose(1380))},
           {true, false, 1425, FromText(Prose(1380))},
           {true, false, 2805, FromText(Prose(700))}});
  Measure("strong signature: DNP3", {{true, true, 0, FromHex("056405c901000400 5b60")}});
  Measure("weak signature: Modbus and its answer",
          {{true, true, 0, FromHex("0001 0000 0006 01 03 0000 000a")},
           {true, false, 0, FromHex("0001 0000 0007 01 03 04 00010002")}});
  Buffer noise;
  for (uint32_t i = 0, state = 1; i < 1200; ++i) {
    state = state * 1664525 + 1013904223;
    noise.push_back(static_cast<uint8_t>(state >> 24));
  }
  noise[0] = 0x99;
  Measure("unknown, a segment of 1,200 bytes", {{true, true, 0, noise}});
  Measure("unknown, a datagram of 1,200 bytes", {{false, true, 0, noise}});
}

}  // namespace
}  // namespace borderflow

int main(int argc, char** argv) {
  if (argc > 1) borderflow::chosen = argv[1];
  borderflow::MeasureAll();
  return 0;
}
