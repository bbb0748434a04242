// HTTP/2 requests: a stream that comes in two pieces says what it says whole, and what is said is
// safe to read as a request of HTTP/1.
#include <algorithm>
#include <cstdlib>
#include <string>

#include "dataplane/inspect/http2.h"
#include "dataplane/inspect/http_signs.h"

using borderflow::Bytes;
using borderflow::Http2Reader;
using borderflow::Http2Request;
using borderflow::Parse;

namespace {

void Require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static Http2Reader reader;
  const Bytes input(data, size);
  size_t needed = 0;
  Http2Request request;
  const Parse parse = reader.Read(input, &needed, &request);
  Require(parse != Parse::kNot);
  Require(parse == Parse::kDone || needed > size);
  const std::string authority(request.authority);
  const std::string head(request.head);
  Require(authority.size() <= 255 && head.size() <= 4096);
  for (size_t i = 0; i < head.size(); ++i) {
    const bool end = (head[i] == '\r' && head.substr(i, 2) == "\r\n") ||
                     (head[i] == '\n' && i > 0 && head[i - 1] == '\r');
    Require(end || (static_cast<unsigned char>(head[i]) >= 0x20 && head[i] != 0x7f));
  }
  borderflow::FindHttpSign(head);
  // Read in the pieces that are asked for, on memory that another stream has used.
  size_t have = 0;
  Parse part = Parse::kMore;
  while (part == Parse::kMore && have <= size) {
    part = reader.Read(input.subspan(0, have), &needed, &request);
    Require(part == Parse::kDone || needed > have);
    if (part == Parse::kMore) have = needed;
  }
  Require((part == Parse::kDone) == (parse == Parse::kDone));
  if (part == Parse::kDone) Require(request.authority == authority && request.head == head);
  return 0;
}
