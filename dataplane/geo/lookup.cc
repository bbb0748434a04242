#include "dataplane/geo/lookup.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "dataplane/geo/database_lookup.h"
#include "dataplane/geo/overrides.h"
#include "dataplane/geo/read_file.h"
#include "dataplane/geo/sites.h"
#include "dataplane/geo/special_purpose.h"

namespace borderflow {
namespace {

bool Covers(const Prefix& prefix, const IpAddress& address) {
  const bool v4 = prefix.address.IsV4Mapped() && prefix.length >= 96;
  return v4 == address.IsV4Mapped() && prefix.address <= address && address <= prefix.last();
}

SourceAnswer AnswerOf(GeoSource layer, std::string source) {
  SourceAnswer answer;
  answer.layer = layer;
  answer.source = std::move(source);
  return answer;
}

struct OverridesFile {
  std::string path;
  Overrides overrides;
};

absl::StatusOr<OverridesFile> ReadOverrides(const std::string& path) {
  absl::StatusOr<HugeVector<uint8_t>> bytes = ReadWholeFile(path, kLargestOverrides);
  if (!bytes.ok()) return bytes.status();
  const std::string_view text(reinterpret_cast<const char*>(bytes->data()), bytes->size());
  absl::StatusOr<Overrides> overrides = ParseOverrides(text, path);
  if (!overrides.ok()) return overrides.status();
  return OverridesFile{path, *std::move(overrides)};
}

SourceAnswer AskOverrides(const OverridesFile& file, const IpAddress& address) {
  SourceAnswer answer = AnswerOf(GeoSource::kOverride, file.path);
  const Override* longest = nullptr;
  for (const Override& line : file.overrides.lines) {
    if (!Covers(line.located.prefix, address)) continue;
    if (longest == nullptr || line.located.prefix.length > longest->located.prefix.length) {
      longest = &line;
    }
  }
  if (longest == nullptr) return answer;
  const Location& location = longest->located.location;
  answer.network = PrefixText(longest->located.prefix);
  answer.detail = absl::StrCat("line ", longest->line);
  answer.location = location.location;
  answer.code = std::string(Code(location.location));
  if (location.registered != Jurisdiction::kUnknown) answer.registered = location.registered;
  if (location.asn != 0) answer.asn = location.asn;
  return answer;
}

SourceAnswer AskSites(const std::vector<SitePrefix>& sites, const IpAddress& address) {
  SourceAnswer answer = AnswerOf(GeoSource::kSite, "--site");
  const SitePrefix* longest = nullptr;
  for (const SitePrefix& site : sites) {
    if (!Covers(site.prefix, address)) continue;
    if (longest == nullptr || site.prefix.length > longest->prefix.length) longest = &site;
  }
  if (longest == nullptr) return answer;
  answer.network = PrefixText(longest->prefix);
  answer.location = longest->jurisdiction;
  answer.code = std::string(Code(longest->jurisdiction));
  return answer;
}

SourceAnswer AskRegistry(std::optional<Jurisdiction> home, const IpAddress& address) {
  SourceAnswer answer = AnswerOf(GeoSource::kSpecial, "IANA special-purpose registry");
  const SpecialBlock* block = FindSpecialBlock(address);
  if (block == nullptr) return answer;
  answer.network = std::string(block->prefix);
  answer.detail = absl::StrCat(std::string(block->name), " (", std::string(block->source), ")");
  const Location location = SpecialLocation(*block, home);
  if (location.source == GeoSource::kNone) {
    absl::StrAppend(&answer.detail, ", follows the databases");
    return answer;
  }
  if (location.source == GeoSource::kHome) answer.source = "--home";
  answer.layer = location.source;
  answer.location = location.location;
  answer.code = std::string(Code(location.location));
  return answer;
}

// Marks the answer that decides `location`, as Geography combines them. `answers` are in order of
// precedence.
void MarkWinner(bool anycast_from_database, std::vector<SourceAnswer>* answers) {
  SourceAnswer* first_known = nullptr;
  SourceAnswer* first_flags = nullptr;
  for (SourceAnswer& answer : *answers) {
    if (answer.layer != GeoSource::kDatabase) {
      if (!answer.location.has_value()) continue;
      answer.won = true;
      return;
    }
    if (first_known == nullptr &&
        answer.location.value_or(Jurisdiction::kUnknown) != Jurisdiction::kUnknown) {
      first_known = &answer;
    }
    if (first_flags == nullptr && answer.flags != 0) first_flags = &answer;
  }
  if (first_flags != nullptr && (first_flags->flags & kFlagAnycast) != 0 &&
      !anycast_from_database) {
    first_flags->layer = GeoSource::kAnycast;
    first_flags->won = true;
  } else if (first_known != nullptr) {
    first_known->won = true;
  }
}

}  // namespace

struct AddressExplainer::Sources {
  std::vector<OverridesFile> overrides;
  std::vector<SitePrefix> sites;
  std::optional<Jurisdiction> home;
  bool anycast_from_database = false;
  std::vector<DatabaseLookup> databases;
};

AddressExplainer::AddressExplainer(std::unique_ptr<Sources> sources)
    : sources_(std::move(sources)) {}
AddressExplainer::AddressExplainer(AddressExplainer&&) noexcept = default;
AddressExplainer& AddressExplainer::operator=(AddressExplainer&&) noexcept = default;
AddressExplainer::~AddressExplainer() = default;

absl::StatusOr<AddressExplainer> AddressExplainer::Open(const GeographyOptions& options) {
  auto sources = std::make_unique<Sources>();
  for (const std::string& path : options.overrides) {
    absl::StatusOr<OverridesFile> file = ReadOverrides(path);
    if (!file.ok()) return file.status();
    sources->overrides.push_back(*std::move(file));
  }
  if (absl::StatusOr<GeoLayer> checked = SiteLayer(options.sites); !checked.ok()) {
    return checked.status();
  }
  sources->sites = options.sites;
  sources->home = options.home;
  sources->anycast_from_database = options.anycast_from_database;
  for (const std::string& path : options.databases) {
    const auto custom = options.country_paths.find(path);
    absl::StatusOr<DatabaseLookup> database = DatabaseLookup::Open(
        path, custom == options.country_paths.end() ? std::string() : custom->second);
    if (!database.ok()) return database.status();
    sources->databases.push_back(*std::move(database));
  }
  return AddressExplainer(std::move(sources));
}

absl::StatusOr<std::vector<SourceAnswer>> AddressExplainer::Explain(
    const IpAddress& address) const {
  std::vector<SourceAnswer> answers;
  for (const OverridesFile& file : sources_->overrides) {
    answers.push_back(AskOverrides(file, address));
  }
  if (!sources_->sites.empty()) answers.push_back(AskSites(sources_->sites, address));
  answers.push_back(AskRegistry(sources_->home, address));
  for (const DatabaseLookup& database : sources_->databases) {
    absl::StatusOr<SourceAnswer> answer = database.Ask(address);
    if (!answer.ok()) return answer.status();
    answers.push_back(*std::move(answer));
  }
  MarkWinner(sources_->anycast_from_database, &answers);
  return answers;
}

absl::StatusOr<std::vector<SourceAnswer>> ExplainAddress(const GeographyOptions& options,
                                                         const IpAddress& address) {
  absl::StatusOr<AddressExplainer> explainer = AddressExplainer::Open(options);
  if (!explainer.ok()) return explainer.status();
  return explainer->Explain(address);
}

}  // namespace borderflow
