// Prometheus' text formats: 0.0.4 and OpenMetrics 1.0.
//
// Written here rather than by prometheus-cpp 1.0, which knows no OpenMetrics and no info type, and
// does not escape HELP.
//
// Thread safety: one writer an object.
#ifndef BORDERFLOW_COLLECTORS_EXPORT_PROMETHEUS_EXPOSITION_H_
#define BORDERFLOW_COLLECTORS_EXPORT_PROMETHEUS_EXPOSITION_H_

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "absl/types/span.h"

namespace borderflow {

enum class MetricKind : uint8_t { kCounter, kGauge, kInfo };

enum class MetricFamilyId : size_t {
#define METRIC_FAMILY(id, name, kind, labels, bound, help) id,
#include "collectors/export/prometheus_families.inc"
#undef METRIC_FAMILY
};

struct MetricFamily {
  std::string_view name;  // without _total and _info
  MetricKind kind;
  std::string_view labels;  // comma separated
  std::string_view bound;   // the most series that there can be
  std::string_view help;
};

// The table, in the order of ids.
absl::Span<const MetricFamily> MetricFamilies();
// The same as a Markdown table.
std::string MetricFamiliesMarkdown();

enum class ExpositionFormat : uint8_t { kText, kOpenMetrics };
std::string_view ContentType(ExpositionFormat format);
// What an Accept header prefers; text for none, for anything, and for what is no such header.
ExpositionFormat Negotiate(std::string_view accept);

class Exposition {
 public:
  explicit Exposition(ExpositionFormat format) : format_(format) {}

  // HELP and TYPE of a family, each at most once. What follows are its samples.
  void Begin(MetricFamilyId id);
  // `labels` are the values of the family's labels, in order; any bytes.
  void Sample(std::initializer_list<std::string_view> labels, uint64_t value);
  void Sample(std::initializer_list<std::string_view> labels, double value);

  // Begin and one sample.
  template <typename Number>
  void Single(MetricFamilyId id, Number value) {
    Begin(id);
    Sample({}, value);
  }

  const std::string& text() const { return text_; }
  // Everything, with what the format wants at the end.
  std::string Finish();

 private:
  void Head(std::initializer_list<std::string_view> labels);

  ExpositionFormat format_;
  const MetricFamily* family_ = nullptr;
  std::string text_;
};

}  // namespace borderflow

#endif  // BORDERFLOW_COLLECTORS_EXPORT_PROMETHEUS_EXPOSITION_H_
