#include "collectors/export/prometheus_exposition.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"

namespace borderflow {
namespace {

using enum MetricKind;

constexpr auto kFamilies = std::to_array<MetricFamily>({
#define METRIC_FAMILY(id, name, kind, labels, bound, help) {name, kind, labels, bound, help},
#include "collectors/export/prometheus_families.inc"
#undef METRIC_FAMILY
});

std::string_view KindName(MetricKind kind, ExpositionFormat format) {
  if (kind == kCounter) return "counter";
  return kind == kInfo && format == ExpositionFormat::kOpenMetrics ? "info" : "gauge";
}

std::string_view Suffix(MetricKind kind) {
  if (kind == kCounter) return "_total";
  return kind == kInfo ? "_info" : "";
}

// Label values may hold any text; control characters and what is no UTF-8 would break the page for
// some readers.
void AppendValue(std::string_view value, std::string* text) {
  for (const char c : value) {
    if (c == '\\' || c == '"') {
      text->push_back('\\');
      text->push_back(c);
    } else if (c == '\n') {
      text->append("\\n");
    } else if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) >= 0x7f) {
      text->push_back('?');
    } else {
      text->push_back(c);
    }
  }
}

void Append(std::string_view part, std::string* text) { text->append(part); }

}  // namespace

absl::Span<const MetricFamily> MetricFamilies() { return kFamilies; }

std::string MetricFamiliesMarkdown() {
  std::string text =
      "| metric | type | labels | series at most | meaning |\n|---|---|---|---|---|\n";
  for (const MetricFamily& family : kFamilies) {
    std::string labels;
    for (const char c : family.labels) {
      labels += c == ',' ? std::string(", ") : std::string(1, c);
    }
    for (const std::string_view part :
         {std::string_view("| `"), family.name, Suffix(family.kind), std::string_view("` | "),
          KindName(family.kind, ExpositionFormat::kOpenMetrics), std::string_view(" | "),
          std::string_view(labels), std::string_view(" | "), family.bound, std::string_view(" | "),
          family.help, std::string_view(" |\n")}) {
      Append(part, &text);
    }
  }
  return text;
}

std::string_view ContentType(ExpositionFormat format) {
  return format == ExpositionFormat::kOpenMetrics
             ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
             : "text/plain; version=0.0.4; charset=utf-8";
}

ExpositionFormat Negotiate(std::string_view accept) {
  double open_metrics = 0;
  double text = 0;
  for (const absl::string_view range :
       absl::StrSplit(absl::string_view(accept.data(), accept.size()), ',')) {
    const std::vector<absl::string_view> parts = absl::StrSplit(range, ';');
    double q = 1;
    absl::string_view version;
    for (size_t i = 1; i < parts.size(); ++i) {
      const absl::string_view part = absl::StripAsciiWhitespace(parts[i]);
      double value = 0;
      if (part.substr(0, 2) == "q=" && absl::SimpleAtod(part.substr(2), &value)) {
        q = std::isfinite(value) && value >= 0 && value <= 1 ? value : 0;
      }
      if (part.substr(0, 8) == "version=") version = part.substr(8);
    }
    const std::string type = absl::AsciiStrToLower(absl::StripAsciiWhitespace(parts[0]));
    if (type == "application/openmetrics-text" && (version.empty() || version == "1.0.0")) {
      open_metrics = std::max(open_metrics, q);
    } else if (type == "text/plain" || type == "text/*") {
      text = std::max(text, q);
    }
  }
  return open_metrics > 0 && open_metrics >= text ? ExpositionFormat::kOpenMetrics
                                                  : ExpositionFormat::kText;
}

void Exposition::Begin(MetricFamilyId id) {
  family_ = &kFamilies[static_cast<size_t>(id)];
  const bool open_metrics = format_ == ExpositionFormat::kOpenMetrics;
  for (const std::string_view what : {"# HELP ", "# TYPE "}) {
    Append(what, &text_);
    Append(family_->name, &text_);
    // OpenMetrics names the family, the older format the samples.
    if (!open_metrics) Append(Suffix(family_->kind), &text_);
    text_.push_back(' ');
    if (what == "# TYPE ") {
      Append(KindName(family_->kind, format_), &text_);
    } else {
      AppendValue(family_->help, &text_);
    }
    text_.push_back('\n');
  }
}

void Exposition::Head(std::initializer_list<std::string_view> labels) {
  Append(family_->name, &text_);
  Append(Suffix(family_->kind), &text_);
  if (labels.size() > 0) {
    char before = '{';
    std::string_view names = family_->labels;
    for (const std::string_view value : labels) {
      const size_t comma = names.find(',');
      text_.push_back(before);
      Append(names.substr(0, comma), &text_);
      text_.append("=\"");
      AppendValue(value, &text_);
      text_.push_back('"');
      names = comma == std::string_view::npos ? "" : names.substr(comma + 1);
      before = ',';
    }
    text_.push_back('}');
  }
  text_.push_back(' ');
}

void Exposition::Sample(std::initializer_list<std::string_view> labels, uint64_t value) {
  Head(labels);
  absl::StrAppend(&text_, value, "\n");
}

void Exposition::Sample(std::initializer_list<std::string_view> labels, double value) {
  Head(labels);
  absl::StrAppendFormat(&text_, "%.12g\n", value);
}

std::string Exposition::Finish() {
  if (format_ == ExpositionFormat::kOpenMetrics) text_.append("# EOF\n");
  return std::move(text_);
}

}  // namespace borderflow
