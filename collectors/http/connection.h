// Connection: one client, from its first byte to its last answer.
//
// Reads a request's head, has it answered, writes the answer, and begins again while both sides
// want to. A connection that ends with an error drains for a moment, so that the answer is not lost
// to a reset.
//
// Thread safety: none.
#ifndef BORDERFLOW_COLLECTORS_HTTP_CONNECTION_H_
#define BORDERFLOW_COLLECTORS_HTTP_CONNECTION_H_

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "collectors/http/channel.h"
#include "collectors/http/request.h"
#include "collectors/http/response.h"

namespace borderflow {

class Connection {
 public:
  using Clock = std::chrono::steady_clock;
  enum class Phase { kIdle, kAsking, kAnswering, kDraining, kEnded };

  // What the owner is told: a parsed request, or what is wrong with it, gives an answer.
  struct Owner {
    std::function<HttpResponse(const HttpRequest&, const std::string& peer)> answer;
    std::function<HttpResponse(const BadRequest&)> refuse;
  };

  Connection(int socket, const TlsContext* tls, std::string peer, Clock::time_point now);

  // Goes on as far as it can without waiting.
  void Advance(const Owner& owner, Clock::time_point now);

  int socket() const { return channel_.socket(); }
  short events() const { return events_; }  // of poll, that it waits for
  Phase phase() const { return phase_; }
  Clock::time_point since() const { return since_; }        // in this phase
  Clock::time_point deadline() const { return deadline_; }  // of this phase

 private:
  void Enter(Phase phase, Clock::time_point now);
  // Each returns whether to go on at once.
  bool Ask(const Owner& owner, Clock::time_point now);
  bool Answer(Clock::time_point now);
  bool Drain();
  void Begin(const HttpResponse& response, bool head_only, bool keep_alive, Clock::time_point now);
  bool Waits(Channel::State state);

  Channel channel_;
  std::string peer_;
  Phase phase_ = Phase::kIdle;
  Clock::time_point since_;
  Clock::time_point deadline_;
  short events_ = 0;
  std::string in_;
  std::string head_;
  std::shared_ptr<const std::string> body_;
  size_t sent_ = 0;  // of head and body
  bool keep_alive_ = false;
};

}  // namespace borderflow

#endif  // BORDERFLOW_COLLECTORS_HTTP_CONNECTION_H_
