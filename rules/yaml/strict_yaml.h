// StrictYaml: YAML read so that nothing is lost or misunderstood in silence.
//
// yaml-cpp keeps the first of two equal keys, reads NO as a boolean when asked to, and knows
// nothing of a schema. Here duplicate and unknown keys are errors with place and remedy, and
// scalars are text until somebody says otherwise.
//
// Thread safety: a value over one document.
#ifndef BORDERFLOW_RULES_YAML_STRICT_YAML_H_
#define BORDERFLOW_RULES_YAML_STRICT_YAML_H_

#include <yaml-cpp/yaml.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "rules/jurisdiction/suggest.h"

namespace borderflow {

// An item of a list, and where it stands.
struct YamlWord {
  std::string text;
  YAML::Mark mark;
};

class StrictYaml {
 public:
  // `file` is only for messages.
  explicit StrictYaml(std::string_view file) : file_(file) {}

  // Errors, here and below: InvalidArgument "file:line:column: what".
  // The one document that `text` holds; none or two of them are an error.
  absl::StatusOr<YAML::Node> Load(std::string_view text) const;

  absl::Status Error(const YAML::Node& node, std::string_view what) const;
  absl::Status Error(const YAML::Mark& mark, std::string_view what) const;

  // Where the text of a scalar begins, line and column from 1: behind its quote, if it has one.
  static std::pair<int, int> TextPlace(const YAML::Node& scalar);

  // `map` is a map whose keys are all in `known` and stand once. An empty `known` allows any key.
  absl::Status CheckKeys(const YAML::Node& map, absl::Span<const std::string_view> known) const;

  // The scalar at `key`. Missing, empty or not a scalar is an error; so is a plain yes, no, on,
  // off: that is a boolean to other readers, and must be quoted to be text.
  absl::Status Text(const YAML::Node& map, const char* key, std::string* text) const;
  // As Text; a missing key leaves `text` as it is.
  absl::Status OptionalText(const YAML::Node& map, const char* key, std::string* text) const;
  // As Text, for a list of at least one, in which nothing stands twice; a missing key leaves `list`
  // empty.
  absl::Status OptionalList(const YAML::Node& map, const char* key,
                            std::vector<std::string>* list) const;
  absl::Status OptionalWords(const YAML::Node& map, const char* key,
                             std::vector<YamlWord>* words) const;
  // A day of the calendar, "2026-11-21".
  absl::Status Date(const YAML::Node& map, const char* key, std::string* date) const;
  absl::Status OptionalDate(const YAML::Node& map, const char* key, std::string* date) const;
  // A plain true or false.
  absl::Status Flag(const YAML::Node& map, const char* key, bool* flag) const;
  // A whole number from `least` to `most`.
  absl::Status Number(const YAML::Node& map, const char* key, int least, int most,
                      int* number) const;

  // The scalar `node` as Text reads it; `key` is for messages.
  absl::Status Scalar(const YAML::Node& node, std::string_view key, std::string* text) const;

 private:
  std::string file_;
};

}  // namespace borderflow

#endif  // BORDERFLOW_RULES_YAML_STRICT_YAML_H_
