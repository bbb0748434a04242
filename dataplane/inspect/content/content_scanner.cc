#include "dataplane/inspect/content/content_scanner.h"

#include <hs.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <string_view>

#include "dataplane/inspect/content/begins_as_text.h"
#include "dataplane/inspect/content/compiled_patterns.h"
#include "dataplane/inspect/content/file_magic.h"
#include "dataplane/inspect/content/pattern_checks.h"

namespace borderflow {
namespace {

struct Pattern {
  ContentKind kind;
  PatternCheck check;
};

constexpr Pattern kPatterns[] = {
#define BORDERFLOW_PATTERN(kind, check, expression) {ContentKind::kind, check},
#include "dataplane/inspect/content/patterns.inc"
#undef BORDERFLOW_PATTERN
};
[[noreturn]] void Die(const char* what) {
  std::fprintf(stderr, "content patterns (libhs): %s\n", what);
  std::abort();
}

// Shared by all scanners of the process and never freed.
const hs_database_t* Compiled() {
  static const hs_database_t* const database = [] {
    hs_database_t* compiled = nullptr;
    if (hs_deserialize_database(reinterpret_cast<const char*>(kCompiledPatterns),
                                kCompiledPatternsBytes, &compiled) != HS_SUCCESS) {
      Die("the library that is installed is another than borderflow was built with; rebuild it");
    }
    return compiled;
  }();
  return database;
}

struct Scan {
  std::string_view text;
  ContentHits* hits;
  CountedUntil counted_until{};
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

// Behind the empty line that ends the head of a message; npos where there is none.
size_t EndOfHead(std::string_view text) {
  constexpr std::string_view kEnd = "\r\n\r\n";
  constexpr size_t kStep = 32;
  size_t at = 0;
  // Two ends of lines, two bytes apart, are looked for in many places at once: lines are short.
  for (; at + kStep + 2 <= text.size(); at += kStep) {
    const char* const bytes = text.data() + at;
    uint8_t found = 0;
    for (size_t i = 0; i < kStep; ++i) {
      found = static_cast<uint8_t>(found | (static_cast<uint8_t>(bytes[i] == '\n') &
                                            static_cast<uint8_t>(bytes[i + 2] == '\n')));
    }
    if (found == 0) continue;
    const size_t end = text.substr(0, at + kStep + 2).find(kEnd, at > 0 ? at - 1 : 0);
    if (end != std::string_view::npos) return end + kEnd.size();
  }
  const size_t end = text.find(kEnd, at > 0 ? at - 1 : 0);
  return end == std::string_view::npos ? end : end + kEnd.size();
}

// What of `bytes` is read for patterns. A file begins where the bytes do, or the body of an HTTP
// message: it counts here.
std::string_view Readable(Bytes bytes, ContentHits* hits) {
  std::string_view text = AsText(bytes);
  std::optional<ContentKind> file = MagicOf(bytes);
  if (const size_t head = EndOfHead(text); head != std::string_view::npos) {
    const Bytes body = bytes.subspan(head);
    if (!file) file = MagicOf(body);
    // A packed or encrypted body shows nothing. A request's head may; an answer's is the server's.
    if (!BeginsAsText(body)) {
      text = text.substr(0, text.starts_with("HTTP/") ? 0 : head);
    }
  }
  if (file) ++(*hits)[static_cast<size_t>(*file)];
  return text;
}

}  // namespace

struct ContentScanner::Scratch {
  Scratch() {
    if (hs_alloc_scratch(Compiled(), &scratch) != HS_SUCCESS) Die("no memory");
  }
  ~Scratch() { hs_free_scratch(scratch); }

  void Run(struct Scan* scan) {
    if (scan->text.empty()) return;
    (*scan->hits)[static_cast<size_t>(ContentKind::kIban)] +=
        CountCompactIbans(scan->text, &scan->counted_until[kContentKinds]);
    hs_scan(Compiled(), scan->text.data(), static_cast<unsigned>(scan->text.size()), 0, scratch,
            OnMatch, scan);
  }

  hs_scratch_t* scratch = nullptr;
  std::array<char, kCarriedBytes + kMostJoined> joined{};
};

ContentScanner::ContentScanner() : scratch_(std::make_unique<Scratch>()) {}
ContentScanner::~ContentScanner() = default;
ContentScanner::ContentScanner(ContentScanner&&) noexcept = default;
ContentScanner& ContentScanner::operator=(ContentScanner&&) noexcept = default;

void ContentScanner::Scan(Bytes bytes, ContentHits* hits) {
  struct Scan scan = {Readable(bytes, hits), hits, {}};
  scratch_->Run(&scan);
}

void ContentScanner::Scan(Bytes bytes, CarriedText* before, ContentHits* hits) {
  const std::string_view readable = Readable(bytes, hits);
  struct Scan scan = {readable, hits, {}};
  const size_t carried = before->size;
  if (carried > 0 && !readable.empty()) {
    char* const joined = scratch_->joined.data();
    std::memcpy(joined, before->bytes.data(), carried);
    std::memcpy(joined + carried, readable.data(), readable.size());
    scan.text = {joined, carried + readable.size()};
    std::copy(before->counted_until.begin(), before->counted_until.end(),
              scan.counted_until.begin());
  }
  scratch_->Run(&scan);
  if (readable.size() == bytes.size()) {
    if (!readable.empty()) before->Keep(scan.text, scan.counted_until);
  } else {
    before->Clear();  // what follows goes on with what is not read
  }
  if (scan.text.data() == scratch_->joined.data()) {
    std::memset(scratch_->joined.data(), 0, scan.text.size());
  }
}

}  // namespace borderflow
