// Names of servers' certificates.
#include "dataplane/inspect/certificate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/dataplane/inspect/inspected_flow.h"

namespace borderflow {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr auto kMore = Inspection::State::kMore;
constexpr auto kForNow = Inspection::State::kForNow;
constexpr auto kDecided = Inspection::State::kDecided;

class CertificateTest : public testing::Test {
 protected:
  Inspector inspector_{&NameRules::BuiltIn()};
};

Buffer Tlv(uint8_t tag, const Buffer& content) {
  Buffer element = {tag};
  if (content.size() < 128) {
    element.push_back(static_cast<uint8_t>(content.size()));
  } else {
    element.push_back(0x82);
    AppendNumber(&element, content.size(), 2);
  }
  return Join({element, content});
}

struct CertificateOptions {
  std::string common_name;
  std::vector<std::string> alternative_names = {};
  size_t key_bytes = 270;
};
Buffer Certificate(const CertificateOptions& options) {
  const Buffer algorithm = Tlv(0x30, FromHex("0609 2a864886f70d01010b 0500"));
  const auto name = [](const std::string& common) {
    return Tlv(0x30,
               Tlv(0x31, Tlv(0x30, Join({FromHex("0603 550403"), Tlv(0x0c, FromText(common))}))));
  };
  Buffer alternatives;
  for (const std::string& dns : options.alternative_names) {
    alternatives = Join({alternatives, Tlv(0x82, FromText(dns))});
  }
  Buffer extensions = Tlv(0x30, Join({FromHex("0603 551d13 0101ff"), Tlv(0x04, FromHex("3000"))}));
  if (!alternatives.empty()) {
    extensions =
        Join({extensions,
              Tlv(0x30, Join({FromHex("0603 551d11"), Tlv(0x04, Tlv(0x30, alternatives))}))});
  }
  const Buffer to_be_signed = Tlv(
      0x30, Join({Tlv(0xa0, FromHex("020102")), FromHex("0202 1234"), algorithm, name("Some CA"),
                  Tlv(0x30, Join({Tlv(0x17, FromText("260101000000Z")),
                                  Tlv(0x17, FromText("270101000000Z"))})),
                  name(options.common_name),
                  Tlv(0x30, Join({algorithm, Tlv(0x03, Buffer(options.key_bytes, 1))})),
                  Tlv(0xa3, Tlv(0x30, extensions))}));
  return Tlv(0x30, Join({to_be_signed, algorithm, Tlv(0x03, Buffer(257, 2))}));
}

Buffer Handshake(uint8_t type, const Buffer& body) {
  Buffer message = {type};
  AppendNumber(&message, body.size(), 3);
  return Join({message, body});
}
Buffer ServerFlightOf(const Buffer& certificate, const char* extensions = "0000") {
  Buffer list;
  AppendNumber(&list, certificate.size() + 3, 3);
  AppendNumber(&list, certificate.size(), 3);
  const Buffer hello =
      Join({FromHex("0303"), Buffer(32, 9), FromHex("00 c02f 00"), FromHex(extensions)});
  return Join({Handshake(2, hello), Handshake(11, Join({list, certificate})), Handshake(14, {})});
}

TEST(Certificate, NameIsTheFirstAlternativeElseTheCommonName) {
  EXPECT_EQ(CertificateName(Certificate({"Clinic", {"*.clinic.example", "b.example"}})),
            "clinic.example");
  EXPECT_EQ(CertificateName(Certificate({"www.clinic.example"})), "www.clinic.example");
  EXPECT_EQ(CertificateName(Certificate({"Clinic of Example"})), "");
  EXPECT_EQ(CertificateName(Certificate({"192.0.2.1"})), "") << "an address is no name";
}

TEST(Certificate, MayBeCutAnywhere) {
  const Buffer whole = Certificate({"www.clinic.example", {"a.example"}});
  for (size_t size = 0; size < whole.size(); ++size) {
    const Buffer cut = Slice(whole, 0, size);
    const std::string_view name = CertificateName(cut);
    EXPECT_TRUE(name.empty() || name == "www.clinic.example" || name == "a.example");
  }
}

TEST_F(CertificateTest, CertificateNamesTheFlowWhoseHelloDoesNot) {
  const Buffer flight = TlsRecords(ServerFlightOf(Certificate({"x", {"api.stripe.com"}})));
  for (const size_t step : {flight.size(), size_t{1360}, size_t{100}}) {
    SCOPED_TRACE(step);
    InspectedFlow flow(&inspector_);
    EXPECT_EQ(flow.Client(TlsClientHello({})), kForNow);
    EXPECT_EQ(flow.classification().category, Category::kEnc);
    auto state = kMore;
    for (size_t at = 0; at < flight.size() && state == kMore; at += step) {
      state = flow.Server(Slice(flight, at, std::min(at + step, flight.size())));
    }
    EXPECT_EQ(state, kDecided);
    EXPECT_THAT(flow.names(), ElementsAre("api.stripe.com"));
    EXPECT_EQ(flow.last().name_protocol, Protocol::kTlsCertificate);
    EXPECT_EQ(flow.classification().protocol, Protocol::kTls);
    EXPECT_EQ(flow.classification().category, Category::kFin);
    EXPECT_EQ(flow.classification().evidence, Evidence::kName);
    EXPECT_EQ(flow.classification().confidence, 70);
    EXPECT_EQ(flow.slot(), 0);
  }
}

TEST_F(CertificateTest, HelloOfVersion13HidesTheCertificate) {
  InspectedFlow flow(&inspector_);
  flow.Client(TlsClientHello({}));
  const Buffer flight =
      TlsRecords(ServerFlightOf(Certificate({"x", {"api.stripe.com"}}), "0006 002b 0002 0304"));
  EXPECT_EQ(flow.Server(flight), kMore);
  EXPECT_THAT(flow.names(), IsEmpty());
}

}  // namespace
}  // namespace borderflow
