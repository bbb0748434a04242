#include "dataplane/geo/tor_geoip.h"

#include <charconv>
#include <optional>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"

namespace borderflow {
namespace {

constexpr size_t kShownCharacters = 60;  // of a wrong line, in its message

absl::string_view View(std::string_view text) { return {text.data(), text.size()}; }

absl::Status LineError(std::string_view file, size_t line, std::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat(View(file), ":", line, ": ", View(what)));
}

// Takes the text up to `separator` off the front of *rest; all of it when there is none.
std::string_view TakeUntil(char separator, std::string_view* rest) {
  const size_t at = rest->find(separator);
  const std::string_view taken = rest->substr(0, at);
  rest->remove_prefix(at == std::string_view::npos ? rest->size() : at + 1);
  return taken;
}

// A decimal number is an IPv4 address here; anything with a colon is IPv6.
std::optional<IpAddress> ParseEnd(std::string_view text) {
  if (text.find(':') != std::string_view::npos) return ParseAddress(text);
  uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return IpAddress::FromV4(number);
}

bool IsCodeCharacter(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '?';
}

std::optional<CountryRange> ParseRange(std::string_view line) {
  const std::string_view first = TakeUntil(',', &line);
  const std::string_view last = TakeUntil(',', &line);
  const std::optional<IpAddress> first_address = ParseEnd(first);
  const std::optional<IpAddress> last_address = ParseEnd(last);
  if (!first_address || !last_address) return std::nullopt;
  if (first_address->IsV4Mapped() != last_address->IsV4Mapped()) return std::nullopt;
  if (line.size() != 2 || !IsCodeCharacter(line[0]) || !IsCodeCharacter(line[1])) {
    return std::nullopt;
  }
  return CountryRange{*first_address, *last_address, {line[0], line[1]}};
}

// "# Generated: Thu, 25 Jun 2026 04:33:59 GMT" and its like.
void ReadDescriptionLine(std::string_view line, TorGeoip* result) {
  absl::string_view text = absl::StripAsciiWhitespace(View(line.substr(1)));
  absl::StrAppend(&result->description, text, "\n");
  if (absl::ConsumePrefix(&text, "Vendor:")) {
    result->vendor = std::string(absl::StripLeadingAsciiWhitespace(text));
  } else if (absl::ConsumePrefix(&text, "License:")) {
    result->licence = std::string(absl::StripLeadingAsciiWhitespace(text));
  } else if (absl::ConsumePrefix(&text, "Generated:")) {
    absl::Time time;
    std::string error;
    const bool known =
        absl::ParseTime("%a, %d %b %Y %H:%M:%S GMT",
                        std::string(absl::StripLeadingAsciiWhitespace(text)), &time, &error);
    if (known) result->build_time = absl::ToUnixSeconds(time);
  }
}

}  // namespace

absl::StatusOr<TorGeoip> ParseTorGeoip(std::string_view text, std::string_view file) {
  TorGeoip result;
  for (size_t number = 1; !text.empty(); ++number) {
    std::string_view line = TakeUntil('\n', &text);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) continue;
    if (line[0] == '#') {
      ReadDescriptionLine(line, &result);
      continue;
    }
    const std::optional<CountryRange> range = ParseRange(line);
    if (!range) {
      return LineError(file, number,
                       "found \"" + absl::CHexEscape(View(line.substr(0, kShownCharacters))) +
                           "\", expected FIRST,LAST,CC with decimal numbers or IPv6 addresses, as "
                           "in Tor's geoip and geoip6");
    }
    if (range->last < range->first) {
      return LineError(file, number, "the range ends before it begins");
    }
    if (!result.ranges.empty() && range->first <= result.ranges.back().last) {
      return LineError(file, number,
                       "the range begins at " + ToString(range->first) + ", but " +
                           ToString(result.ranges.back().last) +
                           " was covered before; ranges must be sorted and disjoint");
    }
    result.ranges.push_back(*range);
  }
  if (result.ranges.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat(View(file),
                     ": no address range in this file; expected Tor's geoip or geoip6 "
                     "(tools/setup/geo_data.sh takes them)"));
  }
  return result;
}

}  // namespace borderflow
