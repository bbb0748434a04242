// The two profiles that measure speed.
#include <utility>
#include <vector>

#include "tools/generator/profiles.h"
#include "tools/generator/services.h"

namespace borderflow::generator {
namespace {

Visit VisitOf(Population& population, Random& random, const Service& service, bool named,
              uint8_t transport, uint16_t port) {
  bool v4 = random.Percent(75);
  const Site site = random.Percent(80) ? Site::kHome : Site::kBranch;
  const Peer client = population.Client(site, &v4);
  const Jurisdiction place = population.Choose(service.places, v4);
  const Peer server = named ? population.NamedServer(service.name, place, v4, port)
                            : population.NamelessServer(place, v4, port);
  Visit visit;
  visit.path = population.Join(client, server, v4, transport);
  if (named) visit.name = service.name;
  visit.habits.acks = false;
  return visit;
}

const Service& AnyService(Random& random) {
  const uint32_t ticket = static_cast<uint32_t>(random.Next() >> 33);
  return random.Percent(95) ? ByWeight(Services(), ticket) : ByWeight(UnknownServices(), ticket);
}

TlsStyle AnyTls(Random& random, size_t flight) {
  TlsStyle style;
  style.kind = random.Percent(70)   ? ClientKind::kBrowser
               : random.Percent(85) ? ClientKind::kLibrary
                                    : ClientKind::kOld;
  style.post_quantum = style.kind != ClientKind::kOld && random.Percent(60);
  style.ech = style.kind == ClientKind::kBrowser && random.Percent(50);
  style.reversed = random.Percent(3);
  style.flight = flight;
  return style;
}

QuicStyle AnyQuic(Random& random) {
  QuicStyle style;
  style.version = random.Percent(95) ? 1 : 2;
  style.kind = random.Percent(80) ? ClientKind::kBrowser : ClientKind::kLibrary;
  style.post_quantum = random.Percent(60);
  style.ech = style.kind == ClientKind::kBrowser && random.Percent(60);
  style.scattered = random.Percent(15);
  style.reversed = random.Percent(5);
  return style;
}

Lookup LookupOf(Population& population, Random& random, const Service& service) {
  bool v4 = random.Percent(75);
  const Peer client = population.Client(Site::kHome, &v4);
  const Peer resolver = population.Resolver(v4, random.Below(3));
  Lookup lookup;
  lookup.path = population.Join(client, resolver, v4, kIpUdp);
  lookup.name = service.name;
  const Jurisdiction place = population.Choose(service.places, true);
  lookup.v4 = {population.NamedServer(service.name, place, true, 0).address};
  lookup.habits.acks = false;
  return lookup;
}

// ---------------------------------------------------------------------------- throughput

enum class Kind : uint8_t { kTls, kQuic, kHttp, kDns };

struct Established {
  Kind kind;
  QuicSession session;     // `talk` for every kind
  uint32_t questions = 0;  // of DNS: where in the list of services it started, and how far it is
  uint32_t asked = 0;
};

Established OpenOne(const Scenario& scenario, uint64_t start_ns) {
  Random& random = scenario.stage.recorder->random();
  Population& population = *scenario.population;
  const uint32_t roll = random.Below(100);
  if (roll < 5) {
    const uint32_t first = random.Below(static_cast<uint32_t>(Services().size()));
    Lookup lookup = LookupOf(population, random, Services()[first]);
    lookup.start_ns = start_ns;
    return {Kind::kDns, {AskDns(scenario.stage, lookup), {}, {}}, first, 1};
  }
  const Service& service = AnyService(random);
  const bool named = roll < 17 || random.Percent(96);
  Visit visit = VisitOf(population, random, service, named, roll < 80 ? kIpTcp : kIpUdp,
                        roll < 17 ? 80 : 443);
  visit.start_ns = start_ns;
  if (roll < 17) {
    constexpr size_t kAnnounced = size_t{1} << 32;
    return {Kind::kHttp, {OpenHttp(scenario.stage, visit, 1000, kAnnounced), {}, {}}};
  }
  if (roll < 80) {
    return {Kind::kTls, {OpenTls(scenario.stage, visit, AnyTls(random, 3000)), {}, {}}};
  }
  return {Kind::kQuic, OpenQuic(scenario.stage, visit, AnyQuic(random))};
}

// One frame of a flow that is open: mostly full segments from the server.
void SayMore(const Scenario& scenario, Established* flow, uint64_t now_ns) {
  constexpr size_t kTlsRecordHeader = 5;
  Random& random = scenario.stage.recorder->random();
  Conversation& talk = flow->session.talk;
  if (flow->kind == Kind::kDns) {
    const uint32_t services = static_cast<uint32_t>(Services().size());
    const Service& service = Services()[(flow->questions + flow->asked) % services];
    Truth& truth = scenario.stage.recorder->truth();
    if (flow->asked++ < services) {
      truth.CountName(NameKind::kDns, service.name);
    } else {
      truth.CountNameAgain(NameKind::kDns, service.name);
    }
    Population& population = *scenario.population;
    const Jurisdiction place = population.Choose(service.places, true);
    talk.Resume(Side::kClient, now_ns);
    AskAgain(scenario.stage, &talk, service.name,
             population.NamedServer(service.name, place, true, 0).address);
    return;
  }
  const uint32_t roll = random.Below(100);
  const Side side = roll < 70 ? Side::kServer : Side::kClient;
  talk.Resume(side, now_ns);
  if (roll >= 80 && flow->kind != Kind::kQuic) return talk.Acknowledge(Side::kClient);
  const bool quic = flow->kind == Kind::kQuic;
  const size_t most = quic ? 1350 : talk.path().v4 ? 1460 : 1440;
  const size_t size = roll < 53   ? most
                      : roll < 70 ? random.Between(200, 1200)
                      : roll < 80 ? random.Between(80, 400)
                                  : 42;
  switch (flow->kind) {
    case Kind::kTls:
      talk.Say(side, Record(kRecordApplicationData, random.Opaque(size - kTlsRecordHeader)));
      break;
    case Kind::kQuic:
      SayQuic(scenario.stage, &flow->session, side, size);
      break;
    default:
      // After its one request a client of HTTP only acknowledges.
      if (side == Side::kClient) return talk.Acknowledge(side);
      talk.Say(side, random.Opaque(size));
      break;
  }
}

}  // namespace

void MakeThroughput(const Scenario& scenario) {
  constexpr uint64_t kBetweenOpenings = 40'000;  // ns
  constexpr uint64_t kBetweenFrames = 6'500;     // about 1 Gbit/s at 800 bytes
  constexpr int kFramesAnOpening = 4;
  constexpr uint64_t kClosedPercent = 25;
  Recorder& recorder = *scenario.stage.recorder;
  Random& random = recorder.random();
  std::vector<Established> open;
  open.reserve(scenario.flows);
  uint64_t now_ns = scenario.start_ns;
  size_t ready = 0;  // flows before this one have finished their handshake

  const auto say_somewhere = [&] {
    while (ready < open.size() && open[ready].session.talk.clock_ns() < now_ns) ++ready;
    if (ready == 0) return;
    Established& flow = open[random.Below(static_cast<uint32_t>(ready))];
    if (flow.session.talk.clock_ns() < now_ns) SayMore(scenario, &flow, now_ns);
  };
  while (open.size() < scenario.flows) {
    recorder.FlushBefore(now_ns);
    open.push_back(OpenOne(scenario, now_ns));
    for (int i = 0; i < kFramesAnOpening; ++i) {
      now_ns += kBetweenOpenings / kFramesAnOpening;
      say_somewhere();
    }
  }
  while (recorder.truth().bytes() < scenario.bytes || ready < open.size()) {
    recorder.FlushBefore(now_ns);
    now_ns += kBetweenFrames;
    say_somewhere();
  }
  for (size_t i = 0; i < open.size() * kClosedPercent / 100; ++i) {
    Established& flow = open[i];
    if (flow.kind != Kind::kTls && flow.kind != Kind::kHttp) continue;
    recorder.FlushBefore(now_ns);
    flow.session.talk.Resume(Side::kClient, now_ns);
    flow.session.talk.Close(Side::kClient);
    now_ns += kBetweenFrames;
  }
}

// ---------------------------------------------------------------------------- flow-heavy

namespace {

void ShortTls(const Scenario& scenario, uint64_t start_ns) {
  Random& random = scenario.stage.recorder->random();
  Visit visit =
      VisitOf(*scenario.population, random, AnyService(random), random.Percent(92), kIpTcp, 443);
  visit.start_ns = start_ns;
  Conversation talk = OpenTls(scenario.stage, visit, AnyTls(random, 900));
  if (random.Percent(40)) talk.Reset(Side::kClient);
}

void ShortQuic(const Scenario& scenario, uint64_t start_ns) {
  Random& random = scenario.stage.recorder->random();
  Visit visit =
      VisitOf(*scenario.population, random, AnyService(random), random.Percent(95), kIpUdp, 443);
  visit.start_ns = start_ns;
  QuicSession session = OpenQuic(scenario.stage, visit, AnyQuic(random));
  SayQuic(scenario.stage, &session, Side::kServer, random.Between(60, 1200));
}

void ShortHttp(const Scenario& scenario, uint64_t start_ns) {
  Random& random = scenario.stage.recorder->random();
  Visit visit = VisitOf(*scenario.population, random, AnyService(random), true, kIpTcp, 80);
  visit.start_ns = start_ns;
  const size_t body = random.Between(100, 1200);
  OpenHttp(scenario.stage, visit, body, body).Close(Side::kServer);
}

void ShortOther(const Scenario& scenario, uint64_t start_ns, bool tcp) {
  constexpr uint16_t kUnregistered = 47000;
  Random& random = scenario.stage.recorder->random();
  Population& population = *scenario.population;
  bool v4 = random.Percent(75);
  const Peer client = population.Client(Site::kHome, &v4);
  const uint16_t port = static_cast<uint16_t>(kUnregistered + random.Below(500));
  const Peer server = population.OtherServer(population.Choose("", v4), v4, port);
  Visit visit;
  visit.path = population.Join(client, server, v4, tcp ? kIpTcp : kIpUdp);
  visit.start_ns = start_ns;
  visit.habits.acks = false;
  UnknownFlow(scenario.stage, visit);
}

}  // namespace

void MakeFlowHeavy(const Scenario& scenario) {
  constexpr uint64_t kBetweenOpenings = 60'000;  // ns: about 17,000 new flows a second
  Recorder& recorder = *scenario.stage.recorder;
  Random& random = recorder.random();
  uint64_t now_ns = scenario.start_ns;
  while (recorder.truth().flows() < scenario.flows) {
    recorder.FlushBefore(now_ns);
    const uint32_t roll = random.Below(100);
    if (roll < 21) {
      ShortTls(scenario, now_ns);
    } else if (roll < 34) {
      ShortQuic(scenario, now_ns);
    } else if (roll < 58) {
      Lookup lookup = LookupOf(*scenario.population, random, AnyService(random));
      lookup.start_ns = now_ns;
      if (random.Percent(60)) {
        const Jurisdiction place = Place("DE");
        lookup.v6 = {scenario.population->NamedServer(lookup.name, place, false, 0).address};
      }
      AskDns(scenario.stage, lookup);
    } else if (roll < 78) {
      ShortHttp(scenario, now_ns);
    } else {
      ShortOther(scenario, now_ns, roll < 84);
    }
    now_ns += kBetweenOpenings;
  }
}

}  // namespace borderflow::generator
