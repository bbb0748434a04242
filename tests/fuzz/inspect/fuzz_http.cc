// HTTP heads: a parse that is resumed byte by byte says what one over the whole says.
#include <cstdlib>
#include <string>

#include "dataplane/inspect/http.h"
#include "dataplane/inspect/http_signs.h"

using borderflow::Bytes;
using borderflow::HttpRequestHead;
using borderflow::Parse;

namespace {

void Require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const Bytes input(data, size);
  borderflow::LookForHttp(input);
  HttpRequestHead whole;
  size_t resume = 0;
  const Parse parse = borderflow::ParseHttpRequest(input, &resume, &whole);
  resume = 0;
  for (size_t cut = 0; cut <= size; ++cut) {
    HttpRequestHead request;
    const Parse part = borderflow::ParseHttpRequest(input.subspan(0, cut), &resume, &request);
    if (part == Parse::kMore) {
      Require(cut < size || parse == Parse::kMore);
      continue;
    }
    Require(part == parse && request.host == whole.host && request.connect == whole.connect);
    break;
  }
  const borderflow::HttpSign sign = borderflow::FindHttpSign(borderflow::AsText(input));
  Require(sign.protocol != borderflow::Protocol::kNone || !sign.strong);
  return 0;
}
