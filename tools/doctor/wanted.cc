#include "tools/doctor/wanted.h"

#include <algorithm>

namespace borderflow {
namespace {

// What stands before a device's arguments.
std::string NameOf(const std::string& port) { return port.substr(0, port.find(',')); }

bool IsPciAddress(const std::string& name) {
  return name.find(':') != std::string::npos && name.find('.') != std::string::npos &&
         name.find_first_not_of("0123456789abcdefABCDEF:.") == std::string::npos;
}

bool IsNumber(const std::string& name) {
  return name.find_first_not_of("0123456789") == std::string::npos;
}

}  // namespace

std::vector<std::string> Wanted::pci() const {
  std::vector<std::string> addresses;
  for (const std::string& port : ports) {
    const std::string name = NameOf(port);
    if (!IsPciAddress(name)) continue;
    const bool has_domain = std::count(name.begin(), name.end(), ':') == 2;
    addresses.push_back((has_domain ? "" : "0000:") + name);
  }
  return addresses;
}

std::vector<std::string> Wanted::virtual_devices() const {
  std::vector<std::string> names;
  for (const std::string& port : ports) {
    const std::string name = NameOf(port);
    if (!IsPciAddress(name) && !IsNumber(name)) names.push_back(name);
  }
  return names;
}

size_t Wanted::lanes() const {
  return workers * std::max<size_t>(1, ports.size() + interfaces.size());
}

}  // namespace borderflow
