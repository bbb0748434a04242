#include "tools/live/device_lock.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "rules/digest/sha256.h"

namespace borderflow {

absl::StatusOr<DeviceLock> DeviceLock::Take(const std::string& device) {
  // A digest, because a device with its arguments may be longer than a socket's name.
  const std::string name = absl::StrCat("borderflow-", Sha256Hex(device));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;  // the first byte of the path stays 0: the abstract space
  std::memcpy(address.sun_path + 1, name.data(), name.size());
  const int lock = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (lock < 0) {
    return absl::UnavailableError(absl::StrCat(device, ": no socket: ", std::strerror(errno)));
  }
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size());
  if (bind(lock, reinterpret_cast<const sockaddr*>(&address), size) == 0) return DeviceLock(lock);
  const int error = errno;
  close(lock);
  if (error == EADDRINUSE) {
    return absl::AlreadyExistsError(absl::StrCat(
        "'", device, "' is in use by another borderflow; stop that one, or choose another port"));
  }
  return absl::UnavailableError(absl::StrCat(device, ": ", std::strerror(error)));
}

DeviceLock::~DeviceLock() {
  if (socket_ >= 0) close(socket_);
}

}  // namespace borderflow
