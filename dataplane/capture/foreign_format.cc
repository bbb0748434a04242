#include "dataplane/capture/foreign_format.h"

#include "absl/strings/match.h"

namespace borderflow {
namespace {

using absl::string_view;

constexpr string_view kConvert = "convert it with: editcap -F pcapng IN OUT";
constexpr string_view kUnpack = "decompress it and pipe it in, with '-' as the capture's name";

struct KnownPrefix {
  string_view prefix;
  ForeignFormat format;
};

// Escapes are split from letters that would continue them.
constexpr KnownPrefix kKnown[] = {
    {string_view("snoop\0\0\0", 8), {"a Solaris snoop capture", kConvert}},
    {"RTSS", {"a Microsoft Network Monitor 1 capture", kConvert}},
    {"GMBU", {"a Microsoft Network Monitor 2 capture", kConvert}},
    {"TRSNIFF data", {"a Sniffer capture", kConvert}},
    {"XCP\0", {"a NetXRay capture", kConvert}},
    {"LOGG", {"a Vector BLF log", kConvert}},
    {"\x1c\x00\x01\xac", {"an Ixia lcap capture", kConvert}},
    {"\x1c\x00\x01\xab", {"an Ixia lcap capture", kConvert}},
    {"\xfd"
     "7zXZ",
     {"an xz file", kUnpack}},
    {"BZh", {"a bzip2 file", kUnpack}},
    {"\x04\x22\x4d\x18", {"an lz4 file", kUnpack}},
    {"PK\x03\x04", {"a zip archive", "unpack it and name the capture inside"}},
    {"7z\xbc\xaf", {"a 7-Zip archive", "unpack it and name the capture inside"}},
    {"{", {"JSON text", "name the capture that it was made from"}},
    {"<?xml", {"XML text", "name the capture that it was made from"}},
};

}  // namespace

ForeignFormat ForeignFormatOf(absl::Span<const uint8_t> begin) {
  const string_view text(reinterpret_cast<const char*>(begin.data()), begin.size());
  for (const KnownPrefix& known : kKnown) {
    if (absl::StartsWith(text, known.prefix)) return known.format;
  }
  return {"an unknown format", "name a capture file, or convert this one with editcap -F pcapng"};
}

}  // namespace borderflow
