#include "collectors/http/response.h"

#include <zlib.h>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"

namespace borderflow {

HttpResponse TextResponse(int status, std::string text) {
  HttpResponse response;
  response.status = status;
  response.body = std::make_shared<const std::string>(std::move(text));
  return response;
}

std::shared_ptr<const std::string> Gzipped(std::string_view text) {
  z_stream stream{};
  constexpr int kGzipWindow = 15 + 16;  // zlib.h: 16 more means a gzip header
  constexpr int kMemoryLevel = 8;       // zlib's default
  if (deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, kGzipWindow, kMemoryLevel,
                   Z_DEFAULT_STRATEGY) != Z_OK) {
    return nullptr;
  }
  std::string out(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));  // zlib only reads it
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const bool whole = deflate(&stream, Z_FINISH) == Z_STREAM_END;
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return whole ? std::make_shared<const std::string>(std::move(out)) : nullptr;
}

bool AcceptsGzip(std::string_view accept_encoding) {
  for (const absl::string_view part :
       absl::StrSplit(absl::string_view(accept_encoding.data(), accept_encoding.size()), ',')) {
    const std::pair<absl::string_view, absl::string_view> split =
        absl::StrSplit(part, absl::MaxSplits(';', 1));
    const std::string coding = absl::AsciiStrToLower(absl::StripAsciiWhitespace(split.first));
    if (coding != "gzip" && coding != "*") continue;
    const absl::string_view q = absl::StripAsciiWhitespace(split.second);
    double value = 1;
    if (q.substr(0, 2) == "q=" && !absl::SimpleAtod(q.substr(2), &value)) return false;
    return value > 0;
  }
  return false;
}

}  // namespace borderflow
