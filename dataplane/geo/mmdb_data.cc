#include "dataplane/geo/mmdb_data.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace borderflow {
namespace {

absl::Status Damage(uint32_t offset, absl::string_view problem) {
  return absl::InvalidArgumentError(absl::StrCat("offset ", offset, ": ", problem));
}

uint32_t BigEndian(const uint8_t* bytes, uint32_t count) {
  uint32_t number = 0;
  for (uint32_t i = 0; i < count; ++i) number = (number << 8) | bytes[i];
  return number;
}

bool IsContainer(MmdbType type) { return type == MmdbType::kMap || type == MmdbType::kArray; }

// Sizes below this stand in the control byte itself.
constexpr uint32_t kLongSize = 29;

// 001SSVVV: 1 to 4 further bytes; the shorter forms count from where the longer ones end.
uint32_t PointerBytes(uint8_t control) { return ((control >> 3) & 3u) + 1; }
// `rest`: the further bytes as a number.
uint32_t PointerTarget(uint8_t control, uint32_t rest) {
  static constexpr uint32_t kBase[] = {0, 2048, 526336, 0};
  static constexpr uint32_t kTopBits[] = {7, 7, 7, 0};
  const uint32_t form = PointerBytes(control) - 1;
  return ((control & kTopBits[form]) << (8 * (form + 1) % 32)) + rest + kBase[form];
}

}  // namespace

// Results stay in registers: these are inlined, and what they fill is never looked at from outside.
inline bool MmdbData::ReadShort(uint32_t offset, Budget& budget, Header& header) const {
  // Room for any value of a short size, and for the 4 bytes of the longest pointer.
  if (uint64_t{offset} + kLongSize > section_.size() || !budget.Spend()) return false;
  const uint8_t control = section_[offset];
  const uint32_t at = offset + 1;
  header.value.type = static_cast<MmdbType>(control >> 5);
  if (header.value.type == MmdbType::kPointer) {
    const uint32_t bytes = PointerBytes(control);
    header.target = PointerTarget(control, BigEndian(&section_[at], 4) >> (8 * (4 - bytes)));
    header.next = at + bytes;
    return true;
  }
  const uint32_t size = control & 31;
  if (header.value.type == MmdbType::kExtended || size >= kLongSize) return false;
  header.value.payload = at;
  header.value.size = size;
  header.next = header.value.type == MmdbType::kMap ? at : at + size;
  return true;
}

inline bool MmdbData::FollowShort(uint32_t offset, Budget& budget, MmdbValue& value,
                                  uint32_t& next) const {
  Header header;
  if (!ReadShort(offset, budget, header)) return false;
  next = header.next;
  if (header.value.type == MmdbType::kPointer) {
    const uint32_t target = header.target;
    if (!ReadShort(target, budget, header)) return false;
    if (header.value.type == MmdbType::kPointer) return false;
  }
  value = header.value;
  return true;
}

absl::StatusOr<MmdbData::Header> MmdbData::ReadHeader(uint32_t offset, Budget& budget) const {
  if (!budget.Spend()) return Damage(offset, "values share each other beyond any honest database");
  const uint64_t size = section_.size();
  const auto has = [size](uint64_t at, uint64_t bytes) { return at + bytes <= size; };
  if (!has(offset, 1)) return Damage(offset, "a value lies behind the end of the file");
  const uint8_t control = section_[offset];
  uint64_t at = uint64_t{offset} + 1;
  uint8_t type = control >> 5;
  Header header;

  if (type == static_cast<uint8_t>(MmdbType::kPointer)) {
    const uint32_t bytes = PointerBytes(control);
    if (!has(at, bytes)) return Damage(offset, "a pointer is cut off by the end of the file");
    header.value.type = MmdbType::kPointer;
    header.target = PointerTarget(control, BigEndian(&section_[at], bytes));
    header.next = static_cast<uint32_t>(at + bytes);
    return header;
  }

  if (type == static_cast<uint8_t>(MmdbType::kExtended)) {
    if (!has(at, 1)) return Damage(offset, "a value's type is cut off by the end of the file");
    const uint32_t extended = uint32_t{section_[at]} + 7;
    if (extended < 8 || extended > 15) return Damage(offset, "a value has no known type");
    type = static_cast<uint8_t>(extended);
    ++at;
  }
  header.value.type = static_cast<MmdbType>(type);

  // Sizes from 29 on take 1, 2 or 3 further bytes, each form counting from where the last one ends.
  uint32_t value_size = control & 31;
  if (value_size >= kLongSize) {
    static constexpr uint32_t kBase[] = {kLongSize, 285, 65821};
    const uint32_t bytes = value_size - (kLongSize - 1);
    if (!has(at, bytes)) return Damage(offset, "a value's size is cut off by the end of the file");
    value_size = BigEndian(&section_[at], bytes) + kBase[bytes - 1];
    at += bytes;
  }
  header.value.size = value_size;
  header.value.payload = static_cast<uint32_t>(at);
  header.next = static_cast<uint32_t>(at);
  if (IsContainer(header.value.type) || header.value.type == MmdbType::kBoolean) return header;
  if (!has(at, value_size)) return Damage(offset, "a value runs over the end of the file");
  header.next = static_cast<uint32_t>(at + value_size);
  return header;
}

absl::StatusOr<MmdbValue> MmdbData::Follow(const Header& header, Budget& budget) const {
  if (header.value.type != MmdbType::kPointer) return header.value;
  absl::StatusOr<Header> target = ReadHeader(header.target, budget);
  if (!target.ok()) return target.status();
  if (target->value.type == MmdbType::kPointer) {
    return Damage(header.target, "a pointer leads to another pointer");
  }
  return target->value;
}

absl::StatusOr<MmdbValue> MmdbData::At(uint32_t offset, Budget& budget) const {
  MmdbValue value;
  uint32_t next = 0;
  if (FollowShort(offset, budget, value, next)) {
    return value;
  }
  absl::StatusOr<Header> header = ReadHeader(offset, budget);
  if (!header.ok()) return header.status();
  return Follow(*header, budget);
}

absl::StatusOr<uint32_t> MmdbData::Skip(uint32_t offset, Budget& budget) const {
  uint64_t owed = 1;  // values still to pass; grows by at most 2^25 for each byte read
  while (owed > 0) {
    Header passed;
    if (ReadShort(offset, budget, passed) && passed.value.type != MmdbType::kMap) {
      --owed;
      offset = passed.next;
      continue;
    }
    absl::StatusOr<Header> header = ReadHeader(offset, budget);
    if (!header.ok()) return header.status();
    --owed;
    if (header->value.type == MmdbType::kMap) owed += uint64_t{2} * header->value.size;
    if (header->value.type == MmdbType::kArray) owed += header->value.size;
    offset = header->next;
  }
  return offset;
}

absl::Status MmdbData::CheckExtent(uint32_t offset, int levels, uint32_t values,
                                   Budget& budget) const {
  return Expand(offset, levels, &values, budget);
}

absl::Status MmdbData::Expand(uint32_t offset, int levels, uint32_t* values_left,
                              Budget& budget) const {
  if (levels == 0) return Damage(offset, "values are nested too deep");
  if (*values_left == 0) return Damage(offset, "too many values");
  --*values_left;
  absl::StatusOr<MmdbValue> value = At(offset, budget);
  if (!value.ok()) return value.status();
  if (!IsContainer(value->type)) return absl::OkStatus();
  const uint64_t members = uint64_t{value->size} * (value->type == MmdbType::kMap ? 2 : 1);
  uint32_t at = value->payload;
  for (uint64_t i = 0; i < members; ++i) {
    if (absl::Status member = Expand(at, levels - 1, values_left, budget); !member.ok()) {
      return member;
    }
    absl::StatusOr<uint32_t> next = Skip(at, budget);
    if (!next.ok()) return next.status();
    at = *next;
  }
  return absl::OkStatus();
}

MmdbData::Members::Members(const MmdbData& data, const MmdbValue& map)
    : data_(data), left_(map.type == MmdbType::kMap ? map.size : 0), offset_(map.payload) {}

absl::StatusOr<bool> MmdbData::Members::Next(Budget& budget) {
  if (left_ == 0) return false;
  if (value_ != 0) {  // not the first member: pass the value of the one before
    absl::StatusOr<uint32_t> after = data_.Skip(value_, budget);
    if (!after.ok()) return after.status();
    offset_ = *after;
  }
  --left_;
  MmdbValue short_key;
  uint32_t after_key = 0;
  if (data_.FollowShort(offset_, budget, short_key, after_key) &&
      short_key.type == MmdbType::kString) {
    key_ = {reinterpret_cast<const char*>(&data_.section_[short_key.payload]), short_key.size};
    value_ = after_key;
    return true;
  }
  absl::StatusOr<Header> header = data_.ReadHeader(offset_, budget);
  if (!header.ok()) return header.status();
  absl::StatusOr<MmdbValue> key = data_.Follow(*header, budget);
  if (!key.ok()) return key.status();
  const std::optional<std::string_view> text = data_.String(*key);
  if (!text.has_value()) return Damage(offset_, "the key of a map is not a string");
  key_ = *text;
  value_ = header->next;
  return true;
}

absl::StatusOr<std::optional<MmdbValue>> MmdbData::Path(const MmdbValue& map, std::string_view path,
                                                        Budget& budget) const {
  MmdbValue at = map;
  while (true) {
    const size_t dot = path.find('.');
    const std::string_view wanted = path.substr(0, dot);
    Members members(*this, at);
    bool found = false;
    while (!found) {
      absl::StatusOr<bool> more = members.Next(budget);
      if (!more.ok()) return more.status();
      if (!*more) return std::nullopt;
      found = members.key() == wanted;
    }
    absl::StatusOr<MmdbValue> value = At(members.value(), budget);
    if (!value.ok()) return value.status();
    if (dot == std::string_view::npos) return *value;
    at = *value;
    path.remove_prefix(dot + 1);
  }
}

std::optional<std::string_view> MmdbData::String(const MmdbValue& value) const {
  if (value.type != MmdbType::kString) return std::nullopt;
  return std::string_view(reinterpret_cast<const char*>(section_.data()) + value.payload,
                          value.size);
}

std::optional<uint64_t> MmdbData::Unsigned(const MmdbValue& value) const {
  switch (value.type) {
    case MmdbType::kBoolean:
      return value.size;
    case MmdbType::kUint16:
    case MmdbType::kUint32:
    case MmdbType::kUint64: {
      if (value.size > 8) return std::nullopt;
      uint64_t number = 0;
      for (uint32_t i = 0; i < value.size; ++i)
        number = (number << 8) | section_[value.payload + i];
      return number;
    }
    default:
      return std::nullopt;
  }
}

}  // namespace borderflow
