#include "collectors/export/row_json.h"

#include "rules/jurisdiction/operators.h"

namespace borderflow {

nlohmann::ordered_json ToJson(const CellRow& row) {
  nlohmann::ordered_json json = {{"src", Code(row.source.location)},
                                 {"dst", Code(row.destination.location)},
                                 {"src_registered", Code(row.source.registered)},
                                 {"dst_registered", Code(row.destination.registered)},
                                 {"src_as", row.source.asn},
                                 {"dst_as", row.destination.asn},
                                 {"src_operator", Code(OperatorHome(row.source.asn))},
                                 {"dst_operator", Code(OperatorHome(row.destination.asn))},
                                 {"role", Name(row.role)},
                                 {"category", Code(row.category)},
                                 {"evidence", Name(row.evidence)},
                                 {"confidence", row.confidence / 100.0},
                                 {"protection", Name(row.protection)},
                                 {"entity", row.entity},
                                 {"frames", row.counters.frames},
                                 {"bytes", row.counters.bytes},
                                 {"payload_bytes", row.counters.payload_bytes},
                                 {"flows", row.counters.flows},
                                 {"clients", row.clients}};
  if (row.clients_at_most > row.clients) json["clients_at_most"] = row.clients_at_most;
  return json;
}

}  // namespace borderflow
