// Any text as a pack: refused with a message, or read and then judged and evaluated; never a crash
// or a hang, and no cell is lost.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "rules/policy/evaluate.h"
#include "rules/policy/lint.h"
#include "rules/policy/pack.h"

namespace {

borderflow::PolicyCell CellTo(std::string_view from, std::string_view to) {
  borderflow::PolicyCell cell;
  cell.source.location = *borderflow::FromCode(from);
  cell.destination.location = *borderflow::FromCode(to);
  cell.category = borderflow::Category::kHlt;
  cell.bytes = 1;
  return cell;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const absl::StatusOr<borderflow::Pack> pack =
      borderflow::ParsePack(text, "fuzz.yaml", borderflow::Groups::BuiltIn());
  if (!pack.ok()) {
    if (pack.status().message().empty()) std::abort();
    return 0;
  }
  borderflow::Lint(*pack, "2026-11-22");
  const borderflow::PolicyCell cells[] = {CellTo("DE", "CN"), CellTo("unknown", "US")};
  uint64_t bytes = 0;
  for (const borderflow::PolicySum& sum : borderflow::Evaluate(*pack, cells).verdicts) {
    bytes += sum.bytes;
  }
  if (bytes != 2) std::abort();
  return 0;
}
