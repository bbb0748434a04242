// Sessions: conversations of the protocols that carry names, from their first packet to the end of
// the handshake. What comes after is up to the caller.
//
// Thread safety: none.
#ifndef BORDERFLOW_TOOLS_GENERATOR_SESSIONS_H_
#define BORDERFLOW_TOOLS_GENERATOR_SESSIONS_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "rules/category/names.h"
#include "tools/generator/applications.h"
#include "tools/generator/conversation.h"
#include "tools/generator/dns.h"
#include "tools/generator/recorder.h"
#include "tools/generator/tls_hello.h"

namespace borderflow::generator {

// What every session needs; both must outlive it.
struct Stage {
  Recorder* recorder;
  const NameRules* rules;
};

struct Visit {
  Path path;
  // server_name or Host; empty for none.
  std::string_view name;
  // The name that the client has just asked DNS for, where `name` is empty; empty for none.
  std::string_view asked;
  uint64_t start_ns = 0;
  Habits habits;
};

struct TlsStyle {
  ClientKind kind = ClientKind::kBrowser;
  bool post_quantum = false;
  bool ech = false;
  bool reversed = false;    // the hello's segments arrive in reverse order
  size_t record_limit = 0;  // handshake bytes in a record; 0 puts the hello into one
  size_t flight = 3200;     // encrypted bytes of the server's first flight
};
// From SYN to the client's Finished.
Conversation OpenTls(const Stage& stage, const Visit& visit, const TlsStyle& style);

struct QuicStyle {
  uint32_t version = 1;
  ClientKind kind = ClientKind::kBrowser;
  bool post_quantum = false;
  bool ech = false;
  bool reversed = false;   // a hello's second datagram arrives first
  bool scattered = false;  // CRYPTO in small pieces, out of order, with PING between them
  bool flight = true;      // the server's Handshake packets and the client's answer follow
};
struct QuicSession {
  Conversation talk;
  std::string client_id;  // destination of the server's packets; may be empty
  std::string server_id;
};
QuicSession OpenQuic(const Stage& stage, const Visit& visit, const QuicStyle& style);
// A 1-RTT packet of `size` bytes.
void SayQuic(const Stage& stage, QuicSession* session, Side side, size_t size);

// From SYN to the head of the answer, which announces `announced` bytes, and `body` bytes of it.
Conversation OpenHttp(const Stage& stage, const Visit& visit, size_t body, size_t announced);

struct Lookup {
  Path path;  // UDP or TCP to a resolver
  std::string_view name;
  std::string_view canonical;  // CNAME's target; empty for none
  std::vector<IpAddress> v4;
  std::vector<IpAddress> v6;
  uint64_t start_ns = 0;
  Habits habits;
};
// A and, when `v6` is not empty, AAAA: question and answer each, on one flow.
Conversation AskDns(const Stage& stage, const Lookup& lookup);
// One more question for A records and its answer, on a flow over UDP that asked before. The caller
// counts the name where it is new to the flow.
void AskAgain(const Stage& stage, Conversation* talk, std::string_view name,
              const IpAddress& address);

// Any other application; `path` has its transport and port.
Conversation Exchange(const Stage& stage, const Application& application, const Visit& visit);

// Bytes of no known protocol, on a port without meaning.
Conversation UnknownFlow(const Stage& stage, const Visit& visit);

}  // namespace borderflow::generator

#endif  // BORDERFLOW_TOOLS_GENERATOR_SESSIONS_H_
