// `borderflow geo diff A B`: on what share of addresses and ranges two databases disagree, and
// where.
#include <CLI/CLI.hpp>
#include <memory>

#include "absl/strings/str_format.h"
#include "tools/command/geo.h"
#include "tools/command/geo_compare.h"
#include "tools/command/geo_databases.h"
#include "tools/command/geo_text.h"

namespace borderflow {
namespace {

constexpr size_t kPairsShown = 10;

struct DiffOptions {
  std::string a;
  std::string b;
  std::string json;
};

void PrintFamily(const char* family, const char* unit, const FamilyDiff& diff, std::ostream& out) {
  const SpaceCount both = diff.agree + diff.disagree;
  const SpaceCount any = both + diff.only_a + diff.only_b;
  const auto line = [&](const char* name, const SpaceCount& part, const SpaceCount& whole) {
    out << absl::StrFormat(
        "  %-28s %18s %-9s %8s    %9s ranges %8s\n", name, Thousands(part.Units()), unit,
        Percent(part.units, whole.units), Thousands(part.ranges),
        Percent(static_cast<double>(part.ranges), static_cast<double>(whole.ranges)));
  };
  out << family << "\n";
  line("located by either", any, any);
  line("located by both", both, any);
  line("  and they disagree", diff.disagree, both);
  line("located by A alone", diff.only_a, any);
  line("located by B alone", diff.only_b, any);
  size_t shown = 0;
  for (const PairDiff& pair : diff.pairs) {
    if (shown++ == kPairsShown) break;
    line(absl::StrFormat("    %s in A, %s in B", std::string(Code(pair.a)),
                         std::string(Code(pair.b)))
             .c_str(),
         pair.count, diff.disagree);
  }
  if (diff.pairs.size() > kPairsShown) {
    out << absl::StrFormat("    and %d further pairs (all in --json)\n",
                           diff.pairs.size() - kPairsShown);
  }
}

nlohmann::ordered_json Json(const SpaceCount& count, const char* unit) {
  return {{unit, count.Units()}, {"ranges", count.ranges}};
}

nlohmann::ordered_json Json(const FamilyDiff& diff, const char* unit) {
  nlohmann::ordered_json pairs = nlohmann::ordered_json::array();
  for (const PairDiff& pair : diff.pairs) {
    nlohmann::ordered_json entry = {{"a", Code(pair.a)}, {"b", Code(pair.b)}};
    entry.update(Json(pair.count, unit));
    pairs.push_back(std::move(entry));
  }
  const SpaceCount both = diff.agree + diff.disagree;
  return {{"agree", Json(diff.agree, unit)},
          {"disagree", Json(diff.disagree, unit)},
          {"only_a", Json(diff.only_a, unit)},
          {"only_b", Json(diff.only_b, unit)},
          {"disagree_share", both.units > 0 ? diff.disagree.units / both.units : 0.0},
          {"pairs", std::move(pairs)}};
}

nlohmann::ordered_json Json(const GeoFile& file) {
  return {{"path", file.path},
          {"type", file.type},
          {"basis", Name(file.basis)},
          {"build_time", file.build_time},
          {"sha256", file.sha256}};
}

absl::Status Diff(const DiffOptions& options) {
  absl::StatusOr<Database> a = OpenDatabase(options.a);
  if (!a.ok()) return a.status();
  absl::StatusOr<Database> b = OpenDatabase(options.b);
  if (!b.ok()) return b.status();
  const DatabaseDiff diff = CompareLocations(a->layer, b->layer);

  std::ostream& out = ForPeople(options.json);
  out << "A  " << a->file.path << "\n   " << LensLine(a->file) << "\n";
  out << "B  " << b->file.path << "\n   " << LensLine(b->file) << "\n";
  out << "compared by location alone, and neither is the truth. A range is a stretch of addresses\n"
         "on which both answers stay the same. Shares are of what either locates; those of the\n"
         "disagreement are of what both locate, and those of its pairs of the disagreement.\n";
  PrintFamily("IPv4", "addresses", diff.v4, out);
  PrintFamily("IPv6", "/48s", diff.v6, out);
  if (options.json.empty()) return absl::OkStatus();
  return WriteJson({{"a", Json(a->file)},
                    {"b", Json(b->file)},
                    {"ipv4", Json(diff.v4, "addresses")},
                    {"ipv6", Json(diff.v6, "networks48")}},
                   options.json);
}

}  // namespace

void AddGeoDiff(CLI::App& geo, int* exit_code) {
  auto options = std::make_shared<DiffOptions>();
  CLI::App* diff = geo.add_subcommand(
      "diff", "On what share of addresses and ranges two databases disagree, and where");
  diff->add_option("A", options->a, "An MMDB")->required();
  diff->add_option("B", options->b, "Another MMDB")->required();
  diff->add_option("--json", options->json, "Write JSON to a file ('-': standard output)");
  diff->callback([options, exit_code] {
    const absl::Status status = Diff(*options);
    *exit_code = status.ok() ? kExitDone : Fail(status);
  });
}

}  // namespace borderflow
