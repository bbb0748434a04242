// Publisher: what may be served of a report: tables by key, suppressed and bounded, which change
// only at the end of fixed, aligned periods.
//
// The collecting thread hands in reports; readers get an immutable Publication, which they may keep
// for as long as they like. The state of the sensor (frames captured and dropped, load) is as of
// the last report; everything by jurisdiction, category or policy is as of the last period's end.
//
// Thread safety: Publisher none; a Publication is immutable.
#ifndef BORDERFLOW_COLLECTORS_PRIVACY_PUBLISHER_H_
#define BORDERFLOW_COLLECTORS_PRIVACY_PUBLISHER_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "collectors/privacy/ledger.h"
#include "collectors/privacy/published_window.h"
#include "collectors/report/report.h"
#include "rules/policy/pack.h"

namespace borderflow {

struct PublisherOptions {
  uint64_t min_cell = kDefaultMinCell;
  uint64_t period_seconds = 60;       // periods begin at multiples of it since 1970
  size_t jurisdiction_series = 2000;  // at most, by each pair and category
  size_t operator_series = 400;
  size_t cell_series = 20000;
  size_t registered_series = 400;
  size_t zone_series = 800;
  size_t stream_series = 5000;
  size_t server_series = 800;
};

struct PublishedPolicy {
  std::string pack;
  std::string title;
  std::string version;
  std::string as_of;
  std::string digest;
  PublishedTable verdicts;            // key: {verdict}
  PublishedTable rules;               // key: {index into rule_ids}
  std::vector<std::string> rule_ids;  // grows only
  std::shared_ptr<const Pack> text;   // what the pack says, of no traffic
};

// As of the end of a period. Keys hold the numbers of the enumerations named.
struct Figures {
  uint64_t periods = 0;       // published so far
  uint64_t published_at = 0;  // seconds since 1970; 0 before the first
  uint64_t next_at = 0;       // when the period under way ends
  uint64_t min_cell = 0;
  uint64_t period_seconds = 0;
  FrameTotals ip;               // decoded
  FrameTotals waiting;          // of them, in flows whose category is not decided yet
  CellCounters total;           // of all cells: what every table adds up to
  PublishedTable crossing;      // {Crossing}
  PublishedTable jurisdiction;  // {source, destination, Category}
  PublishedTable registered;    // {source's registered, destination's}
  PublishedTable operators;     // {source's operator home, destination's}
  PublishedTable zones;         // {ZoneNumber of source, of destination, Category}; without: empty
  PublishedTable registered_agreement;  // {Agreement}
  PublishedTable operator_agreement;    // {Agreement}
  PublishedTable category;              // {Category, Evidence}
  PublishedTable protection;            // {Protection}
  PublishedTable cells;    // {source, destination, Category, Role, Evidence, Protection}
  PublishedTable streams;  // {source, destination, Category, operator's home of the receiver}
  PublishedTable servers;  // {Category, operator's home of what answers}
  std::vector<PublishedPolicy> policies;
};

struct Publication {
  uint64_t number = 0;  // of publications; the figures change less often
  std::shared_ptr<const Figures> figures;
  // Oldest first, at most kMaxPublishedWindows. Never null.
  std::shared_ptr<const std::vector<PublishedWindow>> windows;
  bool own_windows = false;  // of event time; otherwise they are the times between publications
  Report statement;          // without cells, names, pairs and policies
  bool conserved = true;
  double collect_seconds = 0;  // that making this took
};

// The keys that have a series of their own; those of another run find room again.
struct Admission {
  std::vector<LedgerKey> jurisdiction;
  std::vector<LedgerKey> registered;
  std::vector<LedgerKey> operators;
  friend bool operator==(const Admission&, const Admission&) = default;
};

class Publisher {
 public:
  // `start`: seconds since 1970; figures appear when the period that it lies in has ended.
  Publisher(const PublisherOptions& options, uint64_t start);

  // Keeps room for the series of an earlier run. Before the first Publish.
  void Reserve(const Admission& admission);
  Admission Admitted() const;

  // Takes over a window of event time that has closed; from the first one on, windows are these.
  // `statement`: of the run. To be seen from the next Publish on.
  void AddWindow(const Window& window, const Report& statement);

  // Takes over a later report of the same run. `packs` are those in force: what was counted since
  // the last period is judged by them. Seconds since 1970; a clock that goes back ends no period.
  std::shared_ptr<const Publication> Publish(const Report& report, absl::Span<const Pack> packs,
                                             uint64_t now, double collect_seconds);
  // As Publish, with the last report of the run: the period under way ends now.
  std::shared_ptr<const Publication> Finish(const Report& report, absl::Span<const Pack> packs,
                                            uint64_t now);

 private:
  struct PolicyLedgers {
    Ledger verdicts;
    Ledger rules;
    std::vector<std::string> rule_ids;
  };

  void Keep(PublishedWindow window);
  PublishedWindow SinceLast(const Report& report, const Figures& figures);
  void EndPeriod(const Report& report, absl::Span<const Pack> packs, uint64_t now);
  PublishedPolicy Judge(const Pack& pack, const Report& report,
                        absl::Span<const PeriodCell> period);

  const PublisherOptions options_;
  uint64_t next_at_;
  uint64_t number_ = 0;
  uint64_t periods_ = 0;
  std::vector<CountedCell> before_;
  Ledger crossing_;
  Ledger jurisdiction_;
  Ledger registered_;
  Ledger operators_;
  Ledger zones_;
  Ledger registered_agreement_;
  Ledger operator_agreement_;
  Ledger category_;
  Ledger protection_;
  Ledger cells_;
  Ledger streams_;
  Ledger servers_;
  std::map<std::string, PolicyLedgers> policies_;  // by pack
  std::shared_ptr<const Figures> figures_;
  bool own_windows_ = false;
  uint64_t sequence_ = 0;                 // of the next window
  uint64_t last_end_ = 0;                 // of the last time between publications
  std::map<std::string, uint64_t> lost_;  // as of then
  std::shared_ptr<const std::vector<PublishedWindow>> windows_;
};

// All of a finished report at once, as of its last frame: unsuppressed, so for this machine only.
std::shared_ptr<const Publication> PublicationOfFinished(const Report& report,
                                                         absl::Span<const Pack> packs);

}  // namespace borderflow

#endif  // BORDERFLOW_COLLECTORS_PRIVACY_PUBLISHER_H_
