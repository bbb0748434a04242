# How borderflow's libraries, tests and fuzzers are declared: warnings are errors everywhere.

set(BORDERFLOW_WARNINGS -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion -Werror)

# The baseline is x86-64-v2 (2009): SSE4.2 and POPCNT, which every machine that runs DPDK has.
if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
  add_compile_options(-march=x86-64-v2 -mtune=generic)
endif()

if(BORDERFLOW_SANITIZE)
  add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
  # GCC 12's flow analysis loses its way in instrumented code and warns of the standard library's own
  # lines; the plain build has these warnings on.
  list(APPEND BORDERFLOW_WARNINGS -Wno-array-bounds -Wno-maybe-uninitialized -Wno-restrict
                                  -Wno-stringop-overflow)
endif()
if(BORDERFLOW_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all
                      -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
  # Tables computed at compile time take more steps than clang grants unasked.
  add_compile_options($<$<COMPILE_LANGUAGE:CXX>:-fconstexpr-steps=16777216>)
  # Embedded data is longer than the literals that the standard promises; GCC has no such warning.
  list(APPEND BORDERFLOW_WARNINGS -Wno-overlength-strings)
endif()

# borderflow_library(NAME SOURCES file... [DEPS target...])
function(borderflow_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  target_include_directories(${name} PUBLIC ${CMAKE_SOURCE_DIR})
  target_link_libraries(${name} PUBLIC ${ARG_DEPS})
  target_compile_options(${name} PRIVATE ${BORDERFLOW_WARNINGS})
endfunction()

# Tests' own code is compiled for a short build: what they test is optimised, in its libraries.
set(BORDERFLOW_TEST_OPTIONS $<$<CONFIG:Release>:-O1>)

# borderflow_test(NAME SOURCES file... [DEPS target...]): one GoogleTest program, one ctest entry.
# tests/source_tree.h says where the checkout lies; BORDERFLOW_CORPUS is the folder of real captures, which may
# be absent: tests that want it must then skip and say so.
function(borderflow_test name)
  if(BORDERFLOW_FUZZ)
    return()
  endif()
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR} ${CMAKE_BINARY_DIR}/generated)
  target_link_libraries(${name} PRIVATE ${ARG_DEPS} GTest::gmock GTest::gtest_main)
  target_compile_options(${name} PRIVATE ${BORDERFLOW_WARNINGS} ${BORDERFLOW_TEST_OPTIONS})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES TIMEOUT 300)
endfunction()

# borderflow_fuzzer(NAME SOURCE file [SEEDS folder] [DEPS target...])
# With clang and BORDERFLOW_FUZZ: a libFuzzer program. Otherwise the same entry point is driven over
# its seeds and a fixed number of their mutations as an ordinary test.
function(borderflow_fuzzer name)
  cmake_parse_arguments(ARG "" "SOURCE;SEEDS" "DEPS" ${ARGN})
  if(BORDERFLOW_FUZZ)
    add_executable(${name} ${ARG_SOURCE})
    target_link_options(${name} PRIVATE -fsanitize=fuzzer)
  else()
    add_executable(${name} ${ARG_SOURCE} ${CMAKE_SOURCE_DIR}/tests/fuzz/standalone_main.cc)
    add_test(NAME ${name} COMMAND ${name} ${ARG_SEEDS})
    set_tests_properties(${name} PROPERTIES TIMEOUT 300)
  endif()
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE ${ARG_DEPS})
  target_compile_options(${name} PRIVATE ${BORDERFLOW_WARNINGS} ${BORDERFLOW_TEST_OPTIONS})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/fuzz)
endfunction()
