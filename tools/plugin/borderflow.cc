#include "tools/plugin/borderflow.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "collectors/report/json_report.h"
#include "tools/account/account.h"
#include "tools/account/version.h"
#include "tools/plugin/hosted_sensor.h"
#include "tools/plugin/settings.h"

struct bf_handle {
  std::unique_ptr<borderflow::HostedSensor> sensor;
  std::vector<borderflow::Lane*> lanes;
};

namespace {

// 0 for success, -1 with the message for an error.
int Tell(const absl::Status& status, char* error, size_t error_size) {
  if (status.ok()) return 0;
  if (error_size > 0) {
    const std::string_view message(status.message().data(), status.message().size());
    const size_t length = std::min(message.size(), error_size - 1);
    std::memcpy(error, message.data(), length);
    error[length] = '\0';
  }
  return -1;
}

absl::StatusOr<std::unique_ptr<bf_handle>> Create(const char* config_path) {
  absl::StatusOr<borderflow::AccountFlags> flags =
      borderflow::ReadSettings(config_path == nullptr ? "" : config_path);
  if (!flags.ok()) return flags.status();
  const int lanes = flags->workers;
  auto sensor = borderflow::HostedSensor::Create("libborderflow", *std::move(flags));
  if (!sensor.ok()) return sensor.status();
  auto handle = std::make_unique<bf_handle>();
  handle->sensor = *std::move(sensor);
  const borderflow::StampedPorts stamped = borderflow::StampedPorts::Find();
  for (int i = 0; i < lanes; ++i) handle->lanes.push_back(handle->sensor->AddLane(stamped));
  handle->sensor->ConnectLanes();
  return handle;
}

}  // namespace

const char* bf_version(void) { return borderflow::kVersion; }

bf_handle* bf_create(const char* config_path, char* error, size_t error_size) {
  absl::StatusOr<std::unique_ptr<bf_handle>> handle = Create(config_path);
  return Tell(handle.status(), error, error_size) == 0 ? handle->release() : nullptr;
}

unsigned bf_lanes(const bf_handle* handle) { return static_cast<unsigned>(handle->lanes.size()); }

uint16_t bf_inspect(bf_handle* handle, unsigned lane, rte_mbuf* const* mbufs, uint16_t count) {
  if (lane >= handle->lanes.size()) return 0;
  return handle->lanes[lane]->Inspect(absl::MakeConstSpan(mbufs, count)) ? count : uint16_t{0};
}

char* bf_snapshot_json(bf_handle* handle) {
  const std::string json = borderflow::ToJson(handle->sensor->Collect());
  auto* text = static_cast<char*>(std::malloc(json.size() + 1));
  if (text != nullptr) std::memcpy(text, json.c_str(), json.size() + 1);
  return text;
}

void bf_free(char* text) { std::free(text); }

int bf_reload(bf_handle* handle, char* error, size_t error_size) {
  return Tell(handle->sensor->Reload(), error, error_size);
}

int bf_finish(bf_handle* handle, char* error, size_t error_size) {
  borderflow::HostedSensor& sensor = *handle->sensor;
  sensor.Finish();
  return Tell(borderflow::WriteOutputs(sensor.flags(), sensor.Collect()), error, error_size);
}

void bf_destroy(bf_handle* handle) { delete handle; }
