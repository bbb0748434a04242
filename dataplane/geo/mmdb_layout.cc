#include "dataplane/geo/mmdb_layout.h"

#include <charconv>
#include <limits>

namespace borderflow {
namespace {

// Reads the members of one record. Where a layout writes a member in several places, the strongest
// is taken at the end, whatever their order in the file.
class RecordReader {
 public:
  RecordReader(const MmdbData& data, MmdbData::Budget& budget) : data_(data), budget_(budget) {}

  absl::Status ReadTop(const MmdbValue& map);
  MmdbRecord record() const;

 private:
  absl::Status ReadTraits(const MmdbValue& map);
  absl::Status ReadFlag(std::string_view key, uint32_t at);
  absl::StatusOr<uint32_t> AsNumber(uint32_t at);
  absl::StatusOr<std::string_view> IsoCode(const MmdbValue& country);

  const MmdbData& data_;
  MmdbData::Budget& budget_;
  std::string_view iso_code_;       // country.iso_code
  std::string_view country_code_;   // country_code
  std::string_view plain_country_;  // country
  std::string_view registered_;
  uint32_t as_number_ = 0;   // autonomous_system_number
  uint32_t plain_asn_ = 0;   // asn
  uint32_t traits_asn_ = 0;  // traits.autonomous_system_number
  uint8_t flags_ = 0;
};

MmdbRecord RecordReader::record() const {
  MmdbRecord record;
  record.registered = registered_;
  record.flags = flags_;
  for (const std::string_view code : {iso_code_, country_code_, plain_country_}) {
    if (record.country.empty()) record.country = code;
  }
  for (const uint32_t asn : {as_number_, plain_asn_, traits_asn_}) {
    if (record.asn == 0) record.asn = asn;
  }
  return record;
}

// Empty where there is none.
absl::StatusOr<std::string_view> RecordReader::IsoCode(const MmdbValue& country) {
  absl::StatusOr<std::optional<MmdbValue>> code = data_.Path(country, "iso_code", budget_);
  if (!code.ok()) return code.status();
  if (!code->has_value()) return std::string_view();
  return data_.String(**code).value_or(std::string_view());
}

absl::Status RecordReader::ReadFlag(std::string_view key, uint32_t at) {
  uint8_t flag = 0;
  if (key == "is_anycast") flag = kFlagAnycast;
  if (key == "is_satellite_provider" || key == "is_satellite") flag = kFlagSatellite;
  if (key == "is_anonymous_proxy") flag = kFlagProxy;
  if (flag == 0) return absl::OkStatus();
  absl::StatusOr<MmdbValue> value = data_.At(at, budget_);
  if (!value.ok()) return value.status();
  if (data_.Unsigned(*value).value_or(0) != 0 || data_.String(*value) == "true") flags_ |= flag;
  return absl::OkStatus();
}

// 0 where the value is not an AS number.
absl::StatusOr<uint32_t> RecordReader::AsNumber(uint32_t at) {
  absl::StatusOr<MmdbValue> value = data_.At(at, budget_);
  if (!value.ok()) return value.status();
  if (const std::optional<std::string_view> text = data_.String(*value); text.has_value()) {
    return ParseAsNumber(*text).value_or(0);
  }
  const uint64_t number = data_.Unsigned(*value).value_or(0);
  return number <= std::numeric_limits<uint32_t>::max() ? static_cast<uint32_t>(number) : 0;
}

absl::Status RecordReader::ReadTraits(const MmdbValue& map) {
  MmdbData::Members members(data_, map);
  while (true) {
    absl::StatusOr<bool> more = members.Next(budget_);
    if (!more.ok() || !*more) return more.status();
    if (members.key() == "autonomous_system_number") {
      absl::StatusOr<uint32_t> asn = AsNumber(members.value());
      if (!asn.ok()) return asn.status();
      traits_asn_ = *asn;
    }
    if (absl::Status read = ReadFlag(members.key(), members.value()); !read.ok()) return read;
  }
}

absl::Status RecordReader::ReadTop(const MmdbValue& map) {
  MmdbData::Members members(data_, map);
  while (true) {
    absl::StatusOr<bool> more = members.Next(budget_);
    if (!more.ok() || !*more) return more.status();
    const std::string_view key = members.key();
    if (key == "autonomous_system_number" || key == "asn") {
      absl::StatusOr<uint32_t> asn = AsNumber(members.value());
      if (!asn.ok()) return asn.status();
      (key == "asn" ? plain_asn_ : as_number_) = *asn;
      continue;
    }
    if (key != "country" && key != "country_code" && key != "registered_country" &&
        key != "traits") {
      if (absl::Status read = ReadFlag(key, members.value()); !read.ok()) return read;
      continue;
    }
    absl::StatusOr<MmdbValue> value = data_.At(members.value(), budget_);
    if (!value.ok()) return value.status();
    if (key == "traits") {
      if (absl::Status read = ReadTraits(*value); !read.ok()) return read;
    } else if (value->type == MmdbType::kMap) {
      absl::StatusOr<std::string_view> code = IsoCode(*value);
      if (!code.ok()) return code.status();
      if (key == "country") iso_code_ = *code;
      if (key == "registered_country") registered_ = *code;
    } else {
      const std::string_view text = data_.String(*value).value_or(std::string_view());
      if (key == "country") plain_country_ = text;
      if (key == "country_code") country_code_ = text;
      if (key == "registered_country") registered_ = text;
    }
  }
}

}  // namespace

absl::StatusOr<MmdbRecord> ReadRecord(const MmdbData& data, uint32_t offset,
                                      std::string_view country_path, MmdbData::Budget& budget) {
  absl::StatusOr<MmdbValue> top = data.At(offset, budget);
  if (!top.ok()) return top.status();
  RecordReader reader(data, budget);
  if (absl::Status read = reader.ReadTop(*top); !read.ok()) return read;
  MmdbRecord record = reader.record();
  if (country_path.empty()) return record;
  absl::StatusOr<std::optional<MmdbValue>> country = data.Path(*top, country_path, budget);
  if (!country.ok()) return country.status();
  record.country = {};
  if (country->has_value()) record.country = data.String(**country).value_or(std::string_view());
  return record;
}

std::optional<uint32_t> ParseAsNumber(std::string_view text) {
  if (text.size() > 2 && (text[0] == 'A' || text[0] == 'a') && (text[1] == 'S' || text[1] == 's')) {
    text.remove_prefix(2);
  }
  uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace borderflow
