// Blocks: which addresses stand for which jurisdiction in a generated capture.
//
// The default table names public blocks that have long been where they are (national research
// networks, incumbents), so that a real database mostly agrees; a test writes the table as an
// overrides file and then agrees exactly. `anycast` is one of the jurisdictions.
//
// Thread safety: immutable after Make.
#ifndef BORDERFLOW_TOOLS_GENERATOR_BLOCKS_H_
#define BORDERFLOW_TOOLS_GENERATOR_BLOCKS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "dataplane/packet/address.h"
#include "rules/jurisdiction/jurisdiction.h"

namespace borderflow::generator {

// A block is divided into quarters, so that no address plays two parts.
enum class Quarter : uint8_t {
  kClients,   // those who call
  kNamed,     // servers that DNS answers name
  kNameless,  // servers that no DNS answer of their caller names
  kOther,     // servers of protocols without names
};

struct Block {
  Jurisdiction jurisdiction = Jurisdiction::kUnknown;
  Prefix prefix;
  bool v4 = true;

  // How many addresses a quarter has; capped at 2^24.
  uint32_t quarter_size() const;
  // The address `number` (modulo the quarter's size) of a quarter.
  IpAddress Host(Quarter quarter, uint32_t number) const;
  // The address `number` of the whole block.
  IpAddress At(uint64_t number) const;
};

class Blocks {
 public:
  // `replacements` are "CC=PREFIX": the first one for a jurisdiction and family removes its default
  // blocks of that family, further ones add to it. A prefix must leave at least 8 host bits.
  // Errors: InvalidArgument for a malformed item or blocks that overlap, naming both.
  static absl::StatusOr<Blocks> Make(absl::Span<const std::string> replacements);

  // Blocks of a jurisdiction and family; may be empty.
  std::vector<const Block*> Of(Jurisdiction jurisdiction, bool v4) const;
  const std::vector<Block>& all() const { return blocks_; }

 private:
  std::vector<Block> blocks_;
};

// "DE" -> Jurisdiction; for codes written in this program's own tables. Unknown when mistyped.
Jurisdiction Place(std::string_view code);

// "192.0.2.0/24"
std::string ToString(const Prefix& prefix);

}  // namespace borderflow::generator

#endif  // BORDERFLOW_TOOLS_GENERATOR_BLOCKS_H_
