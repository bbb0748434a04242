// TLS and DTLS hellos: what a prefix told for good, the whole tells alike.
#include <cstdlib>
#include <string>
#include <vector>

#include "dataplane/inspect/tls.h"

using borderflow::Bytes;
using borderflow::ClientHello;
using borderflow::Parse;

namespace {

void Require(bool condition) {
  if (!condition) std::abort();
}

Parse ParseStream(Bytes stream, std::string* name) {
  std::vector<uint8_t> scratch(stream.size());
  ClientHello hello;
  size_t needed = 0;
  const Parse parse =
      borderflow::ParseTlsClientHello(stream, absl::MakeSpan(scratch), &hello, &needed);
  if (parse == Parse::kMore) Require(needed > stream.size());
  *name = std::string(hello.name);
  return parse;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const Bytes input(data, size);
  borderflow::LookForTls(input);
  std::string whole_name, name;
  const Parse whole = ParseStream(input, &whole_name);
  const size_t step = size / 16 + 1;
  for (size_t cut = 0; cut < size; cut += step) {
    const Parse parse = ParseStream(input.subspan(0, cut), &name);
    if (parse == Parse::kMore) continue;
    Require(parse == whole && name == whole_name);
  }

  const std::string_view in_place = borderflow::ServerNameInPlace(input);
  Require(in_place.empty() || in_place == whole_name);

  borderflow::LookForDtls(input);
  borderflow::DtlsHelloFragment fragment;
  size_t at = 0;
  while (true) {
    const size_t before = at;
    if (!borderflow::NextDtlsHelloFragment(input, &at, &fragment)) break;
    Require(at > before);
    Require(fragment.bytes.size() <= size);
    ClientHello hello;
    size_t needed = 0;
    borderflow::ParseDtlsClientHello(fragment.bytes, fragment.length, &hello, &needed);
    Require(hello.name.size() <= fragment.bytes.size());
  }
  return 0;
}
