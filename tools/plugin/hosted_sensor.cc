#include "tools/plugin/hosted_sensor.h"

#include <algorithm>
#include <bit>
#include <chrono>
#include <thread>
#include <utility>

#include "tools/account/account.h"

namespace borderflow {
namespace {

// A lane that receives answers within a burst, some microseconds. One that has not answered for so
// long receives nothing, and is answered for.
constexpr auto kIdleAfter = std::chrono::milliseconds(2);
constexpr auto kLookAgain = std::chrono::microseconds(50);

}  // namespace

absl::StatusOr<std::unique_ptr<HostedSensor>> HostedSensor::Create(std::string name,
                                                                   AccountFlags flags) {
  absl::StatusOr<AccountPlan> plan = Plan(flags);
  if (!plan.ok()) return plan.status();
  if (absl::Status s = CheckOutputs(flags); !s.ok()) return s;
  absl::StatusOr<Geography> geography = Geography::Load(plan->geography);
  if (!geography.ok()) return geography.status();
  return std::unique_ptr<HostedSensor>(
      new HostedSensor(std::move(name), std::move(flags), *std::move(plan), *std::move(geography)));
}

HostedSensor::HostedSensor(std::string name, AccountFlags flags, AccountPlan plan,
                           Geography geography)
    : name_(std::move(name)),
      flags_(std::move(flags)),
      plan_(std::move(plan)),
      geography_(std::make_unique<Geography>(std::move(geography))) {}

Lane* HostedSensor::AddLane(StampedPorts stamped) {
  const absl::MutexLock lock(&mutex_);
  lanes_.push_back(std::make_unique<Lane>(&clock_, &geography_->map(), plan_.rules.get(),
                                          plan_.front, plan_.worker, std::move(stamped)));
  captured_.emplace_back();
  if (finished_) lanes_.back()->Close();
  return lanes_.back().get();
}

void HostedSensor::ConnectLanes() {
  const absl::MutexLock lock(&mutex_);
  if (lanes_.size() < 2 || lanes_.size() == connected_) return;
  if (lessons_ != nullptr) lessons_lost_ += lessons_->lost();
  connected_ = lanes_.size();
  const std::unique_ptr<LessonExchange> old =
      std::exchange(lessons_, std::make_unique<LessonExchange>(connected_));
  HandOver();
}

// From every lane, what it counted up to the end of a burst from now on. When this returns no lane
// uses another address map or exchange than those in force.
Snapshot HostedSensor::HandOver() {
  clock_.Correct();
  for (size_t i = 0; i < lanes_.size(); ++i) {
    lanes_[i]->Ask({&geography_->map(), i < connected_ ? lessons_.get() : nullptr, i});
  }
  const auto until = std::chrono::steady_clock::now() + kIdleAfter;
  const auto answered = [](const auto& lane) { return lane->Answered(); };
  while (!finished_ && !std::all_of(lanes_.begin(), lanes_.end(), answered) &&
         std::chrono::steady_clock::now() < until) {
    std::this_thread::sleep_for(kLookAgain);
  }
  Snapshot snapshot;
  for (size_t i = 0; i < lanes_.size(); ++i) {
    if (!lanes_[i]->Answered()) lanes_[i]->AnswerFor();
    Snapshot totals;
    lanes_[i]->Drain(&totals, &cells_);
    captured_[i] = totals.decode.captured;
    Merge(std::move(totals), &snapshot);
  }
  snapshot.overflows.dns_names += lessons_lost_ + (lessons_ != nullptr ? lessons_->lost() : 0);
  SortAndFold(&cells_);
  snapshot.cells = cells_;
  return snapshot;
}

LiveStatement HostedSensor::Live() const {
  LiveStatement live;
  live.reloads = reloads_;
  const auto share = [](uint64_t part, uint64_t whole) {
    return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
  };
  for (size_t i = 0; i < lanes_.size(); ++i) {
    const LaneUse& use = lanes_[i]->use();
    const auto gap_ns =
        static_cast<uint64_t>(static_cast<double>(use.longest_gap_cycles) * clock_.ns_per_cycle());
    live.lanes.push_back(
        {captured_[i].frames, share(use.busy_cycles, use.last_cycles - use.first_cycles),
         share(use.full_bursts, use.bursts), gap_ns == 0 ? 0 : std::bit_ceil(gap_ns)});
    live.burst_clock = live.burst_clock || use.frames_by_clock > 0;
  }
  return live;
}

Report HostedSensor::Collect() {
  const absl::MutexLock lock(&mutex_);
  Snapshot snapshot = HandOver();
  Report report =
      MakeReport(plan_, *geography_, name_ + FlagsText(flags_, plan_), std::move(snapshot));
  report.live = Live();
  for (const GeoFile& file : earlier_) report.geo.push_back(ToStatement(file));
  return report;
}

absl::Status HostedSensor::Reload() {
  const absl::MutexLock lock(&mutex_);
  if (finished_) return absl::FailedPreconditionError("reload: the sensor has finished");
  absl::StatusOr<AccountPlan> plan = Plan(flags_);
  if (!plan.ok()) return plan.status();
  absl::StatusOr<Geography> geography = Geography::Load(plan->geography);
  if (!geography.ok()) return geography.status();
  if (plan->lists.entities().digest() != plan_.lists.entities().digest()) {
    return absl::FailedPreconditionError(
        "reload: the entity lists changed, and flows that run have their organisations by the old "
        "ones; start again to use them");
  }
  for (const GeoFile& file : geography_->files()) earlier_.push_back(file);
  const std::unique_ptr<Geography> old =
      std::exchange(geography_, std::make_unique<Geography>(*std::move(geography)));
  plan_.lists = std::move(plan->lists);
  plan_.packs = std::move(plan->packs);
  ++reloads_;
  HandOver();
  return absl::OkStatus();
}

void HostedSensor::Finish() {
  const absl::MutexLock lock(&mutex_);
  finished_ = true;
  for (const auto& lane : lanes_) lane->Close();
}

}  // namespace borderflow
