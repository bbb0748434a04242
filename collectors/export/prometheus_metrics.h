// Metrics: a publication in Prometheus' families. What each means: prometheus_families.inc, or
// METRICS.md, which is made from it.
//
// Thread safety: pure functions.
#ifndef BORDERFLOW_COLLECTORS_EXPORT_PROMETHEUS_METRICS_H_
#define BORDERFLOW_COLLECTORS_EXPORT_PROMETHEUS_METRICS_H_

#include "collectors/export/prometheus_exposition.h"
#include "collectors/privacy/publisher.h"

namespace borderflow {

// Everything but what the server counts itself.
void WriteMetrics(const Publication& publication, Exposition* out);

// The standard metrics of a process, of this one. Families that the system does not tell are left
// out.
void WriteProcessMetrics(Exposition* out);

}  // namespace borderflow

#endif  // BORDERFLOW_COLLECTORS_EXPORT_PROMETHEUS_METRICS_H_
