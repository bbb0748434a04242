#include "tests/collectors/export/ipfix/fixbuf_reader.h"

#include <algorithm>

namespace borderflow {
namespace {

constexpr uint16_t kCells = 1001;
constexpr uint16_t kStatements = 1002;
constexpr uint16_t kAnonymized = 1003;

struct CellInMemory {
  uint64_t bytes, frames, flows, payload_bytes, clients, start_ms, end_ms;
  fbVarfield_t source, destination, source_operator, role, category, evidence, crossing, pack,
      verdict;
  uint32_t source_as;
  uint8_t confidence;
  uint8_t padding[3];
};

struct StatementInMemory {
  uint32_t domain;
  uint8_t padding[4];
  uint64_t sent, not_sent;
  fbVarfield_t sensor;
};

struct AnonymizedInMemory {
  uint16_t template_id, element_id, flags, technique;
};

std::string Text(const fbVarfield_t& field) {
  return {reinterpret_cast<const char*>(field.buf), field.len};
}

bool AddTemplate(fbInfoModel_t* model, fbSession_t* session, uint16_t id,
                 std::vector<std::pair<const char*, uint16_t>> elements, uint16_t scope,
                 GError** error) {
  fbTemplate_t* made = fbTemplateAlloc(model);
  for (const auto& [name, length] : elements) {
    fbInfoElementSpec_t spec = {const_cast<char*>(name), length, 0};
    if (fbTemplateAppendSpec(made, &spec, 0, error) == FALSE) return false;
  }
  if (scope > 0) fbTemplateSetOptionsScope(made, scope);
  return fbSessionAddTemplate(session, TRUE, id, made, error) != 0;
}

bool Contains(fbTemplate_t* given, const char* name) {
  fbInfoElementSpec_t spec = {const_cast<char*>(name), 0, 0};
  return fbTemplateContainsElementByName(given, &spec) != FALSE;
}

ReadCell FromMemory(const CellInMemory& cell) {
  return {cell.bytes,
          cell.frames,
          cell.flows,
          cell.payload_bytes,
          cell.clients,
          cell.start_ms,
          cell.end_ms,
          Text(cell.source),
          Text(cell.destination),
          Text(cell.source_operator),
          Text(cell.role),
          Text(cell.category),
          Text(cell.evidence),
          Text(cell.crossing),
          Text(cell.pack),
          Text(cell.verdict),
          cell.source_as,
          cell.confidence};
}

}  // namespace

ReadStream FixbufReader::ReadFile(const std::string& path) {
  GError* error = nullptr;
  fbSession_t* session = fbSessionAlloc(model_);
  fbCollector_t* collector = fbCollectorAllocFile(nullptr, path.c_str(), &error);
  ReadStream stream;
  if (collector == nullptr) {
    stream.error = error->message;
    g_error_free(error);
    fbSessionFree(session);
    return stream;
  }
  fBuf_t* buffer = fBufAllocForCollection(session, collector);
  stream = Read(buffer, session);
  fBufFree(buffer);
  return stream;
}

ReadStream FixbufReader::Read(fBuf_t* buffer, fbSession_t* session) {
  ReadStream stream;
  GError* error = nullptr;
  fBufSetAutomaticInsert(buffer, &error);
  bool cells_known = false;
  bool ok = AddTemplate(model_, session, kStatements,
                        {{"observationDomainId", 4},
                         {"paddingOctets", 4},
                         {"exportedFlowRecordTotalCount", 8},
                         {"notSentFlowTotalCount", 8},
                         {"observationDomainName", 0}},
                        1, &error) &&
            AddTemplate(model_, session, kAnonymized,
                        {{"templateId", 2},
                         {"informationElementId", 2},
                         {"anonymizationFlags", 2},
                         {"anonymizationTechnique", 2}},
                        2, &error);
  while (ok) {
    uint16_t id = 0;
    fbTemplate_t* given = fBufNextCollectionTemplate(buffer, &id, &error);
    if (given == nullptr) break;
    if (Contains(given, "octetDeltaCount")) {
      if (!cells_known) {
        // Only now: the type records that name these have been read.
        ok = AddTemplate(model_, session, kCells,
                         {{"octetDeltaCount", 8},
                          {"packetDeltaCount", 8},
                          {"deltaFlowCount", 8},
                          {"payloadOctetDeltaCount", 8},
                          {"distinctCountOfSourceIPAddress", 8},
                          {"flowStartMilliseconds", 8},
                          {"flowEndMilliseconds", 8},
                          {"sourceLocation", 0},
                          {"destinationLocation", 0},
                          {"sourceOperator", 0},
                          {"senderRole", 0},
                          {"applicationCategoryName", 0},
                          {"categoryEvidence", 0},
                          {"crossing", 0},
                          {"policyName", 0},
                          {"policyVerdict", 0},
                          {"bgpSourceAsNumber", 4},
                          {"categoryConfidence", 1},
                          {"paddingOctets", 3}},
                         0, &error);
        cells_known = true;
        if (!ok) break;
      }
      CellInMemory cell{};
      size_t size = sizeof(cell);
      ok = fBufSetInternalTemplate(buffer, kCells, &error) != FALSE &&
           fBufNext(buffer, reinterpret_cast<uint8_t*>(&cell), &size, &error) != FALSE;
      if (ok) stream.cells.push_back(FromMemory(cell));
    } else if (Contains(given, "anonymizationTechnique")) {
      AnonymizedInMemory record{};
      size_t size = sizeof(record);
      ok = fBufSetInternalTemplate(buffer, kAnonymized, &error) != FALSE &&
           fBufNext(buffer, reinterpret_cast<uint8_t*>(&record), &size, &error) != FALSE;
      if (ok) stream.anonymized.push_back(record.element_id);
    } else {
      StatementInMemory record{};
      size_t size = sizeof(record);
      ok = fBufSetInternalTemplate(buffer, kStatements, &error) != FALSE &&
           fBufNext(buffer, reinterpret_cast<uint8_t*>(&record), &size, &error) != FALSE;
      if (ok && record.sensor.len > 0) {
        stream.statements.push_back(
            {record.domain, record.sent, record.not_sent, Text(record.sensor)});
      }
    }
  }
  if (error != nullptr) {
    if (g_error_matches(error, FB_ERROR_DOMAIN, FB_ERROR_EOF) == FALSE) {
      stream.error = error->message;
    }
    g_error_free(error);
  }
  fbInfoModelIter_t at;
  fbInfoModelIterInit(&at, model_);
  while (const fbInfoElement_t* element = fbInfoModelIterNext(&at)) {
    if (element->ent == pen_ && (element->flags & FB_IE_F_ALIEN) == 0) ++stream.learned;
  }
  return stream;
}

}  // namespace borderflow
