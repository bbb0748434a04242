# The `rules` command, as a library: the main program and its tests link it.
borderflow_library(bf_command_rules
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/rules.cc
          ${CMAKE_CURRENT_LIST_DIR}/rules_check.cc
          ${CMAKE_CURRENT_LIST_DIR}/rules_import.cc
  DEPS bf_command_geo bf_rule_lists bf_yaml CLI11::CLI11 nlohmann_json::nlohmann_json absl::status
       absl::statusor absl::strings absl::str_format)
