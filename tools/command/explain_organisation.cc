#include "tools/command/explain_organisation.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "tools/command/geo_text.h"

namespace borderflow {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kIndent = 4;

struct Listing {
  const EntityList* list;
  const ListedOrganisation* member;
};

// In the order of the lists' names.
std::vector<Listing> ListingsOf(EntityId id, const Entities& entities) {
  std::vector<Listing> listings;
  for (const auto& [unused, list] : entities.lists()) {
    const auto member =
        std::find_if(list.members.begin(), list.members.end(),
                     [id](const ListedOrganisation& listed) { return listed.id == id; });
    if (member != list.members.end()) listings.push_back({&list, &*member});
  }
  return listings;
}

std::string StatusText(const Listing& listing) {
  const bool on = listing.list->Contains(listing.member->id);
  switch (listing.list->status) {
    case ListStatus::kInForce:
      return on ? "in force" : "in force, but no longer on it";
    case ListStatus::kEnded:
      return "ended: nobody is on it any more";
    case ListStatus::kCurated:
      return "curated, nobody's law";
    case ListStatus::kTemplate:
      break;
  }
  return "template: a start for an import of one's own";
}

std::string ListingText(const Listing& listing) {
  const EntityList& list = *listing.list;
  const ListedOrganisation& member = *listing.member;
  std::string text = absl::StrCat(
      list.id, ": ", list.title, "; ", list.authority, "; ", StatusText(listing), "; as of ",
      list.as_of, member.since.empty() ? std::string() : absl::StrCat("; since ", member.since),
      member.until.empty() ? std::string() : absl::StrCat("; until ", member.until));
  absl::StrAppend(&text, list.verified || member.verified ? "" : "; unverified",
                  member.note.empty() ? "" : "; ", member.note);
  return text;
}

Json OrNull(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

}  // namespace

OrganisationAnswer OrganisationOfName(std::string_view name, const Entities& entities) {
  const EntityId id = entities.ByName(name);
  if (id == kNoEntity) return {};
  // The shortest tail that still leads there is the suffix that tells.
  std::string_view suffix = name;
  for (size_t dot = suffix.find('.'); dot != std::string_view::npos; dot = suffix.find('.')) {
    const std::string_view shorter = suffix.substr(dot + 1);
    if (entities.ByName(shorter) != id) break;
    suffix = shorter;
  }
  return {entities.Find(id), "name", std::string(suffix)};
}

OrganisationAnswer OrganisationOfAddress(const IpAddress& address, uint32_t asn,
                                         const Entities& entities) {
  const absl::uint128 number = absl::MakeUint128(address.high, address.low);
  const EntityId by_prefix = entities.ByAddress(number);
  if (by_prefix != kNoEntity) {
    const std::optional<AddressPrefix> prefix = entities.PrefixOf(number);
    return {entities.Find(by_prefix), "prefix", prefix ? PrefixToText(*prefix) : std::string()};
  }
  const EntityId by_as = asn == 0 ? kNoEntity : entities.ByAs(asn);
  if (by_as == kNoEntity) return {};
  return {entities.Find(by_as), "as", absl::StrCat("AS", asn)};
}

void PrintOrganisation(const OrganisationAnswer& answer, const Entities& entities,
                       std::string_view otherwise, std::ostream& out) {
  const Organisation* of = answer.organisation;
  if (of == nullptr) {
    out << "  organisation none that is listed: " << otherwise << "\n";
    return;
  }
  out << absl::StrFormat("  organisation %s (%s), home %s; told by its %s %s\n", of->title,
                         of->name, std::string(Code(of->home)),
                         answer.told_by == "as" ? "network," : std::string(answer.told_by),
                         answer.what);
  out << Wrap(absl::StrCat("checked ", of->as_of, of->verified ? "" : ", unverified", ": ",
                           of->source, of->note.empty() ? "" : "; ", of->note),
              kIndent);
  const std::vector<Listing> listings = ListingsOf(of->id, entities);
  if (listings.empty()) out << Wrap("on no list", kIndent);
  for (const Listing& listing : listings) {
    out << Wrap(absl::StrCat("on ", ListingText(listing)), kIndent);
  }
}

Json OrganisationJson(const OrganisationAnswer& answer, const Entities& entities) {
  const Organisation* of = answer.organisation;
  if (of == nullptr) return nullptr;
  Json lists = Json::array();
  for (const Listing& listing : ListingsOf(of->id, entities)) {
    const EntityList& list = *listing.list;
    const ListedOrganisation& member = *listing.member;
    lists.push_back({{"list", list.id},
                     {"title", list.title},
                     {"authority", list.authority},
                     {"status", Name(list.status)},
                     {"as_of", list.as_of},
                     {"source", list.source},
                     {"on_it", list.Contains(of->id)},
                     {"since", OrNull(member.since)},
                     {"until", OrNull(member.until)},
                     {"note", OrNull(member.note)},
                     {"verified", list.verified || member.verified}});
  }
  return {
      {"name", of->name},         {"title", of->title},
      {"home", Code(of->home)},   {"told_by", {{"kind", answer.told_by}, {"what", answer.what}}},
      {"as_of", of->as_of},       {"source", of->source},
      {"note", OrNull(of->note)}, {"verified", of->verified},
      {"lists", std::move(lists)}};
}

}  // namespace borderflow
