#include "dataplane/capture/link_types.h"

namespace borderflow {

uint16_t CanonicalLinkType(uint16_t file_link_type) {
  switch (file_link_type) {
    case 11:  // DLT_ATM_RFC1483
      return 100;
    case 12:  // DLT_RAW nearly everywhere
    case 14:  // DLT_RAW on OpenBSD and BSD/OS
      return 101;
    case 13:  // DLT_ENC on OpenBSD
      return 109;
    case 19:  // DLT_ATM_CLIP on Linux
      return 106;
    default:
      return file_link_type;
  }
}

uint16_t LinkTypeFromDlt(int dlt) { return CanonicalLinkType(static_cast<uint16_t>(dlt)); }

}  // namespace borderflow
