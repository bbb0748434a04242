#include "dataplane/inspect/http2.h"

#include <nghttp2/nghttp2.h>

#include <algorithm>
#include <cstring>

namespace borderflow {
namespace {

constexpr size_t kPreface = 24;
constexpr uint8_t kHeadersFrame = 1;
constexpr uint8_t kContinuationFrame = 9;
constexpr uint8_t kEndHeaders = 0x04;
constexpr uint8_t kPadded = 0x08;
constexpr uint8_t kPriority = 0x20;
// SETTINGS, WINDOW_UPDATE, PRIORITY ... before the first HEADERS, and what continues it.
constexpr int kMaxFrames = 16;
constexpr int kMaxFields = 128;
// A server may allow its client more than the 4,096 bytes that both begin with.
constexpr size_t kMaxTable = 65536;

struct Frame {
  uint8_t type = 0;
  uint8_t flags = 0;
  Bytes content;
};

// The frame at `*at`, which moves behind it. False sets `*needed` to the bytes that it takes.
bool NextFrame(Bytes stream, size_t* at, Frame* frame, size_t* needed) {
  constexpr size_t kHeader = 9;
  *needed = *at + kHeader;
  if (stream.size() < *needed) return false;
  Reader reader(stream.subspan(*at));
  const uint32_t length = reader.U24();
  frame->type = reader.U8();
  frame->flags = reader.U8();
  reader.U32();  // stream
  *needed += length;
  if (stream.size() < *needed) return false;
  frame->content = reader.Take(length);
  *at = *needed;
  return true;
}

// Without padding and priority; false when they are longer than the frame.
bool Fragment(const Frame& frame, Bytes* fragment) {
  const Bytes all = frame.content;
  const size_t before =
      ((frame.flags & kPadded) != 0 ? 1 : 0) + ((frame.flags & kPriority) != 0 ? 5 : 0);
  const size_t padding = (frame.flags & kPadded) != 0 && !all.empty() ? all[0] : 0;
  if (before + padding > all.size()) return false;
  *fragment = all.subspan(before, all.size() - before - padding);
  return true;
}

bool IsPrintable(std::string_view text) {
  return std::none_of(text.begin(), text.end(),
                      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

}  // namespace

// Memory that is only ever given out, but for the last piece, and all of it given back at once.
class Http2Reader::Arena {
 public:
  explicit Arena(std::array<std::byte, kArena>* memory) : memory_(*memory) {
    functions_ = {this, Allocate, Release, AllocateZeros, Resize};
  }
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  nghttp2_mem* functions() { return &functions_; }

 private:
  static constexpr size_t kAlign = 16;  // also the room for a piece's size before it

  void* Take(size_t size) {
    const size_t room = memory_.size() - used_;
    if (size > memory_.size() || room < kAlign + Rounded(size)) return nullptr;
    std::byte* const at = memory_.data() + used_;
    std::memcpy(at, &size, sizeof(size));
    used_ += kAlign + Rounded(size);
    return at + kAlign;
  }
  static size_t Rounded(size_t size) { return (size + kAlign - 1) / kAlign * kAlign; }
  static size_t SizeOf(const void* piece) {
    size_t size = 0;
    std::memcpy(&size, static_cast<const std::byte*>(piece) - kAlign, sizeof(size));
    return size;
  }

  static void* Allocate(size_t size, void* self) { return static_cast<Arena*>(self)->Take(size); }
  static void Release(void* piece, void* self) {
    if (piece == nullptr) return;
    Arena& arena = *static_cast<Arena*>(self);
    std::byte* const begin = static_cast<std::byte*>(piece);
    const bool last = begin + Rounded(SizeOf(piece)) == arena.memory_.data() + arena.used_;
    if (last) arena.used_ = static_cast<size_t>(begin - arena.memory_.data()) - kAlign;
  }
  static void* AllocateZeros(size_t count, size_t size, void* self) {
    if (size != 0 && count > kArena / size) return nullptr;
    void* const piece = Allocate(count * size, self);
    if (piece != nullptr) std::memset(piece, 0, count * size);
    return piece;
  }
  static void* Resize(void* piece, size_t size, void* self) {
    void* const moved = Allocate(size, self);
    if (moved == nullptr || piece == nullptr) return moved;
    std::memcpy(moved, piece, std::min(size, SizeOf(piece)));
    return moved;
  }

  std::array<std::byte, kArena>& memory_;
  size_t used_ = 0;
  nghttp2_mem functions_;
};

// The fields of one request, one after the other.
class Http2Reader::Fields {
 public:
  explicit Fields(Http2Reader* reader) : reader_(*reader) {}

  void Take(std::string_view name, std::string_view value) {
    if (!IsPrintable(name) || !IsPrintable(value)) return;
    const bool pseudo = name.starts_with(':');
    if (name == ":authority" || (name == "host" && authority_ == 0)) {
      if (value.size() <= reader_.authority_.size()) {
        authority_ = Copy(value, reader_.authority_.data());
      }
    }
    if (name == ":path" && head_ == 0) {
      path_ = Copy(value.substr(0, reader_.path_.size()), reader_.path_.data());
    }
    if (pseudo) return;
    Begin();
    if (name.size() + value.size() + 4 > reader_.head_.size() - head_) return;
    for (const std::string_view part : {name, std::string_view(": "), value, kEndOfLine}) Add(part);
  }

  Http2Request Request() {
    Begin();
    return {{reader_.authority_.data(), authority_}, {reader_.head_.data(), head_}};
  }

 private:
  static constexpr std::string_view kEndOfLine = "\r\n";

  static size_t Copy(std::string_view text, char* to) {
    std::copy(text.begin(), text.end(), to);
    return text.size();
  }
  void Add(std::string_view text) { head_ += Copy(text, reader_.head_.data() + head_); }
  // The request line, once all pseudo fields are there: they come first (RFC 9113 section 8.3).
  void Begin() {
    if (head_ > 0) return;
    Add("GET ");
    Add({reader_.path_.data(), path_});
    Add(" HTTP/2\r\n");
  }

  Http2Reader& reader_;
  size_t authority_ = 0;
  size_t path_ = 0;
  size_t head_ = 0;
};

Parse Http2Reader::Read(Bytes stream, size_t* needed, Http2Request* request) {
  *request = {};
  *needed = kPreface;
  if (stream.size() < kPreface) return Parse::kMore;
  // The block's fragments, complete before the first of them is read.
  std::array<Bytes, kMaxFrames> fragments;
  size_t count = 0;
  bool complete = false;
  size_t at = kPreface;
  for (int i = 0; i < kMaxFrames && !complete; ++i) {
    Frame frame;
    if (!NextFrame(stream, &at, &frame, needed)) return Parse::kMore;
    if (count == 0 && frame.type == kHeadersFrame) {
      if (!Fragment(frame, &fragments[count++])) return Parse::kDone;
    } else if (count > 0 && frame.type == kContinuationFrame) {
      fragments[count++] = frame.content;
    } else if (count > 0) {
      return Parse::kDone;  // nothing may stand between them (RFC 9113 section 6.10)
    }
    complete = count > 0 && (frame.flags & kEndHeaders) != 0;
  }
  if (!complete) return Parse::kDone;

  Arena arena(&arena_);
  nghttp2_hd_inflater* inflater = nullptr;
  if (nghttp2_hd_inflate_new2(&inflater, arena.functions()) != 0) return Parse::kDone;
  if (nghttp2_hd_inflate_change_table_size(inflater, kMaxTable) != 0) return Parse::kDone;
  Fields fields(this);
  int left = kMaxFields;
  for (size_t i = 0; i < count; ++i) {
    const bool last = i + 1 == count;
    Bytes rest = fragments[i];
    while (left > 0) {
      nghttp2_nv field;
      int flags = 0;
      const ssize_t taken =
          nghttp2_hd_inflate_hd2(inflater, &field, &flags, rest.data(), rest.size(), last ? 1 : 0);
      if (taken == NGHTTP2_ERR_NOMEM) {
        left = 0;
        break;
      }
      if (taken < 0) return Parse::kDone;
      rest.remove_prefix(static_cast<size_t>(taken));
      if ((flags & NGHTTP2_HD_INFLATE_EMIT) != 0) {
        fields.Take({reinterpret_cast<const char*>(field.name), field.namelen},
                    {reinterpret_cast<const char*>(field.value), field.valuelen});
        --left;
        continue;
      }
      if ((flags & NGHTTP2_HD_INFLATE_FINAL) != 0 || rest.empty()) break;
    }
  }
  *request = fields.Request();
  return Parse::kDone;
}

}  // namespace borderflow
