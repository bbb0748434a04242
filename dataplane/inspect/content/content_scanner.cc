#include "dataplane/inspect/content/content_scanner.h"

#include <hs.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

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
    std::array<unsigned, kPatternCount> flags;
    std::array<unsigned, kPatternCount> ids;
    for (size_t i = 0; i < kPatternCount; ++i) {
      expressions[i] = kPatterns[i].expression;
      flags[i] = HS_FLAG_SOM_LEFTMOST;
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

int OnMatch(unsigned id, unsigned long long from, unsigned long long to, unsigned /*flags*/,
            void* context) {
  auto* const scan = static_cast<Scan*>(context);
  const Pattern& pattern = kPatterns[id];
  const auto kind = static_cast<size_t>(pattern.kind);
  size_t& counted_until = scan->counted_until[kind];
  const std::string_view text = scan->text;
  const Matched matched = {text.substr(from, to - from), from > 0 ? text[from - 1] : '\0',
                           to < text.size() ? text[to] : '\0'};
  if (from < counted_until) {
    return 0;  // more of one that was counted
  }
  if (!pattern.check(matched)) return 0;
  counted_until = to;
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
  hs_scan(Compiled(), scan.text.data(), static_cast<unsigned>(scan.text.size()), 0,
          scratch_->scratch, OnMatch, &scan);
}

}  // namespace borderflow
