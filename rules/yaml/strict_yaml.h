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
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"

namespace borderflow {

class StrictYaml {
 public:
  // `file` is only for messages.
  explicit StrictYaml(std::string_view file) : file_(file) {}

  // Errors, here and below: InvalidArgument "file:line:column: what".
  absl::StatusOr<YAML::Node> Load(std::string_view text) const;

  absl::Status Error(const YAML::Node& node, std::string_view what) const;

  // `map` is a map whose keys are all in `known` and stand once. An empty `known` allows any key.
  absl::Status CheckKeys(const YAML::Node& map, absl::Span<const std::string_view> known) const;

  // The scalar at `key`. Missing, empty or not a scalar is an error; so is a plain yes, no, on,
  // off: that is a boolean to other readers, and must be quoted to be text.
  absl::Status Text(const YAML::Node& map, const char* key, std::string* text) const;
  // As Text, for a list of at least one; a missing key leaves `list` empty.
  absl::Status OptionalList(const YAML::Node& map, const char* key,
                            std::vector<std::string>* list) const;
  // A whole number from `least` to `most`.
  absl::Status Number(const YAML::Node& map, const char* key, int least, int most,
                      int* number) const;

 private:
  absl::Status Scalar(const YAML::Node& node, std::string_view key, std::string* text) const;

  std::string file_;
};

// ` (did you mean "x"?)`, or nothing.
std::string DidYouMean(std::string_view mistyped, absl::Span<const std::string_view> candidates);

// A word as messages quote it: escaped, and cut where it is very long.
std::string Quoted(std::string_view word);

}  // namespace borderflow

#endif  // BORDERFLOW_RULES_YAML_STRICT_YAML_H_
