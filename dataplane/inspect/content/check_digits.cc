#include "dataplane/inspect/content/check_digits.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace borderflow {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
int Value(char c) { return c - '0'; }

bool AreDigits(std::string_view text, size_t length) {
  return text.size() == length && std::all_of(text.begin(), text.end(), IsDigit);
}

bool AllAlike(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [&text](char c) { return c == text[0]; });
}

// Sum of the first digits, each times its weight.
template <size_t kSize>
int Weighted(std::string_view digits, const std::array<int, kSize>& weights) {
  int sum = 0;
  for (size_t i = 0; i < kSize; ++i) sum += Value(digits[i]) * weights[i];
  return sum;
}

int Number(std::string_view digits) {
  int number = 0;
  for (const char c : digits) number = 10 * number + Value(c);
  return number;
}

bool IsMonthAndDay(int month, int day) {
  return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

}  // namespace

bool PassesLuhn(std::string_view digits) {
  if (digits.size() < 2) return false;
  int sum = 0;
  bool twice = false;
  for (size_t i = digits.size(); i-- > 0; twice = !twice) {
    if (!IsDigit(digits[i])) return false;
    const int value = Value(digits[i]) * (twice ? 2 : 1);
    sum += value / 10 + value % 10;
  }
  return sum % 10 == 0;
}

bool PassesVerhoeff(std::string_view digits) {
  if (digits.size() < 2) return false;
  // Multiplication in D5: rotations 0 to 4, reflections 5 to 9.
  const auto multiply = [](int a, int b) {
    if (a < 5) return b < 5 ? (a + b) % 5 : 5 + (a + b - 5) % 5;
    return b < 5 ? 5 + (a - 5 - b + 5) % 5 : (a - b + 5) % 5;
  };
  constexpr std::array<int, 10> kPermutation = {1, 5, 7, 6, 2, 8, 3, 0, 9, 4};
  int check = 0;
  for (size_t i = 0; i < digits.size(); ++i) {
    const char c = digits[digits.size() - 1 - i];
    if (!IsDigit(c)) return false;
    int value = Value(c);
    for (size_t n = 0; n < i % 8; ++n) value = kPermutation[static_cast<size_t>(value)];
    check = multiply(check, value);
  }
  return check == 0;
}

bool IsPaymentCard(std::string_view digits) {
  if (digits.size() < 13 || digits.size() > 19 || !PassesLuhn(digits)) return false;
  const int two = Number(digits.substr(0, 2));
  const int three = Number(digits.substr(0, 3));
  const int four = Number(digits.substr(0, 4));
  const size_t length = digits.size();
  if (digits[0] == '4') return length == 13 || length == 16 || length == 19;  // Visa
  if (two == 34 || two == 37) return length == 15;                            // American Express
  if ((two >= 51 && two <= 55) || (four >= 2221 && four <= 2720))
    return length == 16;                                  // Mastercard
  if (four >= 3528 && four <= 3589) return length >= 16;  // JCB
  if (two == 36 || two == 38 || two == 39 || (three >= 300 && three <= 305)) return length >= 14;
  if (four == 6011 || two == 65 || (three >= 644 && three <= 649)) return length >= 16;  // Discover
  if (two == 62) return length >= 16;                                                    // UnionPay
  if (four >= 2200 && four <= 2204) return length >= 16;                                 // Mir
  if (two == 60 || two == 81 || two == 82) return length == 16;                          // RuPay
  if (two == 50 || (two >= 56 && two <= 58) || two == 67)
    return length >= 16;  // Maestro, Verve, Elo
  return false;
}

bool IsIban(std::string_view iban) {
  // Lengths by country: the SWIFT IBAN registry.
  struct Format {
    char country[3];
    uint8_t length;
  };
  constexpr Format kFormats[] = {
      {"AD", 24}, {"AE", 23}, {"AL", 28}, {"AT", 20}, {"AZ", 28}, {"BA", 20}, {"BE", 16},
      {"BG", 22}, {"BH", 22}, {"BI", 27}, {"BR", 29}, {"BY", 28}, {"CH", 21}, {"CR", 22},
      {"CY", 28}, {"CZ", 24}, {"DE", 22}, {"DJ", 27}, {"DK", 18}, {"DO", 28}, {"EE", 20},
      {"EG", 29}, {"ES", 24}, {"FI", 18}, {"FO", 18}, {"FR", 27}, {"GB", 22}, {"GE", 22},
      {"GI", 23}, {"GL", 18}, {"GR", 27}, {"GT", 28}, {"HR", 21}, {"HU", 28}, {"IE", 22},
      {"IL", 23}, {"IQ", 23}, {"IS", 26}, {"IT", 27}, {"JO", 30}, {"KW", 30}, {"KZ", 20},
      {"LB", 28}, {"LC", 32}, {"LI", 21}, {"LT", 20}, {"LU", 20}, {"LV", 21}, {"LY", 25},
      {"MC", 27}, {"MD", 24}, {"ME", 22}, {"MK", 19}, {"MR", 27}, {"MT", 31}, {"MU", 30},
      {"NL", 18}, {"NO", 15}, {"PK", 24}, {"PL", 28}, {"PS", 29}, {"PT", 25}, {"QA", 29},
      {"RO", 24}, {"RS", 22}, {"RU", 33}, {"SA", 24}, {"SC", 31}, {"SD", 18}, {"SE", 24},
      {"SI", 19}, {"SK", 24}, {"SM", 27}, {"ST", 25}, {"SV", 28}, {"TL", 23}, {"TN", 24},
      {"TR", 26}, {"UA", 29}, {"VA", 22}, {"VG", 24}, {"XK", 20}};
  if (iban.size() < 15 || !IsDigit(iban[2]) || !IsDigit(iban[3])) return false;
  const auto* const format =
      std::find_if(std::begin(kFormats), std::end(kFormats),
                   [&iban](const Format& f) { return iban.substr(0, 2) == f.country; });
  if (format == std::end(kFormats) || iban.size() != format->length) return false;
  int remainder = 0;
  for (size_t i = 0; i < iban.size(); ++i) {
    const char c = iban[(i + 4) % iban.size()];  // country and check digits come last
    if (IsDigit(c)) {
      remainder = (remainder * 10 + Value(c)) % 97;
    } else if (c >= 'A' && c <= 'Z') {
      remainder = (remainder * 100 + (c - 'A' + 10)) % 97;
    } else {
      return false;
    }
  }
  return remainder == 1;
}

bool IsBrazilCpf(std::string_view digits) {
  if (!AreDigits(digits, 11) || AllAlike(digits)) return false;
  for (const size_t length : {9, 10}) {
    int sum = 0;
    for (size_t i = 0; i < length; ++i) sum += Value(digits[i]) * static_cast<int>(length + 1 - i);
    if (sum * 10 % 11 % 10 != Value(digits[length])) return false;
  }
  return true;
}

bool IsChileRut(std::string_view rut) {
  if (rut.size() != 8 && rut.size() != 9) return false;
  const size_t length = rut.size() - 1;
  if (!AreDigits(rut.substr(0, length), length)) return false;
  int sum = 0;
  for (size_t i = 0; i < length; ++i)
    sum += Value(rut[length - 1 - i]) * static_cast<int>(2 + i % 6);
  const int check = (11 - sum % 11) % 11;
  const char expected = check == 10 ? 'K' : static_cast<char>('0' + check);
  return rut[length] == expected || (expected == 'K' && rut[length] == 'k');
}

bool IsChinaResidentId(std::string_view id) {
  if (id.size() != 18 || !AreDigits(id.substr(0, 17), 17) || id[0] == '0') return false;
  const int year = Number(id.substr(6, 4));
  if (year < 1900 || year > 2099) return false;
  if (!IsMonthAndDay(Number(id.substr(10, 2)), Number(id.substr(12, 2)))) return false;
  constexpr std::array<int, 17> kWeights = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
  constexpr std::string_view kChecks = "10X98765432";
  const char check = kChecks[static_cast<size_t>(Weighted(id, kWeights)) % 11];
  return id[17] == check || (check == 'X' && id[17] == 'x');
}

bool IsIndiaAadhaar(std::string_view digits) {
  return AreDigits(digits, 12) && digits[0] >= '2' && PassesVerhoeff(digits);
}

bool IsKoreaResidentNumber(std::string_view digits) {
  if (!AreDigits(digits, 13) || digits[6] < '1' || digits[6] > '8') return false;
  if (!IsMonthAndDay(Number(digits.substr(2, 2)), Number(digits.substr(4, 2)))) return false;
  constexpr std::array<int, 12> kWeights = {2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5};
  return (11 - Weighted(digits, kWeights) % 11) % 10 == Value(digits[12]);
}

bool IsTurkeyIdentity(std::string_view digits) {
  if (!AreDigits(digits, 11) || digits[0] == '0') return false;
  int odd = 0;
  int even = 0;
  for (size_t i = 0; i < 9; ++i) (i % 2 == 0 ? odd : even) += Value(digits[i]);
  const int tenth = ((odd * 7 - even) % 10 + 10) % 10;
  return tenth == Value(digits[9]) && (odd + even + tenth) % 10 == Value(digits[10]);
}

bool IsSpainDni(std::string_view dni) {
  if (dni.size() != 9) return false;
  int number = 0;
  if (dni[0] >= 'X' && dni[0] <= 'Z') {
    number = (dni[0] - 'X') * 10'000'000;
  } else if (IsDigit(dni[0])) {
    number = Value(dni[0]) * 10'000'000;
  } else {
    return false;
  }
  if (!AreDigits(dni.substr(1, 7), 7)) return false;
  number += Number(dni.substr(1, 7));
  constexpr std::string_view kLetters = "TRWAGMYFPDXBNJZSQVHLCKE";
  return dni[8] == kLetters[static_cast<size_t>(number) % kLetters.size()];
}

bool IsFranceNir(std::string_view nir) {
  if (nir.size() != 15 || (nir[0] != '1' && nir[0] != '2')) return false;
  uint64_t number = 0;
  for (size_t i = 0; i < 13; ++i) {
    // Corsica's departments count as 19 and 18.
    char c = nir[i];
    if (i == 6 && nir[5] == '2' && (c == 'A' || c == 'B')) c = c == 'A' ? '9' : '8';
    if (i == 5 && c == '2' && (nir[6] == 'A' || nir[6] == 'B')) c = '1';
    if (!IsDigit(c)) return false;
    number = number * 10 + static_cast<uint64_t>(Value(c));
  }
  const int month = Number(nir.substr(3, 2));
  // Above 12 where the month of birth is not known.
  const bool month_ok = (month >= 1 && month <= 12) || (month >= 20 && month <= 42) || month >= 50;
  return month_ok && AreDigits(nir.substr(13), 2) &&
         97 - number % 97 == static_cast<uint64_t>(Number(nir.substr(13)));
}

bool IsItalyFiscalCode(std::string_view code) {
  if (code.size() != 16) return false;
  constexpr std::array<int, 26> kOdd = {1,  0,  5, 7, 9, 13, 15, 17, 19, 21, 2,  4,  18,
                                        20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23};
  constexpr std::string_view kMonths = "ABCDEHLMPRST";
  int sum = 0;
  for (size_t i = 0; i < 15; ++i) {
    const char c = code[i];
    const bool letter = c >= 'A' && c <= 'Z';
    if (!letter && !IsDigit(c)) return false;
    const bool letter_place = i < 6 || i == 8 || i == 11;
    if (letter_place && !letter) return false;
    const auto value = static_cast<size_t>(letter ? c - 'A' : Value(c));
    sum += i % 2 == 0 ? kOdd[value] : static_cast<int>(value);
  }
  return kMonths.find(code[8]) != std::string_view::npos && code[15] == 'A' + sum % 26;
}

bool IsPolandPesel(std::string_view digits) {
  if (!AreDigits(digits, 11)) return false;
  // Centuries are told by 0, 20, 40, 60 or 80 added to the month.
  if (!IsMonthAndDay(Number(digits.substr(2, 2)) % 20, Number(digits.substr(4, 2)))) return false;
  constexpr std::array<int, 11> kWeights = {1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1};
  return Weighted(digits, kWeights) % 10 == 0;
}

bool IsSouthAfricaId(std::string_view digits) {
  if (!AreDigits(digits, 13)) return false;
  return IsMonthAndDay(Number(digits.substr(2, 2)), Number(digits.substr(4, 2))) &&
         digits[10] <= '2' && PassesLuhn(digits);
}

bool IsAustraliaTaxNumber(std::string_view digits) {
  if (!AreDigits(digits, 9) || AllAlike(digits)) return false;
  constexpr std::array<int, 9> kWeights = {1, 4, 3, 7, 5, 8, 6, 9, 10};
  return Weighted(digits, kWeights) % 11 == 0;
}

bool IsCanadaInsuranceNumber(std::string_view digits) {
  return AreDigits(digits, 9) && digits[0] != '0' && digits[0] != '8' && PassesLuhn(digits);
}

bool IsNhsNumber(std::string_view digits) {
  if (!AreDigits(digits, 10) || AllAlike(digits)) return false;
  constexpr std::array<int, 9> kWeights = {10, 9, 8, 7, 6, 5, 4, 3, 2};
  return (11 - Weighted(digits, kWeights) % 11) % 11 == Value(digits[9]);
}

bool IsProviderIdentifier(std::string_view digits) {
  if (!AreDigits(digits, 10) || (digits[0] != '1' && digits[0] != '2')) return false;
  std::array<char, 15> prefixed = {'8', '0', '8', '4', '0'};  // the issuer of health cards, US
  std::copy(digits.begin(), digits.end(), prefixed.begin() + 5);
  return PassesLuhn({prefixed.data(), prefixed.size()});
}

bool IsSnomedCode(std::string_view digits) {
  return digits.size() >= 6 && digits.size() <= 18 && digits[0] != '0' && PassesVerhoeff(digits);
}

bool IsLoincCode(std::string_view code) {
  const size_t dash = code.find('-');
  if (dash == 0 || dash > 7 || dash + 2 != code.size()) return false;
  std::array<char, 8> digits;
  const auto end = std::copy_n(code.begin(), dash, digits.begin());
  *end = code[dash + 1];
  return PassesLuhn({digits.data(), dash + 1});
}

}  // namespace borderflow
