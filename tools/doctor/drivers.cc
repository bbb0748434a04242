#include "tools/doctor/drivers.h"

#include <dlfcn.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"

namespace borderflow {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kInfo = "PMD_INFO_STRING= ";
constexpr std::string_view kEnvironment = "librte_eal.so.";
constexpr std::string_view kPrefix = "librte_";
constexpr std::string_view kSuffix = ".so";

// The path behind a line of /proc/self/maps that names the environment's library.
std::string MappedEnvironment(const SystemFiles& files) {
  for (const std::string& line : files.Lines("/proc/self/maps")) {
    if (line.find(kEnvironment) == std::string::npos) continue;
    return line.substr(std::min(line.find('/'), line.size()));
  }
  return "";
}

bool Has(const Drivers& drivers, const std::string& driver) {
  return std::find(drivers.files.begin(), drivers.files.end(), driver) != drivers.files.end();
}

// DPDK takes the driver whose name the device's begins with.
bool HasDriverOf(const Drivers& drivers, const std::string& device) {
  return std::any_of(drivers.files.begin(), drivers.files.end(),
                     [&device](const std::string& file) { return device.rfind(file, 0) == 0; });
}

// Debian's package of a driver: net_af_packet -> librte-net-af-packet23.
std::string Install(const Drivers& drivers, const std::string& driver) {
  return absl::StrCat("apt-get install librte-", absl::StrReplaceAll(driver, {{"_", "-"}}),
                      drivers.abi_major());
}

std::string WithoutNumber(const std::string& device) {
  return device.substr(0, device.find_last_not_of("0123456789") + 1);
}

CheckResult CheckFolder(const Drivers& drivers, const Wanted& wanted) {
  if (drivers.files.empty()) {
    return Problem("drivers", drivers.folder + ": no drivers there", "apt-get install libdpdk-dev");
  }
  std::vector<std::string> there;
  std::vector<std::string> missing;
  for (const char* driver : {"net_af_packet", "net_pcap", "net_ring"}) {
    (Has(drivers, driver) ? there : missing).emplace_back(driver);
  }
  const std::string found = absl::StrCat(
      drivers.folder, ": ", drivers.files.size(), " drivers, of them ", drivers.pci.size(),
      " for network cards; ", there.empty() ? "none" : absl::StrJoin(there, ", "), " there",
      missing.empty() ? "" : absl::StrCat("; not there: ", absl::StrJoin(missing, ", ")));
  if (missing.empty()) return Ok("drivers", found);
  const std::string remedy = Install(drivers, missing.front());
  if (missing.front() == "net_af_packet" && wanted.through_kernel()) {
    return Problem("drivers", found + ", which --interface needs", remedy);
  }
  return Note("drivers", found, remedy);
}

}  // namespace

const PciDriver* Drivers::For(const PciId& id) const {
  for (const PciDriver& driver : pci) {
    for (const PciId& device : driver.devices) {
      if (device.vendor == id.vendor && device.device == id.device) return &driver;
    }
  }
  return nullptr;
}

std::string Drivers::abi_major() const {
  const size_t dash = folder.rfind('-');
  if (dash == std::string::npos) return "";
  return folder.substr(dash + 1, folder.find('.', dash) - dash - 1);
}

std::string DpdkVersion() {
  // Asked of the running program, because headers of DPDK stay within dataplane/capture.
  using Version = const char* (*)();
  const auto version = reinterpret_cast<Version>(dlsym(RTLD_DEFAULT, "rte_version"));
  return version == nullptr ? "" : version();
}

std::vector<PciDriver> ParsePciDrivers(std::string_view object) {
  std::vector<PciDriver> drivers;
  for (size_t at = object.find(kInfo); at != std::string_view::npos;
       at = object.find(kInfo, at + 1)) {
    std::string_view text = object.substr(at + kInfo.size());
    text = text.substr(0, text.find('\0'));
    const nlohmann::json info = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
    if (!info.is_object() || !info.contains("pci_ids") || !info["pci_ids"].is_array()) continue;
    const auto word = [&info](const char* key) {
      return info.contains(key) && info[key].is_string() ? info[key].get<std::string>() : "";
    };
    PciDriver driver{word("name"), word("kmod"), {}};
    for (const nlohmann::json& id : info["pci_ids"]) {
      if (!id.is_array() || id.size() < 2 || !id[0].is_number_unsigned() ||
          !id[1].is_number_unsigned()) {
        continue;
      }
      driver.devices.push_back({id[0].get<uint16_t>(), id[1].get<uint16_t>()});
    }
    if (!driver.devices.empty()) drivers.push_back(std::move(driver));
  }
  return drivers;
}

Drivers ReadDrivers(const SystemFiles& files, const std::string& version) {
  Drivers drivers;
  drivers.version = version;
  drivers.library = MappedEnvironment(files);
  if (drivers.library.empty()) return drivers;
  // .../librte_eal.so.23.0 looks into .../dpdk/pmds-23.0, the place that it was built with.
  const std::string abi =
      drivers.library.substr(drivers.library.find(kEnvironment) + kEnvironment.size());
  drivers.folder =
      absl::StrCat(fs::path(drivers.library).parent_path().string(), "/dpdk/pmds-", abi);
  for (const std::string& name : files.Entries(drivers.folder)) {
    if (name.rfind(kPrefix, 0) != 0 || !absl::EndsWith(name, ".so")) continue;
    const std::string driver =
        name.substr(kPrefix.size(), name.size() - kPrefix.size() - kSuffix.size());
    drivers.files.push_back(driver);
    if (driver.rfind("net_", 0) != 0) continue;
    for (PciDriver& pci : ParsePciDrivers(files.Text(absl::StrCat(drivers.folder, "/", name)))) {
      drivers.pci.push_back(std::move(pci));
    }
  }
  return drivers;
}

std::vector<CheckResult> CheckDrivers(const Drivers& drivers, const Wanted& wanted) {
  if (drivers.folder.empty()) {
    return {Note("dpdk", drivers.version.empty()
                             ? "no DPDK library is loaded: drivers cannot be listed"
                             : drivers.version + ", linked into the program with its drivers")};
  }
  std::vector<CheckResult> findings = {
      Ok("dpdk", absl::StrCat(drivers.version, ", ", drivers.library)),
      CheckFolder(drivers, wanted)};
  for (const std::string& device : wanted.virtual_devices()) {
    if (HasDriverOf(drivers, device)) {
      findings.push_back(Ok("port", device + ": its driver is there"));
    } else {
      findings.push_back(Problem("port", device + ": no driver of that name is installed",
                                 Install(drivers, WithoutNumber(device))));
    }
  }
  return findings;
}

}  // namespace borderflow
