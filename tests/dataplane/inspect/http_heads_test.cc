// What the head of a request tells of the application.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

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

}  // namespace
}  // namespace borderflow
