#include "rules/policy/lists.h"

#include <fstream>
#include <sstream>
#include <utility>

#include "absl/strings/str_cat.h"

namespace borderflow {
namespace {

absl::StatusOr<std::string> ReadText(const std::string& path, const char* as) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file) return absl::NotFoundError(absl::StrCat(path, ": cannot be read as ", as));
  return text.str();
}

}  // namespace

Lists::Lists() : entities_(&Entities::BuiltIn(), [](const Entities*) {}) {}

absl::StatusOr<Lists> Lists::Load(absl::Span<const std::string> groups,
                                  absl::Span<const std::string> entities) {
  Lists lists;
  for (const std::string& path : groups) {
    const absl::StatusOr<std::string> text = ReadText(path, "groups of jurisdictions");
    if (!text.ok()) return text.status();
    absl::StatusOr<Groups> with = lists.groups().With(*text, path);
    if (!with.ok()) return with.status();
    lists.groups_ = std::make_shared<const Groups>(*std::move(with));
  }
  for (const std::string& path : entities) {
    const absl::StatusOr<std::string> text = ReadText(path, "entity lists");
    if (!text.ok()) return text.status();
    absl::StatusOr<Entities> with = lists.entities_->With(*text, path);
    if (!with.ok()) return with.status();
    lists.entities_ = std::make_shared<const Entities>(*std::move(with));
  }
  return lists;
}

}  // namespace borderflow
