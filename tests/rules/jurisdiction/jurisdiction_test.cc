#include "rules/jurisdiction/jurisdiction.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>

#include "rules/jurisdiction/territory.h"

namespace borderflow {
namespace {

using ::testing::AnyOf;
using ::testing::IsEmpty;
using ::testing::Not;

Jurisdiction Id(int id) { return static_cast<Jurisdiction>(id); }

// The slow twin: a scan over the codes of all ids.
std::optional<Jurisdiction> ScanForCode(std::string_view code) {
  for (int id = 0; id < kJurisdictions; ++id) {
    if (Code(Id(id)) == code) return Id(id);
  }
  return std::nullopt;
}

// Calls `visit` with each of the 65,536 strings of two bytes.
template <typename Visit>
void ForEachPairOfBytes(Visit visit) {
  for (int first = 0; first < 256; ++first) {
    for (int second = 0; second < 256; ++second) {
      visit(std::string{static_cast<char>(first), static_cast<char>(second)});
    }
  }
}

TEST(JurisdictionTest, EveryIdHasItsOwnCodeAndNameAndComesBackFromIt) {
  std::set<std::string_view> codes;
  std::set<std::string_view> names;
  for (int id = 0; id < kJurisdictions; ++id) {
    EXPECT_THAT(Code(Id(id)), Not(IsEmpty())) << id;
    EXPECT_THAT(Name(Id(id)), Not(IsEmpty())) << id;
    EXPECT_EQ(FromCode(Code(Id(id))), Id(id)) << id;
    codes.insert(Code(Id(id)));
    names.insert(Name(Id(id)));
  }
  EXPECT_EQ(codes.size(), 255u);
  EXPECT_EQ(names.size(), 255u);
  EXPECT_EQ(Code(Id(255)), "");
  EXPECT_EQ(Name(Id(255)), "");
}

TEST(JurisdictionTest, SpecialsComeFirstUnderTheirOwnNames) {
  EXPECT_EQ(FromCode("unknown"), Jurisdiction::kUnknown);
  EXPECT_EQ(FromCode("private"), Jurisdiction::kPrivate);
  EXPECT_EQ(FromCode("reserved"), Jurisdiction::kReserved);
  EXPECT_EQ(FromCode("multicast"), Jurisdiction::kMulticast);
  EXPECT_EQ(FromCode("anycast"), Jurisdiction::kAnycast);
  for (int id = 0; id < kJurisdictions; ++id) {
    EXPECT_EQ(IsSpecial(Id(id)), Code(Id(id)).size() != 2) << id;
  }
}

TEST(JurisdictionTest, CodesThatAreWordsElsewhereAreCountries) {
  const std::map<std::string, std::string> names = {
      {"NO", "Norway"},  {"IN", "India"},          {"IS", "Iceland"},
      {"TO", "Tonga"},   {"AS", "American Samoa"}, {"DO", "Dominican Republic"},
      {"NA", "Namibia"}, {"XK", "Kosovo"}};
  for (const auto& [code, name] : names) {
    ASSERT_TRUE(FromCode(code).has_value()) << code;
    EXPECT_EQ(Name(*FromCode(code)), name);
  }
}

TEST(JurisdictionTest, LookUpAgreesWithAScanOnEveryPairOfBytes) {
  int found = 0;
  ForEachPairOfBytes([&found](const std::string& code) {
    EXPECT_EQ(FromCode(code), ScanForCode(code)) << code;
    found += FromCode(code).has_value() ? 1 : 0;
  });
  EXPECT_EQ(found, 249 + 1);
  for (const char* code : {"", "D", "DEU", "de", "Unknown", "UNKNOWN", " DE", "DE ", "UK", "EU"}) {
    EXPECT_EQ(FromCode(code), std::nullopt) << code;
  }
}

TEST(JurisdictionTest, NormalisingIgnoresCaseAndKeepsEveryExactCode) {
  int exact = 0;
  ForEachPairOfBytes([&exact](const std::string& code) {
    const NormalizedCode normalized = NormalizeCode(code);
    std::string upper = code;
    for (char& letter : upper) {
      if (letter >= 'a' && letter <= 'z') letter = static_cast<char>(letter - 'a' + 'A');
    }
    const std::optional<Jurisdiction> scanned = ScanForCode(upper);
    EXPECT_EQ(normalized.kind == CodeKind::kExact, scanned.has_value()) << code;
    if (scanned) {
      EXPECT_EQ(normalized.jurisdiction, *scanned) << code;
    } else if (normalized.kind != CodeKind::kAlias) {
      EXPECT_EQ(normalized.jurisdiction, Jurisdiction::kUnknown) << code;
    }
    exact += normalized.kind == CodeKind::kExact ? 1 : 0;
  });
  EXPECT_EQ(exact, 250 * 4);  // each letter in two cases
}

TEST(JurisdictionTest, AliasesMeanTheirCountry) {
  EXPECT_EQ(NormalizeCode("UK").jurisdiction, FromCode("GB"));
  EXPECT_EQ(NormalizeCode("uk").jurisdiction, FromCode("GB"));
  EXPECT_EQ(NormalizeCode("FX").jurisdiction, FromCode("FR"));
  EXPECT_EQ(NormalizeCode("UK").kind, CodeKind::kAlias);
  EXPECT_EQ(NormalizeCode("FX").kind, CodeKind::kAlias);
}

TEST(JurisdictionTest, CodesOfDatabasesThatAreNoCountryAreUnknownOfTheirKind) {
  for (const char* code : {"AN", "CS", "SU", "YU", "TP", "ZR", "dd"}) {
    EXPECT_EQ(NormalizeCode(code).kind, CodeKind::kWithdrawn) << code;
  }
  for (const char* code : {"EU", "AP", "ZZ", "??", "A1", "A2", "A3", "O1", "T1", "XX", "UN", "AB",
                           "OS", "--", "-", "XD", "eu"}) {
    EXPECT_EQ(NormalizeCode(code).kind, CodeKind::kPseudo) << code;
  }
  for (const char* code : {"", "X", "Q", "QQ", "DEU", "unknown", "anycast", "\xff\xff", "D\0"}) {
    EXPECT_EQ(NormalizeCode(code).kind, CodeKind::kInvalid) << code;
  }
}

TEST(JurisdictionTest, SuggestionsAreCodesThatFromCodeAccepts) {
  const std::map<std::string, std::string> cases = {
      {"UK", "GB"},           {"de", "DE"},           {"DEU", "DE"},     {"deu", "DE"},
      {"ZR", "CD"},           {"EL", "GR"},           {"FX", "FR"},      {"Germany", "DE"},
      {"Germny", "DE"},       {"germany", "DE"},      {"Turkiye", "TR"}, {"Bolivia", "BO"},
      {"Russia", "RU"},       {"Viet Nan", "VN"},     {"Sweeden", "SE"}, {"unknwon", "unknown"},
      {"privat", "private"},  {"Anycast", "anycast"}, {"Kosovo", "XK"},  {"Norwey", "NO"},
      {"Cote d'Ivoire", "CI"}};
  for (const auto& [mistyped, code] : cases) {
    EXPECT_EQ(SuggestCode(mistyped), code) << mistyped;
    EXPECT_TRUE(FromCode(SuggestCode(mistyped)).has_value()) << mistyped;
  }
}

TEST(JurisdictionTest, NothingIsSuggestedWhereNothingOrTwoAreNear) {
  for (const char* mistyped :
       {"", "D", "QQ", "AN", "EU", "??", "Korea", "Atlantis City", "United"}) {
    EXPECT_EQ(SuggestCode(mistyped), "") << mistyped;
  }
  EXPECT_EQ(SuggestCode(std::string(100'000, 'G')), "");
}

TEST(JurisdictionTest, TerritoriesBelongToTheirStateAndStatesToThemselves) {
  const std::map<std::string, std::string> territories = {
      {"AX", "FI"}, {"GP", "FR"}, {"MQ", "FR"}, {"GF", "FR"}, {"RE", "FR"},
      {"YT", "FR"}, {"MF", "FR"}, {"PR", "US"}, {"GU", "US"}, {"VI", "US"},
      {"AS", "US"}, {"MP", "US"}, {"UM", "US"}, {"SJ", "NO"}};
  for (int id = 0; id < kJurisdictions; ++id) {
    const auto territory = territories.find(std::string(Code(Id(id))));
    const std::string_view state =
        territory == territories.end() ? Code(Id(id)) : std::string_view(territory->second);
    EXPECT_EQ(Code(StateOf(Id(id))), state);
  }
  EXPECT_EQ(StateOf(Id(255)), Id(255));
}

// The installed list of another project, or nullopt.
std::optional<nlohmann::json> IsoCodes(const char* part) {
  const std::filesystem::path path = std::string("/usr/share/iso-codes/json/iso_") + part + ".json";
  if (!std::filesystem::exists(path)) return std::nullopt;
  std::ifstream file(path);
  return nlohmann::json::parse(file).at(part);
}

TEST(JurisdictionTest, TableIsTheOneOfIsoCodes) {
  const std::optional<nlohmann::json> countries = IsoCodes("3166-1");
  if (!countries) GTEST_SKIP() << "Debian package iso-codes is not installed";
  ASSERT_EQ(countries->size(), 249u);
  for (const nlohmann::json& country : *countries) {
    const std::string code = country.at("alpha_2");
    ASSERT_TRUE(FromCode(code).has_value()) << code;
    EXPECT_EQ(Name(*FromCode(code)), country.at("name").get<std::string>());
    EXPECT_EQ(SuggestCode(country.at("alpha_3").get<std::string>()), code);
  }
}

TEST(JurisdictionTest, WithdrawnCodesAreThoseOfIsoCodes) {
  const std::optional<nlohmann::json> withdrawn = IsoCodes("3166-3");
  if (!withdrawn) GTEST_SKIP() << "Debian package iso-codes is not installed";
  std::set<std::string> only_withdrawn;
  for (const nlohmann::json& country : *withdrawn) {
    const std::string code = country.at("alpha_2");
    const CodeKind kind = NormalizeCode(code).kind;
    EXPECT_THAT(kind, AnyOf(CodeKind::kWithdrawn, CodeKind::kExact, CodeKind::kAlias)) << code;
    if (kind == CodeKind::kWithdrawn) only_withdrawn.insert(code);
    // The last two letters of the four-letter code name what came after, where one country did.
    const std::string successor = country.at("alpha_4").get<std::string>().substr(2);
    if (kind == CodeKind::kWithdrawn && FromCode(successor) && !SuggestCode(code).empty()) {
      EXPECT_EQ(SuggestCode(code), successor) << code;
    }
  }
  std::set<std::string> ours;
  ForEachPairOfBytes([&ours](const std::string& code) {
    const bool upper = code[0] >= 'A' && code[0] <= 'Z' && code[1] >= 'A' && code[1] <= 'Z';
    if (upper && NormalizeCode(code).kind == CodeKind::kWithdrawn) ours.insert(code);
  });
  EXPECT_EQ(ours, only_withdrawn);
}

}  // namespace
}  // namespace borderflow
