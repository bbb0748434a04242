#include "dataplane/inspect/content/content_scanner.h"

#include <hs.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string_view>

#include "dataplane/inspect/content/file_magic.h"
#include "dataplane/inspect/content/pattern_checks.h"

namespace borderflow {
namespace {

struct Pattern {
  ContentKind kind;
  PatternCheck check;
  const char* expression;
};

constexpr Pattern kPatterns[] = {
#define BORDERFLOW_PATTERN(kind, check, expression) {ContentKind::kind, check, expression},
#include "dataplane/inspect/content/patterns.inc"
#undef BORDERFLOW_PATTERN
};
constexpr size_t kPatternCount = std::size(kPatterns);

[[noreturn]] void Die(const char* what, const char* detail) {
  std::fprintf(stderr, "content patterns: %s: %s\n", what, detail);
  std::abort();
}

// Compiled once, kept for the life of the process.
const hs_database_t* Compiled() {
  static const hs_database_t* const database = [] {
    std::array<const char*, kPatternCount> expressions;
    std::array<unsigned, kPatternCount>
        flags{};  // where a match begins is not asked: it costs most
    std::array<unsigned, kPatternCount> ids;
    for (size_t i = 0; i < kPatternCount; ++i) {
      expressions[i] = kPatterns[i].expression;
      ids[i] = static_cast<unsigned>(i);
    }
    hs_database_t* compiled = nullptr;
    hs_compile_error_t* error = nullptr;
    if (hs_compile_multi(expressions.data(), flags.data(), ids.data(), kPatternCount, HS_MODE_BLOCK,
                         nullptr, &compiled, &error) != HS_SUCCESS) {
      Die(error->expression >= 0 ? kPatterns[error->expression].expression : "all", error->message);
    }
    return compiled;
  }();
  return database;
}

struct Scan {
  std::string_view text;
  ContentHits* hits;
  std::array<size_t, kContentKinds> counted_until{};
};

int OnMatch(unsigned id, unsigned long long /*from*/, unsigned long long to, unsigned /*flags*/,
            void* context) {
  auto* const scan = static_cast<Scan*>(context);
  const Pattern& pattern = kPatterns[id];
  const auto kind = static_cast<size_t>(pattern.kind);
  const size_t begin = pattern.check(scan->text, static_cast<size_t>(to));
  // A match that begins before the last one's end is more of the same.
  if (begin == kNoMatch || begin < scan->counted_until[kind]) return 0;
  scan->counted_until[kind] = static_cast<size_t>(to);
  ++(*scan->hits)[kind];
  return 0;
}

}  // namespace

struct ContentScanner::Scratch {
  Scratch() {
    if (hs_alloc_scratch(Compiled(), &scratch) != HS_SUCCESS) Die("scratch", "no memory");
  }
  ~Scratch() { hs_free_scratch(scratch); }
  hs_scratch_t* scratch = nullptr;
};

ContentScanner::ContentScanner() : scratch_(std::make_unique<Scratch>()) {}
ContentScanner::~ContentScanner() = default;
ContentScanner::ContentScanner(ContentScanner&&) noexcept = default;
ContentScanner& ContentScanner::operator=(ContentScanner&&) noexcept = default;

void ContentScanner::Scan(Bytes bytes, ContentHits* hits) {
  struct Scan scan = {AsText(bytes), hits, {}};
  // A file begins where the bytes do, or the body of an HTTP message.
  const size_t head_end = scan.text.find("\r\n\r\n");
  std::optional<ContentKind> file = MagicOf(bytes);
  if (!file && head_end != std::string_view::npos) file = MagicOf(bytes.subspan(head_end + 4));
  if (file) ++(*hits)[static_cast<size_t>(*file)];
  hs_scan(Compiled(), scan.text.data(), static_cast<unsigned>(scan.text.size()), 0,
          scratch_->scratch, OnMatch, &scan);
}

}  // namespace borderflow
