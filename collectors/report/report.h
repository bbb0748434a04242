// Report: everything that an account of one run states, before it takes a form.
//
// Thread safety: a value.
#ifndef BORDERFLOW_COLLECTORS_REPORT_REPORT_H_
#define BORDERFLOW_COLLECTORS_REPORT_REPORT_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "collectors/report/geo_choice.h"
#include "collectors/report/live_statement.h"
#include "collectors/report/sums.h"
#include "dataplane/count/snapshot.h"
#include "rules/entity/entities.h"
#include "rules/policy/evaluate.h"

namespace borderflow {

// A geography file as a report states it. The dataplane's own description is not visible here, so
// that a report can be made again from a store.
struct GeoStatement {
  std::string path;
  std::string type;
  std::string basis;        // "registry-derived" ...
  uint64_t build_time = 0;  // seconds since 1970; 0 when unknown
  std::string sha256;
  std::string description;
  uint64_t ranges = 0;
  std::map<std::string, uint64_t> odd_codes;
};

struct CaptureStatement {
  std::string file;
  std::string sha256;  // empty when it could not be had (standard input) or was not asked for
};

struct DamageStatement {
  std::string file;
  uint64_t offset = 0;
  std::string reason;
};

// What the user asked for, without the number of workers, which must not change a byte.
struct Parameters {
  std::optional<Jurisdiction> home;
  std::vector<std::pair<std::string, Jurisdiction>> sites;  // prefix as given
  std::vector<std::string> zones;
  std::vector<std::string> overrides;
  std::vector<std::string> rules;  // lists above the shipped one
  std::string tunnel = "inner";
  std::string anycast = "special";
  bool dedup = false;
  bool content = true;  // payload was searched for content patterns
  bool names = false;
  std::string place;    // the sensor's, as given; empty: not stated
  std::string vantage;  // empty: not stated
  std::string purpose;
  uint64_t window_seconds = 0;  // 0: all is one window
};

// Distinct clients of a cell whose sketch is not known.
struct ClientBounds {
  uint64_t least = 0;
  uint64_t most = 0;
};

struct Report {
  std::string version;
  std::string build;    // compiler and build type
  std::string command;  // without the number of workers
  std::string sensor;   // empty: not named
  std::string groups_digest;
  std::string entities_digest;
  std::string rules_digest;
  std::map<std::string, std::string> pack_digests;
  Parameters parameters;
  std::vector<GeoStatement> geo;
  bool has_as_numbers = false;
  bool has_registered = false;
  std::vector<CaptureStatement> captures;
  std::vector<DamageStatement> damaged;
  std::optional<LiveStatement> live;  // of a live run
  Snapshot snapshot;
  // Of cells that came from JSON reports, which hold no sketch; by key without protocol and name.
  std::map<CellKey, ClientBounds> client_bounds;
  std::vector<JurisdictionSet> zones;
  // What tells the organisation of an end; nullptr: what ships with the program.
  std::shared_ptr<const Entities> entities;
  Sums sums;  // of snapshot.cells
  std::vector<PolicyResult> policies;
  // With a second set of databases (--with-geo).
  std::vector<GeoStatement> other_geo;
  std::optional<GeoChoice> geo_choice;
};

inline const Entities& EntitiesOf(const Report& report) {
  return report.entities == nullptr ? Entities::BuiltIn() : *report.entities;
}

// The conservation law (design section 4), each line with both sides.
struct ConservationLine {
  std::string left;   // "captured"
  std::string right;  // "ip + non_ip + malformed"
  FrameTotals left_value;
  FrameTotals right_value;
  bool holds() const { return left_value == right_value; }
};
std::vector<ConservationLine> Conservation(const Report& report);

// Signed age of a database at the last frame, in days; nullopt when either date is unknown.
std::optional<double> AgeInDays(const GeoStatement& geo, const DecodeTotals& decode);

}  // namespace borderflow

#endif  // BORDERFLOW_COLLECTORS_REPORT_REPORT_H_
