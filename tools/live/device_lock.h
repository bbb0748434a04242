// DeviceLock: one borderflow a device, so that two do not take frames from each other unnoticed.
//
// A name in Linux's abstract socket space: it goes away with the process, whatever ends that, and
// is seen in the network namespace in which the device is.
//
// Thread safety: a value; movable.
#ifndef BORDERFLOW_TOOLS_LIVE_DEVICE_LOCK_H_
#define BORDERFLOW_TOOLS_LIVE_DEVICE_LOCK_H_

#include <string>
#include <utility>

#include "absl/status/statusor.h"

namespace borderflow {

class DeviceLock {
 public:
  // Errors: AlreadyExists when another process holds it; Unavailable when the system refuses.
  static absl::StatusOr<DeviceLock> Take(const std::string& device);
  ~DeviceLock();
  DeviceLock(DeviceLock&& other) noexcept : socket_(std::exchange(other.socket_, -1)) {}
  DeviceLock& operator=(DeviceLock&& other) noexcept {
    std::swap(socket_, other.socket_);
    return *this;
  }

 private:
  explicit DeviceLock(int socket) : socket_(socket) {}
  int socket_;
};

}  // namespace borderflow

#endif  // BORDERFLOW_TOOLS_LIVE_DEVICE_LOCK_H_
