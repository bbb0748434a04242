#include "dataplane/inspect/content/content_scanner.h"

#include <gtest/gtest.h>

#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "dataplane/inspect/content/begins_as_text.h"
#include "dataplane/inspect/content/pattern_checks.h"

namespace borderflow {
namespace {

using namespace std::string_literals;

Bytes ToBytes(const std::string& text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

ContentHits Hits(const std::string& text) {
  static ContentScanner scanner;
  ContentHits hits{};
  scanner.Scan(ToBytes(text), &hits);
  return hits;
}

// The kinds found, with their counts: "iban 1, phone-number 2".
std::string Found(const std::string& text) {
  const ContentHits hits = Hits(text);
  std::string found;
  for (size_t i = 0; i < kContentKinds; ++i) {
    if (hits[i] == 0) continue;
    if (!found.empty()) found += ", ";
    found +=
        std::string(MeaningOf(static_cast<ContentKind>(i)).name) + " " + std::to_string(hits[i]);
  }
  return found;
}

struct Sample {
  std::string text;
  const char* found;
};

class ContentSample : public testing::TestWithParam<Sample> {};

TEST_P(ContentSample, IsFound) { EXPECT_EQ(Found(GetParam().text), GetParam().found); }

// Numbers stand anywhere; a file begins where the bytes or an HTTP body begin.
TEST_P(ContentSample, InTheMiddleOfOtherTextIsFoundUnlessItIsAFile) {
  const std::string& text = GetParam().text;
  const std::string found = GetParam().found;
  const bool file = found == "genomic 1" || found == "biometric 1";
  EXPECT_EQ(Found("GET / HTTP/1.1\r\n\r\nfirst, " + text + " and then\r\n"), file ? "" : found);
}

INSTANTIATE_TEST_SUITE_P(
    Positive, ContentSample,
    testing::Values(
        Sample{"4111 1111 1111 1111", "payment-card 1"},
        Sample{"4111-1111-1111-1111;5555-5555-5555-4444", "payment-card 2"},
        Sample{"{\"cardNumber\":\"4111111111111111\"}", "payment-card 1"},
        Sample{"3782 822463 10005", "payment-card 1"}, Sample{"DE89370400440532013000", "iban 1"},
        Sample{"GB82 WEST 1234 5698 7654 32", "iban 1"},
        Sample{"IBAN: gb82west12345698765432", "iban 1"},
        Sample{"CPF: 529.982.247-25", "national-id 1"}, Sample{"cpf=52998224725", "national-id 1"},
        Sample{"RUT 12.345.678-5", "national-id 1"}, Sample{"11010519491231002X", "national-id 1"},
        Sample{"Aadhaar no: 2341 2341 2346", "national-id 1"},
        Sample{"tckn: 10000000146", "national-id 1"}, Sample{"DNI 12345678Z", "national-id 1"},
        Sample{"codice fiscale: RSSMRA85T10A562S", "national-id 1"},
        Sample{"PESEL: 44051401359", "national-id 1"},
        Sample{"2 55 08 14 168 025 38", "national-id 1"},
        Sample{"id_number=8001015009087", "national-id 1"},
        Sample{"TFN 123 456 782", "national-id 1"}, Sample{"SIN: 193-456-787", "national-id 1"},
        Sample{"NHS number 943 476 5919", "health-number 1"},
        Sample{"\"npi\":\"1234567893\"", "health-number 1"},
        Sample{R"("system":"http://snomed.info/sct","code":"22298006")", "health-code 1"},
        Sample{R"("system":"http://loinc.org","code":"4548-4")", "health-code 1"},
        Sample{"ICD-10-CM: E11.9", "health-code 1"},
        Sample{R"({"lat": 52.520008, "lon": 13.404954})", "coordinates 1"},
        Sample{"q?lat=-33.8688&lng=151.2093", "coordinates 1"},
        Sample{"geo:48.2010,16.3695", "coordinates 1"},
        Sample{"\x1f\x8b\x08\x04"s + "\0\0\0\0\0\xff"s + "\x06\0BC\x02\0\x1b\0"s, "genomic 1"},
        Sample{"HTTP/1.1 200 OK\r\n\r\nCRAM\x03\x01", "genomic 1"},
        Sample{"##fileformat=VCFv4.3\n", "genomic 1"},
        Sample{"@HD\tVN:1.6\tSO:unsorted\n", "genomic 1"},
        Sample{"@read/1\nACGTACGTACGTACGTACGTNN\n+\n!!!!!!!!!!\n", "genomic 1"},
        Sample{"FMR\0 20\0\0\0"s, "biometric 1"},
        Sample{"HTTP/1.1 200 OK\r\n\r\n"s + "FIR\0"s + "010\0"s, "biometric 1"},
        Sample{"1.001:210\x1d"
               "1.002:0300\x1d",
               "biometric 1"},
        Sample{"\xff\xa0\xff\xa4\0:"s, "biometric 1"},
        Sample{"GET / HTTP/1.1\r\nAuthorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n\r\n",
               "credential 1"},
        Sample{"POST /login HTTP/1.1\r\n\r\nuser=a&password=hunter2&x=1", "credential 1"},
        Sample{"-----BEGIN RSA PRIVATE KEY-----", "credential 1"},
        Sample{"jane.doe+lists@mail.example.org", "e-mail-address 1"},
        Sample{"a@example.org, b@example.net; c@example.com", "e-mail-address 3"},
        Sample{"\"phone\":\"+49 30 901820\"", "phone-number 1"},
        Sample{"tel:+81-3-1234-5678", "phone-number 1"}));

class LooksLike : public testing::TestWithParam<std::string> {};

TEST_P(LooksLike, ButIsNot) { EXPECT_EQ(Found(GetParam()), ""); }

INSTANTIATE_TEST_SUITE_P(
    NearMiss, LooksLike,
    testing::Values("4111 1111 1111 1112",                       // Luhn
                    "4111111111111111",                          // bare: neither grouped nor named
                    "card 1234567890123452",                     // no issuer
                    "0.4111 1111 1111 1111", "2026-01-02 4111",  //
                    "DE89370400440532013001", "DE8937040044053201300", "529.982.247-26",
                    "52998224725",                     // bare
                    "192.168.100-25", "12.345.678-6",  //
                    "110105194912310021", "110105194913310021", "Aadhaar 2341 2341 2347",
                    "10000000146",                                                           //
                    "DNI 12345678A", "codice fiscale RSSMRA85T10A562T", "RSSMRA85T10A562S",  //
                    "1700000000123",                       // milliseconds
                    "NHS 943 476 5918", "npi 1234567890",  //
                    "snomed.info/sct 22298007", "loinc.org 4548-5", "room E11.9",
                    R"({"lat": 52.52, "lon": 13.40})",  // a kilometre
                    R"({"lat": 95.520008, "lon": 13.404954})",
                    "x CRAM\x03",                                 // not at the start
                    "FMR 20", "@read/1\nACGT\n+\n!!!!\n",         //
                    "\r\nAuthorization: Basic QWxhZGRpbg==\r\n",  // no colon
                    "picture@2x.png", "user@localhost", "http://example.org/@name.surname",
                    "phone: 12", "+49 30 901820"));

// Pattern libraries take several bytes at a time and have missed matches at the edges of their
// strides: every sample at every place of two such strides, and with every rest behind it.
TEST_P(ContentSample, IsFoundAtEveryPlace) {
  const std::string found = GetParam().found;
  if (found == "genomic 1" || found == "biometric 1") return;  // only where the bytes begin
  constexpr size_t kStrides = 130;
  const std::string filler = "a line of text, and more\r\n";
  std::string padding;
  while (padding.size() < kStrides) padding += filler;
  for (size_t before = 0; before < kStrides; ++before) {
    for (const size_t behind : {size_t{0}, size_t{1}, before % 67, kStrides}) {
      const std::string text = padding.substr(kStrides - before, before) + "\r\n" +
                               GetParam().text + "\r\n" + padding.substr(0, behind);
      ASSERT_EQ(Found(text), found) << "behind " << before << " bytes, before " << behind;
    }
  }
}

// The hits of `pieces`, read one after the other.
ContentHits HitsOver(const std::vector<std::string>& pieces) {
  static ContentScanner scanner;
  ContentHits hits{};
  CarriedText before;
  for (const std::string& piece : pieces) scanner.Scan(ToBytes(piece), &before, &hits);
  return hits;
}

TEST_P(ContentSample, CutAnywhereIsFoundOnce) {
  const std::string found = GetParam().found;
  if (found == "genomic 1" || found == "biometric 1") return;  // known by how the bytes begin
  const std::string& sample = GetParam().text;
  if (sample.find("\r\n\r\n") != std::string::npos) return;  // a message and the next one
  const std::string text = "so, " + sample + "\r\nand then";
  for (size_t cut = 0; cut <= text.size(); ++cut) {
    EXPECT_EQ(HitsOver({text.substr(0, cut), text.substr(cut)}), Hits(text)) << cut;
  }
  std::vector<std::string> letters;
  for (const char c : text) letters.emplace_back(1, c);
  EXPECT_EQ(HitsOver(letters), Hits(text));
}

// What is kept begins at a border of words wherever the room for it ends.
TEST(CarriedText, NothingIsFoundThatTheWholeDoesNotHold) {
  for (size_t before = 0; before < 2 * kCarriedBytes; ++before) {
    for (const std::string text :
         {"hotel:+81-3-1234-5678", "0.4111 1111 1111 1111", "xDE89370400440532013000"}) {
      const std::string whole = text + std::string(before, ' ') + "and on";
      for (size_t cut = text.size() - 2; cut < whole.size(); ++cut) {
        ASSERT_EQ(HitsOver({whole.substr(0, cut), whole.substr(cut)}), Hits(whole))
            << text << " and " << before << ", cut at " << cut;
      }
    }
  }
}

TEST(CarriedText, TextOfManyKindsCutAtRandomHoldsWhatTheWholeHolds) {
  const std::string pieces[] = {"4111 1111 1111 1111",
                                "card=4111111111111111",
                                "3782 822463 10005",
                                "DE89370400440532013000",
                                "BE68539007547034",
                                "GB82 WEST 1234 5698 7654 32",
                                "IBAN: gb82west12345698765432",
                                "529.982.247-25",
                                "cpf=52998224725",
                                "11010519491231002X",
                                "Aadhaar no: 2341 2341 2346",
                                "NHS number 943 476 5919",
                                R"("system":"http://snomed.info/sct","code":"22298006")",
                                R"({"lat": 52.520008, "lon": 13.404954})",
                                "&password=hunter2&",
                                "jane.doe+lists@mail.example.org",
                                "\"phone\":\"+49 30 901820\"",
                                "4111 1111 1111 1112",
                                "user@localhost",
                                "words and more words, 12 of them",
                                "0123456789abcdef0123456789abcdef"};
  std::mt19937 random(11);
  uint64_t found = 0;
  for (int i = 0; i < 5000; ++i) {
    std::string whole;
    for (size_t k = 1 + random() % 12; k > 0; --k) {
      whole += pieces[random() % std::size(pieces)] + (random() % 2 == 0 ? "\r\n" : "; ");
    }
    std::vector<std::string> cut;
    for (size_t at = 0; at < whole.size();) {
      const size_t size = 1 + random() % (random() % 3 == 0 ? 8 : 300);
      cut.push_back(whole.substr(at, size));
      at += size;
    }
    const ContentHits hits = Hits(whole);
    ASSERT_EQ(HitsOver(cut), hits) << whole;
    for (const uint64_t count : hits) found += count;
  }
  EXPECT_GT(found, 10'000u);
}

TEST(CarriedText, WhatIsRightAsFarAsItGoesCountsAtOnce) {
  CarriedText before;
  ContentScanner scanner;
  ContentHits hits{};
  scanner.Scan(ToBytes("mail jane@example.co"s), &before, &hits);
  const auto email = static_cast<size_t>(ContentKind::kEmail);
  EXPECT_EQ(hits[email], 1u);
  scanner.Scan(ToBytes("m or not"s), &before, &hits);
  EXPECT_EQ(hits[email], 1u) << "the same address, longer";
}

TEST(CarriedText, HoldsNoMoreThanItsRoomAndNothingBehindAMessage) {
  CarriedText text;
  text.Keep(std::string(500, 'a'), {});
  EXPECT_EQ(text.size, 0) << "one word";
  text.Keep(std::string(500, ' '), {});
  EXPECT_EQ(text.size, kCarriedBytes);
  text.Keep("GET / HTTP/1.1\r\n\r\n", {});
  EXPECT_EQ(text.size, 0);
}

TEST(ContentScanner, DoesNotReadWhatIsPacked) {
  const std::string head = "POST / HTTP/1.1\r\nX-Contact: tel:+81-3-1234-5678\r\n\r\n";
  const std::string card = "4111-1111-1111-1111;5555-5555-5555-4444";
  EXPECT_EQ(Found(head + card), "payment-card 2, phone-number 1");
  EXPECT_EQ(Found(head + "\x1f\x8b\x08\x04" + card), "phone-number 1");
  EXPECT_EQ(Found("HTTP/1.1 200 OK\r\nX: tel:+81-3-1234-5678\r\n\r\n\x1f\x8b\x08\x04"), "");
  EXPECT_EQ(Found(head + "\xe5\x8d\xa1\xe5\x8f\xb7\xef\xbc\x9a" + card),
            "payment-card 2, phone-number 1");
}

TEST(ContentScanner, TheEndOfAHeadIsFoundWhereverItStands) {
  const std::string card = "4111-1111-1111-1111";
  for (size_t size = 0; size < 200; ++size) {
    // Nearly ends it: empty lines without a return, returns without a line, two of them in a row.
    const std::string head =
        "POST /" + std::string(size, 'a') + " HTTP/1.1\r\nA: b\n\nc\n\rd\r\n\r";
    EXPECT_EQ(Found(head + "\r\n\r\n\x1f\x8b\x08\x04" + card), "") << size;
    EXPECT_EQ(Found(head + "\r\n\r\n" + card), "payment-card 1") << size;
    EXPECT_EQ(Found(head + "\x1f\x8b\x08\x04" + card), "payment-card 1") << size;
  }
}

// What CountCompactIbans does in strides, one place after the other.
size_t CompactIbansTwin(const std::string& text) {
  size_t count = 0;
  for (size_t i = 0; i < text.size(); ++i) count += IsCompactIban(text, i) ? 1 : 0;
  return count;
}

TEST(CountCompactIbans, EqualsALookAtEveryPlace) {
  const std::string pieces[] = {"DE89370400440532013000",
                                "BE68539007547034",
                                "NO9386011117947",
                                "DE8937040044053201300",
                                "x",
                                " ",
                                "12345678901234567890",
                                "AB"};
  std::mt19937 random(3);
  size_t found = 0;
  for (int i = 0; i < 20000; ++i) {
    std::string text(random() % 16, '.');
    for (size_t k = random() % 6; k > 0; --k) text += pieces[random() % std::size(pieces)];
    size_t counted_until = 0;
    const size_t count = CountCompactIbans(text, &counted_until);
    ASSERT_EQ(count, CompactIbansTwin(text)) << text;
    found += count;
  }
  EXPECT_GT(found, 1000u);
}

TEST(BeginsAsText, TellsTextFromWhatIsPacked) {
  for (const char* text :
       {"plain", "\xd0\xb8\xd0\xbc\xd1\x8f", "\xbc\xd1\x8f and on", "caf\xe9 cr\xe8me au lait",
        "\xe5\x8d\xa1\xe5\x8f\xb7\xef\xbc\x9a\xe5"}) {
    EXPECT_TRUE(BeginsAsText(ToBytes(text))) << text;
  }
  for (const std::string& text :
       {"\x1f\x8b\x08"s, "text\0"s, "\xff\xd8\xff\xe0"s, "\xc0\xaf\xc0\xaf"s}) {
    EXPECT_FALSE(BeginsAsText(ToBytes(text))) << text;
  }
  EXPECT_TRUE(BeginsAsText({}));
}

TEST(ContentScanner, FindsNothingInRandomBytes) {
  std::mt19937_64 random(7);
  ContentHits hits{};
  ContentScanner scanner;
  for (int i = 0; i < 2000; ++i) {
    std::string text(1400, '\0');
    for (char& c : text) c = static_cast<char>(random());
    scanner.Scan(ToBytes(text), &hits);
  }
  for (size_t i = 0; i < kContentKinds; ++i) {
    EXPECT_EQ(hits[i], 0u) << MeaningOf(static_cast<ContentKind>(i)).name;
  }
}

TEST(ContentScanner, CountsDoNotDependOnWhatWasScannedBefore) {
  ContentScanner scanner;
  ContentHits once{};
  scanner.Scan(ToBytes("DE89370400440532013000"), &once);
  ContentHits twice = once;
  scanner.Scan(ToBytes("DE89370400440532013000"), &twice);
  const auto iban = static_cast<size_t>(ContentKind::kIban);
  EXPECT_EQ(once[iban], 1u);
  EXPECT_EQ(twice[iban], 2u);
  scanner.Scan({}, &twice);
  EXPECT_EQ(twice[iban], 2u);
}

TEST(Decisive, TakesTheFirstKindOfWhichThereAreEnough) {
  ContentHits hits{};
  EXPECT_EQ(Decisive(hits, false), nullptr);
  hits[static_cast<size_t>(ContentKind::kEmail)] = 2;
  EXPECT_EQ(Decisive(hits, false), nullptr) << "two addresses stand on any page";
  hits[static_cast<size_t>(ContentKind::kEmail)] = 3;
  ASSERT_NE(Decisive(hits, false), nullptr);
  EXPECT_EQ(Decisive(hits, false)->category, Category::kPid);
  EXPECT_EQ(Decisive(hits, true), nullptr) << "addresses in a mail are no news";
  hits[static_cast<size_t>(ContentKind::kIban)] = 1;
  EXPECT_EQ(Decisive(hits, true)->category, Category::kFin);
  hits[static_cast<size_t>(ContentKind::kGenomic)] = 1;
  EXPECT_EQ(Decisive(hits, true)->category, Category::kOmc);
}

}  // namespace
}  // namespace borderflow
