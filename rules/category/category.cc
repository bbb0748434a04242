#include "rules/category/category.h"

#include <array>
#include <cstddef>

namespace borderflow {
namespace {

struct Entry {
  std::string_view code;
  std::string_view meaning;
};

// In the order of Category.
constexpr std::array<Entry, kCategories> kEntries = {{
    {"UNK", "Nothing on the wire says what kind of data this is."},
    {"ENC", "Encrypted, and no usable name says what is inside."},
    {"PID", "Personal identifiers, accounts and forms."},
    {"GEO", "Precise geolocation: positions, tracks and map queries."},
    {"BIO", "Biometric templates and images."},
    {"OMC", "Genomic and other 'omic data."},
    {"HLT", "Health data."},
    {"FIN", "Financial data and payments."},
    {"GOV", "Government systems."},
    {"COM", "Content of communications: mail, calls and messages."},
    {"TEL", "Telecom subscriber data, signalling and subscriber location."},
    {"CHD", "Children and education."},
    {"EMP", "Employment and human resources."},
    {"ADV", "Telemetry and advertising identifiers."},
    {"AUTH", "Credentials and directories."},
    {"SUR", "Video surveillance."},
    {"IND", "Industrial control and the internet of things."},
    {"DBX", "Bulk databases, replication and backup."},
    {"REM", "Remote access and administration."},
    {"TRADE_EDI", "Trade and logistics documents."},
    {"MED", "Media, streaming, games and peer-to-peer exchange."},
    {"UPD", "Software update."},
    {"INF", "Infrastructure: names, time, routing and network management."},
    {"TUN", "VPN, tunnels and Tor: the data inside is not visible."},
}};
static_assert(static_cast<int>(Category::kTun) == kCategories - 1);

struct EvidenceEntry {
  std::string_view name;
  int cap;
};

// In the order of Evidence.
constexpr std::array<EvidenceEntry, kEvidences> kEvidenceEntries = {{
    {"none", 0},
    {"port", 30},
    {"operator", 50},
    {"name", 80},
    {"protocol", 95},
    {"content", 99},
}};
static_assert(static_cast<int>(Evidence::kContent) == kEvidences - 1);

}  // namespace

std::string_view Code(Category category) { return kEntries[static_cast<size_t>(category)].code; }

std::string_view Meaning(Category category) {
  return kEntries[static_cast<size_t>(category)].meaning;
}

std::optional<Category> CategoryFromCode(std::string_view code) {
  for (size_t i = 0; i < kEntries.size(); ++i) {
    if (kEntries[i].code == code) return static_cast<Category>(i);
  }
  return std::nullopt;
}

std::string_view Name(Evidence evidence) {
  return kEvidenceEntries[static_cast<size_t>(evidence)].name;
}

std::string_view Name(Protection protection) {
  switch (protection) {
    case Protection::kUnknown:
      return "unknown";
    case Protection::kCleartext:
      return "cleartext";
    case Protection::kEncrypted:
      return "encrypted";
  }
  return "unknown";
}

int ConfidenceCap(Evidence evidence) { return kEvidenceEntries[static_cast<size_t>(evidence)].cap; }

}  // namespace borderflow
