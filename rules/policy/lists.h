// Lists: what packs may name beside ISO codes: groups of jurisdictions and entity lists, those of
// the program and above them the user's own.
//
// Thread safety: immutable; const members from any number of threads.
#ifndef BORDERFLOW_RULES_POLICY_LISTS_H_
#define BORDERFLOW_RULES_POLICY_LISTS_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "rules/entity/entities.h"
#include "rules/jurisdiction/groups.h"

namespace borderflow {

// A view of both: what they belong to must outlive it.
struct ListsView {
  // Implicit: most packs name nothing but what ships with the program.
  ListsView(const Groups& its_groups,  // NOLINT(google-explicit-constructor)
            const Entities& its_entities = Entities::BuiltIn())
      : groups(its_groups), entities(its_entities) {}

  const Groups& groups;
  const Entities& entities;
};

class Lists {
 public:
  // Those of the program.
  Lists();

  // Above them the groups and the entity lists of these files, in this order: a later file may name
  // what an earlier one defines, and none may define a name anew.
  // Errors: NotFound for a file that cannot be read; those of Groups::With and Entities::With.
  static absl::StatusOr<Lists> Load(absl::Span<const std::string> groups,
                                    absl::Span<const std::string> entities);

  // The groups of the program are read when they are first asked for; most runs never do.
  const Groups& groups() const { return groups_ == nullptr ? Groups::BuiltIn() : *groups_; }
  const std::string& groups_digest() const {
    return groups_ == nullptr ? Groups::BuiltInDigest() : groups_->digest();
  }
  const Entities& entities() const { return *entities_; }
  std::shared_ptr<const Entities> shared_entities() const { return entities_; }
  operator ListsView() const {  // NOLINT(google-explicit-constructor)
    return ListsView(groups(), *entities_);
  }

 private:
  std::shared_ptr<const Groups> groups_;  // nullptr: those of the program
  std::shared_ptr<const Entities> entities_;
};

}  // namespace borderflow

#endif  // BORDERFLOW_RULES_POLICY_LISTS_H_
