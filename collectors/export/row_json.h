// One cell row as a JSON object: the one place that names its columns.
#ifndef BORDERFLOW_COLLECTORS_EXPORT_ROW_JSON_H_
#define BORDERFLOW_COLLECTORS_EXPORT_ROW_JSON_H_

#include <nlohmann/json.hpp>

#include "collectors/export/rows.h"

namespace borderflow {

// Keys in the order of the report schema.
nlohmann::ordered_json ToJson(const CellRow& row);

}  // namespace borderflow

#endif  // BORDERFLOW_COLLECTORS_EXPORT_ROW_JSON_H_
