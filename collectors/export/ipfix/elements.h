// The information elements that borderflow sends over IPFIX: one table, elements.inc, and what is
// made of it.
//
// Thread safety: pure functions; an information model belongs to one thread.
#ifndef BORDERFLOW_COLLECTORS_EXPORT_IPFIX_ELEMENTS_H_
#define BORDERFLOW_COLLECTORS_EXPORT_IPFIX_ELEMENTS_H_

#include <fixbuf/public.h>

#include <cstdint>
#include <string>
#include <vector>

namespace borderflow {

// The enterprise number of examples and documentation (RFC 5612). Whoever has a number of their own
// uses that.
inline constexpr uint32_t kDocumentationPen = 32473;

struct IpfixElement {
  const char* name;
  uint16_t id;
  bool ours;        // below our enterprise number, not IANA's
  uint16_t length;  // bytes; FB_IE_VARLEN for text
  fbInfoElementDataType_t type;
  uint32_t flags;  // fixbuf's semantics and units
  const char* meaning;
};

// Of a cell's record, in the order of the template.
const std::vector<IpfixElement>& CellElements();

// Which a record repeats for every pack, behind those above.
const std::vector<IpfixElement>& PackElements();

// Adds ours to `model`, below `pen`.
void AddElements(uint32_t pen, fbInfoModel_t* model);

// ELEMENTS.md.
std::string ElementsDocument();

}  // namespace borderflow

#endif  // BORDERFLOW_COLLECTORS_EXPORT_IPFIX_ELEMENTS_H_
