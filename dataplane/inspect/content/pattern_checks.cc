#include "dataplane/inspect/content/pattern_checks.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "dataplane/inspect/content/check_digits.h"

namespace borderflow {
namespace {

bool IsDigit(char c) { return absl::ascii_isdigit(static_cast<unsigned char>(c)); }
bool IsAlnum(char c) { return absl::ascii_isalnum(static_cast<unsigned char>(c)); }

// Upper-case letters and digits of a match, separators left out; at most as many as any identifier
// has, so that what is longer fails its length.
class Compact {
 public:
  // The last characters of `text` that are alphanumeric or one of `separators`.
  Compact(std::string_view text, std::string_view separators) {
    size_t begin = text.size();
    while (begin > 0 && (IsAlnum(text[begin - 1]) ||
                         separators.find(text[begin - 1]) != std::string_view::npos)) {
      --begin;
    }
    for (const char c : text.substr(begin)) {
      if (!IsAlnum(c)) continue;
      if (size_ == kept_.size()) return;
      kept_[size_++] = absl::ascii_toupper(static_cast<unsigned char>(c));
    }
  }
  std::string_view text() const { return {kept_.data(), size_}; }
  // The digits at the end: what stands behind the name that they were found beside.
  std::string_view last(size_t count) const {
    return size_ < count ? std::string_view() : text().substr(size_ - count);
  }

 private:
  std::array<char, 64> kept_;
  size_t size_ = 0;
};

// Part of a longer number, such as a decimal fraction or an address.
bool StandsInNumber(const Matched& matched) {
  const auto joins = [](char c) { return c == '.' || c == '-' || c == ',' || IsDigit(c); };
  return joins(matched.before) || matched.after == '-' || IsDigit(matched.after);
}

// The digits at the end of a match, without separators.
Compact Digits(const Matched& matched) { return {matched.text, " -"}; }

}  // namespace

bool Accept(const Matched& /*matched*/) { return true; }

bool CheckCard(const Matched& matched) {
  if (StandsInNumber(matched)) return false;
  const Compact compact(matched.text, " -");
  std::string_view digits = compact.text();
  // Behind a name: only the number counts.
  const size_t named = digits.find_last_not_of("0123456789");
  if (named != std::string_view::npos) digits.remove_prefix(named + 1);
  return IsPaymentCard(digits);
}

bool CheckIban(const Matched& matched) { return IsIban(Compact(matched.text, " ").text()); }

bool CheckCpf(const Matched& matched) {
  return IsBrazilCpf(Compact(matched.text, ".-").last(11)) && !IsDigit(matched.before);
}

bool CheckRut(const Matched& matched) {
  return matched.before != '.' && IsChileRut(Compact(matched.text, ".-").text());
}

bool CheckChina(const Matched& matched) {
  return !StandsInNumber(matched) && IsChinaResidentId(Digits(matched).text());
}

bool CheckAadhaar(const Matched& matched) { return IsIndiaAadhaar(Digits(matched).last(12)); }

bool CheckKorea(const Matched& matched) {
  return !StandsInNumber(matched) && IsKoreaResidentNumber(Digits(matched).text());
}

bool CheckTurkey(const Matched& matched) { return IsTurkeyIdentity(Digits(matched).last(11)); }

bool CheckDni(const Matched& matched) { return IsSpainDni(Digits(matched).last(9)); }

bool CheckNir(const Matched& matched) {
  return !StandsInNumber(matched) && IsFranceNir(Compact(matched.text, " ").text());
}

bool CheckFiscalCode(const Matched& matched) {
  return IsItalyFiscalCode(Compact(matched.text, "").text());
}

bool CheckPesel(const Matched& matched) { return IsPolandPesel(Digits(matched).last(11)); }

bool CheckSouthAfrica(const Matched& matched) { return IsSouthAfricaId(Digits(matched).last(13)); }

bool CheckTaxNumber(const Matched& matched) {
  return IsAustraliaTaxNumber(Digits(matched).last(9));
}

bool CheckInsuranceNumber(const Matched& matched) {
  return IsCanadaInsuranceNumber(Digits(matched).last(9)) && matched.after != '.';
}

bool CheckNhs(const Matched& matched) { return IsNhsNumber(Digits(matched).last(10)); }

bool CheckProvider(const Matched& matched) {
  return IsProviderIdentifier(Digits(matched).last(10));
}

bool CheckSnomed(const Matched& matched) {
  const size_t begin = matched.text.find_last_not_of("0123456789");
  return begin != std::string_view::npos && IsSnomedCode(matched.text.substr(begin + 1));
}

bool CheckLoinc(const Matched& matched) {
  const size_t begin = matched.text.find_last_not_of("0123456789-");
  return begin != std::string_view::npos && IsLoincCode(matched.text.substr(begin + 1));
}

bool CheckCoordinates(const Matched& matched) {
  // The two numbers, wherever they stand between the names.
  std::array<double, 2> values{};
  size_t count = 0;
  const std::string_view text = matched.text;
  for (size_t i = 0; i < text.size() && count < values.size();) {
    if (!IsDigit(text[i])) {
      ++i;
      continue;
    }
    std::array<char, 32> number{};
    size_t size = 0;
    while (i < text.size() && (IsDigit(text[i]) || text[i] == '.')) {
      if (size + 1 < number.size()) number[size++] = text[i];
      ++i;
    }
    values[count++] = std::strtod(number.data(), nullptr);
  }
  return count == 2 && values[0] <= 90 && values[1] <= 180 && (values[0] != 0 || values[1] != 0);
}

// A user and a password with a colon between them (RFC 7617), in base 64.
bool CheckBasic(const Matched& matched) {
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string_view text = matched.text;
  while (!text.empty() && (text.back() == '\r' || text.back() == '=')) text.remove_suffix(1);
  text.remove_prefix(text.find_last_of(' ') + 1);
  uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    const size_t value = kAlphabet.find(c);
    if (value == std::string_view::npos) return false;
    bits = bits << 6 | static_cast<uint32_t>(value);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    const uint32_t byte = bits >> count & 0xff;
    if (byte == ':') return true;
    if (byte < 0x20) return false;
  }
  return false;
}

bool CheckEmail(const Matched& matched) {
  const std::string_view text = matched.text;
  const size_t at = text.find('@');
  const std::string_view local = text.substr(0, at);
  const std::string_view domain = text.substr(at + 1);
  if (local.empty() || local.size() > 64 || domain.size() > 253) return false;
  if (local.front() == '.' || local.back() == '.' || matched.before == '/') return false;
  if (matched.after == '@' || matched.after == '/' || matched.after == '-') return false;
  // Names of files that carry a size, as in picture@2x.png.
  const std::string_view last = domain.substr(domain.rfind('.') + 1);
  constexpr std::string_view kFiles[] = {"png", "jpg", "jpeg", "gif", "webp", "svg", "css", "js"};
  return std::none_of(std::begin(kFiles), std::end(kFiles), [last](std::string_view file) {
    return last.size() == file.size() &&
           std::equal(last.begin(), last.end(), file.begin(), [](char a, char b) {
             return absl::ascii_tolower(static_cast<unsigned char>(a)) == b;
           });
  });
}

// E.164: a country code and at most fifteen digits in all.
bool CheckPhone(const Matched& matched) {
  const std::string_view number = matched.text.substr(matched.text.rfind('+') + 1);
  const auto digits = std::count_if(number.begin(), number.end(), IsDigit);
  return digits >= 8 && digits <= 15 && !IsDigit(matched.after);
}

}  // namespace borderflow
