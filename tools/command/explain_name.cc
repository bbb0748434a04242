// `borderflow explain NAME`: which rule decides a name, and which would without it.
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "rules/category/domain_name.h"
#include "rules/category/rule_line.h"
#include "tools/command/explain.h"
#include "tools/command/explain_organisation.h"

namespace borderflow {
namespace {

// The form in which names are matched. Public suffixes and names of one label are names too.
absl::StatusOr<std::string> AsName(const std::string& text) {
  const std::variant<std::string, NameRefusal> made = ToSuffix(text);
  if (const std::string* name = std::get_if<std::string>(&made)) return *name;
  const NameRefusal refusal = std::get<NameRefusal>(made);
  if (refusal == NameRefusal::kPublicSuffix || refusal == NameRefusal::kLocal) {
    std::string name = absl::AsciiStrToLower(text);
    if (name.ends_with('.')) name.pop_back();
    return name;
  }
  return absl::InvalidArgumentError(
      absl::StrCat(ShownText(text), ": ", std::string(Meaning(refusal)),
                   "; expected a name, an address, or CAPTURE:FLOW where CAPTURE is a file that "
                   "exists"));
}

// The rules of shorter suffixes, which the longest stands above.
std::vector<NameMatch> Overruled(const NameRules& rules, std::string_view suffix) {
  std::vector<NameMatch> matches;
  while (true) {
    const size_t dot = suffix.find('.');
    if (dot == std::string_view::npos) return matches;
    const std::optional<NameMatch> match = rules.Match(suffix.substr(dot + 1));
    if (!match.has_value()) return matches;
    matches.push_back(*match);
    suffix = match->suffix;
  }
}

}  // namespace

nlohmann::ordered_json MatchJson(const std::optional<NameMatch>& match) {
  if (!match.has_value()) return nullptr;
  return {{"suffix", match->suffix},
          {"category", Code(match->rule->category)},
          {"confidence", match->rule->confidence},
          {"service", match->rule->service},
          {"file", match->list},
          {"line", match->line}};
}

std::string MatchText(const std::optional<NameMatch>& match) {
  if (!match.has_value()) return "no rule knows it";
  return absl::StrFormat("%s, %d percent: %s (%s:%d, %s)", std::string(Code(match->rule->category)),
                         match->rule->confidence, std::string(match->suffix),
                         std::string(match->list), match->line, std::string(match->rule->service));
}

absl::StatusOr<nlohmann::ordered_json> ExplainName(const std::string& text, const NameRules& rules,
                                                   const Entities& entities, std::ostream& out) {
  const absl::StatusOr<std::string> name = AsName(text);
  if (!name.ok()) return name.status();
  const std::optional<NameMatch> match = rules.Match(*name);
  const std::string domain = RegistrableDomain(*name);
  out << *name << "\n";
  const auto line = [&out](const char* what, const std::string& is) {
    out << absl::StrFormat("  %-12s %s\n", what, is);
  };
  line("registrable",
       domain.empty() ? std::string("nothing: the name is a public suffix itself") : domain);
  nlohmann::ordered_json overruled = nlohmann::ordered_json::array();
  if (match.has_value()) {
    const Category category = match->rule->category;
    line("category",
         absl::StrCat(std::string(Code(category)), "  ", std::string(Meaning(category))));
    line("confidence", absl::StrFormat("%d percent; a name can prove %d at the most",
                                       match->rule->confidence, ConfidenceCap(Evidence::kName)));
    line("decided by",
         absl::StrFormat("%s  (%s:%d, %s)", std::string(match->suffix), std::string(match->list),
                         match->line, std::string(match->rule->service)));
    for (const NameMatch& other : Overruled(rules, match->suffix)) {
      line("stands above", MatchText(other));
      overruled.push_back(MatchJson(other));
    }
  } else {
    line("category", "UNK  no rule knows this name; protocol or port may still say something");
  }
  const OrganisationAnswer organisation = OrganisationOfName(*name, entities);
  PrintOrganisation(organisation, entities,
                    "no suffix of an entity list matches; the address's prefix or AS may tell one",
                    out);
  return nlohmann::ordered_json{
      {"kind", "name"},
      {"name", *name},
      {"registrable_domain",
       domain.empty() ? nlohmann::ordered_json(nullptr) : nlohmann::ordered_json(domain)},
      {"category", Code(match.has_value() ? match->rule->category : Category::kUnk)},
      {"rule", MatchJson(match)},
      {"overruled", std::move(overruled)},
      {"organisation", OrganisationJson(organisation, entities)},
      {"rules_digest", rules.digest()},
      {"entities_digest", entities.digest()}};
}

}  // namespace borderflow
