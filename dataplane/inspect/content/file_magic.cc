#include "dataplane/inspect/content/file_magic.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace borderflow {
namespace {

using namespace std::string_view_literals;

bool Starts(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
}

// BGZF (SAM specification section 4.1): gzip whose extra field is "BC", 2 bytes long.
bool IsBgzf(std::string_view text) {
  return Starts(text, "\x1f\x8b\x08\x04"sv) && text.size() >= 18 &&
         text.substr(10, 6) == "\x06\x00\x42\x43\x02\x00"sv;
}

bool IsCram(std::string_view text) {
  return Starts(text, "CRAM"sv) && text.size() > 5 && (text[4] == 2 || text[4] == 3) &&
         text[5] <= 1;
}

bool IsBcf(std::string_view text) {
  return Starts(text, "BCF\x02"sv) && text.size() > 4 && text[4] >= 0 && text[4] <= 2;
}

// A name, at least twenty bases, and the line that begins with a plus.
bool IsFastq(std::string_view text) {
  if (!Starts(text, "@"sv)) return false;
  const size_t bases = text.find('\n') + 1;
  if (bases == 0) return false;
  const size_t end = std::min(text.find_first_not_of("ACGTN", bases), text.size());
  std::string_view rest = text.substr(end);
  if (Starts(rest, "\r"sv)) rest.remove_prefix(1);
  return end - bases >= 20 && Starts(rest, "\n+"sv);
}

// ISO/IEC 19794-2, -4, -5 and -6: the format's name, then its version in three characters.
bool IsBiometricRecord(std::string_view text) {
  if (text.size() < 8) return false;
  const std::string_view format = text.substr(0, 4);
  const std::string_view version = text.substr(4, 4);
  return (format == "FMR\0"sv || format == "FIR\0"sv || format == "FAC\0"sv ||
          format == "IIR\0"sv) &&
         (version[0] == ' ' || version[0] == '0') && version[1] >= '1' && version[1] <= '3' &&
         version.substr(2) == "0\0"sv;
}

// ANSI/NIST-ITL: the first record's length, then its version.
bool IsNistRecord(std::string_view text) {
  for (const std::string_view first : {"1.001:"sv, "1.01:"sv}) {
    if (!Starts(text, first)) continue;
    const size_t end = std::min(text.find_first_not_of("0123456789", first.size()), text.size());
    const std::string_view rest = text.substr(end);
    return end > first.size() &&
           (Starts(rest, "\x1d\x31.002:0"sv) || Starts(rest, "\x1d\x31.02:0"sv));
  }
  return false;
}

// Wavelet scalar quantization: start of image, then one of its tables.
bool IsWsq(std::string_view text) {
  return Starts(text, "\xff\xa0\xff"sv) && text.size() > 4 &&
         (text[3] == '\xa4' || text[3] == '\xa5' || text[3] == '\xa6' || text[3] == '\xa8') &&
         text[4] == 0;
}

constexpr auto kBegins = [] {
  std::array<bool, 256> begins = {};
  for (const char first : "\x1f\xff@#1BCFI"sv) begins[static_cast<uint8_t>(first)] = true;
  return begins;
}();

}  // namespace

std::optional<ContentKind> MagicOf(Bytes bytes) {
  // Most bytes are no file that is looked for, and begin with none of these.
  if (bytes.empty() || !kBegins[bytes[0]]) return std::nullopt;
  const std::string_view text = AsText(bytes);
  if (IsBgzf(text) || IsCram(text) || IsBcf(text) || IsFastq(text) ||
      Starts(text, "##fileformat=VCFv4"sv) || Starts(text, "@HD\tVN:1."sv)) {
    return ContentKind::kGenomic;
  }
  if (IsBiometricRecord(text) || IsNistRecord(text) || IsWsq(text)) return ContentKind::kBiometric;
  return std::nullopt;
}

}  // namespace borderflow
