#include "dataplane/parcel.h"

namespace borderflow {

ParcelExchange::ParcelExchange(int workers, int parcels)
    : queues_(static_cast<size_t>(workers) - 1) {
  for (int i = 0; i < parcels; ++i) {
    parcels_.push_back(std::make_unique<Parcel>());
    parcels_.back()->packets.resize(static_cast<size_t>(workers));
    free_.push_back(parcels_.back().get());
  }
}

Parcel* ParcelExchange::Acquire() {
  Parcel* parcel = nullptr;
  {
    absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(
        +[](std::vector<Parcel*>* free) { return !free->empty(); }, &free_));
    parcel = free_.back();
    free_.pop_back();
  }
  for (auto& packets : parcel->packets) packets.clear();
  parcel->payloads.clear();
  parcel->steps.clear();
  return parcel;
}

void ParcelExchange::Publish(Parcel* parcel) {
  absl::MutexLock lock(&mutex_);
  parcel->unfinished = static_cast<int>(queues_.size()) + 1;
  for (auto& queue : queues_) queue.push_back(parcel);
}

void ParcelExchange::Close() {
  absl::MutexLock lock(&mutex_);
  closed_ = true;
}

Parcel* ParcelExchange::Next(int worker) {
  absl::MutexLock lock(&mutex_);
  std::deque<Parcel*>& queue = queues_[static_cast<size_t>(worker) - 1];
  const auto ready = [this, &queue]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return !queue.empty() || closed_;
  };
  mutex_.Await(absl::Condition(&ready));
  if (queue.empty()) return nullptr;
  Parcel* parcel = queue.front();
  queue.pop_front();
  return parcel;
}

void ParcelExchange::Return(Parcel* parcel) {
  absl::MutexLock lock(&mutex_);
  if (--parcel->unfinished == 0) free_.push_back(parcel);
}

}  // namespace borderflow
