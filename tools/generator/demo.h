// Demo: five minutes of a site's traffic, activity by activity.
//
// Thread safety: none.
#ifndef BORDERFLOW_TOOLS_GENERATOR_DEMO_H_
#define BORDERFLOW_TOOLS_GENERATOR_DEMO_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "absl/container/flat_hash_set.h"
#include "tools/generator/profiles.h"
#include "tools/generator/services.h"
#include "tools/generator/sessions.h"

namespace borderflow::generator {

class Demo {
 public:
  // `scenario` must outlive it.
  explicit Demo(const Scenario& scenario)
      : scenario_(scenario),
        recorder_(*scenario.stage.recorder),
        random_(scenario.stage.recorder->random()),
        population_(*scenario.population) {}

  // Everything, into the scenario's recorder. Once.
  void Run();

 private:
  struct Caller {
    Peer client;
    bool v4 = true;
    std::array<uint16_t, 2> vlans{};
  };

  // One activity at `now`: a flow, or a look-up and the flow that it was for.
  void Act(uint64_t now);
  void Browse(uint64_t now);
  void Unnamed(uint64_t now);
  void LookUpOnly(uint64_t now);
  void Apply(uint64_t now);
  void CallIn(uint64_t now);
  void Artefact(uint64_t now);  // demo_artefacts.cc

  Caller AnyCaller();
  Visit VisitTo(const Caller& caller, const Peer& server, uint8_t transport, uint64_t start);
  // Asks for `name` and returns when the answer has come.
  uint64_t LookUp(const Caller& caller, std::string_view name, const Peer& server, uint64_t now,
                  bool tcp = false);
  void TalkTls(Conversation* talk);
  void TalkQuic(QuicSession* session);
  size_t AnswerSize();

  // Of artefacts.
  void BigDatagrams(uint64_t now, bool v4);
  void Tunnelled(uint64_t now, Tunnel::Kind kind);
  void Multicast(uint64_t now);
  void Refused(uint64_t now);

  const Scenario& scenario_;
  Recorder& recorder_;
  Random& random_;
  Population& population_;
  uint32_t applications_ = 0;
  uint32_t artefacts_ = 0;
  absl::flat_hash_set<uint32_t> multicasters_;  // each asks once: its port is always 5353
};

}  // namespace borderflow::generator

#endif  // BORDERFLOW_TOOLS_GENERATOR_DEMO_H_
