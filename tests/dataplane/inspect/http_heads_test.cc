// What the head of a request tells of the application.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dataplane/inspect/http_signs.h"
#include "dataplane/inspect/protocols/text.h"
#include "tests/dataplane/inspect/inspected_flow.h"

namespace borderflow {
namespace {

using testing::ElementsAre;

constexpr auto kDecided = Inspection::State::kDecided;

class HttpHeadsTest : public testing::Test {
 protected:
  Inspector inspector_{&NameRules::BuiltIn()};
};

TEST_F(HttpHeadsTest, RequestHeadsTellTheApplication) {
  const struct {
    const char* request;
    Protocol protocol;
    Category category;
    int confidence;
  } kCases[] = {
      {"GET /fhir/Patient/7 HTTP/1.1\r\nHost: a.example\r\n\r\n", Protocol::kFhir, Category::kHlt,
       70},
      {"GET /r4/Patient/7 HTTP/1.1\r\nHost: a.example\r\nAccept: application/fhir+json\r\n\r\n",
       Protocol::kFhir, Category::kHlt, 95},
      {"GET /pacs/studies/1.2.840.113/series HTTP/1.1\r\nHost: a.example\r\n\r\n",
       Protocol::kDicomWeb, Category::kHlt, 70},
      {"POST /stow HTTP/1.1\r\nHost: a.example\r\nContent-Type: multipart/related; "
       "type=\"application/dicom\"\r\n\r\n",
       Protocol::kDicomWeb, Category::kHlt, 95},
      {"POST /xds HTTP/1.1\r\nHost: a.example\r\nSOAPAction: \"urn:ihe:iti:2007:RetrieveDocumentSet"
       "\"\r\n\r\n",
       Protocol::kIhe, Category::kHlt, 95},
      {"GET /ga4gh/drs/v1/objects/1 HTTP/1.1\r\nHost: a.example\r\n\r\n", Protocol::kGa4gh,
       Category::kOmc, 95},
      {"POST /pay HTTP/1.1\r\nHost: a.example\r\nSOAPAction: "
       "urn:iso:std:iso:20022:tech:xsd:pain.001"
       "\r\n\r\n",
       Protocol::kIso20022, Category::kFin, 95},
      {"POST /as2 HTTP/1.1\r\nHost: a.example\r\nAS2-Version: 1.2\r\n\r\n", Protocol::kAs2,
       Category::kEdi, 95},
      {"GET /_matrix/client/v3/sync HTTP/1.1\r\nHost: a.example\r\n\r\n", Protocol::kMatrix,
       Category::kCom, 95},
      {"POST /xapi/statements HTTP/1.1\r\nHost: a.example\r\nX-Experience-API-Version: "
       "1.0.3\r\n\r\n",
       Protocol::kXapi, Category::kChd, 95},
      {"GET /scim/v2/Users HTTP/1.1\r\nHost: a.example\r\n\r\n", Protocol::kScim, Category::kEmp,
       70},
      {"POST /bid HTTP/1.1\r\nHost: a.example\r\nx-openrtb-version: 2.5\r\n\r\n",
       Protocol::kOpenRtb, Category::kAdv, 95},
      {"GET /debian/dists/stable/InRelease HTTP/1.1\r\nHost: a.example\r\nUser-Agent: Debian "
       "APT-HTTP/1.3 (2.6)\r\n\r\n",
       Protocol::kApt, Category::kUpd, 95},
      {"GET /el9/repodata/repomd.xml HTTP/1.1\r\nHost: a.example\r\n\r\n", Protocol::kRpm,
       Category::kUpd, 95},
      {"GET /MOUNT HTTP/1.0\r\nHost: a.example\r\nUser-Agent: NTRIP client/1.0\r\n\r\n",
       Protocol::kNtrip, Category::kGeo, 95},
      {"GET /cp/1 HTTP/1.1\r\nHost: a.example\r\nUpgrade: websocket\r\nSec-WebSocket-Protocol: "
       "ocpp1.6\r\n\r\n",
       Protocol::kOcpp, Category::kInd, 95},
  };
  for (const auto& test : kCases) {
    SCOPED_TRACE(test.request);
    InspectedFlow flow(&inspector_);
    EXPECT_EQ(flow.Client(FromText(test.request)), kDecided);
    EXPECT_EQ(Name(flow.classification().protocol), Name(test.protocol));
    EXPECT_EQ(flow.classification().category, test.category);
    EXPECT_EQ(flow.classification().evidence, Evidence::kProtocol);
    EXPECT_EQ(flow.classification().confidence, test.confidence);
    EXPECT_EQ(flow.classification().protection, Protection::kCleartext);
    EXPECT_TRUE(flow.classification().named);
    EXPECT_THAT(flow.names(), ElementsAre("a.example"));
    EXPECT_EQ(flow.last().name_protocol, Protocol::kHttp);
  }
}

TEST_F(HttpHeadsTest, WebsocketsThatSayNoMoreAreWhatTheirHostIs) {
  InspectedFlow flow(&inspector_);
  flow.Client(FromText("GET / HTTP/1.1\r\nHost: api.stripe.com\r\nUpgrade: websocket\r\n\r\n"));
  EXPECT_EQ(flow.classification().protocol, Protocol::kWebsocket);
  EXPECT_EQ(flow.classification().category, Category::kFin);
  EXPECT_EQ(flow.classification().evidence, Evidence::kName);
}

TEST_F(HttpHeadsTest, OrdinaryRequestsStayHttp) {
  for (const char* request :
       {"GET /patients/list HTTP/1.1\r\nHost: a.example\r\nAccept: */*\r\n\r\n",
        "GET /studies/art HTTP/1.1\r\nHost: a.example\r\nAccept: application/json\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a.example\r\n\r\nContent-Type: application/dicom\r\n"}) {
    InspectedFlow flow(&inspector_);
    flow.Client(FromText(request));
    EXPECT_EQ(flow.classification().protocol, Protocol::kHttp) << request;
    EXPECT_EQ(flow.classification().category, Category::kUnk) << request;
  }
}

struct FieldLine {
  Protocol protocol;
  bool strong;
  std::string_view field;
  std::string_view text;
};
constexpr FieldLine kFieldLines[] = {
#define BORDERFLOW_HTTP_TARGET(protocol, strong, place, text)
#define BORDERFLOW_HTTP_FIELD(protocol, strong, field, text) \
  {Protocol::protocol, strong, field, text},
#include "dataplane/inspect/http_signs.inc"
#undef BORDERFLOW_HTTP_TARGET
#undef BORDERFLOW_HTTP_FIELD
};

// Every line of the table on every field, one after the other.
HttpSign SlowFieldSign(const std::vector<std::pair<std::string, std::string>>& fields) {
  HttpSign best;
  for (const auto& [name, value] : fields) {
    for (const FieldLine& line : kFieldLines) {
      const bool same = name.size() == line.field.size() && StartsWithAnyCase(name, line.field);
      if (!same || !ContainsAnyCase(value, line.text)) continue;
      if (best.protocol == Protocol::kNone || (line.strong && !best.strong) ||
          best.protocol == Protocol::kWebsocket) {
        best = {line.protocol, line.strong};
      }
    }
  }
  return best;
}

TEST(HttpSigns, OfAnyFieldsAreThoseOfTheTableReadLineByLine) {
  const std::string names[] = {"Host", "Cookie", "X-Other", "Acceptable", "Accept-Language"};
  const std::string words[] = {"text/html", "application/", "urn:", "*/*", "q=0.8", "Mozilla/5.0"};
  std::mt19937 random(2);
  const auto any_case = [&random](std::string text) {
    for (char& c : text) {
      const bool letter = c >= 'a' && c <= 'z';
      if (letter && random() % 3 == 0) c = static_cast<char>(c - 32);
    }
    return text;
  };
  int found = 0;
  for (int i = 0; i < 50'000; ++i) {
    std::vector<std::pair<std::string, std::string>> fields;
    std::string head = "GET / HTTP/1.1\r\n";
    for (size_t k = random() % 5; k > 0; --k) {
      const FieldLine& of_name = kFieldLines[random() % std::size(kFieldLines)];
      const FieldLine& of_text = kFieldLines[random() % std::size(kFieldLines)];
      std::string value = " ";
      for (size_t n = random() % 4; n > 0; --n) {
        std::string word = random() % 2 == 0
                               ? words[random() % std::size(words)]
                               : std::string(random() % 2 == 0 ? of_name.text : of_text.text);
        if (random() % 4 == 0 && !word.empty()) word.pop_back();
        value += any_case(word) + (random() % 2 == 0 ? ", " : "");
      }
      const std::string name = random() % 3 == 0 ? names[random() % std::size(names)]
                                                 : any_case(std::string(of_name.field));
      fields.emplace_back(name, value + "\r");
      head += name + ":" + value + "\r\n";
    }
    const HttpSign sign = FindHttpSign(head + "\r\n");
    const HttpSign slow = SlowFieldSign(fields);
    ASSERT_EQ(sign.protocol, slow.protocol) << head;
    ASSERT_EQ(sign.strong, slow.strong) << head;
    found += sign.protocol != Protocol::kNone ? 1 : 0;
  }
  EXPECT_GT(found, 5000);
}

}  // namespace
}  // namespace borderflow
