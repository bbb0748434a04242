#include "collectors/http/connection.h"

#include <poll.h>
#include <sys/socket.h>

#include <utility>

namespace borderflow {
namespace {

using std::chrono::seconds;

constexpr std::string_view kHeadEnd = "\r\n\r\n";
constexpr auto kToBegin = seconds(75);  // a scraper comes back within a minute
constexpr auto kToAsk = seconds(5);
constexpr auto kToTakeAnswer = seconds(10);
constexpr auto kToDrain = seconds(1);
constexpr int kStepsATurn = 8;  // then it is another connection's turn

}  // namespace

Connection::Connection(int socket, const TlsContext* tls, std::string peer, Clock::time_point now)
    : channel_(socket, tls), peer_(std::move(peer)) {
  // The first request is expected at once; the handshake is part of its time.
  Enter(Phase::kAsking, now);
  events_ = POLLIN;
}

void Connection::Enter(Phase phase, Clock::time_point now) {
  phase_ = phase;
  since_ = now;
  deadline_ = now + (phase == Phase::kIdle        ? kToBegin
                     : phase == Phase::kAsking    ? kToAsk
                     : phase == Phase::kAnswering ? kToTakeAnswer
                                                  : kToDrain);
}

void Connection::Advance(const Owner& owner, Clock::time_point now) {
  bool on = true;
  for (int step = 0; on && step < kStepsATurn; ++step) {
    switch (phase_) {
      case Phase::kIdle:
      case Phase::kAsking:
        on = Ask(owner, now);
        break;
      case Phase::kAnswering:
        on = Answer(now);
        break;
      case Phase::kDraining:
        on = Drain();
        break;
      case Phase::kEnded:
        on = false;
        break;
    }
  }
  // What is left may be in a buffer of ours, of which the socket says nothing; that it could be
  // written to brings the next turn.
  if (on) events_ = POLLIN | POLLOUT;
}

// False when there is nothing more to do now.
bool Connection::Waits(Channel::State state) {
  switch (state) {
    case Channel::State::kDone:
      return false;
    case Channel::State::kWantsRead:
      events_ = POLLIN;
      return true;
    case Channel::State::kWantsWrite:
      events_ = POLLOUT;
      return true;
    case Channel::State::kEnded:
      phase_ = Phase::kEnded;
      return true;
  }
  return true;
}

bool Connection::Ask(const Owner& owner, Clock::time_point now) {
  const size_t end = in_.find(kHeadEnd);
  if (end == std::string::npos) {
    if (in_.size() >= kMaxHeadBytes) {
      Begin(owner.refuse({431, "the head of the request is too large"}), false, false, now);
      return true;
    }
    if (Waits(channel_.Read(kMaxHeadBytes - in_.size(), &in_))) return false;
    if (phase_ == Phase::kIdle) Enter(Phase::kAsking, now);
    return true;
  }
  const auto parsed = ParseHead(std::string_view(in_).substr(0, end + kHeadEnd.size()));
  in_.erase(0, end + kHeadEnd.size());
  if (const auto* bad = std::get_if<BadRequest>(&parsed)) {
    Begin(owner.refuse(*bad), false, false, now);
    return true;
  }
  const auto& request = std::get<HttpRequest>(parsed);
  Begin(owner.answer(request, peer_), request.method == "HEAD", request.keep_alive, now);
  return true;
}

void Connection::Begin(const HttpResponse& response, bool head_only, bool keep_alive,
                       Clock::time_point now) {
  head_ = Head(response, keep_alive);
  body_ = head_only || response.status == 304 ? nullptr : response.body;
  sent_ = 0;
  keep_alive_ = keep_alive;
  Enter(Phase::kAnswering, now);
}

bool Connection::Answer(Clock::time_point now) {
  const size_t body_size = body_ == nullptr ? 0 : body_->size();
  while (sent_ < head_.size() + body_size) {
    const std::string_view rest = sent_ < head_.size()
                                      ? std::string_view(head_).substr(sent_)
                                      : std::string_view(*body_).substr(sent_ - head_.size());
    size_t sent = 0;
    if (Waits(channel_.Write(rest, &sent))) return false;
    sent_ += sent;
  }
  body_ = nullptr;
  if (keep_alive_) {
    Enter(Phase::kIdle, now);
    return true;
  }
  shutdown(channel_.socket(), SHUT_WR);
  Enter(Phase::kDraining, now);
  return true;
}

bool Connection::Drain() {
  in_.clear();
  return !Waits(channel_.Read(kMaxHeadBytes, &in_));
}

}  // namespace borderflow
