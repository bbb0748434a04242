// The profile that shows what borderflow is for.
#include <algorithm>

#include "tools/generator/demo.h"
#include "tools/generator/expectation.h"
#include "tools/generator/profiles.h"
#include "tools/generator/services.h"
#include "tools/generator/stray_frames.h"

namespace borderflow::generator {
namespace {

constexpr uint64_t kMillisecond = 1'000'000;
constexpr uint64_t kDemoNs = 300'000 * kMillisecond;  // five minutes

}  // namespace

void Demo::Run() {
  const uint64_t step = std::max<uint64_t>(kDemoNs / scenario_.flows, 10'000);
  uint64_t now = scenario_.start_ns;
  uint64_t chatter = now;
  while (recorder_.truth().flows() < scenario_.flows) {
    recorder_.FlushBefore(now);
    if (now >= chatter) {
      AddNeighbourChatter(&recorder_, now);
      chatter += 4000 * kMillisecond;
    }
    const uint64_t before = recorder_.truth().flows();
    Act(now);
    // As much time as the flows were worth, give or take half.
    const uint64_t opened = std::max<uint64_t>(recorder_.truth().flows() - before, 1);
    now += opened * (step / 2 + random_.Below(static_cast<uint32_t>(step)));
  }
  AddBrokenFrames(&recorder_, now);
}

void Demo::Act(uint64_t now) {
  const uint32_t roll = random_.Below(100);
  if (roll < 54) return Browse(now);
  if (roll < 60) return Unnamed(now);
  if (roll < 65) return LookUpOnly(now);
  if (roll < 85) return Apply(now);
  if (roll < 91) return CallIn(now);
  Artefact(now);
}

Demo::Caller Demo::AnyCaller() {
  Caller caller;
  const uint32_t roll = random_.Below(100);
  caller.v4 = random_.Percent(65);
  const Site site = roll < 50 ? Site::kHome : roll < 75 ? Site::kPrivate : Site::kBranch;
  caller.client = population_.Client(site, &caller.v4);
  if (site == Site::kPrivate) caller.vlans = {20, 0};
  if (site == Site::kBranch) caller.vlans = {300, 21};
  return caller;
}

Visit Demo::VisitTo(const Caller& caller, const Peer& server, uint8_t transport, uint64_t start) {
  Visit visit;
  visit.path = population_.Join(caller.client, server, caller.v4, transport);
  visit.path.vlans = caller.vlans;
  visit.start_ns = start;
  visit.habits.retransmit_percent = random_.Percent(4) ? 10 : 0;
  return visit;
}

size_t Demo::AnswerSize() {
  const uint32_t roll = random_.Below(100);
  if (roll < 80) return random_.Between(200, 1200);
  if (roll < 97) return random_.Between(1200, 4000);
  return random_.Between(4000, 24000);
}

uint64_t Demo::LookUp(const Caller& caller, std::string_view name, const Peer& server, uint64_t now,
                      bool tcp) {
  const bool local = random_.Percent(50);
  const Peer resolver = local ? population_.LocalResolver(caller.v4)
                              : population_.Resolver(caller.v4, random_.Below(3));
  Lookup lookup;
  // Resolver addresses exist in both families wherever clients do.
  const bool v4 = resolver.address.IsV4Mapped();
  Caller asking = caller;
  asking.client = population_.Again(caller.client);
  asking.v4 = v4;
  lookup.path = population_.Join(asking.client, resolver, v4, tcp ? kIpTcp : kIpUdp);
  lookup.path.vlans = caller.vlans;
  lookup.name = name;
  if (random_.Percent(30)) lookup.canonical = "edge-17.delivery.example.net";
  if (server.address.IsV4Mapped()) {
    lookup.v4 = {server.address};
  } else {
    lookup.v6 = {server.address};
  }
  lookup.start_ns = now;
  return AskDns(scenario_.stage, lookup).clock_ns() + 2 * kMillisecond;
}

void Demo::TalkTls(Conversation* talk) {
  for (uint32_t i = random_.Between(1, 2); i > 0; --i) {
    talk->Say(Side::kClient, OpaqueRecords(random_.Between(150, 900), random_));
    talk->Say(Side::kServer, OpaqueRecords(AnswerSize(), random_));
    talk->Wait(random_.Between(1, 400) * kMillisecond);
  }
  if (random_.Percent(80)) {
    talk->Close(random_.Percent(70) ? Side::kClient : Side::kServer);
  } else if (random_.Percent(50)) {
    talk->Reset(Side::kClient);
  }
}

void Demo::TalkQuic(QuicSession* session) {
  for (uint32_t i = random_.Between(1, 2); i > 0; --i) {
    SayQuic(scenario_.stage, session, Side::kClient, random_.Between(60, 300));
    for (size_t left = AnswerSize(); left > 0; left -= std::min<size_t>(left, 1200)) {
      SayQuic(scenario_.stage, session, Side::kServer,
              std::max<size_t>(std::min<size_t>(left, 1200), 40));
    }
    session->talk.Wait(random_.Between(1, 300) * kMillisecond);
    SayQuic(scenario_.stage, session, Side::kClient, 42);
  }
}

void Demo::Browse(uint64_t now) {
  const Caller caller = AnyCaller();
  const uint32_t ticket = static_cast<uint32_t>(random_.Next() >> 33);
  const Service& service =
      random_.Percent(92) ? ByWeight(Services(), ticket) : ByWeight(UnknownServices(), ticket);
  const Jurisdiction place = population_.Choose(service.places, caller.v4);
  const uint32_t kind = random_.Below(100);
  const bool http = kind >= 90;
  const bool quic = kind >= 63 && !http;
  const Peer server = population_.NamedServer(service.name, place, caller.v4, http ? 80 : 443);
  if (random_.Percent(60)) now = LookUp(caller, service.name, server, now);

  Visit visit = VisitTo(caller, server, quic ? kIpUdp : kIpTcp, now);
  visit.name = service.name;
  if (http) {
    const size_t body = AnswerSize();
    Conversation talk = OpenHttp(scenario_.stage, visit, body, body);
    talk.Close(Side::kServer);
    return;
  }
  const ClientKind client = random_.Percent(70)   ? ClientKind::kBrowser
                            : random_.Percent(80) ? ClientKind::kLibrary
                                                  : ClientKind::kOld;
  if (quic) {
    QuicSession session =
        OpenQuic(scenario_.stage, visit,
                 {.version = random_.Percent(90) ? 1u : 2u,
                  .kind = client == ClientKind::kOld ? ClientKind::kLibrary : client,
                  .post_quantum = random_.Percent(60),
                  .ech = client == ClientKind::kBrowser && random_.Percent(60),
                  .reversed = random_.Percent(10),
                  .scattered = random_.Percent(25),
                  .flight = true});
    return TalkQuic(&session);
  }
  const bool post_quantum = client != ClientKind::kOld && random_.Percent(60);
  Conversation talk =
      OpenTls(scenario_.stage, visit,
              {.kind = client,
               .post_quantum = post_quantum,
               .ech = client == ClientKind::kBrowser && random_.Percent(50),
               .reversed = post_quantum && random_.Percent(15),
               .record_limit = random_.Percent(4) ? random_.Between(60, 400) : size_t{0},
               .flight = random_.Between(900, 2600)});
  TalkTls(&talk);
}

// TLS and QUIC without server_name: known by the client's look-up, or not at all.
void Demo::Unnamed(uint64_t now) {
  const Caller caller = AnyCaller();
  const Service& service = ByWeight(Services(), static_cast<uint32_t>(random_.Next() >> 33));
  const Jurisdiction place = population_.Choose(service.places, caller.v4);
  const Peer server = population_.NamelessServer(place, caller.v4, 443);
  const bool asked = random_.Percent(60);
  if (asked) now = LookUp(caller, service.name, server, now);
  const bool quic = random_.Percent(30);
  Visit visit = VisitTo(caller, server, quic ? kIpUdp : kIpTcp, now);
  if (asked) visit.asked = service.name;
  if (quic) {
    QuicStyle style;
    style.kind = ClientKind::kLibrary;
    QuicSession session = OpenQuic(scenario_.stage, visit, style);
    return TalkQuic(&session);
  }
  TlsStyle style;
  style.flight = 1800;
  style.kind = ClientKind::kLibrary;
  Conversation talk = OpenTls(scenario_.stage, visit, style);
  TalkTls(&talk);
}

void Demo::LookUpOnly(uint64_t now) {
  const Caller caller = AnyCaller();
  const Service& service = ByWeight(Services(), static_cast<uint32_t>(random_.Next() >> 33));
  const Jurisdiction place = population_.Choose(service.places, caller.v4);
  LookUp(caller, service.name, population_.NamedServer(service.name, place, caller.v4, 443), now,
         random_.Percent(15));
}

// The other applications, each in its turn, so that none is missing.
void Demo::Apply(uint64_t now) {
  const Application& application = ApplicationInTurn(applications_++);
  Caller caller = AnyCaller();
  const bool v6 = application.transport == kIpIcmp6;
  const bool v4 = application.transport == kIpIcmp || application.transport == kIpEsp;
  if (v6) {
    caller.v4 = false;
    caller.client = population_.Client(Site::kHome, &caller.v4);
    if (caller.v4) return;  // no IPv6 block was left to the home site
  } else if (v4 && !caller.v4) {
    caller.v4 = true;
    caller.client = population_.Client(Site::kHome, &caller.v4);
  }
  const Jurisdiction place = population_.Choose(application.places, caller.v4);
  const Peer server = population_.OtherServer(place, caller.v4, application.port);
  Visit visit = VisitTo(caller, server, application.transport, now);
  if (application.port == 0) visit.path.client.port = 0;
  Exchange(scenario_.stage, application, visit);
}

// Strangers who call the site's own servers.
void Demo::CallIn(uint64_t now) {
  Caller caller;
  caller.v4 = random_.Percent(70);
  caller.client = population_.Client(Site::kAbroad, &caller.v4);
  if (random_.Percent(30)) return Refused(now);
  const Service home{"portal.example.com", "DE", 1};
  const Peer server = population_.NamedServer(home.name, Place("DE"), caller.v4, 443);
  Visit visit = VisitTo(caller, server, kIpTcp, now);
  visit.name = home.name;
  TlsStyle style;
  style.flight = 1800;
  style.post_quantum = random_.Percent(50);
  Conversation talk = OpenTls(scenario_.stage, visit, style);
  TalkTls(&talk);
}

void MakeDemo(const Scenario& scenario) { Demo(scenario).Run(); }

}  // namespace borderflow::generator
