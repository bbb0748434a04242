// SHA-256 (FIPS 180-4) in lower-case hex: what reports, groups, rules and packs are known by.
//
// Thread safety: pure functions.
#ifndef BORDERFLOW_RULES_DIGEST_SHA256_H_
#define BORDERFLOW_RULES_DIGEST_SHA256_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/types/span.h"

namespace borderflow {

std::string Sha256Hex(absl::Span<const uint8_t> bytes);
std::string Sha256Hex(std::string_view text);

// Of a file, read in pieces: about 0.5 s a GB.
// Errors: NotFound when it cannot be opened, DataLoss when it cannot be read to its end.
absl::StatusOr<std::string> Sha256OfFile(const std::string& path);

}  // namespace borderflow

#endif  // BORDERFLOW_RULES_DIGEST_SHA256_H_
