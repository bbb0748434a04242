#include "tools/command/geo_answer.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "tools/command/geo_databases.h"
#include "tools/command/geo_text.h"

namespace borderflow {
namespace {

std::vector<std::string> FlagNames(uint8_t flags) {
  std::vector<std::string> names;
  if (flags & kFlagAnycast) names.push_back("anycast");
  if (flags & kFlagSatellite) names.push_back("satellite");
  if (flags & kFlagProxy) names.push_back("proxy");
  return names;
}

std::string CodeText(Jurisdiction jurisdiction) { return std::string(Code(jurisdiction)); }

std::string OperatorCode(const AddressAnswer& answer) {
  return CodeText(answer.operated_by == nullptr ? Jurisdiction::kUnknown
                                                : answer.operated_by->home);
}

// "location DE (as \"UK\"), registered FR, AS3320 Name, anycast [country: tor-geoipdb 2026-06-25]"
std::string Said(const SourceAnswer& answer) {
  std::vector<std::string> parts;
  if (answer.location) {
    const std::string code = CodeText(*answer.location);
    parts.push_back(absl::StrCat("location ", code,
                                 answer.code.empty() || answer.code == code
                                     ? ""
                                     : absl::StrCat(" (written \"", answer.code, "\")")));
  }
  if (answer.registered) {
    parts.push_back(absl::StrCat("registered ", CodeText(*answer.registered)));
  }
  if (answer.asn) {
    parts.push_back(
        absl::StrCat("AS", *answer.asn, answer.as_name.empty() ? "" : " ", answer.as_name));
  }
  for (const std::string& flag : FlagNames(answer.flags)) parts.push_back(flag);
  if (!answer.detail.empty()) parts.push_back(answer.detail);
  for (const auto& [member, origin] : answer.origins) {
    parts.push_back(absl::StrCat("[", member, " from ", origin, "]"));
  }
  return parts.empty() ? "says nothing of it" : absl::StrJoin(parts, ", ");
}

nlohmann::ordered_json SourceJson(const SourceAnswer& answer, const std::vector<GeoFile>& files) {
  const auto code = [](const std::optional<Jurisdiction>& jurisdiction) -> nlohmann::ordered_json {
    if (!jurisdiction) return nullptr;
    return CodeText(*jurisdiction);
  };
  nlohmann::ordered_json json = {{"layer", SourceName(answer.layer)},
                                 {"source", answer.source},
                                 {"network", answer.network},
                                 {"detail", answer.detail},
                                 {"location", code(answer.location)},
                                 {"code", answer.code},
                                 {"registered", code(answer.registered)},
                                 {"asn", nullptr},
                                 {"as_name", answer.as_name},
                                 {"flags", FlagNames(answer.flags)},
                                 {"basis", nullptr},
                                 {"build_time", nullptr},
                                 {"origins", answer.origins},
                                 {"won", answer.won}};
  if (answer.asn) json["asn"] = *answer.asn;
  for (const GeoFile& file : files) {
    if (file.path != answer.source) continue;
    json["basis"] = Name(file.basis);
    if (file.build_time != 0) json["build_time"] = file.build_time;
  }
  return json;
}

}  // namespace

AddressAnswer Summarise(const IpAddress& address, const Location& found,
                        std::vector<SourceAnswer> answers) {
  AddressAnswer answer;
  answer.address = address;
  answer.found = found;
  if (found.asn != 0) answer.operated_by = FindOperator(found.asn);
  for (const SourceAnswer& source : answers) {
    if (source.asn == found.asn && !source.as_name.empty()) {
      answer.as_name = source.as_name;
      break;
    }
  }
  answer.answers = std::move(answers);
  return answer;
}

std::string_view SourceName(GeoSource source) {
  switch (source) {
    case GeoSource::kOverride:
      return "override";
    case GeoSource::kSite:
      return "site";
    case GeoSource::kHome:
      return "home";
    case GeoSource::kSpecial:
      return "special";
    case GeoSource::kAnycast:
      return "anycast";
    case GeoSource::kDatabase:
      return "database";
    case GeoSource::kNone:
      break;
  }
  return "none";
}

void PrintAnswer(const AddressAnswer& answer, std::ostream& out) {
  const auto line = [&out](const char* name, const std::string& text) {
    out << absl::StrFormat("  %-11s %s\n", name, text);
  };
  const auto named = [](Jurisdiction jurisdiction) {
    const std::string code = CodeText(jurisdiction);
    if (IsSpecial(jurisdiction)) return code;
    return absl::StrCat(code, "  ", std::string(Name(jurisdiction)));
  };
  out << ToString(answer.address) << "\n";
  line("location", absl::StrCat(named(answer.found.location), "  (decided by: ",
                                std::string(SourceName(answer.found.source)), ")"));
  line("registered", answer.found.registered == Jurisdiction::kUnknown
                         ? "unknown: no source given says where the block is registered"
                         : named(answer.found.registered));
  line("operator",
       answer.operated_by == nullptr
           ? absl::StrCat("unknown",
                          answer.found.asn == 0 ? "" : ": this AS is not in the curated table")
           : absl::StrCat(named(answer.operated_by->home), ": ",
                          std::string(answer.operated_by->organisation)));
  line("AS",
       answer.found.asn == 0
           ? "unknown"
           : absl::StrCat(answer.found.asn, answer.as_name.empty() ? "" : "  ", answer.as_name));
  const std::vector<std::string> flags = FlagNames(answer.found.flags);
  if (!flags.empty()) line("flags", absl::StrJoin(flags, ", "));
  out << "  sources, strongest first ('>' decided the location):\n";
  for (const SourceAnswer& source : answer.answers) {
    out << absl::StrFormat("  %c %-9s %s  %s\n", source.won ? '>' : ' ',
                           std::string(SourceName(source.layer)), source.source,
                           source.network.empty() ? "does not cover it" : source.network);
    if (!source.network.empty()) out << Wrap(Said(source), 14);
  }
}

void PrintLenses(const Geography& geography, std::ostream& out) {
  out << "what these answers rest on (beliefs with a basis and an age, not measurements):\n";
  for (const GeoFile& file : geography.files()) {
    out << "  " << file.path << "\n      " << LensLine(file) << "\n" << Wrap(file.description, 6);
  }
  out << absl::StrFormat("  operators\n      basis curated, %d ASes, checked %s\n", OperatorCount(),
                         std::string(OperatorsAsOf()));
}

nlohmann::ordered_json AnswerJson(const AddressAnswer& answer, const std::vector<GeoFile>& files) {
  nlohmann::ordered_json sources = nlohmann::ordered_json::array();
  for (const SourceAnswer& source : answer.answers) sources.push_back(SourceJson(source, files));
  return {{"address", ToString(answer.address)},
          {"location", CodeText(answer.found.location)},
          {"registered", CodeText(answer.found.registered)},
          {"operator", OperatorCode(answer)},
          {"asn", answer.found.asn},
          {"as_name", answer.as_name},
          {"flags", FlagNames(answer.found.flags)},
          {"source", SourceName(answer.found.source)},
          {"answers", std::move(sources)}};
}

}  // namespace borderflow
