#include "tools/generator/sessions.h"

#include <algorithm>
#include <utility>

#include "tools/generator/expectation.h"
#include "tools/generator/http.h"
#include "tools/generator/quic_initial.h"

namespace borderflow::generator {
namespace {

FlowDescription Describe(const Path& path, const Expectation& expects,
                         std::string_view application) {
  return {.initiator = path.client.jurisdiction,
          .responder = path.server.jurisdiction,
          .expects = expects,
          .application = application};
}

FlowDescription DescribeNamed(const Stage& stage, const Visit& visit, Protocol protocol) {
  const std::string_view name = visit.name.empty() ? visit.asked : visit.name;
  return Describe(visit.path, ExpectProtocol(protocol, name, *stage.rules), Name(protocol));
}

void CountName(const Stage& stage, const Visit& visit, NameKind kind) {
  if (!visit.name.empty()) {
    if (visit.habits.seen[0]) stage.recorder->truth().CountName(kind, visit.name);
  } else if (!visit.asked.empty()) {
    stage.recorder->truth().CountName(NameKind::kByDns, visit.asked);
  }
}

// The pieces of a QUIC hello, each a CRYPTO frame, gathered into datagrams of at most `room` bytes.
std::vector<std::string> GatherCrypto(std::string_view hello, const QuicStyle& style, size_t room,
                                      Random& random) {
  constexpr size_t kFrameHeader = 6;
  std::vector<std::pair<size_t, size_t>> pieces;  // offset, size
  for (size_t offset = 0; offset < hello.size();) {
    size_t size = style.scattered ? random.Between(40, 400) : room - kFrameHeader;
    size = std::min(size, hello.size() - offset);
    pieces.emplace_back(offset, size);
    offset += size;
  }
  if (style.scattered) {
    for (size_t i = pieces.size() - 1; i > 0; --i) {
      std::swap(pieces[i], pieces[random.Below(static_cast<uint32_t>(i + 1))]);
    }
  }
  std::vector<std::string> datagrams(1);
  for (const auto& [offset, size] : pieces) {
    std::string frame = CryptoFrame(offset, hello.substr(offset, size));
    if (style.scattered && random.Percent(40)) frame += PingFrame();
    if (style.scattered && random.Percent(30)) frame += std::string(random.Below(20), '\0');
    if (datagrams.back().size() + frame.size() > room && !datagrams.back().empty()) {
      datagrams.emplace_back();
    }
    datagrams.back() += frame;
  }
  return datagrams;
}

}  // namespace

Conversation OpenTls(const Stage& stage, const Visit& visit, const TlsStyle& style) {
  Random& random = stage.recorder->random();
  Conversation talk(stage.recorder, visit.path, DescribeNamed(stage, visit, Protocol::kTls),
                    visit.start_ns);
  talk.habits() = visit.habits;
  CountName(stage, visit, NameKind::kTls);

  HelloOptions options{.name = visit.name,
                       .kind = style.kind,
                       .post_quantum = style.post_quantum,
                       .ech = style.ech,
                       .alpn = {},
                       .quic = false,
                       .quic_source_id = {}};
  if (style.kind == ClientKind::kBrowser) options.alpn = {"h2", "http/1.1"};
  const std::string hello = ClientHello(options, random);
  const std::string records = style.record_limit == 0 ? Record(kRecordHandshake, hello, 0x0301)
                                                      : Records(hello, style.record_limit);
  talk.Connect();
  talk.Wait(100'000);
  if (style.reversed) {
    talk.SayReversed(Side::kClient, records);
  } else {
    talk.Say(Side::kClient, records);
  }
  // The session id stands behind type, length, version and random, with its own length.
  constexpr size_t kSessionAt = 4 + 2 + 32;
  const size_t session = static_cast<uint8_t>(hello[kSessionAt]);
  const bool tls13 = style.kind != ClientKind::kOld;
  talk.Say(Side::kServer,
           ServerFlight({.tls13 = tls13,
                         .post_quantum = style.post_quantum && tls13,
                         .session_id = std::string_view(hello).substr(kSessionAt + 1, session)},
                        style.flight, random));
  std::string finished = Record(kRecordChangeCipherSpec, std::string_view("\x01", 1));
  finished += tls13 ? OpaqueRecords(58, random) : Record(kRecordHandshake, random.Opaque(40));
  talk.Say(Side::kClient, finished);
  return talk;
}

QuicSession OpenQuic(const Stage& stage, const Visit& visit, const QuicStyle& style) {
  Random& random = stage.recorder->random();
  const uint32_t version = style.version == 2 ? kQuicVersion2 : kQuicVersion1;
  QuicSession session{
      .talk = Conversation(stage.recorder, visit.path, DescribeNamed(stage, visit, Protocol::kQuic),
                           visit.start_ns),
      .client_id = style.kind == ClientKind::kBrowser ? "" : random.Bytes(8),
      .server_id = random.Bytes(8)};
  session.talk.habits() = visit.habits;
  CountName(stage, visit, NameKind::kQuic);

  const std::string first_id = random.Bytes(random.Percent(80) ? 8 : random.Between(9, 20));
  const QuicKeys client_keys = QuicKeys::Initial(version, Side::kClient, first_id);
  const std::string hello = ClientHello({.name = visit.name,
                                         .kind = style.kind,
                                         .post_quantum = style.post_quantum,
                                         .ech = style.ech,
                                         .alpn = {"h3"},
                                         .quic = true,
                                         .quic_source_id = session.client_id},
                                        random);
  // What a datagram holds besides frames: header, connection ids and tag.
  constexpr size_t kAround = 80;
  constexpr size_t kDatagram = 1250;
  const std::vector<std::string> frames = GatherCrypto(hello, style, kDatagram - kAround, random);
  std::vector<std::string> datagrams;
  for (uint32_t i = 0; i < frames.size(); ++i) {
    datagrams.push_back(ProtectInitial(client_keys, {.version = version,
                                                     .destination_id = first_id,
                                                     .source_id = session.client_id,
                                                     .token = {},
                                                     .packet_number = i,
                                                     .frames = frames[i],
                                                     .packet_size = kDatagram}));
  }
  if (style.reversed) std::reverse(datagrams.begin(), datagrams.end());
  for (const std::string& datagram : datagrams) session.talk.Say(Side::kClient, datagram);
  if (!style.flight) return session;

  const std::string server_hello =
      ServerHello({.tls13 = true, .post_quantum = style.post_quantum, .session_id = {}}, random);
  const QuicKeys server_keys = QuicKeys::Initial(version, Side::kServer, first_id);
  const uint32_t last = static_cast<uint32_t>(frames.size() - 1);
  std::string flight =
      ProtectInitial(server_keys, {.version = version,
                                   .destination_id = session.client_id,
                                   .source_id = session.server_id,
                                   .token = {},
                                   .packet_number = 0,
                                   .frames = AckFrame(last) + CryptoFrame(0, server_hello),
                                   .packet_size = style.post_quantum ? kQuicDatagram : 0});
  if (flight.size() + 80 < kQuicDatagram) {
    flight += OpaqueHandshake(version, session.client_id, session.server_id,
                              kQuicDatagram - flight.size(), random);
  }
  session.talk.Say(Side::kServer, flight);
  session.talk.Say(Side::kServer, OpaqueHandshake(version, session.client_id, session.server_id,
                                                  kQuicDatagram, random));
  std::string answer = ProtectInitial(client_keys, {.version = version,
                                                    .destination_id = session.server_id,
                                                    .source_id = session.client_id,
                                                    .token = {},
                                                    .packet_number = last + 1,
                                                    .frames = AckFrame(0),
                                                    .packet_size = kQuicDatagram - 90});
  answer += OpaqueHandshake(version, session.server_id, session.client_id, 90, random);
  session.talk.Say(Side::kClient, answer);
  return session;
}

void SayQuic(const Stage& stage, QuicSession* session, Side side, size_t size) {
  const std::string& id = side == Side::kClient ? session->server_id : session->client_id;
  session->talk.Say(side, OpaqueShort(id, size, stage.recorder->random()));
}

Conversation OpenHttp(const Stage& stage, const Visit& visit, size_t body, size_t announced) {
  Random& random = stage.recorder->random();
  Conversation talk(stage.recorder, visit.path, DescribeNamed(stage, visit, Protocol::kHttp),
                    visit.start_ns);
  talk.habits() = visit.habits;
  CountName(stage, visit, NameKind::kHttp);
  talk.Connect();
  talk.Wait(100'000);
  talk.Say(Side::kClient, HttpRequest(visit.name, random));
  talk.Say(Side::kServer, HttpResponseHead(announced) + std::string(random.Opaque(body)));
  return talk;
}

Conversation AskDns(const Stage& stage, const Lookup& lookup) {
  Random& random = stage.recorder->random();
  const Expectation expects = ExpectProtocol(Protocol::kDns, lookup.name, *stage.rules);
  Conversation talk(stage.recorder, lookup.path, Describe(lookup.path, expects, "dns"),
                    lookup.start_ns);
  talk.habits() = lookup.habits;
  stage.recorder->truth().CountName(NameKind::kDns, lookup.name, lookup.v6.empty() ? 1 : 2);
  const bool tcp = lookup.path.transport == kIpTcp;
  if (tcp) talk.Connect();
  const auto ask = [&](DnsType type, const std::vector<IpAddress>& addresses) {
    const uint16_t id = static_cast<uint16_t>(random.Below(65536));
    const std::string question = DnsQuery(id, lookup.name, type);
    const std::string answer = DnsResponse({.id = id,
                                            .name = lookup.name,
                                            .type = type,
                                            .canonical = lookup.canonical,
                                            .addresses = addresses,
                                            .ttl_seconds = 300});
    talk.Say(Side::kClient, tcp ? OverTcp(question) : question);
    talk.Say(Side::kServer, tcp ? OverTcp(answer) : answer);
  };
  ask(DnsType::kA, lookup.v4);
  if (!lookup.v6.empty()) ask(DnsType::kAaaa, lookup.v6);
  if (tcp) talk.Close(Side::kClient);
  return talk;
}

void AskAgain(const Stage& stage, Conversation* talk, std::string_view name,
              const IpAddress& address) {
  const uint16_t id = static_cast<uint16_t>(stage.recorder->random().Below(65536));
  talk->Say(Side::kClient, DnsQuery(id, name, DnsType::kA));
  talk->Say(Side::kServer, DnsResponse({.id = id,
                                        .name = name,
                                        .type = DnsType::kA,
                                        .canonical = {},
                                        .addresses = {address},
                                        .ttl_seconds = 300}));
}

Conversation Exchange(const Stage& stage, const Application& application, const Visit& visit) {
  const Protocol structure = StructureOf(application.name);
  const Expectation expects = structure != Protocol::kNone
                                  ? ExpectProtocol(structure, {}, *stage.rules)
                                  : ExpectPort(application.transport, application.port);
  Conversation talk(stage.recorder, visit.path, Describe(visit.path, expects, application.name),
                    visit.start_ns);
  talk.habits() = visit.habits;
  const bool tcp = application.transport == kIpTcp;
  if (tcp) talk.Connect();
  constexpr char kTlsHandshake = 0x16;
  for (const Message& message : application.script(stage.recorder->random())) {
    if (application.tls_inside && message.bytes.starts_with(kTlsHandshake)) {
      Expectation encrypted = expects;
      encrypted.protection = Protection::kEncrypted;
      talk.Become(encrypted);
    }
    talk.Say(message.side, message.bytes);
  }
  if (tcp) talk.Close(Side::kClient);
  return talk;
}

Conversation UnknownFlow(const Stage& stage, const Visit& visit) {
  const bool tcp = visit.path.transport == kIpTcp;
  const Application unknown{.name = tcp ? "unknown-tcp" : "unknown-udp",
                            .transport = visit.path.transport,
                            .port = visit.path.server.port,
                            .places = {},
                            .script = UnknownExchange,
                            .tls_inside = false};
  return Exchange(stage, unknown, visit);
}

}  // namespace borderflow::generator
