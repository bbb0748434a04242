// HTTP/1 before the inspector.
#include "tests/dataplane/inspect/inspector_fixture.h"

namespace borderflow {
namespace {

using testing::ElementsAre;

TEST_F(InspectorTest, RequestIsDecidedByItsHost) {
  Flow flow(&inspector_);
  EXPECT_EQ(flow.Client(FromText("GET /x HTTP/1.1\r\nHost: Pacs.Hospital.example:80\r\n\r\n")),
            kForNow);
  EXPECT_THAT(flow.names(), ElementsAre("pacs.hospital.example"));
  EXPECT_THAT(flow.classification(), Says(Category::kHlt, Evidence::kName, 80,
                                          Protection::kCleartext, Protocol::kHttp, true));
}

TEST_F(InspectorTest, RequestToAHostWithoutARuleIsUnclassifiedButNamed) {
  Flow flow(&inspector_);
  EXPECT_EQ(flow.Client(FromText("GET /x HTTP/1.1\r\nHost: odd.example\r\n\r\n")), kForNow);
  EXPECT_THAT(flow.classification(), Says(Category::kUnk, Evidence::kNone, 0,
                                          Protection::kCleartext, Protocol::kHttp, true));
}

TEST_F(InspectorTest, RequestInSegmentsOfOneByteYieldsItsHost) {
  Flow flow(&inspector_);
  for (const char c : std::string_view("GET / HTTP/1.1\r\nHost: slow.example\r\n")) {
    flow.Client({static_cast<uint8_t>(c)});
  }
  EXPECT_THAT(flow.names(), ElementsAre("slow.example"));
  EXPECT_EQ(flow.last().state, kForNow);
}

TEST_F(InspectorTest, ResponseFirstIsHttpAndALaterRequestNamesIt) {
  Flow flow(&inspector_);
  EXPECT_EQ(flow.Server(FromText("HTTP/1.1 200 OK\r\n\r\n")), kMore);
  EXPECT_THAT(*flow.recognised(), Says(Category::kUnk, Evidence::kNone, 0, Protection::kCleartext,
                                       Protocol::kHttp, false));
  EXPECT_EQ(flow.Client(FromText("GET / HTTP/1.1\r\nHost: next.example\r\n\r\n")), kForNow);
  EXPECT_THAT(flow.names(), ElementsAre("next.example"));
}

}  // namespace
}  // namespace borderflow
