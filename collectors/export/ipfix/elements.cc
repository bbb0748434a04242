#include "collectors/export/ipfix/elements.h"

#include <type_traits>

#include "absl/strings/str_cat.h"

namespace borderflow {
namespace {

constexpr bool kIana = false;
constexpr bool kOurs = true;

template <typename Number>
constexpr fbInfoElementDataType_t TypeOf() {
  if (std::is_same_v<Number, uint8_t>) return FB_UINT_8;
  if (std::is_same_v<Number, uint16_t>) return FB_UINT_16;
  if (std::is_same_v<Number, uint32_t>) return FB_UINT_32;
  return FB_UINT_64;
}

IpfixElement Text(const char* name, uint16_t id, const char* meaning) {
  return {name, id, kOurs, FB_IE_VARLEN, FB_STRING, FB_IE_F_NONE, meaning};
}

const char* TypeName(fbInfoElementDataType_t type) {
  switch (type) {
    case FB_UINT_8:
      return "unsigned8";
    case FB_UINT_16:
      return "unsigned16";
    case FB_UINT_32:
      return "unsigned32";
    case FB_UINT_64:
      return "unsigned64";
    default:
      return "string";
  }
}

void AppendRows(const std::vector<IpfixElement>& elements, bool ours, std::string* text) {
  for (const IpfixElement& element : elements) {
    if (element.ours != ours) continue;
    absl::StrAppend(text, "| ", element.id, " | ", element.name, " | ");
    if (ours) absl::StrAppend(text, TypeName(element.type), " | ");  // IANA states its own
    absl::StrAppend(text, element.meaning, " |\n");
  }
}

}  // namespace

const std::vector<IpfixElement>& CellElements() {
  static const auto* const elements = new std::vector<IpfixElement>{
#define BORDERFLOW_IPFIX_NUMBER(owner, name, id, type, semantics, units, value, meaning) \
  {#name, id, owner, sizeof(type), TypeOf<type>(), FB_IE_F_ENDIAN | (semantics) | (units), meaning},
#define BORDERFLOW_IPFIX_TEXT(owner, name, id, value, meaning) \
  {#name, id, owner, FB_IE_VARLEN, FB_STRING, FB_IE_F_NONE, meaning},
#include "collectors/export/ipfix/elements.inc"
#undef BORDERFLOW_IPFIX_NUMBER
#undef BORDERFLOW_IPFIX_TEXT
  };
  return *elements;
}

const std::vector<IpfixElement>& PackElements() {
  static const auto* const elements = new std::vector<IpfixElement>{
      Text("policyName", 16, "A pack's id and version, such as data-allies/1"),
      Text("policyVerdict", 17,
           "What that pack says of the cell: out_of_scope permitted conditional file_required "
           "review presumptively_prohibited breach_if_confirmed undetermined; indicative only"),
  };
  return *elements;
}

void AddElements(uint32_t pen, fbInfoModel_t* model) {
  for (const auto* elements : {&CellElements(), &PackElements()}) {
    for (const IpfixElement& element : *elements) {
      if (!element.ours) continue;
      fbInfoElement_t added =
          FB_IE_INIT_FULL(element.name, pen, element.id, element.length, element.flags, 0, 0,
                          static_cast<uint8_t>(element.type), element.meaning);
      fbInfoModelAddElement(model, &added);  // copies
    }
  }
}

std::string ElementsDocument() {
  std::string text =
      "# What borderflow sends over IPFIX\n\n"
      "One data record a cell and window. Its standard elements are enough for totals by AS, "
      "category and time; the\nenterprise-specific ones add jurisdictions, evidence and verdicts. "
      "Type records (RFC 5610) name the latter to\nany collector that reads them. No address is "
      "sent: sourceIPv6Address and destinationIPv6Address (27, 28) stand at\n`::` with prefix "
      "length 0, because some collectors keep no record without an address, and a record for RFC "
      "6235 says so.\n\n"
      "A cell has a record once `suppressionThreshold` distinct clients and as many flows stand "
      "behind it. Of smaller ones, those of the\nsame locations, role, category, evidence and "
      "protection have one record together where there are as many behind that:\nits words for "
      "registration and operator, and for a verdict that is not common to all, are `suppressed`, "
      "its AS numbers, entity\nand confidence 0. What is left, and what would give it away by "
      "subtraction, is in one last record of the window, whose words\nare all `suppressed`: the "
      "records add up to what was counted.\n\n"
      "Made from `elements.inc`; a test compares.\n\n"
      "## Standard elements\n\n| id | name | meaning |\n|---|---|---|\n";
  AppendRows(CellElements(), kIana, &text);
  absl::StrAppend(&text, "\n## Enterprise-specific elements (number ", kDocumentationPen,
                  " unless `--ipfix-pen` names another)\n\n"
                  "| id | name | type | meaning |\n|---|---|---|---|\n");
  AppendRows(CellElements(), kOurs, &text);
  AppendRows(PackElements(), kOurs, &text);
  absl::StrAppend(
      &text,
      "\npolicyName and policyVerdict are repeated, in this order, once for every pack.\n\n"
      "## Options records, before the data\n\n"
      "* RFC 5610: type, name, meaning, semantics and units of every enterprise-specific element.\n"
      "* RFC 6235: the two addresses are anonymised by reducing them to a prefix of no bits.\n"
      "* By observation domain: observationDomainName (the sensor), exportedFlowRecordTotalCount "
      "and\n  notSentFlowTotalCount, of this sensor's run so far.\n");
  return text;
}

}  // namespace borderflow
