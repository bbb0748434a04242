// Population: who calls and who answers. Clients of a few sites, each with its own next free port,
// and the addresses at which services answer.
//
// No client uses a port twice, so no two flows share a key.
//
// Thread safety: none.
#ifndef BORDERFLOW_TOOLS_GENERATOR_POPULATION_H_
#define BORDERFLOW_TOOLS_GENERATOR_POPULATION_H_

#include <cstdint>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "tools/generator/blocks.h"
#include "tools/generator/conversation.h"
#include "tools/generator/random.h"

namespace borderflow::generator {

enum class Site : uint8_t {
  kHome,     // the site's public clients
  kBranch,   // a branch in another country
  kPrivate,  // clients behind the site's translator, seen with their inner addresses (IPv4)
  kAbroad,   // strangers anywhere, who call in
};

class Population {
 public:
  // `clients` hosts at every site; both pointers must outlive this.
  // Errors: InvalidArgument when the home or branch has no block of either family.
  static absl::StatusOr<Population> Make(const Blocks* blocks, Random* random, uint32_t clients);

  // How many flows a capture may have so that no client runs out of ports, with a margin of two for
  // the chance that picks clients.
  uint64_t capacity() const;

  // Some client of the site, with a fresh port. `v4` is the family that was had.
  Peer Client(Site site, bool* v4);
  // The same host with a fresh port, and for connections within a site some other.
  Peer Again(const Peer& client);

  // A place out of "US IE"; anything in reach of the blocks when `places` is empty.
  Jurisdiction Choose(std::string_view places, bool v4);

  // Where `name` answers in that place: always the same few addresses.
  Peer NamedServer(std::string_view name, Jurisdiction place, bool v4, uint16_t port);
  // A server that no DNS answer names; another one at every call.
  Peer NamelessServer(Jurisdiction place, bool v4, uint16_t port);
  // A server of a protocol without names; another one at every call.
  Peer OtherServer(Jurisdiction place, bool v4, uint16_t port);
  // One of the public resolvers, which are anycast.
  Peer Resolver(bool v4, uint32_t number);
  // The site's own resolver.
  Peer LocalResolver(bool v4);

  // The way between two peers, with the round trip of the farther one.
  Path Join(const Peer& client, const Peer& server, bool v4, uint8_t transport) const;

  // A round trip from the home site to a place; a scenario, not a measurement.
  uint64_t RoundTripNs(Jurisdiction place) const;

 private:
  static constexpr uint16_t kFirstPort = 32768;
  static constexpr uint32_t kPortsEach = 28000;

  Population(const Blocks* blocks, Random* random, uint32_t clients)
      : blocks_(blocks), random_(random), clients_(clients) {}
  bool Has(Jurisdiction place, bool v4) const { return !blocks_->Of(place, v4).empty(); }
  Peer Fresh(const IpAddress& address, Jurisdiction jurisdiction);
  Peer Server(Quarter quarter, uint32_t number, Jurisdiction place, bool v4, uint16_t port);

  const Blocks* blocks_;
  Random* random_;
  uint32_t clients_;
  uint32_t nameless_ = 0;
  uint32_t other_ = 0;
  std::vector<Jurisdiction> places_;  // with an IPv4 block, anycast left out
  absl::flat_hash_map<std::pair<uint64_t, uint64_t>, uint16_t> next_port_;
};

}  // namespace borderflow::generator

#endif  // BORDERFLOW_TOOLS_GENERATOR_POPULATION_H_
