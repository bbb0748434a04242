// FixbufReader: what a collector that knows nothing of us reads, by libfixbuf.
//
// Its information model has IANA's elements only; ours it learns from the type records.
#ifndef BORDERFLOW_TESTS_COLLECTORS_EXPORT_IPFIX_FIXBUF_READER_H_
#define BORDERFLOW_TESTS_COLLECTORS_EXPORT_IPFIX_FIXBUF_READER_H_

#include <fixbuf/public.h>

#include <cstdint>
#include <string>
#include <vector>

namespace borderflow {

struct ReadCell {
  uint64_t bytes = 0;
  uint64_t frames = 0;
  uint64_t flows = 0;
  uint64_t payload_bytes = 0;
  uint64_t clients = 0;
  uint64_t start_ms = 0;
  uint64_t end_ms = 0;
  std::string source;
  std::string destination;
  std::string source_operator;
  std::string role;
  std::string category;
  std::string evidence;
  std::string crossing;
  std::string pack;     // the first of them
  std::string verdict;  // its
  uint32_t source_as = 0;
  uint8_t confidence = 0;
};

struct ReadStatement {
  uint32_t domain = 0;
  uint64_t sent = 0;
  uint64_t not_sent = 0;
  std::string sensor;
};

struct ReadStream {
  std::vector<ReadCell> cells;
  std::vector<ReadStatement> statements;
  std::vector<uint16_t> anonymized;  // element ids of the RFC 6235 records
  uint16_t learned = 0;              // elements with an enterprise number of ours
  std::string error;                 // other than the end
};

class FixbufReader {
 public:
  explicit FixbufReader(uint32_t pen) : pen_(pen), model_(fbInfoModelAlloc()) {}
  ~FixbufReader() { fbInfoModelFree(model_); }
  FixbufReader(const FixbufReader&) = delete;
  FixbufReader& operator=(const FixbufReader&) = delete;

  fbInfoModel_t* model() { return model_; }

  ReadStream ReadFile(const std::string& path);

  // Everything to the end of the stream. The session's internal templates are added.
  ReadStream Read(fBuf_t* buffer, fbSession_t* session);

 private:
  const uint32_t pen_;
  fbInfoModel_t* model_;
};

}  // namespace borderflow

#endif  // BORDERFLOW_TESTS_COLLECTORS_EXPORT_IPFIX_FIXBUF_READER_H_
