// The fixed taxonomy: what kind of data a flow carries, why we think so, and how it is protected.
//
// Thread safety: pure functions over constant tables.
#ifndef BORDERFLOW_RULES_CATEGORY_CATEGORY_H_
#define BORDERFLOW_RULES_CATEGORY_CATEGORY_H_

#include <cstdint>
#include <optional>
#include <string_view>

namespace borderflow {

enum class Category : uint8_t {
  kUnk,   // unclassified
  kEnc,   // encrypted, without a usable name
  kPid,   // personal identifiers, accounts, forms
  kGeo,   // precise geolocation
  kBio,   // biometric templates and images
  kOmc,   // genomic and other 'omic
  kHlt,   // health
  kFin,   // financial, payment
  kGov,   // government systems
  kCom,   // communications content
  kTel,   // telecom subscriber data and signalling
  kChd,   // children, education
  kEmp,   // employment, HR
  kAdv,   // telemetry, advertising identifiers
  kAuth,  // credentials, directory
  kSur,   // video surveillance
  kInd,   // industrial, IoT
  kDbx,   // bulk database, replication, backup
  kRem,   // remote access, administration
  kEdi,   // trade and logistics EDI ("TRADE_EDI")
  kMed,   // media, streaming, games, peer to peer
  kUpd,   // software update
  kInf,   // infrastructure: DNS, NTP, BGP ...
  kTun,   // VPN, tunnel, Tor
};
inline constexpr int kCategories = 24;

// Why we think so, weakest first, so that std::max picks the better.
enum class Evidence : uint8_t { kNone, kPort, kOperator, kName, kProtocol, kContent };
inline constexpr int kEvidences = 6;

enum class Protection : uint8_t { kUnknown, kCleartext, kEncrypted };

// "HLT", "TRADE_EDI" ...
std::string_view Code(Category category);
// One plain sentence for reports.
std::string_view Meaning(Category category);
std::optional<Category> CategoryFromCode(std::string_view code);

std::string_view Name(Evidence evidence);      // "none" .. "content"
std::string_view Name(Protection protection);  // "unknown", "cleartext", "encrypted"

// The highest confidence, in percent, that a class of evidence may claim alone (policy reference
// 4.2; belief.h has what several may claim together):
// content 99, protocol 95, name 80, operator 50, port 30, none 0.
int ConfidenceCap(Evidence evidence);

// True unless the category says that we do not know (UNK, ENC).
constexpr bool IsClassified(Category category) {
  return category != Category::kUnk && category != Category::kEnc;
}

}  // namespace borderflow

#endif  // BORDERFLOW_RULES_CATEGORY_CATEGORY_H_
