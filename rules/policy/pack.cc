#include "rules/policy/pack.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "embedded/kDataAlliesYaml.h"
#include "rules/policy/parse.h"

namespace borderflow {
namespace {

constexpr std::array<std::string_view, kVerdicts> kVerdictNames = {
    "out_of_scope",        "permitted",   "conditional",
    "file_required",       "review",      "presumptively_prohibited",
    "breach_if_confirmed", "undetermined"};

const std::map<std::string, std::string_view, std::less<>>& Shipped() {
  static const auto* const packs =
      new std::map<std::string, std::string_view, std::less<>>{{"data-allies", kDataAlliesYaml}};
  return *packs;
}

bool IsPath(const std::string& name) {
  return name.find('/') != std::string::npos || name.ends_with(".yaml") || name.ends_with(".yml");
}

}  // namespace

std::string_view Name(Verdict verdict) { return kVerdictNames[static_cast<size_t>(verdict)]; }

std::optional<Verdict> VerdictFromName(std::string_view name) {
  const auto* at = std::find(kVerdictNames.begin(), kVerdictNames.end(), name);
  if (at == kVerdictNames.end()) return std::nullopt;
  return static_cast<Verdict>(at - kVerdictNames.begin());
}

const Tier* Pack::FindTier(std::string_view tier_id) const {
  for (const Tier& tier : tiers) {
    if (tier.id == tier_id) return &tier;
  }
  return nullptr;
}

std::vector<std::string> ShippedPacks() {
  std::vector<std::string> ids;
  for (const auto& [id, yaml] : Shipped()) ids.push_back(id);
  return ids;
}

absl::StatusOr<Pack> LoadPack(const std::string& name, const Groups& groups) {
  if (!IsPath(name)) {
    const auto found = Shipped().find(name);
    if (found != Shipped().end()) return ParsePack(found->second, name + ".yaml", groups);
    return absl::NotFoundError(absl::StrCat("no pack named \"", name, "\": shipped are ",
                                            absl::StrJoin(ShippedPacks(), ", "),
                                            "; a file needs a '/' or ends in .yaml"));
  }
  std::ifstream file(name, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file) return absl::NotFoundError(absl::StrCat(name, ": cannot be read as a policy pack"));
  return ParsePack(text.str(), name, groups);
}

}  // namespace borderflow
