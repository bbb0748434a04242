// Several captures as one, in the order of their time stamps.
#ifndef BORDERFLOW_DATAPLANE_CAPTURE_MERGE_H_
#define BORDERFLOW_DATAPLANE_CAPTURE_MERGE_H_

#include <memory>
#include <vector>

#include "dataplane/capture/source.h"

namespace borderflow {

// A frame's place is the latest time stamp that its own source has shown so far, so that order
// within a source is kept even where its clock ran backwards; ties go to the earlier source. Time
// stamps themselves are delivered as they are. Frames are copied into the caller's block: about
// 20 ns and the copy for each.
//
// A source that fails ends the merge: frames merged so far are delivered, then the error.
//
// Slow twin in tests: a stable sort of all frames.
std::unique_ptr<FrameSource> MergeByTime(std::vector<std::unique_ptr<FrameSource>> sources);

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_CAPTURE_MERGE_H_
