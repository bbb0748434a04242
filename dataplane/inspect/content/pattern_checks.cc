#include "dataplane/inspect/content/pattern_checks.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>

#include "absl/strings/ascii.h"
#include "dataplane/inspect/content/check_digits.h"

namespace borderflow {
namespace {

bool IsDigit(char c) { return absl::ascii_isdigit(static_cast<unsigned char>(c)); }
bool IsAlnum(char c) { return absl::ascii_isalnum(static_cast<unsigned char>(c)); }
char ToUpper(char c) { return absl::ascii_toupper(static_cast<unsigned char>(c)); }

// The last `wanted` letters and digits before `end`, in upper case, with nothing between them but
// separators.
class Tail {
 public:
  Tail(std::string_view text, size_t end, size_t wanted, std::string_view separators)
      : begin_(end) {
    size_t left = wanted;
    while (begin_ > 0 && left > 0) {
      const char c = text[begin_ - 1];
      if (IsAlnum(c)) {
        kept_[--left] = ToUpper(c);
      } else if (separators.find(c) == std::string_view::npos) {
        break;
      }
      --begin_;
    }
    if (left == 0) kept_text_ = {kept_.data(), wanted};
    before_ = begin_ > 0 ? text[begin_ - 1] : '\0';
    after_ = end < text.size() ? text[end] : '\0';
  }

  // Empty when there are fewer.
  std::string_view text() const { return kept_text_; }
  size_t begin() const { return begin_; }

  // Not part of a longer number, such as a decimal fraction or an address.
  bool StandsAlone() const {
    const auto joins = [](char c) { return c == '.' || c == '-' || c == ',' || IsAlnum(c); };
    return !joins(before_) && after_ != '-' && !IsAlnum(after_);
  }

 private:
  std::array<char, 40> kept_;
  std::string_view kept_text_;
  size_t begin_;
  char before_;
  char after_;
};

using Check = bool (*)(std::string_view);

// An identifier of `length` that stands beside its name.
size_t Named(std::string_view text, size_t end, size_t length, std::string_view separators,
             Check check) {
  const Tail tail(text, end, length, separators);
  return check(tail.text()) ? tail.begin() : kNoMatch;
}

// One that is known by its form alone.
size_t Alone(std::string_view text, size_t end, size_t length, std::string_view separators,
             Check check) {
  const Tail tail(text, end, length, separators);
  return tail.StandsAlone() && check(tail.text()) ? tail.begin() : kNoMatch;
}

// Where the run of characters that `is` accepts begins, before `end`.
template <typename Predicate>
size_t RunBefore(std::string_view text, size_t end, size_t longest, Predicate is) {
  size_t begin = end;
  while (begin > 0 && end - begin < longest && is(text[begin - 1])) --begin;
  return begin;
}

constexpr size_t kShortestIban = 15;
constexpr size_t kLongestIban = 34;

// `begin` if an IBAN of any country begins there, in groups or in one piece.
size_t IbanAt(std::string_view text, size_t begin) {
  if (begin > 0 && IsAlnum(text[begin - 1])) return kNoMatch;
  std::array<char, kLongestIban> iban;
  size_t size = 0;
  for (size_t at = begin; at < text.size() && size < kLongestIban; ++at) {
    if (IsAlnum(text[at])) {
      iban[size++] = ToUpper(text[at]);
    } else if (text[at] != ' ') {
      break;
    }
    const bool ends = at + 1 == text.size() || !IsAlnum(text[at + 1]);
    if (ends && size >= kShortestIban && IsIban({iban.data(), size})) return begin;
  }
  return kNoMatch;
}

}  // namespace

size_t Accept(std::string_view /*text*/, size_t end) { return end - 1; }

size_t CheckGroupedCard(std::string_view text, size_t end) {
  const size_t found = Alone(text, end, 16, " -", IsPaymentCard);
  return found != kNoMatch ? found : Alone(text, end, 15, " -", IsPaymentCard);
}

size_t CheckNamedCard(std::string_view text, size_t end) {
  const size_t begin = RunBefore(text, end, 20, IsDigit);
  return IsPaymentCard(text.substr(begin, end - begin)) ? begin : kNoMatch;
}

size_t CheckIban(std::string_view text, size_t end) {
  // The match is the shortest IBAN there is; the country's own length may go on behind it.
  return IbanAt(text, Tail(text, end, kShortestIban, " ").begin());
}

size_t CheckNamedIban(std::string_view text, size_t end) {
  // One that is known without its name is counted already.
  return IsCompactIban(text, end - 4) ? kNoMatch : IbanAt(text, end - 4);
}

bool IsCompactIban(std::string_view text, size_t begin) {
  constexpr size_t kLetters = 2;
  if (text.size() < begin + kShortestIban) return false;
  for (size_t i = 0; i < kShortestIban; ++i) {
    const auto c = static_cast<unsigned char>(text[begin + i]);
    if (i < kLetters ? !absl::ascii_isupper(c) : !absl::ascii_isdigit(c)) return false;
  }
  return IbanAt(text, begin) != kNoMatch;
}

size_t CountCompactIbans(std::string_view text, size_t* counted_until) {
  // Every place that is a multiple of the digits' count away from the first is looked at: a run of
  // so many digits covers one of them.
  constexpr size_t kLetters = 2;
  constexpr size_t kDigits = kShortestIban - kLetters;
  size_t count = 0;
  for (size_t at = kShortestIban - 1; at < text.size(); at += kDigits) {
    if (!IsDigit(text[at])) continue;
    size_t first = at;
    while (first > 0 && IsDigit(text[first - 1])) --first;
    if (first >= kLetters + *counted_until && IsCompactIban(text, first - kLetters)) {
      *counted_until = first - kLetters + 1;
      ++count;
    }
    while (at + 1 < text.size() && IsDigit(text[at + 1])) ++at;
  }
  return count;
}

size_t CheckCpf(std::string_view text, size_t end) {
  return Named(text, end, 11, ".-", IsBrazilCpf);
}

size_t CheckRut(std::string_view text, size_t end) {
  const size_t found = Alone(text, end, 9, ".-", IsChileRut);
  return found != kNoMatch ? found : Alone(text, end, 8, ".-", IsChileRut);
}

size_t CheckChina(std::string_view text, size_t end) {
  return Alone(text, end, 18, "", IsChinaResidentId);
}

size_t CheckAadhaar(std::string_view text, size_t end) {
  return Named(text, end, 12, " ", IsIndiaAadhaar);
}

size_t CheckKorea(std::string_view text, size_t end) {
  return Alone(text, end, 13, "-", IsKoreaResidentNumber);
}

size_t CheckTurkey(std::string_view text, size_t end) {
  return Named(text, end, 11, "", IsTurkeyIdentity);
}

size_t CheckDni(std::string_view text, size_t end) { return Named(text, end, 9, "-", IsSpainDni); }

size_t CheckNir(std::string_view text, size_t end) {
  return Alone(text, end, 15, " ", IsFranceNir);
}

size_t CheckFiscalCode(std::string_view text, size_t end) {
  return Named(text, end, 16, "", IsItalyFiscalCode);
}

size_t CheckPesel(std::string_view text, size_t end) {
  return Named(text, end, 11, "", IsPolandPesel);
}

size_t CheckSouthAfrica(std::string_view text, size_t end) {
  return Named(text, end, 13, "", IsSouthAfricaId);
}

size_t CheckTaxNumber(std::string_view text, size_t end) {
  return Named(text, end, 9, " ", IsAustraliaTaxNumber);
}

size_t CheckInsuranceNumber(std::string_view text, size_t end) {
  return Named(text, end, 9, " -", IsCanadaInsuranceNumber);
}

size_t CheckNhs(std::string_view text, size_t end) {
  return Named(text, end, 10, " ", IsNhsNumber);
}

size_t CheckProvider(std::string_view text, size_t end) {
  return Named(text, end, 10, "", IsProviderIdentifier);
}

size_t CheckSnomed(std::string_view text, size_t end) {
  const size_t begin = RunBefore(text, end, 19, IsDigit);
  return IsSnomedCode(text.substr(begin, end - begin)) ? begin : kNoMatch;
}

size_t CheckLoinc(std::string_view text, size_t end) {
  const size_t begin = RunBefore(text, end, 9, [](char c) { return IsDigit(c) || c == '-'; });
  return IsLoincCode(text.substr(begin, end - begin)) ? begin : kNoMatch;
}

size_t CheckCoordinates(std::string_view text, size_t end) {
  // From the first of the two names on, which all forms have within this many bytes.
  constexpr size_t kLongest = 128;
  const size_t from = end > kLongest ? end - kLongest : 0;
  const std::string_view near = text.substr(from, end - from);
  size_t begin = std::string_view::npos;
  for (const std::string_view name : {"lat", "Lat", "LAT", "geo:"}) {
    const size_t at = near.rfind(name);
    if (at != std::string_view::npos && (begin == std::string_view::npos || at > begin)) begin = at;
  }
  if (begin == std::string_view::npos) return kNoMatch;
  std::array<double, 2> values{};
  size_t count = 0;
  for (size_t i = begin; i < near.size() && count < values.size();) {
    if (!IsDigit(near[i])) {
      ++i;
      continue;
    }
    std::array<char, 32> number{};
    size_t size = 0;
    for (; i < near.size() && (IsDigit(near[i]) || near[i] == '.'); ++i) {
      if (size + 1 < number.size()) number[size++] = near[i];
    }
    values[count++] = std::strtod(number.data(), nullptr);
  }
  const bool somewhere = values[0] != 0 || values[1] != 0;
  return count == 2 && values[0] <= 90 && values[1] <= 180 && somewhere ? from + begin : kNoMatch;
}

// A user and a password with a colon between them (RFC 7617), in base 64.
size_t CheckBasic(std::string_view text, size_t end) {
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  constexpr size_t kLongest = 1024;
  const auto is_base64 = [](char c) { return IsAlnum(c) || c == '+' || c == '/' || c == '='; };
  const size_t begin = RunBefore(text, end - 1, kLongest, is_base64);
  uint32_t bits = 0;
  int count = 0;
  for (size_t i = begin; i < end - 1; ++i) {
    const size_t value = kAlphabet.find(text[i]);
    if (value == std::string_view::npos) return kNoMatch;
    bits = bits << 6 | static_cast<uint32_t>(value);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    const uint32_t byte = bits >> count & 0xff;
    if (byte == ':') return begin;
    if (byte < 0x20) return kNoMatch;
  }
  return kNoMatch;
}

size_t CheckEmail(std::string_view text, size_t end) {
  constexpr size_t kLongestDomain = 253;
  constexpr size_t kLongestLocal = 64;
  const auto in_domain = [](char c) { return IsAlnum(c) || c == '.' || c == '-'; };
  const auto in_local = [&in_domain](char c) {
    return in_domain(c) || c == '_' || c == '%' || c == '+';
  };
  const size_t at = RunBefore(text, end, kLongestDomain, in_domain);
  if (at == 0 || text[at - 1] != '@') return kNoMatch;
  const size_t begin = RunBefore(text, at - 1, kLongestLocal, in_local);
  if (begin == at - 1 || text[begin] == '.' || text[at - 2] == '.') return kNoMatch;
  if (begin > 0 && (text[begin - 1] == '/' || in_local(text[begin - 1]))) return kNoMatch;
  if (end < text.size() && (text[end] == '@' || text[end] == '/' || text[end] == '-')) {
    return kNoMatch;
  }
  // Names of files that carry a size, as in picture@2x.png.
  const std::string_view domain = text.substr(at, end - at);
  const std::string_view last = domain.substr(domain.rfind('.') + 1);
  constexpr std::string_view kFiles[] = {"png", "jpg", "jpeg", "gif", "webp", "svg", "css", "js"};
  const bool file = std::any_of(std::begin(kFiles), std::end(kFiles), [last](std::string_view f) {
    return std::equal(last.begin(), last.end(), f.begin(), f.end(),
                      [](char a, char b) { return ToUpper(a) == ToUpper(b); });
  });
  return file ? kNoMatch : begin;
}

// E.164: a country code and at most fifteen digits in all.
size_t CheckPhone(std::string_view text, size_t end) {
  constexpr size_t kLongest = 24;
  const size_t begin = RunBefore(text, end, kLongest, [](char c) { return c != '+'; });
  const std::string_view number = text.substr(begin, end - begin);
  const auto digits = std::count_if(number.begin(), number.end(), IsDigit);
  return digits >= 8 && digits <= 15 ? begin : kNoMatch;
}

}  // namespace borderflow
