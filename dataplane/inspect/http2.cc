#include <algorithm>
#include <cstring>

#include "dataplane/inspect/http.h"

namespace borderflow {
namespace {

constexpr size_t kPreface = 24;
constexpr uint8_t kHeadersFrame = 1;
constexpr uint8_t kPadded = 0x08;
constexpr uint8_t kPriority = 0x20;
constexpr int kMaxFrames = 16;  // SETTINGS, WINDOW_UPDATE, PRIORITY ... before the first HEADERS
constexpr size_t kMaxAuthority = 255;
constexpr uint64_t kAuthorityIndex = 1;  // ":authority" in the static table (RFC 7541 appendix A)

// The codes of up to 8 bits of RFC 7541 appendix B, in their canonical order: within one length
// they count up with the symbols listed. Everything in a host name is among them.
struct Codes {
  int bits;
  uint32_t first;  // code of the first symbol
  std::string_view symbols;
};
constexpr Codes kCodes[] = {
    {5, 0x00, "012aceiost"},
    {6, 0x14, " %-./3456789=A_bdfghlmnpru"},
    {7, 0x5c, ":BCDEFGHIJKLMNOPQRSTUVWYjkqvwxyz"},
    {8, 0xf8, "&*,;XZ"},
};

// Decodes to at most kMaxAuthority characters; false when a symbol is none of ours.
bool DecodeHuffman(Bytes coded, char* text, size_t* size) {
  uint64_t window = 0;
  int have = 0;
  *size = 0;
  size_t at = 0;
  while (true) {
    while (have <= 48 && at < coded.size()) {
      window = window << 8 | coded[at++];
      have += 8;
    }
    if (have == 0) return true;
    bool decoded = false;
    for (const Codes& codes : kCodes) {
      if (have < codes.bits) break;
      const uint32_t code =
          static_cast<uint32_t>(window >> (have - codes.bits)) & ((1u << codes.bits) - 1);
      if (code < codes.first || code - codes.first >= codes.symbols.size()) continue;
      if (*size == kMaxAuthority) return false;
      text[(*size)++] = codes.symbols[code - codes.first];
      have -= codes.bits;
      decoded = true;
      break;
    }
    if (decoded) continue;
    // The end is padded with up to seven ones (RFC 7541 section 5.2).
    const uint64_t padding = (uint64_t{1} << have) - 1;
    return have < 8 && at == coded.size() && (window & padding) == padding;
  }
}

// An integer with a prefix of `bits` (RFC 7541 section 5.1); large ones are refused.
bool ReadInteger(Reader* reader, uint8_t first, int bits, uint64_t* value) {
  const uint64_t mask = (uint64_t{1} << bits) - 1;
  *value = first & mask;
  if (*value < mask) return true;
  for (int shift = 0; shift <= 21; shift += 7) {
    const uint8_t byte = reader->U8();
    *value += static_cast<uint64_t>(byte & 0x7f) << shift;
    if ((byte & 0x80) == 0) return reader->ok();
  }
  return false;
}

struct Literal {
  bool huffman = false;
  Bytes bytes;

  bool Read(Reader* reader) {
    const uint8_t first = reader->U8();
    uint64_t length = 0;
    huffman = (first & 0x80) != 0;
    if (!ReadInteger(reader, first, 7, &length)) return false;
    bytes = reader->Take(length);
    return reader->ok();
  }

  bool Decode(char* text, size_t* size) const {
    if (huffman) return DecodeHuffman(bytes, text, size);
    if (bytes.size() > kMaxAuthority) return false;
    std::memcpy(text, bytes.data(), bytes.size());
    *size = bytes.size();
    return true;
  }
};

// Walks a header block until :authority or Host. Indexes beyond the static table can only mean
// fields that this same block has added, which are not needed.
void FindAuthority(Bytes block, char* authority, size_t* size) {
  Reader reader(block);
  while (reader.left() > 0) {
    const uint8_t first = reader.U8();
    uint64_t index = 0;
    if ((first & 0x80) != 0) {  // an indexed field: no host stands in the static table
      if (!ReadInteger(&reader, first, 7, &index)) return;
      continue;
    }
    if ((first & 0xe0) == 0x20) {  // table size update
      if (!ReadInteger(&reader, first, 5, &index)) return;
      continue;
    }
    const int bits = (first & 0x40) != 0 ? 6 : 4;
    if (!ReadInteger(&reader, first, bits, &index)) return;
    bool is_authority = index == kAuthorityIndex;
    if (index == 0) {
      Literal name;
      if (!name.Read(&reader)) return;
      char text[kMaxAuthority];
      size_t length = 0;
      is_authority = name.Decode(text, &length) && std::string_view(text, length) == ":authority";
    }
    Literal value;
    if (!value.Read(&reader)) return;
    if (is_authority) {
      if (!value.Decode(authority, size)) *size = 0;
      return;
    }
  }
}

}  // namespace

Parse ParseHttp2(Bytes stream, char* authority, size_t* size) {
  *size = 0;
  if (stream.size() < kPreface) return Parse::kMore;
  Reader reader(stream);
  reader.Skip(kPreface);
  for (int i = 0; i < kMaxFrames; ++i) {
    const uint32_t length = reader.U24();
    const uint8_t type = reader.U8();
    const uint8_t flags = reader.U8();
    reader.U32();  // stream
    if (!reader.ok()) return Parse::kMore;
    if (type != kHeadersFrame) {
      reader.Skip(length);
      continue;
    }
    Bytes block = reader.Take(length);
    if (!reader.ok()) return Parse::kMore;
    const size_t before = ((flags & kPadded) != 0 ? 1 : 0) + ((flags & kPriority) != 0 ? 5 : 0);
    const size_t padding = (flags & kPadded) != 0 && !block.empty() ? block[0] : 0;
    if (before + padding > block.size()) return Parse::kDone;
    block = block.subspan(before, block.size() - before - padding);
    FindAuthority(block, authority, size);
    return Parse::kDone;
  }
  return Parse::kDone;
}

}  // namespace borderflow
