borderflow_test(geo_compare_test
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/geo_compare_test.cc
  DEPS bf_command_geo)
borderflow_test(geo_command_test
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/geo_command_test.cc
  DEPS bf_command_geo)
borderflow_test(geo_text_test
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/geo_text_test.cc
  DEPS bf_command_geo)
