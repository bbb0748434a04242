#include "dataplane/capture/block_reader.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"

namespace borderflow {

absl::StatusOr<bool> BlockReader::Read(FrameBlock* block) {
  block->Clear();
  while (!ended_) {
    SkipUnwanted(block);
    const absl::Span<const uint8_t> stretch = Refill(block);
    Parsed parsed;
    if (skip_ == 0) parsed = Parse(stretch, block);
    const absl::Span<const uint8_t> rest = stretch.subspan(parsed.used);
    carried_.assign(rest.begin(), rest.end());
    offset_ += parsed.used;
    need_ = parsed.need;
    skip_ += parsed.skip;
    if (!parsed.damage.empty()) {
      End(std::move(parsed.damage));
    } else if (stream_ended_) {
      End(DamageAtEnd());
    }
    if (!block->frames.empty()) return true;
  }
  if (!failure_.ok()) return failure_;
  return false;
}

absl::Span<const uint8_t> BlockReader::Refill(FrameBlock* block) {
  size_t have = carried_.size();
  const size_t want = std::max(have + read_bytes_, need_);
  if (block->storage.size() < want) block->storage.resize(want);
  uint8_t* const storage = block->storage.data();
  if (have > 0) std::memcpy(storage, carried_.data(), have);
  while (have < want && !stream_ended_) {
    const absl::StatusOr<size_t> count = stream_->Read(storage + have, want - have);
    if (!count.ok()) failure_ = count.status();
    stream_ended_ = !count.ok() || *count == 0;
    if (count.ok()) have += *count;
  }
  return {storage, have};
}

void BlockReader::SkipUnwanted(FrameBlock* block) {
  if (block->storage.size() < read_bytes_) block->storage.resize(read_bytes_);
  while (skip_ > 0 && !stream_ended_) {
    const absl::StatusOr<size_t> count = stream_->Read(
        block->storage.data(), static_cast<size_t>(std::min<uint64_t>(skip_, read_bytes_)));
    if (!count.ok()) failure_ = count.status();
    stream_ended_ = !count.ok() || *count == 0;
    if (count.ok()) {
      skip_ -= *count;
      offset_ += *count;
    }
  }
}

std::string BlockReader::DamageAtEnd() const {
  if (!failure_.ok()) return "";  // an error, not a damaged capture
  // A broken compressed stream is the cause of whatever the format would notice.
  if (!stream_->damage().empty()) return stream_->damage();
  if (skip_ > 0) return absl::StrCat("the capture ends inside a block, ", skip_, " bytes short");
  if (carried_.empty()) return "";
  return absl::StrCat("the capture ends inside a record: ", carried_.size(), " of ", need_,
                      " bytes are there");
}

void BlockReader::End(std::string damage) {
  ended_ = true;
  if (!damage.empty()) damaged_.push_back({file_, offset_, std::move(damage)});
}

}  // namespace borderflow
