borderflow_test(policy_measures_test
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/policy_measures_test.cc
  DEPS bf_command_measures)
