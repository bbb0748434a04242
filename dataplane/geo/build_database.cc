#include "dataplane/geo/build_database.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "dataplane/geo/location.h"
#include "dataplane/geo/mmdb_writer.h"
#include "rules/jurisdiction/jurisdiction.h"

namespace borderflow {
namespace {

constexpr CountryCode kNoCode{};
constexpr char kDatabaseType[] = "borderflow-Country-ASN";

std::string Text(const CountryCode& code) { return {code[0], code[1]}; }

// What one address has, from all sources.
struct Answer {
  CountryCode code{};
  uint8_t flags = 0;
  uint32_t asn = 0;

  bool empty() const { return code == kNoCode && flags == 0 && asn == 0; }
  friend bool operator==(const Answer&, const Answer&) = default;

  template <typename H>
  friend H AbslHashValue(H h, const Answer& answer) {
    return H::combine(std::move(h), answer.code[0], answer.code[1], answer.flags, answer.asn);
  }
};

struct AnswerRange {
  IpAddress first;
  IpAddress last;
  Answer answer;
};

IpAddress After(const IpAddress& address) {
  return {address.high + (address.low == UINT64_MAX ? 1 : 0), address.low + 1};
}

IpAddress Before(const IpAddress& address) {
  return {address.high - (address.low == 0 ? 1 : 0), address.low - 1};
}

constexpr IpAddress kHighest{UINT64_MAX, UINT64_MAX};
constexpr IpAddress kMappedFirst = IpAddress::FromV4(0);
constexpr IpAddress kMappedLast = IpAddress::FromV4(UINT32_MAX);
constexpr IpAddress kAfterIpv4Place{0, uint64_t{1} << 32};  // ::/96 is where an MMDB keeps IPv4

absl::StatusOr<std::vector<CountryRange>> MergeTor(const std::vector<TorGeoip>& files) {
  std::vector<CountryRange> ranges;
  for (const TorGeoip& file : files) {
    ranges.insert(ranges.end(), file.ranges.begin(), file.ranges.end());
  }
  std::sort(ranges.begin(), ranges.end(),
            [](const CountryRange& a, const CountryRange& b) { return a.first < b.first; });
  for (size_t i = 1; i < ranges.size(); ++i) {
    if (ranges[i].first <= ranges[i - 1].last) {
      return absl::InvalidArgumentError(
          absl::StrCat("two of Tor's files both cover ", ToString(ranges[i].first),
                       "; give geoip and geoip6 of one package, each once"));
    }
  }
  return ranges;
}

// Walks one sorted list; At() is its range over `address`, and Border() the last address up to
// which that answer (a range or a gap) holds.
template <typename Range>
class Cursor {
 public:
  explicit Cursor(const std::vector<Range>& ranges) : ranges_(ranges) {}

  // Addresses must not go down from call to call.
  const Range* At(const IpAddress& address) {
    while (next_ < ranges_.size() && ranges_[next_].last < address) ++next_;
    if (next_ == ranges_.size() || address < ranges_[next_].first) return nullptr;
    return &ranges_[next_];
  }

  IpAddress Border(const Range* at) const {
    if (at != nullptr) return at->last;
    return next_ == ranges_.size() ? kHighest : Before(ranges_[next_].first);
  }

 private:
  const std::vector<Range>& ranges_;
  size_t next_ = 0;
};

// Sweeps first..last over the borders of both lists, appending what has an answer.
void Sweep(IpAddress first, const IpAddress& last, bool country_from_libloc,
           Cursor<CountryRange>* countries, Cursor<NetworkRange>* networks,
           std::vector<AnswerRange>* result) {
  const size_t family_begin = result->size();
  while (true) {
    const CountryRange* country = countries->At(first);
    const NetworkRange* network = networks->At(first);
    const IpAddress border =
        std::min({countries->Border(country), networks->Border(network), last});
    Answer answer;
    if (network != nullptr) {
      answer.asn = network->asn;
      answer.flags = network->flags;
      if (country_from_libloc) answer.code = network->code;
    }
    if (country != nullptr) answer.code = country->code;
    if (!answer.empty()) {
      const bool continues = result->size() > family_begin && result->back().answer == answer &&
                             After(result->back().last) == first;
      if (continues) {
        result->back().last = border;
      } else {
        result->push_back({first, border, answer});
      }
    }
    if (border == last) return;
    first = After(border);
  }
}

std::vector<AnswerRange> Combine(const std::vector<CountryRange>& countries,
                                 const std::vector<NetworkRange>& networks,
                                 bool country_from_libloc) {
  Cursor<CountryRange> country(countries);
  Cursor<NetworkRange> network(networks);
  std::vector<AnswerRange> result;
  Sweep(kAfterIpv4Place, Before(kMappedFirst), country_from_libloc, &country, &network, &result);
  Sweep(kMappedFirst, kMappedLast, country_from_libloc, &country, &network, &result);
  Sweep(After(kMappedLast), kHighest, country_from_libloc, &country, &network, &result);
  return result;
}

// The short text of each source, as every record repeats it.
struct SourceNames {
  std::string country;
  std::string autonomous_system;
};

RecordValue RecordOf(const Answer& answer, const std::map<uint32_t, std::string>& as_names,
                     const SourceNames& names) {
  RecordValue::Map record;
  RecordValue::Map sources;
  if (answer.code != kNoCode) {
    record.push_back({"country", {RecordValue::Map{{"iso_code", {Text(answer.code)}}}}});
    sources.push_back({"country", {names.country}});
  }
  if (answer.asn != 0) {
    record.push_back({"autonomous_system_number", {answer.asn}});
    const auto name = as_names.find(answer.asn);
    if (name != as_names.end() && !name->second.empty()) {
      record.push_back({"autonomous_system_organization", {name->second}});
    }
  }
  RecordValue::Map traits;
  if (answer.flags & kFlagAnycast) traits.push_back({"is_anycast", {true}});
  if (answer.flags & kFlagSatellite) traits.push_back({"is_satellite_provider", {true}});
  if (answer.flags & kFlagProxy) traits.push_back({"is_anonymous_proxy", {true}});
  if (answer.asn != 0) sources.push_back({"autonomous_system", {names.autonomous_system}});
  if (!traits.empty()) {
    record.push_back({"traits", {std::move(traits)}});
    sources.push_back({"traits", {names.autonomous_system}});
  }
  record.push_back({"sources", {std::move(sources)}});
  return {std::move(record)};
}

std::string Join(const std::set<std::string>& texts) {
  return texts.empty() ? "not stated" : absl::StrJoin(texts, ", ");
}

// Sources, dates, licences and limits, in sentences that a reader of `mmdblookup --verbose` sees.
std::string Describe(const DatabaseSources& sources, int64_t tor_time) {
  std::vector<std::string> sentences;
  std::set<std::string> licences;
  if (!sources.tor.empty()) {
    std::set<std::string> vendors;
    for (const TorGeoip& file : sources.tor) {
      if (!file.vendor.empty()) vendors.insert(file.vendor);
      if (!file.licence.empty()) licences.insert(file.licence);
    }
    sentences.push_back(absl::StrCat("Country: Tor's geoip files of ", DataDate(tor_time),
                                     ", vendor ", Join(vendors),
                                     "; largely registry-derived, not measured."));
  }
  if (sources.libloc) {
    const Libloc& libloc = *sources.libloc;
    if (!libloc.licence.empty()) licences.insert(libloc.licence);
    const std::string date = DataDate(libloc.build_time);
    sentences.push_back(absl::StrCat(
        "AS numbers, AS names and anycast, satellite and proxy flags: libloc database of ", date,
        ", vendor ", libloc.vendor.empty() ? "not stated" : libloc.vendor,
        "; nothing later is known."));
    if (sources.tor.empty()) {
      sentences.push_back(absl::StrCat("Country: the same libloc database of ", date,
                                       "; largely registry-derived, not measured."));
    }
  }
  sentences.push_back("No source says where a block is registered.");
  sentences.push_back(absl::StrCat("Licence: ", Join(licences), "."));
  sentences.push_back("Compiled by borderflow geo build.");
  return absl::StrJoin(sentences, " ");
}

uint64_t AddressesV4(const AnswerRange& range) {
  return range.first.IsV4Mapped() ? uint64_t{range.last.v4()} - range.first.v4() + 1 : 0;
}

void Count(const std::vector<AnswerRange>& ranges, BuiltDatabase* built) {
  std::set<CountryCode> codes;
  std::set<uint32_t> as_numbers;
  built->ranges = ranges.size();
  for (const AnswerRange& range : ranges) {
    const Answer& answer = range.answer;
    if (answer.code != kNoCode) {
      codes.insert(answer.code);
      const std::string text = Text(answer.code);
      if (NormalizeCode(text).kind != CodeKind::kExact) ++built->odd_codes[text];
      built->ipv4_with_country += AddressesV4(range);
    }
    if (answer.asn != 0) {
      as_numbers.insert(answer.asn);
      built->ipv4_with_as += AddressesV4(range);
    }
    if (answer.flags & kFlagAnycast) ++built->anycast_ranges;
    if (answer.flags & kFlagSatellite) ++built->satellite_ranges;
    if (answer.flags & kFlagProxy) ++built->proxy_ranges;
  }
  built->countries = codes.size();
  built->as_numbers = as_numbers.size();
}

}  // namespace

std::string DataDate(int64_t seconds) {
  if (seconds == 0) return "unknown";
  return absl::FormatTime("%Y-%m-%d", absl::FromUnixSeconds(seconds), absl::UTCTimeZone());
}

absl::StatusOr<BuiltDatabase> BuildDatabase(const DatabaseSources& sources) {
  if (sources.tor.empty() && !sources.libloc) {
    return absl::InvalidArgumentError(
        "no source given: run tools/setup/geo_data.sh, or name --tor or --libloc");
  }
  absl::StatusOr<std::vector<CountryRange>> countries = MergeTor(sources.tor);
  if (!countries.ok()) return countries.status();

  int64_t tor_time = 0;
  for (const TorGeoip& file : sources.tor) tor_time = std::max(tor_time, file.build_time);
  const int64_t libloc_time = sources.libloc ? sources.libloc->build_time : 0;
  const static std::vector<NetworkRange> kNoNetworks;
  const std::vector<AnswerRange> ranges =
      Combine(*countries, sources.libloc ? sources.libloc->ranges : kNoNetworks,
              /*country_from_libloc=*/sources.tor.empty());

  const std::string libloc_name = "libloc " + DataDate(libloc_time);
  const SourceNames names{sources.tor.empty() ? libloc_name : "tor-geoipdb " + DataDate(tor_time),
                          libloc_name};
  static const std::map<uint32_t, std::string> kNoNames;
  const auto& as_names = sources.libloc ? sources.libloc->as_names : kNoNames;
  std::vector<RecordRange> mmdb_ranges;
  mmdb_ranges.reserve(ranges.size());
  std::vector<RecordValue> records;
  absl::flat_hash_map<Answer, uint32_t> record_of;
  for (const AnswerRange& range : ranges) {
    const auto [found, is_new] =
        record_of.try_emplace(range.answer, static_cast<uint32_t>(records.size()));
    if (is_new) records.push_back(RecordOf(range.answer, as_names, names));
    mmdb_ranges.push_back({range.first, range.last, found->second});
  }

  BuiltDatabase built;
  built.description = Describe(sources, tor_time);
  built.build_epoch = std::max<int64_t>({tor_time, libloc_time, 0});
  built.records = records.size();
  Count(ranges, &built);
  BuildMetadata metadata;
  metadata.database_type = kDatabaseType;
  metadata.description = built.description;
  metadata.build_epoch = static_cast<uint64_t>(built.build_epoch);
  absl::StatusOr<std::string> bytes = WriteMmdb(mmdb_ranges, records, metadata);
  if (!bytes.ok()) return bytes.status();
  built.bytes = *std::move(bytes);
  return built;
}

}  // namespace borderflow
