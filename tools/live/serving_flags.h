// What a sensor is asked to serve.
#ifndef BORDERFLOW_TOOLS_LIVE_SERVING_FLAGS_H_
#define BORDERFLOW_TOOLS_LIVE_SERVING_FLAGS_H_

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>

#include "collectors/privacy/suppression.h"

namespace borderflow {

// As given.
struct ServingFlags {
  std::string listen;       // ADDR:PORT; empty: nothing is served
  std::string token;        // file
  std::string certificate;  // file
  std::string key;          // file
  std::string audit;        // file
  uint64_t min_cell = kDefaultMinCell;
  double period = 60;  // seconds
};

// Declares the flags on `command`.
void AddServingFlags(CLI::App* command, ServingFlags* flags);

}  // namespace borderflow

#endif  // BORDERFLOW_TOOLS_LIVE_SERVING_FLAGS_H_
