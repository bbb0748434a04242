#include "rules/policy/cases.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "rules/entity/entities.h"
#include "rules/policy/compile.h"
#include "rules/policy/parse.h"
#include "rules/yaml/strict_yaml.h"

namespace borderflow {
namespace {

constexpr uint64_t kSecondsPerDay = 86'400;
constexpr int kDefaultDays = 365;  // as long as any period of the packs
constexpr size_t kMostCases = 1000;

constexpr std::array<std::string_view, 21> kCellKeys = {"source",
                                                        "destination",
                                                        "source_registered",
                                                        "destination_registered",
                                                        "source_operator",
                                                        "destination_operator",
                                                        "source_entity",
                                                        "destination_entity",
                                                        "category",
                                                        "evidence",
                                                        "confidence",
                                                        "protection",
                                                        "role",
                                                        "bytes",
                                                        "flows",
                                                        "frames",
                                                        "upload_bytes",
                                                        "clients",
                                                        "vantage",
                                                        "facts",
                                                        "days"};

// One file of cases on its way from text. Each step returns the first error that it meets.
class CaseReader {
 public:
  CaseReader(std::string_view file, const Pack& pack, const Entities& entities)
      : yaml_(file), pack_(pack), entities_(entities) {}

  absl::StatusOr<PackCases> Read(const YAML::Node& document) {
    static constexpr std::array<std::string_view, 3> kKeys = {"pack", "parameters", "cases"};
    if (absl::Status s = yaml_.CheckKeys(document, kKeys); !s.ok()) return s;
    PackCases out;
    if (absl::Status s = yaml_.Text(document, "pack", &out.pack); !s.ok()) return s;
    if (out.pack != pack_.id) {
      return yaml_.Error(document["pack"], absl::StrCat("these are cases of ", Quoted(out.pack),
                                                        ", not of ", Quoted(pack_.id)));
    }
    out.parameters = pack_.bindings;
    const YAML::Node cases = document["cases"];
    if (!cases || !cases.IsSequence() || cases.size() == 0 || cases.size() > kMostCases) {
      return yaml_.Error(cases ? cases : document,
                         absl::StrCat("\"cases\" must be a list of 1 to ", kMostCases));
    }
    for (const YAML::Node& node : cases) {
      if (absl::Status s = ReadCase(node, &out.cases.emplace_back()); !s.ok()) return s;
    }
    return out;
  }

 private:
  absl::Status ReadCase(const YAML::Node& node, RuleCase* out) {
    static constexpr std::array<std::string_view, 4> kKeys = {"rule", "fires", "misses", "instead"};
    if (absl::Status s = yaml_.CheckKeys(node, kKeys); !s.ok()) return s;
    out->place = {node.Mark().line + 1, node.Mark().column + 1, false};
    if (absl::Status s = ReadRule(node, "rule", &out->rule, {}); !s.ok()) return s;
    if (node["instead"]) {
      if (absl::Status s = ReadRule(node, "instead", &out->instead, ReservedRuleIds()); !s.ok()) {
        return s;
      }
    }
    for (const auto& [key, cell] :
         {std::pair<const char*, CaseCell*>{"fires", &out->fires}, {"misses", &out->misses}}) {
      if (!node[key]) return yaml_.Error(node, absl::StrCat("no \"", key, "\" here"));
      if (absl::Status s = ReadCell(node[key], cell); !s.ok()) return s;
    }
    return absl::OkStatus();
  }

  absl::Status ReadRule(const YAML::Node& node, const char* key, std::string* id,
                        absl::Span<const std::string_view> others) {
    if (absl::Status s = yaml_.Text(node, key, id); !s.ok()) return s;
    std::vector<std::string_view> known(others.begin(), others.end());
    for (const Rule& rule : pack_.rules) known.push_back(rule.id);
    if (std::find(known.begin(), known.end(), *id) != known.end()) return absl::OkStatus();
    return yaml_.Error(node[key],
                       absl::StrCat("unknown rule ", Quoted(*id), DidYouMean(*id, known)));
  }

  absl::Status ReadCell(const YAML::Node& node, CaseCell* out) {
    if (absl::Status s = yaml_.CheckKeys(node, kCellKeys); !s.ok()) return s;
    PolicyCell& cell = out->cell;
    if (absl::Status s = ReadEnd(node, "source", &cell.source); !s.ok()) return s;
    if (absl::Status s = ReadEnd(node, "destination", &cell.destination); !s.ok()) return s;
    if (absl::Status s = ReadKind(node, &cell); !s.ok()) return s;
    if (absl::Status s = ReadVolume(node, &cell); !s.ok()) return s;
    if (!pack_.vantage.empty()) out->options.vantage = pack_.vantage.front();
    if (absl::Status s = yaml_.OptionalText(node, "vantage", &out->options.vantage); !s.ok()) {
      return s;
    }
    if (out->options.vantage == "none") out->options.vantage.clear();
    if (absl::Status s = yaml_.OptionalList(node, "facts", &out->options.facts); !s.ok()) return s;
    if (absl::Status s = CheckOptions(pack_, out->options); !s.ok()) {
      return yaml_.Error(node["facts"], std::string(s.message()));
    }
    int days = kDefaultDays;
    if (node["days"]) {
      if (absl::Status s = yaml_.Number(node, "days", 0, 100'000, &days); !s.ok()) return s;
    }
    out->options.covered_seconds = static_cast<uint64_t>(days) * kSecondsPerDay;
    // Of one calendar year, as far as one is as long.
    if (days <= kDefaultDays) {
      out->options.first_day = "2025-01-01";
      out->options.day = "2025-12-31";
    }
    return absl::OkStatus();
  }

  absl::Status ReadPlace(const YAML::Node& node, const std::string& key, Jurisdiction* place) {
    std::string code;
    if (absl::Status s = yaml_.Text(node, key.c_str(), &code); !s.ok()) return s;
    const std::optional<Jurisdiction> found = FromCode(code);
    if (!found.has_value()) {
      const std::string_view near = SuggestCode(code);
      return yaml_.Error(node[key], absl::StrCat(Quoted(code), " is no jurisdiction",
                                                 near.empty() ? std::string()
                                                              : absl::StrCat(" (did you mean ",
                                                                             Quoted(near), "?)")));
    }
    *place = *found;
    return absl::OkStatus();
  }

  absl::Status ReadEnd(const YAML::Node& node, const std::string& side, PolicyEnd* end) {
    if (absl::Status s = ReadPlace(node, side, &end->location); !s.ok()) return s;
    end->registered = end->location;
    end->operator_home = end->location;
    end->entity = 0;
    if (node[side + "_registered"]) {
      if (absl::Status s = ReadPlace(node, side + "_registered", &end->registered); !s.ok()) {
        return s;
      }
    }
    if (node[side + "_operator"]) {
      if (absl::Status s = ReadPlace(node, side + "_operator", &end->operator_home); !s.ok()) {
        return s;
      }
    }
    const std::string key = side + "_entity";
    if (!node[key]) return absl::OkStatus();
    std::string list;
    if (absl::Status s = yaml_.Text(node, key.c_str(), &list); !s.ok()) return s;
    const EntityList* found = entities_.FindList(list);
    const Organisation* organisation = entities_.FindOrganisation(list);
    if (list == "unknown") {
      end->entity = kUnknownEntity;
      return absl::OkStatus();
    }
    if (organisation != nullptr) {
      end->entity = organisation->id;
      return absl::OkStatus();
    }
    for (size_t id = 0; found != nullptr && id < found->contained.size(); ++id) {
      if (!found->contained[id]) continue;
      end->entity = static_cast<uint16_t>(id);
      return absl::OkStatus();
    }
    return yaml_.Error(
        node[key],
        absl::StrCat(Quoted(list), found == nullptr ? " is no entity list or organisation"
                                                    : " has no member that traffic can tell"));
  }

  // Category, evidence, confidence, protection and role.
  absl::Status ReadKind(const YAML::Node& node, PolicyCell* cell) {
    std::string word;
    if (node["category"]) {
      if (absl::Status s = yaml_.Text(node, "category", &word); !s.ok()) return s;
      const std::optional<Category> category = CategoryFromCode(word);
      if (!category.has_value()) {
        return yaml_.Error(node["category"], absl::StrCat("unknown category ", Quoted(word)));
      }
      cell->category = *category;
    }
    cell->evidence = IsClassified(cell->category) ? Evidence::kContent : Evidence::kNone;
    if (node["evidence"]) {
      if (absl::Status s = yaml_.Text(node, "evidence", &word); !s.ok()) return s;
      int evidence = 0;
      while (evidence < kEvidences && Name(static_cast<Evidence>(evidence)) != word) ++evidence;
      if (evidence == kEvidences) {
        return yaml_.Error(node["evidence"], absl::StrCat("unknown evidence ", Quoted(word)));
      }
      cell->evidence = static_cast<Evidence>(evidence);
    }
    int confidence = ConfidenceCap(cell->evidence);
    if (node["confidence"]) {
      if (absl::Status s = yaml_.Number(node, "confidence", 0, 100, &confidence); !s.ok()) {
        return s;
      }
    }
    cell->confidence = static_cast<uint8_t>(confidence);
    cell->protection = Protection::kEncrypted;
    if (node["protection"]) {
      if (absl::Status s = yaml_.Text(node, "protection", &word); !s.ok()) return s;
      const std::array<Protection, 3> all = {Protection::kUnknown, Protection::kCleartext,
                                             Protection::kEncrypted};
      const auto* const found =
          std::find_if(all.begin(), all.end(), [&](Protection p) { return Name(p) == word; });
      if (found == all.end()) {
        return yaml_.Error(node["protection"], absl::StrCat("unknown protection ", Quoted(word)));
      }
      cell->protection = *found;
    }
    if (!node["role"]) return absl::OkStatus();
    if (absl::Status s = yaml_.Text(node, "role", &word); !s.ok()) return s;
    if (word != "initiator" && word != "responder") {
      return yaml_.Error(node["role"], absl::StrCat("unknown role ", Quoted(word)));
    }
    cell->from_initiator = word == "initiator";
    return absl::OkStatus();
  }

  absl::Status ReadCount(const YAML::Node& node, uint64_t* count) {
    if (node.IsScalar() && absl::SimpleAtoi(node.Scalar(), count)) return absl::OkStatus();
    return yaml_.Error(node, "expected a whole number");
  }

  absl::Status ReadVolume(const YAML::Node& node, PolicyCell* cell) {
    cell->bytes = 1000;
    cell->payload_bytes = 500;
    cell->flows = 1;
    cell->frames = 1;
    cell->clients_low = cell->clients_high = 1;
    for (const auto& [key, count] : {std::pair<const char*, uint64_t*>{"bytes", &cell->bytes},
                                     {"upload_bytes", &cell->payload_bytes},
                                     {"flows", &cell->flows},
                                     {"frames", &cell->frames}}) {
      if (!node[key]) continue;
      if (absl::Status s = ReadCount(node[key], count); !s.ok()) return s;
    }
    const YAML::Node clients = node["clients"];
    if (!clients) return absl::OkStatus();
    if (!clients.IsSequence()) {
      if (absl::Status s = ReadCount(clients, &cell->clients_low); !s.ok()) return s;
      cell->clients_high = cell->clients_low;
      return absl::OkStatus();
    }
    if (clients.size() != 2) return yaml_.Error(clients, "expected a number or [lower, upper]");
    if (absl::Status s = ReadCount(clients[0], &cell->clients_low); !s.ok()) return s;
    return ReadCount(clients[1], &cell->clients_high);
  }

  StrictYaml yaml_;
  const Pack& pack_;
  const Entities& entities_;
};

// What decides a single cell, and its verdict.
std::pair<std::string, Verdict> DecisionOn(const Pack& pack, const CaseCell& at) {
  CompiledPack compiled(pack, at.options);
  const PolicyOutcome& outcome =
      compiled.outcomes()[compiled.Decide(absl::MakeConstSpan(&at.cell, 1)).front()];
  return {std::string(DecidedBy(pack, outcome)), outcome.verdict};
}

}  // namespace

absl::StatusOr<std::map<std::string, std::string>> CaseParameters(std::string_view yaml,
                                                                  std::string_view file) {
  const StrictYaml strict(file);
  const absl::StatusOr<YAML::Node> document = strict.Load(yaml);
  if (!document.ok()) return document.status();
  std::map<std::string, std::string> parameters;
  if (!document->IsMap() || !(*document)["parameters"]) return parameters;
  const YAML::Node map = (*document)["parameters"];
  if (absl::Status s = strict.CheckKeys(map, {}); !s.ok()) return s;
  for (const auto& entry : map) {
    const std::string name = entry.first.Scalar();
    if (absl::Status s = strict.Text(map, name.c_str(), &parameters[name]); !s.ok()) return s;
  }
  return parameters;
}

absl::StatusOr<PackCases> ReadCases(std::string_view yaml, std::string_view file, const Pack& pack,
                                    const Entities& entities) {
  const absl::StatusOr<YAML::Node> document = StrictYaml(file).Load(yaml);
  if (!document.ok()) return document.status();
  return CaseReader(file, pack, entities).Read(*document);
}

std::vector<std::string> RunCases(const PackCases& cases, std::string_view file, const Pack& pack) {
  std::vector<std::string> failures;
  std::set<std::string> tried;
  for (const RuleCase& at : cases.cases) {
    tried.insert(at.rule);
    const auto fail = [&](const std::string& what) {
      failures.push_back(absl::StrCat(std::string(file), ":", at.place.line, ":", at.place.column,
                                      ": rule ", at.rule, ": ", what));
    };
    const auto [fired, verdict] = DecisionOn(pack, at.fires);
    if (fired != at.rule) {
      fail(absl::StrCat("\"fires\" is decided by ", fired, " (", std::string(Name(verdict)), ")"));
    }
    const auto [missed, missed_verdict] = DecisionOn(pack, at.misses);
    if (missed == at.rule) fail("\"misses\" is decided by the rule as well");
    if (!at.instead.empty() && missed != at.instead) {
      fail(absl::StrCat("\"misses\" is decided by ", missed, ", not by ", at.instead));
    }
  }
  for (const Rule& rule : pack.rules) {
    if (!tried.contains(rule.id)) {
      failures.push_back(absl::StrCat(std::string(file), ": rule ", rule.id, " has no case"));
    }
  }
  return failures;
}

}  // namespace borderflow
