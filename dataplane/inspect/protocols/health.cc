// Health: DICOM (PS3.8), HL7 version 2 (MLLP), ASTM E1394 / CLSI LIS2, and X12 with health
// documents.
#include <iterator>

#include "dataplane/inspect/protocols/checks.h"
#include "dataplane/inspect/protocols/text.h"

namespace borderflow {
namespace {

constexpr char kElementSeparatorAt[] = {3,  6,  17, 20, 31, 34, 50,  53,
                                        69, 76, 81, 83, 89, 99, 101, 103};
constexpr size_t kIsaBytes = 106;

// ISA is the one segment of fixed width: its separators stand at fixed places (X12.5).
bool IsInterchangeHeader(std::string_view text) {
  if (text.size() < kIsaBytes) return false;
  const char separator = text[3];
  if (separator >= 'A' && IsPrintable(separator) && separator != '|' && separator != '^' &&
      separator != '~') {
    return false;
  }
  for (const char at : kElementSeparatorAt) {
    if (text[static_cast<size_t>(at)] != separator) return false;
  }
  return true;
}

// The functional group behind the interchange header, two letters; empty when it is out of reach.
std::string_view FunctionalGroup(std::string_view text) {
  constexpr size_t kReach = 8;
  const std::string_view behind = Part(text, kIsaBytes, kReach);
  const size_t group = behind.find("GS");
  if (group == std::string_view::npos || group + 5 > behind.size()) return {};
  return Part(behind, group + 3, 2);
}

// Claims and encounters (HC), payment (HP), eligibility (HS, HB), claim status (HR, HN), referral
// (HI), enrolment (BE).
bool IsHealthGroup(std::string_view group) {
  for (const std::string_view health : {"HC", "HP", "HS", "HB", "HR", "HN", "HI", "BE"}) {
    if (group == health) return true;
  }
  return false;
}

}  // namespace

// A-ASSOCIATE-RQ and -AC, PS3.8 section 9.3.2:
//   type | 0 | length 4 | version 2 | 0 0 | called title 16 | calling title 16 | 0 x 32
//   | application context item: 10 00, length 2, UID
bool IsDicomAssociate(const WireMessage& m) {
  constexpr size_t kItem = 74;
  constexpr size_t kUid = 78;
  constexpr std::string_view kDicomUid = "1.2.840.10008.3.1.1.1";
  constexpr uint32_t kLongest = 1 << 20;
  const uint32_t length = m.Big(2, 4);
  if (m.size < kUid || length + 6 < kUid || length > kLongest) return false;
  if (m.Has(kUid + kDicomUid.size())) return Part(m.text(), kUid, kDicomUid.size()) == kDicomUid;
  return m.Has(42) && AllPrintable(Part(m.text(), 10, 32)) &&
         (!m.Has(kItem + 2) || m.Big(kItem, 2) == 0x1000);
}

// P-DATA-TF whose first fragment is a command: the command set starts with its group's length,
// element (0000,0000) of four bytes.
bool IsDicomCommand(const WireMessage& m) {
  const uint32_t length = m.Big(2, 4);
  const uint32_t fragment = m.Big(6, 4);
  return m.Has(20) && fragment >= 2 && fragment + 4 <= length && m.At(10) % 2 == 1;
}

bool IsDicomRelease(const WireMessage& m) { return m.size == 10 && m.Big(6, 4) == 0; }

// MSH, the field separator, and four encoding characters up to the next separator: "MSH|^~\&|".
// `at` is where the segment's name starts.
static bool IsHl7Header(const WireMessage& m, size_t at) {
  const std::string_view text = m.text();
  if (text.size() < at + 9) return false;
  const char separator = text[at + 3];
  const std::string_view encoding = Part(text, at + 4, 5);
  if (IsDigit(separator) || !IsPrintable(separator) ||
      ContainsAnyCase("abcdefghijklmnopqrstuvwxyz", {&separator, 1})) {
    return false;
  }
  const size_t next = encoding.find(separator);
  return next >= 3 && next != std::string_view::npos && AllPrintable(Part(encoding, 0, next));
}
bool IsHl7InMllp(const WireMessage& m) { return IsHl7Header(m, 1); }
bool IsHl7Bare(const WireMessage& m) { return IsHl7Header(m, 0); }

// STX, frame number, header record: field, repeat, component and escape delimiters.
bool IsAstmHeader(const WireMessage& m) {
  return m.At(1) >= '0' && m.At(1) <= '7' && Part(m.text(), 4, 3) == "\\^&";
}

bool IsX12Health(const WireMessage& m) {
  return IsInterchangeHeader(m.text()) && IsHealthGroup(FunctionalGroup(m.text()));
}
bool IsX12Other(const WireMessage& m) {
  return IsInterchangeHeader(m.text()) && !IsHealthGroup(FunctionalGroup(m.text()));
}

}  // namespace borderflow
