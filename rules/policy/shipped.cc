#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <sstream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "embedded_packs.h"
#include "rules/jurisdiction/suggest.h"
#include "rules/policy/lint.h"
#include "rules/policy/pack.h"

namespace borderflow {
namespace {

// What stands behind --policy, apart: "NAME:key=value,key=value".
struct PackReference {
  std::string name;
  std::map<std::string, std::string> bindings;
};

bool IsPath(std::string_view name) {
  return name.find('/') != std::string_view::npos || name.ends_with(".yaml") ||
         name.ends_with(".yml");
}

absl::StatusOr<PackReference> Split(const std::string& text) {
  PackReference reference;
  const size_t equals = text.find('=');
  const size_t colon = equals == std::string::npos ? std::string::npos : text.rfind(':', equals);
  reference.name = text.substr(0, colon);
  if (colon == std::string::npos) return reference;
  for (const absl::string_view part : absl::StrSplit(text.substr(colon + 1), ',')) {
    const std::pair<std::string, std::string> binding =
        absl::StrSplit(part, absl::MaxSplits('=', 1));
    if (binding.first.empty() || binding.second.empty()) {
      return absl::InvalidArgumentError(
          absl::StrCat(Quoted(text), ": ", Quoted(std::string(part)),
                       " is not NAME=VALUE; a template is given as PACK:home=US,entity=LIST"));
    }
    if (!reference.bindings.insert(binding).second) {
      return absl::InvalidArgumentError(
          absl::StrCat(Quoted(text), ": parameter ", Quoted(binding.first), " stands twice"));
    }
  }
  return reference;
}

absl::StatusOr<Pack> ParseSound(std::string_view yaml, const std::string& file,
                                const PackReference& reference, const ListsView& lists) {
  absl::StatusOr<Pack> pack = ParsePack(yaml, file, lists, reference.bindings);
  if (!pack.ok()) return pack;
  for (const PackRemark& remark : Lint(*pack, "")) {
    if (remark.error) return absl::InvalidArgumentError(Text(*pack, remark));
  }
  return pack;
}

}  // namespace

std::vector<std::string> ShippedPacks() {
  std::vector<std::string> ids;
  for (const auto& [id, yaml] : kEmbeddedPacks) ids.emplace_back(id);
  std::sort(ids.begin(), ids.end());
  return ids;
}

std::string_view ShippedPackText(std::string_view id) {
  for (const auto& [shipped, yaml] : kEmbeddedPacks) {
    if (shipped == id) return *yaml;
  }
  return {};
}

absl::StatusOr<Pack> LoadPack(const std::string& name, const ListsView& lists) {
  const absl::StatusOr<PackReference> reference = Split(name);
  if (!reference.ok()) return reference.status();
  if (!IsPath(reference->name)) {
    const std::string_view yaml = ShippedPackText(reference->name);
    if (!yaml.empty()) return ParseSound(yaml, reference->name + ".yaml", *reference, lists);
    const std::vector<std::string> shipped = ShippedPacks();
    const std::vector<std::string_view> known(shipped.begin(), shipped.end());
    return absl::NotFoundError(absl::StrCat(
        "no pack named ", Quoted(reference->name), DidYouMean(reference->name, known),
        ": shipped are ", absl::StrJoin(shipped, ", "), "; a file needs a '/' or ends in .yaml"));
  }
  std::ifstream file(reference->name, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file) {
    return absl::NotFoundError(absl::StrCat(reference->name, ": cannot be read as a policy pack"));
  }
  return ParseSound(text.str(), reference->name, *reference, lists);
}

}  // namespace borderflow
