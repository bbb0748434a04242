#include "rules/entity/entities.h"

#include <array>

#include "absl/strings/str_cat.h"
#include "embedded/EntityFiles.h"
#include "rules/digest/sha256.h"
#include "rules/entity/entities_parser.h"

namespace borderflow {

std::string_view Name(ListStatus status) {
  static constexpr std::array<std::string_view, 4> kNames = {"in_force", "ended", "curated",
                                                             "template"};
  return kNames[static_cast<size_t>(status)];
}

absl::StatusOr<Entities> Entities::Parse(absl::Span<const EntitiesFile> files) {
  Entities entities;
  EntitiesParser parser(&entities);
  std::string texts;
  for (const EntitiesFile& file : files) {
    if (absl::Status status = parser.Read(file); !status.ok()) return status;
    entities.files_.push_back(std::make_shared<const OwnedFile>(
        OwnedFile{std::string(file.yaml), std::string(file.name)}));
    absl::StrAppend(&texts, entities.files_.back()->yaml);
  }
  if (absl::Status status = parser.Resolve(); !status.ok()) return status;
  entities.digest_ = Sha256Hex(texts);
  return entities;
}

absl::StatusOr<Entities> Entities::With(std::string_view yaml, std::string_view file) const {
  std::vector<EntitiesFile> files;
  for (const auto& owned : files_) files.push_back({owned->yaml, owned->name});
  files.push_back({yaml, file});
  return Parse(files);
}

absl::Span<const EntitiesFile> Entities::BuiltInFiles() {
  static const auto* const files = [] {
    auto* all = new std::vector<EntitiesFile>;
    for (const auto& [name, yaml] : EntityFiles()) all->push_back({yaml, name});
    return all;
  }();
  return *files;
}

const Entities& Entities::BuiltIn() {
  // Tests prove that the built-in texts parse; value() ends the program if they ever do not.
  static const Entities* const entities = new Entities(Parse(BuiltInFiles()).value());
  return *entities;
}

const Organisation* Entities::Find(EntityId id) const {
  return id == kNoEntity || id > organisations_.size() ? nullptr : &organisations_[id - 1u];
}

const Organisation* Entities::FindOrganisation(std::string_view name) const {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? nullptr : Find(found->second);
}

const EntityList* Entities::FindList(std::string_view id) const {
  const auto found = lists_.find(id);
  return found == lists_.end() ? nullptr : &found->second;
}

}  // namespace borderflow
