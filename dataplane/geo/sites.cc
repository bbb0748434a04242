#include "dataplane/geo/sites.h"

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace borderflow {

std::string PrefixText(const Prefix& prefix) {
  const bool v4 = prefix.address.IsV4Mapped() && prefix.length >= 96;
  return absl::StrCat(ToString(prefix.address), "/", prefix.length - (v4 ? 96 : 0));
}

absl::StatusOr<GeoLayer> SiteLayer(absl::Span<const SitePrefix> sites) {
  std::vector<LocatedPrefix> prefixes;
  for (const SitePrefix& site : sites) {
    for (const LocatedPrefix& earlier : prefixes) {
      if (earlier.prefix.address == site.prefix.address &&
          earlier.prefix.length == site.prefix.length &&
          earlier.location.location != site.jurisdiction) {
        return absl::InvalidArgumentError(absl::StrCat(
            "--site ", PrefixText(site.prefix), "=", std::string(Code(site.jurisdiction)),
            ": the same prefix is also given as ", std::string(Code(earlier.location.location)),
            "; keep one of the two"));
      }
    }
    prefixes.push_back({site.prefix, {.location = site.jurisdiction, .source = GeoSource::kSite}});
  }
  return FlattenPrefixes(prefixes);
}

}  // namespace borderflow
