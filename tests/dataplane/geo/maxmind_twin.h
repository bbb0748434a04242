// MaxmindTwin: libmaxminddb as the slow twin of everything that reads an MMDB here.
#ifndef BORDERFLOW_TESTS_DATAPLANE_GEO_MAXMIND_TWIN_H_
#define BORDERFLOW_TESTS_DATAPLANE_GEO_MAXMIND_TWIN_H_

#include <maxminddb.h>
#include <netinet/in.h>

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "dataplane/geo/location.h"
#include "dataplane/packet/address.h"

namespace borderflow {

class MaxmindTwin {
 public:
  explicit MaxmindTwin(const std::string& path) {
    status_ = MMDB_open(path.c_str(), MMDB_MODE_MMAP, &library_);
  }
  ~MaxmindTwin() {
    if (ok()) MMDB_close(&library_);
  }
  MaxmindTwin(const MaxmindTwin&) = delete;
  MaxmindTwin& operator=(const MaxmindTwin&) = delete;

  bool ok() const { return status_ == MMDB_SUCCESS; }

  // Offset of the address's record in the data section; nullopt when it has none.
  std::optional<uint32_t> Offset(const IpAddress& address) const {
    int error = MMDB_SUCCESS;
    MMDB_lookup_result_s result;
    if (address.IsV4Mapped()) {
      sockaddr_in v4 = {};
      v4.sin_family = AF_INET;
      v4.sin_addr.s_addr = htonl(address.v4());
      result = MMDB_lookup_sockaddr(&library_, reinterpret_cast<sockaddr*>(&v4), &error);
    } else {
      sockaddr_in6 v6 = {};
      v6.sin6_family = AF_INET6;
      for (int i = 0; i < 8; ++i) {
        v6.sin6_addr.s6_addr[i] = static_cast<uint8_t>(address.high >> (56 - 8 * i));
        v6.sin6_addr.s6_addr[8 + i] = static_cast<uint8_t>(address.low >> (56 - 8 * i));
      }
      result = MMDB_lookup_sockaddr(&library_, reinterpret_cast<sockaddr*>(&v6), &error);
    }
    if (error != MMDB_SUCCESS || !result.found_entry) return std::nullopt;
    return result.entry.offset;
  }

  // True where the library gives up on the address's record before it has found every member.
  bool GivesUp(const IpAddress& address) {
    Find(address);
    const std::optional<uint32_t> offset = Offset(address);
    return offset.has_value() && given_up_.contains(*offset);
  }

  // What a GeoIP2, GeoLite2 or `geo build` record says; flags as the library has them.
  Location Find(const IpAddress& address) {
    const std::optional<uint32_t> offset = Offset(address);
    if (!offset.has_value()) return Location{};
    const auto known = read_.find(*offset);
    if (known != read_.end()) return known->second;
    const Location location = Read(*offset);
    read_.emplace(*offset, location);
    return location;
  }

 private:
  Location Read(uint32_t offset) {
    MMDB_entry_s entry{&library_, offset};
    Location location;
    MMDB_entry_data_s value;
    bool says = false;
    const auto has = [&](uint32_t type) {
      const bool found = value.has_data && value.type == type;
      says |= found;
      return found;
    };
    const auto get = [&](auto... path) {
      const int status = MMDB_get_value(&entry, &value, path..., nullptr);
      if (status == MMDB_INVALID_DATA_ERROR) given_up_.insert(offset);
      return status == MMDB_SUCCESS;
    };
    const auto code = [&] {
      return NormalizeCode({value.utf8_string, value.data_size}).jurisdiction;
    };
    if (get("country", "iso_code") && has(MMDB_DATA_TYPE_UTF8_STRING)) {
      location.location = code();
    }
    if (get("registered_country", "iso_code") && has(MMDB_DATA_TYPE_UTF8_STRING)) {
      location.registered = code();
    }
    if ((get("autonomous_system_number") && has(MMDB_DATA_TYPE_UINT32)) ||
        (get("traits", "autonomous_system_number") && has(MMDB_DATA_TYPE_UINT32))) {
      location.asn = value.uint32;
    }
    const auto flag = [&](const char* name, uint8_t bit) {
      if (!get("traits", name) || !value.has_data || value.type != MMDB_DATA_TYPE_BOOLEAN ||
          !value.boolean) {
        return;
      }
      says = true;
      location.flags |= bit;
    };
    flag("is_anycast", kFlagAnycast);
    flag("is_satellite_provider", kFlagSatellite);
    flag("is_anonymous_proxy", kFlagProxy);
    if (says) location.source = GeoSource::kDatabase;
    return location;
  }

  MMDB_s library_ = {};
  int status_ = MMDB_SUCCESS;
  std::unordered_map<uint32_t, Location> read_;
  std::unordered_set<uint32_t> given_up_;
};

}  // namespace borderflow

#endif  // BORDERFLOW_TESTS_DATAPLANE_GEO_MAXMIND_TWIN_H_
