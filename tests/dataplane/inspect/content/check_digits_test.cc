#include "dataplane/inspect/content/check_digits.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace borderflow {
namespace {

using Check = bool (*)(std::string_view);

struct Example {
  const char* name;
  Check check;
  const char* valid;  // published as an example, or worked out by the rule's own text
};

class PublishedExample : public testing::TestWithParam<Example> {};

TEST_P(PublishedExample, Passes) { EXPECT_TRUE(GetParam().check(GetParam().valid)); }

// A check digit is there to notice one wrong digit.
TEST_P(PublishedExample, WithAnyOneOtherDigitFails) {
  const std::string valid = GetParam().valid;
  int passed = 0;
  int tried = 0;
  for (size_t i = 0; i < valid.size(); ++i) {
    if (valid[i] < '0' || valid[i] > '9') continue;
    for (char digit = '0'; digit <= '9'; ++digit) {
      if (digit == valid[i]) continue;
      std::string other = valid;
      other[i] = digit;
      ++tried;
      passed += GetParam().check(other) ? 1 : 0;
    }
  }
  EXPECT_GT(tried, 0);
  EXPECT_EQ(passed, 0);
}

TEST_P(PublishedExample, OfAnotherLengthOrWithOtherBytesFails) {
  const std::string valid = GetParam().valid;
  EXPECT_FALSE(GetParam().check(""));
  EXPECT_FALSE(GetParam().check(valid.substr(0, 3)));
  EXPECT_FALSE(GetParam().check(valid + "00000000000000000000"));
  std::string zero = valid;
  zero[valid.size() / 2] = '\0';
  EXPECT_FALSE(GetParam().check(zero));
  std::string high = valid;
  high[valid.size() / 2] = '\xff';
  EXPECT_FALSE(GetParam().check(high));
}

INSTANTIATE_TEST_SUITE_P(CheckDigits, PublishedExample,
                         testing::Values(Example{"card", IsPaymentCard, "4111111111111111"},
                                         Example{"amex", IsPaymentCard, "378282246310005"},
                                         Example{"iban_de", IsIban, "DE89370400440532013000"},
                                         Example{"iban_gb", IsIban, "GB82WEST12345698765432"},
                                         Example{"cpf", IsBrazilCpf, "52998224725"},
                                         Example{"rut", IsChileRut, "123456785"},
                                         Example{"china", IsChinaResidentId, "11010519491231002X"},
                                         Example{"aadhaar", IsIndiaAadhaar, "234123412346"},
                                         Example{"turkey", IsTurkeyIdentity, "10000000146"},
                                         Example{"dni", IsSpainDni, "12345678Z"},
                                         Example{"nie", IsSpainDni, "X1234567L"},
                                         Example{"nir", IsFranceNir, "255081416802538"},
                                         Example{"pesel", IsPolandPesel, "44051401359"},
                                         Example{"south_africa", IsSouthAfricaId, "8001015009087"},
                                         Example{"tfn", IsAustraliaTaxNumber, "123456782"},
                                         Example{"sin", IsCanadaInsuranceNumber, "193456787"},
                                         Example{"nhs", IsNhsNumber, "9434765919"},
                                         Example{"npi", IsProviderIdentifier, "1234567893"},
                                         Example{"snomed", IsSnomedCode, "22298006"},
                                         Example{"loinc", IsLoincCode, "4548-4"}),
                         [](const testing::TestParamInfo<Example>& example) {
                           return example.param.name;
                         });

// ISO 7064 over letters, too; the fiscal code's own example.
TEST(CheckDigits, ItalyFiscalCodeOfItsExample) {
  EXPECT_TRUE(IsItalyFiscalCode("RSSMRA85T10A562S"));
  EXPECT_FALSE(IsItalyFiscalCode("RSSMRA85T10A562T"));
  EXPECT_FALSE(IsItalyFiscalCode("RSSMRA85Z10A562S")) << "no month Z";
}

TEST(CheckDigits, CorsicanNirHasOneKey) {
  for (const std::string department : {"2A", "2B"}) {
    int right = 0;
    for (int key = 1; key <= 97; ++key) {
      const std::string two = std::to_string(100 + key).substr(1);
      right += IsFranceNir("25508" + department + "168025" + two) ? 1 : 0;
    }
    EXPECT_EQ(right, 1) << department;
  }
}

// Of the ten last digits exactly one is right, for schemes that have one for every number.
TEST(CheckDigits, OneLastDigitIsRight) {
  std::mt19937 random(1);
  for (int i = 0; i < 2000; ++i) {
    std::string luhn;
    std::string verhoeff;
    for (int n = 0; n < 11; ++n) {
      luhn += static_cast<char>('0' + random() % 10);
      verhoeff += static_cast<char>('0' + random() % 10);
    }
    int luhns = 0;
    int verhoeffs = 0;
    for (char digit = '0'; digit <= '9'; ++digit) {
      luhns += PassesLuhn(luhn + digit) ? 1 : 0;
      verhoeffs += PassesVerhoeff(verhoeff + digit) ? 1 : 0;
    }
    EXPECT_EQ(luhns, 1) << luhn;
    EXPECT_EQ(verhoeffs, 1) << verhoeff;
  }
}

// What sets Verhoeff's scheme apart: it notices every swap of neighbours.
TEST(CheckDigits, VerhoeffNoticesSwappedNeighbours) {
  for (int number = 100; number < 1000; ++number) {
    for (char check = '0'; check <= '9'; ++check) {
      std::string digits = std::to_string(number) + check;
      if (!PassesVerhoeff(digits)) continue;
      for (size_t i = 0; i + 1 < digits.size(); ++i) {
        if (digits[i] == digits[i + 1]) continue;
        std::string swapped = digits;
        std::swap(swapped[i], swapped[i + 1]);
        EXPECT_FALSE(PassesVerhoeff(swapped)) << digits << " " << swapped;
      }
    }
  }
}

TEST(CheckDigits, CardsNeedTheirIssuersLength) {
  EXPECT_TRUE(IsPaymentCard("5555555555554444"));
  EXPECT_TRUE(IsPaymentCard("3530111333300000"));
  EXPECT_TRUE(IsPaymentCard("6011111111111117"));
  EXPECT_FALSE(IsPaymentCard("1111111111111117")) << "no issuer range";
  EXPECT_FALSE(IsPaymentCard("411111111111116")) << "15 digits, but not American Express";
}

TEST(CheckDigits, KoreaNeedsADateAndACentury) {
  int right = 0;
  for (char check = '0'; check <= '9'; ++check) {
    right += IsKoreaResidentNumber(std::string("900101112345") + check) ? 1 : 0;
    EXPECT_FALSE(IsKoreaResidentNumber(std::string("901301112345") + check)) << "month 13";
    EXPECT_FALSE(IsKoreaResidentNumber(std::string("900101012345") + check)) << "century 0";
  }
  EXPECT_EQ(right, 1);
}

}  // namespace
}  // namespace borderflow
