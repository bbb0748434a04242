#include "collectors/store/statement.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "rules/jurisdiction/groups.h"

namespace borderflow {
namespace {

using Json = nlohmann::ordered_json;

Json GeoJson(const GeoStatement& geo) {
  return {{"path", geo.path},     {"type", geo.type},
          {"basis", geo.basis},   {"build_time", geo.build_time},
          {"sha256", geo.sha256}, {"description", geo.description},
          {"ranges", geo.ranges}, {"odd_codes", geo.odd_codes}};
}

// Reads members, and remembers whether any was missing or of another type.
class Reader {
 public:
  explicit Reader(const Json& json) : json_(json), sound_(json.is_object()) {}

  template <typename T>
  void Get(const char* name, T* value) {
    if (!sound_) return;
    const auto at = json_.find(name);
    if (at == json_.end()) {
      sound_ = false;
      return;
    }
    try {
      *value = at->template get<T>();
    } catch (const Json::exception&) {
      sound_ = false;
    }
  }
  const Json& List(const char* name) {
    static const Json* const kEmpty = new Json(Json::array());
    const auto at = sound_ ? json_.find(name) : json_.end();
    if (sound_ && at != json_.end() && at->is_array()) return *at;
    sound_ = false;
    return *kEmpty;
  }
  bool sound() const { return sound_; }

 private:
  const Json& json_;
  bool sound_;
};

bool ReadGeo(const Json& json, GeoStatement* geo) {
  Reader reader(json);
  reader.Get("path", &geo->path);
  reader.Get("type", &geo->type);
  reader.Get("basis", &geo->basis);
  reader.Get("build_time", &geo->build_time);
  reader.Get("sha256", &geo->sha256);
  reader.Get("description", &geo->description);
  reader.Get("ranges", &geo->ranges);
  reader.Get("odd_codes", &geo->odd_codes);
  return reader.sound();
}

bool ReadParameters(const Json& json, Parameters* parameters) {
  Reader reader(json);
  std::string home;
  reader.Get("home", &home);
  parameters->home = FromCode(home);
  reader.Get("zones", &parameters->zones);
  reader.Get("overrides", &parameters->overrides);
  reader.Get("tunnel", &parameters->tunnel);
  reader.Get("anycast", &parameters->anycast);
  reader.Get("dedup", &parameters->dedup);
  if (json.is_object() && json.contains("content")) {  // only where it was not looked at
    reader.Get("content", &parameters->content);
  }
  reader.Get("vantage", &parameters->vantage);
  reader.Get("purpose", &parameters->purpose);
  reader.Get("place", &parameters->place);
  reader.Get("rules", &parameters->rules);
  reader.Get("window_seconds", &parameters->window_seconds);
  for (const Json& one : reader.List("sites")) {
    Reader site(one);
    std::string prefix, location;
    site.Get("prefix", &prefix);
    site.Get("location", &location);
    if (!site.sound()) return false;
    parameters->sites.emplace_back(prefix, FromCode(location).value_or(Jurisdiction::kUnknown));
  }
  return reader.sound();
}

// What an older version does not write either is left out, so that its windows stay the same run.
Json WithContent(Json parameters, bool content) {
  if (!content) parameters["content"] = false;
  return parameters;
}

std::string GeoDigests(const Report& report) {
  std::vector<std::string> digests;
  for (const GeoStatement& geo : report.geo) digests.push_back(geo.sha256.substr(0, 12));
  return digests.empty() ? "none" : absl::StrJoin(digests, " ");
}

}  // namespace

std::string ToStatementJson(const Report& report) {
  const Parameters& p = report.parameters;
  Json sites = Json::array();
  for (const auto& [prefix, jurisdiction] : p.sites) {
    sites.push_back({{"prefix", prefix}, {"location", Code(jurisdiction)}});
  }
  Json captures = Json::array();
  for (const CaptureStatement& capture : report.captures) {
    captures.push_back({{"file", capture.file}, {"sha256", capture.sha256}});
  }
  Json geo = Json::array();
  for (const GeoStatement& file : report.geo) geo.push_back(GeoJson(file));
  const Json json = {
      {"version", report.version},
      {"build", report.build},
      {"command", report.command},
      {"sensor", report.sensor},
      {"groups_digest", report.groups_digest},
      {"entities_digest", report.entities_digest},
      {"rules_digest", report.rules_digest},
      {"pack_digests", report.pack_digests},
      {"has_as_numbers", report.has_as_numbers},
      {"has_registered", report.has_registered},
      {"parameters", WithContent({{"home", p.home.has_value() ? std::string(Code(*p.home)) : ""},
                                  {"sites", std::move(sites)},
                                  {"zones", p.zones},
                                  {"overrides", p.overrides},
                                  {"tunnel", p.tunnel},
                                  {"anycast", p.anycast},
                                  {"dedup", p.dedup},
                                  {"vantage", p.vantage},
                                  {"purpose", p.purpose},
                                  {"place", p.place},
                                  {"rules", p.rules},
                                  {"window_seconds", p.window_seconds}},
                                 p.content)},
      {"geo", std::move(geo)},
      {"captures", std::move(captures)}};
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

absl::StatusOr<Report> FromStatementJson(std::string_view text) {
  const Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  Reader reader(json);
  Report report;
  reader.Get("version", &report.version);
  reader.Get("build", &report.build);
  reader.Get("command", &report.command);
  reader.Get("sensor", &report.sensor);
  reader.Get("groups_digest", &report.groups_digest);
  if (json.is_object() && json.contains("entities_digest")) {  // not in stores of an older version
    reader.Get("entities_digest", &report.entities_digest);
  }
  reader.Get("rules_digest", &report.rules_digest);
  reader.Get("pack_digests", &report.pack_digests);
  reader.Get("has_as_numbers", &report.has_as_numbers);
  reader.Get("has_registered", &report.has_registered);
  bool sound = true;
  for (const Json& one : reader.List("geo")) {
    sound = sound && ReadGeo(one, &report.geo.emplace_back());
  }
  for (const Json& one : reader.List("captures")) {
    Reader capture(one);
    capture.Get("file", &report.captures.emplace_back().file);
    capture.Get("sha256", &report.captures.back().sha256);
    sound = sound && capture.sound();
  }
  sound = sound && reader.sound() && json.contains("parameters") &&
          ReadParameters(json["parameters"], &report.parameters);
  if (!sound) {
    return absl::DataLossError("a statement of the store is damaged: it is no whole JSON object");
  }
  for (const std::string& zone : report.parameters.zones) {
    const Group* group = Groups::BuiltIn().Find(zone);
    if (group != nullptr) report.zones.push_back(group->members);
  }
  return report;
}

std::string Unlike(const Report& one, const Report& other) {
  const auto differ = [](const char* what, const std::string& a, const std::string& b) {
    return absl::StrCat(what, ": ", a.empty() ? "not stated" : a, " and ",
                        b.empty() ? "not stated" : b);
  };
  std::vector<std::string> found;
  if (GeoDigests(one) != GeoDigests(other)) {
    found.push_back(differ("address databases", GeoDigests(one), GeoDigests(other)));
  }
  if (one.parameters.overrides != other.parameters.overrides) {
    found.push_back(differ("overrides", absl::StrJoin(one.parameters.overrides, " "),
                           absl::StrJoin(other.parameters.overrides, " ")));
  }
  if (one.rules_digest != other.rules_digest) {
    found.push_back(
        differ("rules", one.rules_digest.substr(0, 12), other.rules_digest.substr(0, 12)));
  }
  if (one.groups_digest != other.groups_digest) {
    found.push_back(
        differ("groups", one.groups_digest.substr(0, 12), other.groups_digest.substr(0, 12)));
  }
  if (!one.entities_digest.empty() && !other.entities_digest.empty() &&
      one.entities_digest != other.entities_digest) {
    found.push_back(differ("entity lists", one.entities_digest.substr(0, 12),
                           other.entities_digest.substr(0, 12)));
  }
  const auto packs = [](const Report& report) {
    std::vector<std::string> all;
    for (const auto& [id, digest] : report.pack_digests) {
      all.push_back(absl::StrCat(id, "@", digest.substr(0, 12)));
    }
    return absl::StrJoin(all, " ");
  };
  if (packs(one) != packs(other)) found.push_back(differ("packs", packs(one), packs(other)));
  if (one.parameters.vantage != other.parameters.vantage) {
    found.push_back(differ("vantage", one.parameters.vantage, other.parameters.vantage));
  }
  if (one.parameters.tunnel != other.parameters.tunnel) {
    found.push_back(differ("tunnel", one.parameters.tunnel, other.parameters.tunnel));
  }
  if (one.parameters.anycast != other.parameters.anycast) {
    found.push_back(differ("anycast", one.parameters.anycast, other.parameters.anycast));
  }
  if (one.parameters.dedup != other.parameters.dedup) {
    found.push_back(differ("dedup", one.parameters.dedup ? "on" : "off",
                           other.parameters.dedup ? "on" : "off"));
  }
  if (one.parameters.content != other.parameters.content) {
    found.push_back(differ("content", one.parameters.content ? "searched" : "not looked at",
                           other.parameters.content ? "searched" : "not looked at"));
  }
  return absl::StrJoin(found, "; ");
}

}  // namespace borderflow
