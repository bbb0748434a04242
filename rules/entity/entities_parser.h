// EntitiesParser: files on their way from text to entities, for Entities only.
//
// Thread safety: a value; one thread.
#ifndef BORDERFLOW_RULES_ENTITY_ENTITIES_PARSER_H_
#define BORDERFLOW_RULES_ENTITY_ENTITIES_PARSER_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "rules/entity/entities.h"
#include "rules/yaml/strict_yaml.h"

namespace borderflow {

class EntitiesParser {
 public:
  // Fills `entities`, which must outlive the parser.
  explicit EntitiesParser(Entities* entities) : entities_(*entities) {}

  // Any number of files, then Resolve. Errors: see Entities::Parse.
  absl::Status Read(const EntitiesFile& file);
  absl::Status Resolve();

 private:
  // A list's member before all organisations are known.
  struct Draft {
    std::string list;
    YamlWord organisation;
    ListedOrganisation listed;
    std::shared_ptr<const StrictYaml> yaml;  // of the list's file
  };
  // One of an organisation's AS numbers, prefixes or suffixes.
  using AddItem = absl::Status (EntitiesParser::*)(const YamlWord& word, EntityId id);

  absl::Status ReadOrganisation(const YAML::Node& name, const YAML::Node& body);
  absl::Status ReadItems(const YAML::Node& body, const char* key, EntityId id, AddItem add);
  absl::Status AddAs(const YamlWord& word, EntityId id);
  absl::Status AddPrefix(const YamlWord& word, EntityId id);
  absl::Status AddSuffix(const YamlWord& word, EntityId id);
  absl::Status Claimed(const YamlWord& word, EntityId owner) const;
  absl::Status ReadList(const YAML::Node& id, const YAML::Node& body);
  absl::Status ReadMember(const YAML::Node& node, const EntityList& list);

  Entities& entities_;
  std::shared_ptr<const StrictYaml> yaml_;  // of the file that is being read
  std::vector<Draft> drafts_;
};

}  // namespace borderflow

#endif  // BORDERFLOW_RULES_ENTITY_ENTITIES_PARSER_H_
