// `borderflow explain CAPTURE:FLOW`: the path of evidence of one flow, and where its ends are.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "dataplane/flow/round_trips.h"
#include "dataplane/geo/geography.h"
#include "dataplane/geo/lookup.h"
#include "rules/category/protocol.h"
#include "rules/category/rule_line.h"
#include "tools/command/explain.h"
#include "tools/command/explain_organisation.h"
#include "tools/command/geo_answer.h"
#include "tools/command/geo_text.h"

namespace borderflow {
namespace {

using Json = nlohmann::ordered_json;

std::string EndText(const IpAddress& address, uint16_t port, const FlowKey& key) {
  if (port == 0) return ToString(address);
  return key.family == 6 ? absl::StrCat("[", ToString(address), "]:", port)
                         : absl::StrCat(ToString(address), ":", port);
}

// What most of its frames were counted as: a flow that changes has several.
const Cell* MostOf(const Snapshot& counted) {
  const auto by_frames = [](const Cell& a, const Cell& b) {
    return a.counters.frames < b.counters.frames;
  };
  const auto cell = std::max_element(counted.cells.begin(), counted.cells.end(), by_frames);
  return cell == counted.cells.end() ? nullptr : &*cell;
}

std::string ClassText(const Classification& found) {
  return absl::StrFormat("%s by %s, %d percent, %s", std::string(Code(found.category)),
                         std::string(Name(found.evidence)), found.confidence,
                         std::string(Name(found.protection)));
}

// What each class of evidence says, strongest first.
class Evidences {
 public:
  Evidences(const FlowStory& story, const NameRules& rules, std::ostream& out)
      : story_(story), rules_(rules), out_(out) {}

  Json Tell() {
    TellProtocol();
    TellNames();
    TellAsked();
    TellPort();
    return std::move(json_);
  }

 private:
  void Say(const char* kind, const std::string& text) {
    out_ << absl::StrFormat("  %-10s %s\n", kind, text);
  }

  void TellProtocol() {
    for (const Sight& sight : story_.sights) {
      if (sight.protocol == Protocol::kNone) continue;
      const std::string name(Name(sight.protocol));
      Say("protocol", absl::StrFormat("%s, in frame %d of the %s", name, sight.frame, Side(sight)));
      json_.push_back({{"evidence", "protocol"},
                       {"protocol", name},
                       {"category", Code(DefaultCategory(sight.protocol))},
                       {"frame", sight.frame},
                       {"from", Side(sight)}});
      return;
    }
    Say("protocol", "none recognised");
  }

  void TellNames() {
    bool any = false;
    for (const Sight& sight : story_.sights) {
      if (sight.name.empty()) continue;
      any = true;
      const std::optional<NameMatch> match = rules_.Match(sight.name);
      Say("name", absl::StrFormat("%s, in frame %d of the %s: %s", ShownText(sight.name),
                                  sight.frame, Side(sight), MatchText(match)));
      json_.push_back({{"evidence", "name"},
                       {"name", sight.name},
                       {"frame", sight.frame},
                       {"from", Side(sight)},
                       {"rule", MatchJson(match)}});
    }
    if (!any) Say("name", "none carried");
  }

  void TellAsked() {
    if (!story_.asked.has_value()) {
      Say("DNS", "no answer seen that led here");
      return;
    }
    const AskedName& asked = *story_.asked;
    const std::optional<NameMatch> match = rules_.Match(asked.name);
    Say("DNS",
        absl::StrFormat("the client was given this address for %s (frame %d, %d s): %s",
                        ShownText(asked.name), asked.frame, asked.ttl_seconds, MatchText(match)));
    json_.push_back({{"evidence", "name"},
                     {"source", "dns"},
                     {"name", asked.name},
                     {"frame", asked.frame},
                     {"ttl_seconds", asked.ttl_seconds},
                     {"rule", MatchJson(match)}});
  }

  void TellPort() {
    const PortRule rule = FindPort(story_.key.protocol, story_.server_port());
    if (rule.category == Category::kUnk && rule.protocol == Protocol::kNone) {
      Say("port", absl::StrCat(story_.server_port(), " says nothing"));
      return;
    }
    Say("port", absl::StrFormat("%d suggests %s: %s, %d percent", story_.server_port(),
                                std::string(Name(rule.protocol)), std::string(Code(rule.category)),
                                rule.confidence));
    json_.push_back({{"evidence", "port"},
                     {"port", story_.server_port()},
                     {"protocol", Name(rule.protocol)},
                     {"category", Code(rule.category)},
                     {"confidence", rule.confidence}});
  }

  static std::string Side(const Sight& sight) {
    return sight.from_initiator ? "initiator" : "responder";
  }

  const FlowStory& story_;
  const NameRules& rules_;
  std::ostream& out_;
  Json json_ = Json::array();
};

// Of the end that answers, and which of the names was it that told so.
OrganisationAnswer OrganisationOf(const FlowStory& story, uint32_t asn, const Entities& entities) {
  const Cell* const most = MostOf(story.counted);
  const EntityId id = most == nullptr ? kNoEntity : most->key.classification.entity;
  const OrganisationAnswer by_address = OrganisationOfAddress(story.server(), asn, entities);
  if (id == kNoEntity) return by_address;
  std::vector<std::string_view> names;
  for (const Sight& sight : story.sights) names.push_back(sight.name);
  if (story.asked.has_value()) names.push_back(story.asked->name);
  for (const std::string_view name : names) {
    const OrganisationAnswer by_name = OrganisationOfName(name, entities);
    if (by_name.organisation != nullptr && by_name.organisation->id == id) return by_name;
  }
  return by_address;
}

Json CellJson(const Cell& cell) {
  const Classification& found = cell.key.classification;
  return {{"role", cell.key.role == Role::kInitiator ? "initiator" : "responder"},
          {"protocol", Name(found.protocol)},
          {"category", Code(found.category)},
          {"evidence", Name(found.evidence)},
          {"confidence", found.confidence},
          {"protection", Name(found.protection)},
          {"frames", cell.counters.frames},
          {"bytes", cell.counters.bytes},
          {"flows", cell.counters.flows}};
}

Json TellCells(const FlowStory& story, std::ostream& out) {
  Json json = Json::array();
  out << "counted, as a replay does:\n";
  for (const Cell& cell : story.counted.cells) {
    out << absl::StrFormat("  %-10s %s frames, %s bytes: %s\n",
                           cell.key.role == Role::kInitiator ? "initiator" : "responder",
                           Thousands(cell.counters.frames), Thousands(cell.counters.bytes),
                           ClassText(cell.key.classification));
    json.push_back(CellJson(cell));
  }
  return json;
}

// How far from the sensor the server can be, and how far its location is.
Json TellRoundTrip(const FlowStory& story, const Place& place, std::ostream& out) {
  if (!story.round_trip_ns.has_value()) {
    out << "round trip: not timed (no SYN with its answer, or a location that is no place)\n";
    return nullptr;
  }
  const RoundTripTotals& totals = story.counted.round_trips;
  const auto id = static_cast<size_t>(
      std::find_if(totals.timed.begin(), totals.timed.end(), [](uint64_t n) { return n > 0; }) -
      totals.timed.begin());
  const auto location = static_cast<Jurisdiction>(id);
  const double milliseconds = static_cast<double>(*story.round_trip_ns) / 1e6;
  const double reach = milliseconds * RoundTrips::kKilometresPerMillisecond;
  const double distance = NearestKilometres(place, location);
  const bool contradicted = totals.contradicted[id] > 0;
  out << absl::StrFormat(
      "round trip: answered after %.3f ms, so by something within %.0f km of the sensor in fibre; "
      "%s is %.0f km away at least: %s\n",
      milliseconds, reach, std::string(Code(location)), distance,
      contradicted ? "location_contradicted. The server is elsewhere, or something nearer answered "
                     "for it (a proxy, a satellite gateway), or the clock stamps the directions "
                     "apart"
                   : "no contradiction, which proves nothing: any delay on the way looks like "
                     "distance");
  return {{"milliseconds", milliseconds},
          {"within_km", reach},
          {"location", Code(location)},
          {"location_km", distance},
          {"location_contradicted", contradicted}};
}

}  // namespace

absl::StatusOr<Json> ExplainFlow(const std::string& capture, const FlowChoice& choice,
                                 const AccountPlan& plan, std::ostream& out) {
  const absl::StatusOr<Geography> geography = Geography::Load(plan.geography);
  if (!geography.ok()) return geography.status();
  const absl::StatusOr<AddressExplainer> explainer = AddressExplainer::Open(plan.geography);
  if (!explainer.ok()) return explainer.status();
  absl::StatusOr<std::unique_ptr<FrameSource>> source = OpenCapture(capture);
  if (!source.ok()) return source.status();
  const absl::StatusOr<FlowStory> story =
      TellFlow(source->get(), choice, geography->map(), *plan.rules, plan.front, plan.worker.place,
               plan.lists.shared_entities());
  if (!story.ok()) {
    return absl::Status(story.status().code(),
                        absl::StrCat(capture, ": ", std::string(story.status().message())));
  }
  const std::string client = EndText(story->client(), story->client_port(), story->key);
  const std::string server = EndText(story->server(), story->server_port(), story->key);
  out << absl::StrFormat("%s: %s > %s, %s, frames %d to %d\n", capture, client, server,
                         std::string(Name(TransportProtocol(story->key.protocol))),
                         story->first_frame, story->last_frame);
  out << "evidence, strongest first:\n";
  Json json = {{"kind", "flow"},
               {"capture", capture},
               {"number", story->number == 0 ? Json(nullptr) : Json(story->number)},
               {"initiator", client},
               {"responder", server},
               {"transport", Name(TransportProtocol(story->key.protocol))},
               {"first_frame", story->first_frame},
               {"last_frame", story->last_frame}};
  json["evidence"] = Evidences(*story, *plan.rules, out).Tell();
  if (const Cell* most = MostOf(story->counted)) {
    out << "decided: " << ClassText(most->key.classification) << "\n";
    json["decided"] = CellJson(*most);
    for (const char* count : {"role", "frames", "bytes", "flows"}) json["decided"].erase(count);
  }
  const OrganisationAnswer organisation =
      OrganisationOf(*story, geography->map().Find(story->server()).asn, plan.lists.entities());
  PrintOrganisation(organisation, plan.lists.entities(),
                    "neither the flow's name nor the address or AS of who answers is", out);
  json["organisation"] = OrganisationJson(organisation, plan.lists.entities());
  json["cells"] = TellCells(*story, out);
  if (plan.worker.place.has_value()) {
    json["round_trip"] = TellRoundTrip(*story, *plan.worker.place, out);
  }
  json["ends"] = Json::array();
  for (const IpAddress& address : {story->client(), story->server()}) {
    absl::StatusOr<std::vector<SourceAnswer>> answers = explainer->Explain(address);
    if (!answers.ok()) return answers.status();
    const AddressAnswer answer =
        Summarise(address, geography->map().Find(address), *std::move(answers));
    PrintAnswer(answer, out);
    json["ends"].push_back(AnswerJson(answer, geography->files()));
  }
  PrintLenses(*geography, out);
  json["damaged"] = Json::array();
  for (const Damage& damage : (*source)->damaged()) {
    out << absl::StrFormat("%s is damaged at byte %d: %s; what comes after was not seen\n",
                           damage.file, damage.offset, damage.reason);
    json["damaged"].push_back({{"offset", damage.offset}, {"reason", damage.reason}});
  }
  return json;
}

}  // namespace borderflow
