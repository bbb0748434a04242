// Demo's artefacts: what a mirror port sees beside plain conversations.
#include <iterator>

#include "tools/generator/bytes.h"
#include "tools/generator/demo.h"
#include "tools/generator/expectation.h"
#include "tools/generator/services.h"

namespace borderflow::generator {

// A scanner's SYN to a port that is closed: only the port can say what it was for.
void Demo::Refused(uint64_t now) {
  constexpr uint16_t kPorts[] = {22, 23, 3389, 445, 5900};
  Caller caller;
  caller.client = population_.Client(Site::kAbroad, &caller.v4);
  const uint16_t port = kPorts[random_.Below(std::size(kPorts))];
  const Peer server = population_.OtherServer(Place("DE"), caller.v4, port);
  const Visit visit = VisitTo(caller, server, kIpTcp, now);
  Conversation talk(&recorder_, visit.path,
                    {.initiator = caller.client.jurisdiction,
                     .responder = server.jurisdiction,
                     .expects = ExpectPort(kIpTcp, port),
                     .application = "refused"},
                    now);
  talk.Knock();
}

void Demo::Artefact(uint64_t now) {
  const uint32_t turn = artefacts_++ % 12;
  const Caller caller = AnyCaller();
  const Service& service = ByWeight(Services(), static_cast<uint32_t>(random_.Next() >> 33));
  const Jurisdiction place = population_.Choose(service.places, caller.v4);
  const Peer server = population_.NamedServer(service.name, place, caller.v4, 443);
  Visit visit = VisitTo(caller, server, kIpTcp, now);
  visit.name = service.name;
  switch (turn) {
    case 0:
    case 1: {  // only one direction was mirrored
      visit.habits.seen = {turn == 0, turn == 1};
      if (turn == 0) {
        Conversation talk = OpenTls(scenario_.stage, visit, {.flight = 1800});
        return TalkTls(&talk);
      }
      const Application& mail = OfficeApplications()[1];
      visit.path.server = population_.OtherServer(place, caller.v4, mail.port);
      Exchange(scenario_.stage, mail, visit);
      return;
    }
    case 2: {  // a broker cut the frames after the handshake
      Conversation talk = OpenTls(scenario_.stage, visit, {.flight = 1800});
      talk.habits().snap = 128;
      return TalkTls(&talk);
    }
    case 3: {  // a SPAN session that copies on ingress and egress
      visit.habits.duplicate_percent = 100;
      Conversation talk = OpenTls(scenario_.stage, visit, {.flight = 1800});
      return TalkTls(&talk);
    }
    case 4: {  // a bad line
      visit.habits.retransmit_percent = 25;
      Conversation talk = OpenTls(scenario_.stage, visit, {.post_quantum = true, .flight = 1800});
      return TalkTls(&talk);
    }
    case 5:
      return BigDatagrams(now, true);
    case 6:
      return BigDatagrams(now, false);
    case 7:
      return Tunnelled(now, Tunnel::Kind::kVxlan);
    case 8:
      return Tunnelled(now, Tunnel::Kind::kGre);
    case 9:
      return Tunnelled(now, Tunnel::Kind::kGtpU);
    case 10:
      return Multicast(now);
    default: {  // nothing that anybody could know
      const bool tcp = random_.Percent(50);
      visit.path.transport = tcp ? kIpTcp : kIpUdp;
      visit.path.server = population_.OtherServer(place, caller.v4, 47123);
      UnknownFlow(scenario_.stage, visit);
      return;
    }
  }
}

// Datagrams above the MTU, in fragments that arrive in order.
void Demo::BigDatagrams(uint64_t now, bool v4) {
  Caller caller;
  caller.v4 = v4;
  caller.client = population_.Client(Site::kHome, &caller.v4);
  const Peer server =
      population_.OtherServer(population_.Choose("FR CH", caller.v4), caller.v4, 47200);
  const Application big{
      .name = "unknown-udp",
      .transport = kIpUdp,
      .port = server.port,
      .places = {},
      .script =
          [](Random& random) {
            Script script;
            for (int i = 0; i < 4; ++i) {
              const size_t size = random.Between(1600, 5000);
              script.push_back({i % 2 == 0 ? Side::kClient : Side::kServer,
                                ByteWriter().U16(0x02ee).Raw(random.Opaque(size)).Take()});
            }
            return script;
          },
      .tls_inside = false};
  Exchange(scenario_.stage, big, VisitTo(caller, server, kIpUdp, now));
}

// Traffic between two sites, or of a mobile user, inside an outer IPv4 packet.
void Demo::Tunnelled(uint64_t now, Tunnel::Kind kind) {
  constexpr uint16_t kTunnelMss = 1340;
  bool v4 = true;
  Caller caller;
  caller.v4 = random_.Percent(70);
  caller.client = population_.Client(Site::kBranch, &caller.v4);
  const Service& service = ByWeight(Services(), static_cast<uint32_t>(random_.Next() >> 33));
  const Jurisdiction place = population_.Choose(service.places, caller.v4);
  const Peer server = population_.NamedServer(service.name, place, caller.v4, 443);
  Visit visit = VisitTo(caller, server, kIpTcp, now);
  visit.name = service.name;
  visit.path.mss = kTunnelMss;
  visit.path.tunnel = {.kind = kind,
                       .near = population_.Client(Site::kBranch, &v4).address,
                       .far = population_.Client(Site::kHome, &v4).address,
                       .id = 4000 + random_.Below(64)};
  Conversation talk =
      OpenTls(scenario_.stage, visit, {.post_quantum = random_.Percent(50), .flight = 1800});
  TalkTls(&talk);
}

// mDNS: a private host asks the neighbourhood.
void Demo::Multicast(uint64_t now) {
  constexpr uint16_t kMdnsPort = 5353;
  Caller caller;
  caller.client = population_.Client(Site::kPrivate, &caller.v4);
  caller.client.port = kMdnsPort;
  const Peer group{IpAddress::FromV4(0xe00000fb), Jurisdiction::kMulticast, kMdnsPort};
  if (!multicasters_.insert(caller.client.address.v4()).second) return;
  const std::string_view name = "_ipp._tcp.local";
  Path path = population_.Join(caller.client, group, true, kIpUdp);
  path.vlans = {20, 0};
  Conversation talk(&recorder_, path,
                    {.initiator = Jurisdiction::kPrivate,
                     .responder = Jurisdiction::kMulticast,
                     .expects = ExpectProtocol(Protocol::kMdns, name, *scenario_.stage.rules),
                     .application = "mdns"},
                    now);
  recorder_.truth().CountName(NameKind::kDns, name);
  talk.Say(Side::kClient, MdnsQuery(name, DnsType::kPtr));
}

}  // namespace borderflow::generator
