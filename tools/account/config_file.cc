#include "tools/account/config_file.h"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string_view>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "rules/yaml/strict_yaml.h"

namespace borderflow {
namespace {

// The options that a file may set, by key.
std::vector<std::pair<std::string, CLI::Option*>> Settings(CLI::App* command) {
  constexpr std::string_view kNotInFiles[] = {"config", "help", "check", "dump"};
  std::vector<std::pair<std::string, CLI::Option*>> settings;
  for (CLI::Option* option : command->get_options()) {
    if (option->get_lnames().empty()) continue;
    const std::string& key = option->get_lnames().front();
    if (std::find(std::begin(kNotInFiles), std::end(kNotInFiles), key) == std::end(kNotInFiles)) {
      settings.emplace_back(key, option);
    }
  }
  return settings;
}

absl::Status Set(const StrictYaml& yaml, const YAML::Node& key_node, const YAML::Node& value,
                 CLI::Option* option) {
  const std::string key = key_node.Scalar();
  std::vector<YAML::Node> values;
  if (value.IsSequence()) {
    for (const YAML::Node& one : value) values.push_back(one);
  } else {
    values.push_back(value);
  }
  const bool takes_several = option->get_items_expected_max() > 1;
  if (value.IsSequence() && !takes_several) {
    return yaml.Error(value, absl::StrCat(key, " takes one value, not a list"));
  }
  for (const YAML::Node& one : values) {
    if (!one.IsScalar() || one.Scalar().empty()) {
      // What is missing has no place of its own.
      return yaml.Error(one.IsNull() ? key_node : one, absl::StrCat(key, " needs a value here"));
    }
    option->add_result(one.Scalar());
  }
  try {
    option->run_callback();
  } catch (const CLI::Error& error) {
    return yaml.Error(value, error.what());
  }
  return absl::OkStatus();
}

// Quoted when a YAML reader might take it for something else than this text.
std::string YamlScalar(const std::string& text) {
  YAML::Emitter emitter;
  emitter << YAML::DoubleQuoted << text;
  return emitter.c_str();
}

// A file of remarks only, which is no YAML document.
bool SaysNothing(const std::string& text) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const absl::string_view rest = absl::StripAsciiWhitespace(line);
    if (!rest.empty() && rest[0] != '#' && rest != "---") return false;
  }
  return true;
}

}  // namespace

absl::Status ApplyConfig(const std::string& path, CLI::App* command, ConfigPlaces* places) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return absl::NotFoundError(absl::StrCat(
        path,
        ": no such configuration file, or not readable; 'borderflow live --dump' prints one"));
  }
  std::ostringstream text;
  text << file.rdbuf();
  if (SaysNothing(text.str())) return absl::OkStatus();
  const StrictYaml yaml(path);
  const absl::StatusOr<YAML::Node> root = yaml.Load(text.str());
  if (!root.ok()) return root.status();
  if (root->IsNull()) return absl::OkStatus();
  if (!root->IsMap()) return yaml.Error(*root, "expected settings such as 'workers: 2'");
  const auto settings = Settings(command);
  std::vector<std::string_view> known;
  for (const auto& [key, unused] : settings) known.push_back(key);
  if (absl::Status s = yaml.CheckKeys(*root, known); !s.ok()) return s;
  for (const auto& entry : *root) {
    const std::string key = entry.first.Scalar();
    const auto at = std::find_if(settings.begin(), settings.end(),
                                 [&key](const auto& setting) { return setting.first == key; });
    CLI::Option* option = at->second;
    if (option->count() > 0) continue;  // the command line stands above the file
    if (absl::Status s = Set(yaml, entry.first, entry.second, option); !s.ok()) return s;
    if (places == nullptr) continue;
    const YAML::Mark mark = entry.second.Mark();
    (*places)[key] = absl::StrCat(path, ":", mark.line + 1, ":", mark.column + 1);
  }
  return absl::OkStatus();
}

absl::Status Located(const absl::Status& error, const ConfigPlaces& places) {
  for (const auto& [key, place] : places) {
    if (absl::StartsWith(error.message(), absl::StrCat("--", key, ":"))) {
      return absl::Status(error.code(), absl::StrCat(place, ": ", error.message()));
    }
  }
  return error;
}

std::string DumpConfig(const CLI::App& command) {
  std::string text;
  // Only reads; CLI11 has no const list of options that can be written to.
  for (const auto& [key, option] : Settings(const_cast<CLI::App*>(&command))) {
    absl::StrAppend(&text, "# ", option->get_description(), "\n");
    const std::vector<std::string>& given = option->results();
    if (option->get_items_expected_max() == 0) {
      absl::StrAppend(&text, key, ": ",
                      option->count() > 0 && option->as<bool>() ? "true" : "false", "\n");
    } else if (given.empty() && option->get_default_str().empty()) {
      absl::StrAppend(&text, "#", key, ":\n");
    } else if (given.size() > 1) {
      absl::StrAppend(&text, key, ":\n");
      for (const std::string& one : given) absl::StrAppend(&text, "  - ", YamlScalar(one), "\n");
    } else {
      absl::StrAppend(&text, key, ": ",
                      YamlScalar(given.empty() ? option->get_default_str() : given.front()), "\n");
    }
  }
  return text;
}

}  // namespace borderflow
