#include "tools/plugin/tap_serving.h"

#include <pthread.h>

#include <chrono>
#include <csignal>
#include <exception>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

namespace borderflow {

TapServing::~TapServing() {
  {
    const absl::MutexLock lock(&mutex_);
    stop_ = true;
  }
  if (thread_.joinable()) thread_.join();
}

void TapServing::Start(Collect collect) {
  if (absl::Status s = serving_->Start(); !s.ok()) {
    say_(absl::StrCat("not serving: ", std::string(s.message())));
    return;
  }
  for (const std::string& note : serving_->Notes()) say_(note);
  collect_ = std::move(collect);
  // Signals are the application's.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  thread_ = std::thread([this] { Run(); });
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

void TapServing::Run() {
  using Clock = std::chrono::steady_clock;
  const absl::Duration every = absl::Seconds(serving_->every());
  while (true) {
    // Only libraries throw, when memory runs out; the next time there may be some.
    try {
      const Clock::time_point began = Clock::now();
      const Report report = collect_();
      const std::chrono::duration<double> took = Clock::now() - began;
      // There is no store here, so nothing to remember that could fail.
      serving_->Publish(report, packs_, took.count()).IgnoreError();
    } catch (const std::exception& error) {
      say_(absl::StrCat("figures not published: ", error.what()));
    }
    const absl::MutexLock lock(&mutex_);
    if (mutex_.AwaitWithTimeout(absl::Condition(&stop_), every)) return;
  }
}

}  // namespace borderflow
