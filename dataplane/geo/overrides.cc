#include "dataplane/geo/overrides.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "dataplane/geo/mmdb_layout.h"
#include "rules/jurisdiction/jurisdiction.h"

namespace borderflow {
namespace {

constexpr size_t kLongestQuoted = 60;  // bytes of a field shown in a message

struct Field {
  std::string_view text;  // without blanks and quotes around it
  size_t column = 1;      // of its first byte in the line, from 1
};

struct Line {
  uint32_t number = 0;
  std::vector<Field> fields;
};

absl::string_view Absl(std::string_view text) { return {text.data(), text.size()}; }

bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

// The line up to a comment.
std::string_view WithoutComment(std::string_view line) {
  for (size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '#' && (i == 0 || IsBlank(line[i - 1]))) return line.substr(0, i);
  }
  return line;
}

Field Trim(std::string_view text, size_t column) {
  while (!text.empty() && IsBlank(text.front())) {
    text.remove_prefix(1);
    ++column;
  }
  while (!text.empty() && IsBlank(text.back())) text.remove_suffix(1);
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') {
    return {text.substr(1, text.size() - 2), column + 1};
  }
  return {text, column};
}

// Splits at commas outside quotes (RFC 4180, as far as RFC 8805 uses it).
std::vector<Field> Split(std::string_view line) {
  std::vector<Field> fields;
  size_t begin = 0;
  bool quoted = false;
  for (size_t i = 0; i <= line.size(); ++i) {
    if (i < line.size() && line[i] == '"') quoted = !quoted;
    if (i == line.size() || (line[i] == ',' && !quoted)) {
      fields.push_back(Trim(line.substr(begin, i - begin), begin + 1));
      begin = i + 1;
    }
  }
  return fields;
}

std::vector<Line> ReadLines(std::string_view text) {
  if (absl::StartsWith(Absl(text), "\xef\xbb\xbf")) text.remove_prefix(3);  // UTF-8 mark
  std::vector<Line> lines;
  uint32_t number = 0;
  while (!text.empty()) {
    ++number;
    const size_t end = std::min(text.find('\n'), text.size());
    const std::string_view content = WithoutComment(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (std::all_of(content.begin(), content.end(), IsBlank)) continue;
    lines.push_back({number, Split(content)});
  }
  return lines;
}

bool LooksLikeGeofeed(const std::vector<Line>& lines) {
  return std::any_of(lines.begin(), lines.end(), [](const Line& line) {
    if (line.fields.size() >= 5) return true;
    return line.fields.size() >= 3 && line.fields[2].text.size() > 3 &&
           line.fields[2].text[2] == '-';
  });
}

class Parser {
 public:
  explicit Parser(std::string_view name) : name_(name) {}

  absl::StatusOr<Overrides> Parse(std::string_view text);

 private:
  absl::Status ParseLine(const Line& line);
  absl::StatusOr<Prefix> ParsePrefixField(const Line& line) const;
  absl::StatusOr<Jurisdiction> ParseCode(const Line& line, const Field& field) const;
  absl::StatusOr<Jurisdiction> ParseGeofeedCode(const Line& line, const Field& field);
  absl::Status Keep(const Line& line, const LocatedPrefix& located);
  absl::Status Refuse(const Line& line, const Field& field, absl::string_view expected) const;

  const std::string name_;
  Overrides overrides_;
  // (address, length) -> position in overrides_.lines
  absl::flat_hash_map<std::pair<std::pair<uint64_t, uint64_t>, int>, size_t> seen_;
};

absl::Status Parser::Refuse(const Line& line, const Field& field,
                            absl::string_view expected) const {
  std::string shown(field.text.substr(0, kLongestQuoted));
  for (char& c : shown) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
  }
  return absl::InvalidArgumentError(
      absl::StrCat(name_, ":", line.number, ":", field.column, ": \"", shown, "\" ", expected));
}

absl::StatusOr<Prefix> Parser::ParsePrefixField(const Line& line) const {
  const Field& field = line.fields[0];
  const std::optional<Prefix> prefix = ParsePrefix(field.text);
  if (prefix.has_value()) return *prefix;
  // The commonest mistake: an address of the block instead of its first one.
  const size_t slash = field.text.find('/');
  if (slash != std::string_view::npos && ParseAddress(field.text.substr(0, slash)).has_value()) {
    return Refuse(line, field,
                  "is not a prefix: its length is out of range, or bits after it are set; write "
                  "the block's first address and its length, such as 192.0.2.0/24");
  }
  return Refuse(line, field, "is not a prefix; write one such as 192.0.2.0/24 or 2001:db8::/32");
}

absl::StatusOr<Jurisdiction> Parser::ParseCode(const Line& line, const Field& field) const {
  if (const auto code = FromCode(field.text); code.has_value()) return *code;
  std::string expected =
      "is not a jurisdiction; expected an ISO 3166-1 code such as DE, or one of unknown, private, "
      "reserved, multicast, anycast";
  const NormalizedCode normalized = NormalizeCode(field.text);
  std::string_view near = normalized.kind == CodeKind::kExact || normalized.kind == CodeKind::kAlias
                              ? Code(normalized.jurisdiction)
                              : SuggestCode(field.text.substr(0, kLongestQuoted));
  if (!near.empty()) absl::StrAppend(&expected, " (did you mean \"", Absl(near), "\"?)");
  return Refuse(line, field, expected);
}

absl::StatusOr<Jurisdiction> Parser::ParseGeofeedCode(const Line& line, const Field& field) {
  if (field.text.empty()) return Jurisdiction::kUnknown;
  const NormalizedCode normalized = NormalizeCode(field.text);
  if (normalized.kind == CodeKind::kInvalid) {
    std::string expected = "is not a country; RFC 8805 expects an ISO 3166-1 code such as DE";
    const std::string_view near = SuggestCode(field.text.substr(0, kLongestQuoted));
    if (!near.empty()) absl::StrAppend(&expected, " (did you mean \"", Absl(near), "\"?)");
    return Refuse(line, field, expected);
  }
  if (normalized.kind != CodeKind::kExact) {
    ++overrides_.odd_codes[absl::AsciiStrToUpper(Absl(field.text))];
  }
  return normalized.jurisdiction;
}

absl::Status Parser::Keep(const Line& line, const LocatedPrefix& located) {
  const Prefix& prefix = located.prefix;
  const auto [place, added] = seen_.try_emplace(
      {{prefix.address.high, prefix.address.low}, prefix.length}, overrides_.lines.size());
  if (added) {
    overrides_.lines.push_back({located, line.number});
    return absl::OkStatus();
  }
  const Override& earlier = overrides_.lines[place->second];
  if (earlier.located.location != located.location) {
    return Refuse(
        line, line.fields[0],
        absl::StrCat("has another answer on line ", earlier.line, "; keep one of the two lines"));
  }
  if (overrides_.warnings.size() < kMostWarnings) {
    overrides_.warnings.push_back(absl::StrCat(name_, ":", line.number, ": ",
                                               std::string(line.fields[0].text), " repeats line ",
                                               earlier.line));
  }
  return absl::OkStatus();
}

absl::Status Parser::ParseLine(const Line& line) {
  absl::StatusOr<Prefix> prefix = ParsePrefixField(line);
  if (!prefix.ok()) return prefix.status();
  Location location{.source = GeoSource::kOverride};
  if (line.fields.size() < 2) {
    return Refuse(line, line.fields[0], "stands alone; expected prefix,location");
  }
  absl::StatusOr<Jurisdiction> code =
      overrides_.geofeed ? ParseGeofeedCode(line, line.fields[1]) : ParseCode(line, line.fields[1]);
  if (!code.ok()) return code.status();
  location.location = *code;
  if (!overrides_.geofeed && line.fields.size() > 2 && !line.fields[2].text.empty()) {
    absl::StatusOr<Jurisdiction> registered = ParseCode(line, line.fields[2]);
    if (!registered.ok()) return registered.status();
    location.registered = *registered;
  }
  if (!overrides_.geofeed && line.fields.size() > 3 && !line.fields[3].text.empty()) {
    const std::optional<uint32_t> asn = ParseAsNumber(line.fields[3].text);
    if (!asn.has_value()) {
      return Refuse(line, line.fields[3], "is not an AS number; write one such as 64500");
    }
    location.asn = *asn;
  }
  return Keep(line, {*prefix, location});
}

absl::StatusOr<Overrides> Parser::Parse(std::string_view text) {
  std::vector<Line> lines = ReadLines(text);
  if (!lines.empty() && absl::EqualsIgnoreCase(Absl(lines[0].fields[0].text), "prefix")) {
    lines.erase(lines.begin());
  }
  overrides_.geofeed = LooksLikeGeofeed(lines);
  for (const Line& line : lines) {
    if (absl::Status parsed = ParseLine(line); !parsed.ok()) return parsed;
  }
  return std::move(overrides_);
}

}  // namespace

absl::StatusOr<Overrides> ParseOverrides(std::string_view text, std::string_view name) {
  return Parser(name).Parse(text);
}

}  // namespace borderflow
