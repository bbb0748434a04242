#include "collectors/export/ipfix/encoder.h"

#include <cstring>
#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "rules/digest/sha256.h"

namespace borderflow {
namespace {

constexpr uint64_t kNanosecondsInMillisecond = 1'000'000;

// Template ids. A cell's depends on the number of packs, so that a reload can change it.
constexpr uint16_t kTypeTemplate = 256;
constexpr uint16_t kAnonymizationTemplate = 257;
constexpr uint16_t kStatementTemplate = 258;
constexpr uint16_t kCellTemplate = 512;
constexpr size_t kMaxPacks = 256;

constexpr uint16_t kSourceIpv6Address = 27;
constexpr uint16_t kDestinationIpv6Address = 28;
constexpr uint16_t kTruncation = 2;  // anonymizationTechnique, RFC 6235 section 6.2

absl::Status ToStatus(GError* error, std::string_view doing) {
  std::string message = absl::StrCat("ipfix: ", std::string(doing), ": ",
                                     error == nullptr ? "unknown error" : error->message);
  const bool full =
      error != nullptr && g_error_matches(error, FB_ERROR_DOMAIN, FB_ERROR_EOM) != FALSE;
  if (error != nullptr) g_error_free(error);
  return full ? absl::InvalidArgumentError(message + "; a record does not fit into one message")
              : absl::InternalError(message);
}

fbInfoElementSpec_t Spec(const char* name, uint16_t length) {
  return {const_cast<char*>(name), length, 0};  // fixbuf only reads it
}

std::vector<fbInfoElementSpec_t> CellSpecs(size_t packs) {
  std::vector<fbInfoElementSpec_t> specs;
  const auto add = [&specs](const IpfixElement& element) {
    // A length of 0 is the element's own.
    specs.push_back(
        Spec(element.name, element.length == FB_IE_VARLEN ? uint16_t{0} : element.length));
  };
  for (const IpfixElement& element : CellElements()) add(element);
  for (size_t i = 0; i < packs; ++i) {
    for (const IpfixElement& element : PackElements()) add(element);
  }
  return specs;
}

// A record as fixbuf reads it: numbers in the host's order, texts as fbVarfield_t.
class Record {
 public:
  template <typename Number>
  void Put(Number value) {
    const size_t at = bytes_.size();
    bytes_.resize(at + sizeof(value));
    std::memcpy(bytes_.data() + at, &value, sizeof(value));
  }
  // `text` must live until the record is appended.
  void Put(std::string_view text) {
    // fixbuf only reads it.
    Put(fbVarfield_t{text.size(), reinterpret_cast<uint8_t*>(const_cast<char*>(text.data()))});
  }
  const std::vector<uint8_t>& bytes() const { return bytes_; }

 private:
  std::vector<uint8_t> bytes_;
};

// Of a digest in hexadecimal; 0 for none.
uint64_t First64Bits(const std::string& digest) {
  uint64_t bits = 0;
  return absl::SimpleHexAtoi(digest.substr(0, 16), &bits) ? bits : 0;
}

Record CellRecord(const ExportBatch& batch, const BatchRow& row,
                  const std::vector<std::string>& pack_names) {
  Record record;
#define BORDERFLOW_IPFIX_NUMBER(owner, name, id, type, semantics, units, value, meaning) \
  record.Put<type>(value);
#define BORDERFLOW_IPFIX_TEXT(owner, name, id, value, meaning) record.Put(row.Word(value));
#include "collectors/export/ipfix/elements.inc"
#undef BORDERFLOW_IPFIX_NUMBER
#undef BORDERFLOW_IPFIX_TEXT
  for (size_t i = 0; i < pack_names.size(); ++i) {
    record.Put(std::string_view(pack_names[i]));
    record.Put(row.VerdictOf(i));
  }
  return record;
}

}  // namespace

uint32_t DomainOf(std::string_view sensor) {
  if (sensor.empty()) return 0;
  return static_cast<uint32_t>(std::stoul(Sha256Hex(sensor).substr(0, 8), nullptr, 16));
}

IpfixEncoder::IpfixEncoder(const IpfixOptions& options)
    : options_(options), message_(options.message_bytes) {
  model_ = fbInfoModelAlloc();
  AddElements(options_.pen, model_);
  session_ = fbSessionAlloc(model_);
  fbSessionSetDomain(session_, options_.domain);
}

IpfixEncoder::~IpfixEncoder() {
  if (buffer_ != nullptr) {
    fBufFree(buffer_);  // and with it the session and the exporter
  } else {
    fbSessionFree(session_);
  }
  fbInfoModelFree(model_);
}

absl::StatusOr<std::unique_ptr<IpfixEncoder>> IpfixEncoder::Create(const IpfixOptions& options) {
  std::unique_ptr<IpfixEncoder> encoder(new IpfixEncoder(options));
  if (absl::Status s = encoder->AddOptionTemplates(); !s.ok()) return s;
  encoder->exporter_ =
      fbExporterAllocBuffer(encoder->message_.data(), static_cast<uint16_t>(options.message_bytes));
  encoder->buffer_ = fBufAllocForExport(encoder->session_, encoder->exporter_);
  fBufSetAutomaticMode(encoder->buffer_, FALSE);  // a full message must reach the sink first
  return encoder;
}

absl::Status IpfixEncoder::AddTemplate(uint16_t id, const std::vector<fbInfoElementSpec_t>& sent,
                                       const std::vector<fbInfoElementSpec_t>& given,
                                       uint16_t scope) {
  for (const bool inside : {true, false}) {
    GError* error = nullptr;
    fbTemplate_t* made = fbTemplateAlloc(model_);
    for (fbInfoElementSpec_t spec : inside ? given : sent) {
      if (fbTemplateAppendSpec(made, &spec, 0, &error) == FALSE) {
        fbTemplateFreeUnused(made);
        return ToStatus(error, absl::StrCat("element ", spec.name));
      }
    }
    if (scope > 0) fbTemplateSetOptionsScope(made, scope);
    if (fbSessionAddTemplate(session_, inside ? TRUE : FALSE, id, made, &error) == 0) {
      fbTemplateFreeUnused(made);
      return ToStatus(error, "template");
    }
  }
  return absl::OkStatus();
}

absl::Status IpfixEncoder::AddOptionTemplates() {
  for (const bool inside : {true, false}) {
    GError* error = nullptr;
    fbTemplate_t* types = fbInfoElementAllocTypeTemplate(model_, &error);
    if (types == nullptr) return ToStatus(error, "type template");
    const uint16_t id =
        fbSessionAddTemplate(session_, inside ? TRUE : FALSE, kTypeTemplate, types, &error);
    if (id == 0) return ToStatus(error, "type template");
  }
  const std::vector<fbInfoElementSpec_t> anonymization = {
      Spec("templateId", 2), Spec("informationElementId", 2), Spec("anonymizationFlags", 2),
      Spec("anonymizationTechnique", 2)};
  if (absl::Status s = AddTemplate(kAnonymizationTemplate, anonymization, anonymization, 2);
      !s.ok()) {
    return s;
  }
  // Widest first, so that the record needs no padding; the scope must stand first all the same.
  const std::vector<fbInfoElementSpec_t> statement = {
      Spec("observationDomainId", 4), Spec("exportedFlowRecordTotalCount", 8),
      Spec("notSentFlowTotalCount", 8), Spec("observationDomainName", 0)};
  return AddTemplate(kStatementTemplate, statement, statement, 1);
}

absl::Status IpfixEncoder::AddCellTemplate(size_t packs) {
  const auto id = static_cast<uint16_t>(kCellTemplate + packs);
  if (cell_templates_.count(id) > 0) return absl::OkStatus();
  if (packs > kMaxPacks) {
    return absl::InvalidArgumentError(
        absl::StrCat("ipfix: ", packs, " packs; a record has room for ", kMaxPacks));
  }
  const std::vector<fbInfoElementSpec_t> given = CellSpecs(packs);
  // What the record in memory does not have, fixbuf sends as zeroes.
  std::vector<fbInfoElementSpec_t> sent = given;
  sent.push_back(Spec("sourceIPv6Address", 16));
  sent.push_back(Spec("destinationIPv6Address", 16));
  // A template that is added to an open buffer is written at once. It is sent with all the others
  // below; this message, which nothing else is in, is not.
  fBufSetAutomaticMode(buffer_, TRUE);
  const absl::Status added = AddTemplate(id, sent, given, 0);
  GError* error = nullptr;
  if (fBufEmit(buffer_, &error) == FALSE) return ToStatus(error, "template");
  fBufSetAutomaticMode(buffer_, FALSE);
  if (added.ok()) cell_templates_.insert(id);
  return added;
}

absl::Status IpfixEncoder::Emit(const Sink& sink) {
  if (!pending_) return absl::OkStatus();
  GError* error = nullptr;
  if (fBufEmit(buffer_, &error) == FALSE) return ToStatus(error, "message");
  pending_ = false;
  return sink({reinterpret_cast<const char*>(message_.data()), fbExporterGetMsgLen(exporter_)});
}

absl::Status IpfixEncoder::Append(const std::function<bool(GError**)>& append, const Sink& sink) {
  GError* error = nullptr;
  if (append(&error)) {
    pending_ = true;
    return absl::OkStatus();
  }
  // Also said once between templates and data, which never share a message.
  if (g_error_matches(error, FB_ERROR_DOMAIN, FB_ERROR_EOM) == FALSE) {
    return ToStatus(error, "record");
  }
  g_clear_error(&error);
  if (absl::Status s = Emit(sink); !s.ok()) return s;
  if (!append(&error)) return ToStatus(error, "record");
  pending_ = true;
  return absl::OkStatus();
}

absl::Status IpfixEncoder::AppendRecord(uint16_t id, const std::vector<uint8_t>& record,
                                        const Sink& sink) {
  return Append(
      [this, id, &record](GError** error) {
        return fBufSetInternalTemplate(buffer_, id, error) != FALSE &&
               fBufSetExportTemplate(buffer_, id, error) != FALSE &&
               fBufAppend(buffer_, const_cast<uint8_t*>(record.data()), record.size(), error) !=
                   FALSE;
      },
      sink);
}

absl::Status IpfixEncoder::SendTypeRecords(const Sink& sink) {
  for (const auto* elements : {&CellElements(), &PackElements()}) {
    for (const IpfixElement& element : *elements) {
      if (!element.ours) continue;
      const fbInfoElement_t* known = fbInfoModelGetElementByID(model_, element.id, options_.pen);
      const absl::Status s = Append(
          [this, known](GError** error) {
            return fbInfoElementWriteOptionsRecord(buffer_, known, kTypeTemplate, kTypeTemplate,
                                                   error) != FALSE;
          },
          sink);
      if (!s.ok()) return s;
    }
  }
  return absl::OkStatus();
}

absl::Status IpfixEncoder::SendStatement(const ExportBatch& batch, const IpfixTotals& totals,
                                         uint16_t cells, const Sink& sink) {
  for (const uint16_t address : {kSourceIpv6Address, kDestinationIpv6Address}) {
    Record record;
    record.Put(cells);
    record.Put(address);
    record.Put(uint16_t{0});  // anonymizationFlags: nothing said of stability
    record.Put(kTruncation);
    if (absl::Status s = AppendRecord(kAnonymizationTemplate, record.bytes(), sink); !s.ok()) {
      return s;
    }
  }
  Record record;
  record.Put(options_.domain);
  record.Put(totals.sent_records);
  record.Put(totals.not_sent_records);
  record.Put(std::string_view(batch.key.sensor));
  return AppendRecord(kStatementTemplate, record.bytes(), sink);
}

absl::Status IpfixEncoder::Encode(const ExportBatch& batch, const IpfixTotals& totals,
                                  const Sink& sink) {
  const size_t packs = batch.packs.size();
  if (absl::Status s = AddCellTemplate(packs); !s.ok()) return s;
  const auto cells = static_cast<uint16_t>(kCellTemplate + packs);
  // Again with every batch: a collector may have started since, and UDP may have lost them.
  absl::Status status = Append(
      [this](GError** error) { return fbSessionExportTemplates(session_, error) != FALSE; }, sink);
  if (status.ok()) status = Emit(sink);
  if (status.ok()) status = SendTypeRecords(sink);
  if (status.ok()) status = SendStatement(batch, totals, cells, sink);
  std::vector<std::string> pack_names;
  for (const BatchPack& pack : batch.packs) {
    pack_names.push_back(absl::StrCat(pack.id, "/", pack.version));
  }
  for (size_t i = 0; status.ok() && i < batch.rows.size(); ++i) {
    status = AppendRecord(cells, CellRecord(batch, batch.rows[i], pack_names).bytes(), sink);
  }
  if (status.ok()) status = Emit(sink);
  return status;
}

}  // namespace borderflow
