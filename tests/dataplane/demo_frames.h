// A small site's capture for tests: a bit of everything, with real protocol bytes.
#ifndef BORDERFLOW_TESTS_DATAPLANE_DEMO_FRAMES_H_
#define BORDERFLOW_TESTS_DATAPLANE_DEMO_FRAMES_H_

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <string>
#include <vector>

#include "tests/dataplane/memory_source.h"
#include "tools/generator/profiles.h"

namespace borderflow {

inline const std::vector<OwnedBytes>& DemoFrames() {
  static const std::vector<OwnedBytes>* const frames = [] {
    generator::GenerateOptions options;
    options.out = testing::TempDir() + "borderflow_demo_frames_" + std::to_string(getpid());
    options.flows = 1500;
    EXPECT_TRUE(generator::Generate(options).ok());
    auto source = OpenCapture(options.out);
    EXPECT_TRUE(source.ok());
    auto* const all = new std::vector<OwnedBytes>(AllFrames(source->get()));
    std::remove(options.out.c_str());
    return all;
  }();
  return *frames;
}

}  // namespace borderflow

#endif  // BORDERFLOW_TESTS_DATAPLANE_DEMO_FRAMES_H_
