# `policy measures`, as a library: the main program and its tests link it.
borderflow_library(bf_command_measures
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/policy_measures.cc
          ${CMAKE_CURRENT_LIST_DIR}/policy_measures_json.cc
          ${CMAKE_CURRENT_LIST_DIR}/policy_measures_text.cc
  DEPS bf_command_geo bf_policy_input bf_measures bf_policy bf_report bf_export CLI11::CLI11
       nlohmann_json::nlohmann_json absl::status absl::statusor absl::strings absl::str_format)
