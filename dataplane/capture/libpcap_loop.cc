#include "dataplane/capture/libpcap_loop.h"

#include <pcap/pcap.h>

#include "absl/strings/str_cat.h"

namespace borderflow {

absl::StatusOr<uint64_t> CountWithLibpcap(const std::string& path) {
  char error[PCAP_ERRBUF_SIZE] = {};
  pcap_t* pcap = pcap_open_offline(path.c_str(), error);
  if (pcap == nullptr) return absl::InvalidArgumentError(absl::StrCat(path, ": ", error));
  uint64_t frames = 0;
  pcap_pkthdr* header = nullptr;
  const u_char* data = nullptr;
  while (pcap_next_ex(pcap, &header, &data) == 1) ++frames;
  pcap_close(pcap);
  return frames;
}

}  // namespace borderflow
