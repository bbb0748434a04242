// MmdbData: a bounded reader over the data section of an MMDB.
//
// A value is a control byte (type, size), perhaps more size bytes, and its payload; maps and arrays
// are followed by their members, and a pointer stands for a value elsewhere. (MaxMind DB File
// Format Specification 2.0, "Output Data Section".)
//
// Hostile data can nest, point in circles and share members without end. A value is skipped by
// counting what is still owed, not by recursion; a pointer must not lead to another pointer; and
// every value read costs one unit of a budget proportional to the section's size.
//
// Damage in a member that nobody asks for is not looked for, unless it hides where the next one
// begins.
//
// Thread safety: const members from any number of threads, each with its own Budget.
// Slow twin in tests: libmaxminddb's MMDB_aget_value.
#ifndef BORDERFLOW_DATAPLANE_GEO_MMDB_DATA_H_
#define BORDERFLOW_DATAPLANE_GEO_MMDB_DATA_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/types/span.h"

namespace borderflow {

enum class MmdbType : uint8_t {
  kExtended = 0,  // only in the file: the type stands in the next byte
  kPointer = 1,   // only in the file: followed before a value is handed out
  kString = 2,
  kDouble = 3,
  kBytes = 4,
  kUint16 = 5,
  kUint32 = 6,
  kMap = 7,
  kInt32 = 8,
  kUint64 = 9,
  kUint128 = 10,
  kArray = 11,
  kContainer = 12,
  kEndMarker = 13,
  kBoolean = 14,
  kFloat = 15,
};

// One value: where its payload begins and how large it is.
struct MmdbValue {
  MmdbType type = MmdbType::kEndMarker;
  uint32_t payload = 0;  // offset in the section of the first byte after control and size bytes
  uint32_t size = 0;     // bytes of payload; members of a map or array; the value of a boolean
};

class MmdbData {
 public:
  // How many values may still be read from a section, over all records together.
  class Budget {
   public:
    explicit Budget(size_t section_bytes) : left_(kPerByte * (section_bytes + 1024)) {}
    bool Spend() { return left_ > 0 && left_-- > 0; }

   private:
    // Real databases read a byte a few times at most: records share members through pointers.
    static constexpr uint64_t kPerByte = 64;
    uint64_t left_;
  };

  // `section` must outlive this and every string handed out.
  explicit MmdbData(absl::Span<const uint8_t> section) : section_(section) {}

  // Errors of all that follow: InvalidArgument saying at which offset of the section what is wrong.

  // The value at `offset`, a pointer followed.
  absl::StatusOr<MmdbValue> At(uint32_t offset, Budget& budget) const;

  // Member after member along "country.iso_code"; nullopt where the path ends early.
  absl::StatusOr<std::optional<MmdbValue>> Path(const MmdbValue& map, std::string_view path,
                                                Budget& budget) const;

  // That the value at `offset`, all pointers followed, has at most `levels` levels and `values`
  // values: what libraries that build the whole value in memory can bear.
  absl::Status CheckExtent(uint32_t offset, int levels, uint32_t values, Budget& budget) const;

  // The members of a map in the order of the file; none where `map` is not a map.
  class Members {
   public:
    Members(const MmdbData& data, const MmdbValue& map);
    // Goes to the next member; false when there is none.
    absl::StatusOr<bool> Next(Budget& budget);
    std::string_view key() const { return key_; }
    uint32_t value() const { return value_; }  // for At

   private:
    const MmdbData& data_;
    uint32_t left_;
    uint32_t offset_;
    std::string_view key_;
    uint32_t value_ = 0;
  };

  // The bytes of a string; nullopt for other types.
  std::optional<std::string_view> String(const MmdbValue& value) const;
  // An unsigned integer of at most 64 bits, or a boolean as 0 or 1; nullopt for other types.
  std::optional<uint64_t> Unsigned(const MmdbValue& value) const;

 private:
  // What stands at an offset, pointers as such.
  struct Header {
    MmdbValue value;
    uint32_t target = 0;  // of a pointer
    uint32_t next = 0;  // the offset after a scalar or pointer; of a map's or array's first member
  };
  absl::StatusOr<Header> ReadHeader(uint32_t offset, Budget& budget) const;
  // ReadHeader for what nearly every value is: a pointer, or of a type and size that its control
  // byte holds, and not at the very end. False for anything else, which need not be damage.
  bool ReadShort(uint32_t offset, Budget& budget, Header& header) const;
  // The same with a pointer followed; `next`: what follows the value, or the pointer.
  bool FollowShort(uint32_t offset, Budget& budget, MmdbValue& value, uint32_t& next) const;
  absl::StatusOr<MmdbValue> Follow(const Header& header, Budget& budget) const;
  // The offset after the value at `offset` with all its members.
  absl::StatusOr<uint32_t> Skip(uint32_t offset, Budget& budget) const;
  absl::Status Expand(uint32_t offset, int levels, uint32_t* values_left, Budget& budget) const;

  absl::Span<const uint8_t> section_;
};

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_GEO_MMDB_DATA_H_
