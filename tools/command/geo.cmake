# The `geo` command, as a library: the main program and its tests link it.
borderflow_library(bf_command_geo
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/geo.cc
          ${CMAKE_CURRENT_LIST_DIR}/geo_answer.cc
          ${CMAKE_CURRENT_LIST_DIR}/geo_build.cc
          ${CMAKE_CURRENT_LIST_DIR}/geo_compare.cc
          ${CMAKE_CURRENT_LIST_DIR}/geo_databases.cc
          ${CMAKE_CURRENT_LIST_DIR}/geo_diff.cc
          ${CMAKE_CURRENT_LIST_DIR}/geo_info.cc
          ${CMAKE_CURRENT_LIST_DIR}/geo_lookup.cc
          ${CMAKE_CURRENT_LIST_DIR}/geo_text.cc
  DEPS bf_files bf_geo bf_geo_build bf_digest bf_jurisdiction CLI11::CLI11 nlohmann_json::nlohmann_json
       absl::status absl::statusor absl::strings absl::str_format absl::time)
