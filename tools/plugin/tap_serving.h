// TapServing: metrics and API of a sensor inside somebody else's application.
//
// Two threads of ours: one collects and publishes, the server's answers. Neither touches DPDK, and
// the application's threads meet neither: a lane hands over what it counted at the end of a burst
// of its own, as for the report at the end.
//
// Thread safety: Start by the thread whose processors are to be used; the rest alone.
#ifndef BORDERFLOW_TOOLS_PLUGIN_TAP_SERVING_H_
#define BORDERFLOW_TOOLS_PLUGIN_TAP_SERVING_H_

#include <functional>
#include <memory>
#include <string_view>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "collectors/report/report.h"
#include "rules/policy/pack.h"
#include "tools/live/serving.h"

namespace borderflow {

class TapServing {
 public:
  using Say = std::function<void(std::string_view)>;
  using Collect = std::function<Report()>;  // everything counted so far; from any thread

  TapServing(std::unique_ptr<Serving> serving, std::vector<Pack> packs, Say say)
      : serving_(std::move(serving)), packs_(std::move(packs)), say_(std::move(say)) {}
  // Ends both threads.
  ~TapServing();

  // Listens and begins to publish, or says why not.
  void Start(Collect collect);

 private:
  void Run();

  std::unique_ptr<Serving> serving_;
  const std::vector<Pack> packs_;
  const Say say_;
  Collect collect_;
  absl::Mutex mutex_;
  bool stop_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace borderflow

#endif  // BORDERFLOW_TOOLS_PLUGIN_TAP_SERVING_H_
