#include "tools/generator/population.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

namespace borderflow::generator {
namespace {

constexpr std::string_view kHome = "DE";
constexpr std::string_view kBranch = "AT";
// 10.20.0.0/16: private use (RFC 1918).
constexpr uint32_t kPrivateNetwork = 0x0a140000;
constexpr uint32_t kPrivateHosts = 60000;

uint32_t HashName(std::string_view name) {
  uint32_t hash = 2166136261;  // FNV-1a
  for (const char c : name) hash = (hash ^ static_cast<uint8_t>(c)) * 16777619;
  return hash;
}

std::vector<std::string_view> Words(std::string_view text) {
  std::vector<std::string_view> words;
  while (!text.empty()) {
    const size_t space = std::min(text.find(' '), text.size());
    if (space > 0) words.push_back(text.substr(0, space));
    text.remove_prefix(std::min(space + 1, text.size()));
  }
  return words;
}

}  // namespace

absl::StatusOr<Population> Population::Make(const Blocks* blocks, Random* random,
                                            uint32_t clients) {
  Population population(blocks, random, clients);
  for (const std::string_view place : {kHome, kBranch}) {
    if (!population.Has(Place(place), true)) {
      return absl::InvalidArgumentError(absl::StrCat("no IPv4 block for ", std::string(place),
                                                     ", where the clients are; add --block ",
                                                     std::string(place), "=PREFIX"));
    }
  }
  for (const Block& block : blocks->all()) {
    if (!block.v4 || IsSpecial(block.jurisdiction)) continue;
    if (std::find(population.places_.begin(), population.places_.end(), block.jurisdiction) ==
        population.places_.end()) {
      population.places_.push_back(block.jurisdiction);
    }
  }
  return population;
}

uint64_t Population::capacity() const {
  uint64_t hosts = clients_;
  for (const std::string_view place : {kHome, kBranch}) {
    for (const bool v4 : {true, false}) {
      for (const Block* block : blocks_->Of(Place(place), v4)) {
        hosts = std::min<uint64_t>(hosts, block->quarter_size() - 2);
      }
    }
  }
  return hosts * kPortsEach / 2;
}

Path Population::Join(const Peer& client, const Peer& server, bool v4, uint8_t transport) const {
  Path path;
  path.client = client;
  path.server = server;
  path.v4 = v4;
  path.transport = transport;
  path.rtt_ns = std::max(RoundTripNs(client.jurisdiction), RoundTripNs(server.jurisdiction));
  return path;
}

Peer Population::Fresh(const IpAddress& address, Jurisdiction jurisdiction) {
  uint16_t& used = next_port_[{address.high, address.low}];
  const Peer peer{address, jurisdiction, static_cast<uint16_t>(kFirstPort + used)};
  used = static_cast<uint16_t>((used + 1) % kPortsEach);
  return peer;
}

Peer Population::Client(Site site, bool* v4) {
  const uint32_t number = random_->Below(clients_);
  if (site == Site::kPrivate) {
    *v4 = true;
    return Fresh(IpAddress::FromV4(kPrivateNetwork + 10 + number % kPrivateHosts),
                 Jurisdiction::kPrivate);
  }
  Jurisdiction place = Place(site == Site::kBranch ? kBranch : kHome);
  if (site == Site::kAbroad) place = Choose("", *v4);
  if (!Has(place, *v4)) *v4 = true;
  const Block* block = blocks_->Of(place, *v4).front();
  return Fresh(block->Host(Quarter::kClients, number), place);
}

Peer Population::Again(const Peer& client) { return Fresh(client.address, client.jurisdiction); }

Jurisdiction Population::Choose(std::string_view places, bool v4) {
  const std::vector<std::string_view> words = Words(places);
  if (!words.empty()) {
    const uint32_t first = random_->Below(static_cast<uint32_t>(words.size()));
    for (size_t i = 0; i < words.size(); ++i) {
      const Jurisdiction place = Place(words[(first + i) % words.size()]);
      if (Has(place, v4)) return place;
    }
  }
  for (;;) {
    const Jurisdiction place = places_[random_->Below(static_cast<uint32_t>(places_.size()))];
    if (Has(place, v4)) return place;
    if (!v4) return Place(kHome);
  }
}

Peer Population::Server(Quarter quarter, uint32_t number, Jurisdiction place, bool v4,
                        uint16_t port) {
  const std::vector<const Block*> blocks = blocks_->Of(place, v4);
  // The last block of a place is where servers stand; the first holds the clients.
  return {blocks.back()->Host(quarter, number), place, port};
}

Peer Population::NamedServer(std::string_view name, Jurisdiction place, bool v4, uint16_t port) {
  return Server(Quarter::kNamed, HashName(name) + random_->Below(4), place, v4, port);
}

Peer Population::NamelessServer(Jurisdiction place, bool v4, uint16_t port) {
  return Server(Quarter::kNameless, nameless_++, place, v4, port);
}

Peer Population::OtherServer(Jurisdiction place, bool v4, uint16_t port) {
  return Server(Quarter::kOther, other_++, place, v4, port);
}

Peer Population::Resolver(bool v4, uint32_t number) {
  constexpr uint64_t kV4Hosts[] = {8, 1, 9};            // 8.8.8.8, 1.1.1.1, 9.9.9.9
  constexpr uint64_t kV6Hosts[] = {0x8888, 0x1111, 9};  // ...::8888, ...::1111, ...::9
  constexpr size_t kResolvers = 3;
  const std::vector<const Block*> blocks = blocks_->Of(Jurisdiction::kAnycast, v4);
  if (blocks.empty()) return LocalResolver(v4);
  const size_t chosen = std::min<size_t>(number % kResolvers, blocks.size() - 1);
  return {blocks[chosen]->At((v4 ? kV4Hosts : kV6Hosts)[chosen]), Jurisdiction::kAnycast, 53};
}

Peer Population::LocalResolver(bool v4) {
  const Jurisdiction home = Place(kHome);
  const bool family = v4 || !Has(home, false);
  return {blocks_->Of(home, family).back()->Host(Quarter::kOther, 53), home, 53};
}

uint64_t Population::RoundTripNs(Jurisdiction place) const {
  constexpr uint64_t kMillisecond = 1'000'000;
  if (place == Jurisdiction::kAnycast || place == Place(kHome)) return 6 * kMillisecond;
  if (IsSpecial(place)) return kMillisecond;
  const std::string_view code = Code(place);
  return (20 + HashName(code) % 180) * kMillisecond;
}

}  // namespace borderflow::generator
