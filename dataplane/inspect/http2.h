// HTTP/2 in cleartext: what the first request of a connection asks for (RFC 9113).
//
// Header fields are compressed with what came before them (HPACK, RFC 7541), which libnghttp2
// undoes. It is given memory of ours: a fixed block, empty at the start of each call.
//
// Thread safety: none; one an Inspector.
#ifndef BORDERFLOW_DATAPLANE_INSPECT_HTTP2_H_
#define BORDERFLOW_DATAPLANE_INSPECT_HTTP2_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "dataplane/inspect/reader.h"

namespace borderflow {

struct Http2Request {
  // :authority, else the Host field; any bytes, with the port. Empty when there is none, or more
  // than 255 bytes.
  std::string_view authority;
  // The request as HTTP/1 writes it, without an end: "GET /path HTTP/2\r\nname: value\r\n" ...; at
  // most 4,096 bytes, fields that have no room left out. Pseudo fields but :path are left out, and
  // what holds control characters.
  std::string_view head;
};

class Http2Reader {
 public:
  Http2Reader() = default;
  Http2Reader(const Http2Reader&) = delete;
  Http2Reader& operator=(const Http2Reader&) = delete;

  // `stream` starts with the connection preface and has no gaps. kMore sets `*needed`: with fewer
  // bytes another call is no use. kDone fills `request`, valid until the next call; both members
  // are empty when no request stands among the first frames or its compression is damaged. What
  // goes beyond 128 fields or the fixed memory is not read. No allocation.
  Parse Read(Bytes stream, size_t* needed, Http2Request* request);

 private:
  static constexpr size_t kMaxAuthority = 255;
  static constexpr size_t kMaxPath = 2048;
  static constexpr size_t kMaxHead = 4096;
  static constexpr size_t kArena = 65536;

  class Arena;
  class Fields;

  std::array<char, kMaxAuthority> authority_;
  std::array<char, kMaxPath> path_;
  std::array<char, kMaxHead> head_;
  alignas(16) std::array<std::byte, kArena> arena_;
};

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_INSPECT_HTTP2_H_
