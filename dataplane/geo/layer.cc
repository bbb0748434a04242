#include "dataplane/geo/layer.h"

#include <algorithm>
#include <optional>

#include "dataplane/geo/embedded.h"

namespace borderflow {
namespace {

// The address after `address`; nullopt after the last of its family.
std::optional<IpAddress> After(const IpAddress& address, bool v4) {
  if (v4) {
    if (address.v4() == 0xffff'ffff) return std::nullopt;
    return IpAddress::FromV4(address.v4() + 1);
  }
  const uint64_t low = address.low + 1;
  const uint64_t high = address.high + (low == 0 ? 1 : 0);
  if (low == 0 && high == 0) return std::nullopt;
  return IpAddress{high, low};
}

bool IsV4(const Prefix& prefix) { return prefix.address.IsV4Mapped() && prefix.length >= 96; }

// Appends a step, or replaces the one that begins at the same address.
void AddStep(const IpAddress& first, bool v4, uint32_t record, GeoLayer* layer) {
  if (v4) {
    if (layer->v4.back().first == first.v4()) layer->v4.pop_back();
    layer->v4.push_back({first.v4(), record});
  } else {
    if (layer->v6.back().first == first) layer->v6.pop_back();
    layer->v6.push_back({first, record});
  }
}

}  // namespace

GeoLayer FlattenPrefixes(absl::Span<const LocatedPrefix> prefixes) {
  std::vector<const LocatedPrefix*> sorted;
  sorted.reserve(prefixes.size());
  for (const LocatedPrefix& prefix : prefixes) sorted.push_back(&prefix);
  std::stable_sort(sorted.begin(), sorted.end(), [](const auto* a, const auto* b) {
    if (a->prefix.address != b->prefix.address) return a->prefix.address < b->prefix.address;
    return a->prefix.length < b->prefix.length;
  });

  GeoLayer layer;
  for (const bool v4 : {true, false}) {
    struct Open {
      IpAddress last;
      uint32_t record;
    };
    std::vector<Open> open;  // prefixes around the place at hand, innermost last
    const auto close = [&] {
      const std::optional<IpAddress> after = After(open.back().last, v4);
      open.pop_back();
      if (after.has_value())
        AddStep(*after, v4, open.empty() ? kSilent : open.back().record, &layer);
    };
    for (const LocatedPrefix* located : sorted) {
      if (IsV4(located->prefix) != v4) continue;
      while (!open.empty() && open.back().last < located->prefix.address) close();
      const auto record = static_cast<uint32_t>(layer.records.size());
      layer.records.push_back(located->location);
      AddStep(located->prefix.address, v4, record, &layer);
      open.push_back({located->prefix.last(), record});
    }
    while (!open.empty()) close();
  }
  return layer;
}

LayerCursor::LayerCursor(const GeoLayer& layer, Family family) : layer_(layer), family_(family) {
  Enter();
  FindNext();
}

void LayerCursor::SkipTo(const IpAddress& address) {
  const auto v4_step = [this](uint32_t v4) {
    const auto after =
        std::upper_bound(layer_.v4.begin(), layer_.v4.end(), v4,
                         [](uint32_t wanted, const V4Step& step) { return wanted < step.first; });
    return static_cast<size_t>(after - layer_.v4.begin()) - 1;
  };
  if (family_ == Family::kV4) {
    v4_at_ = v4_step(address.v4());
    Enter();
  } else {
    const auto after = std::upper_bound(
        layer_.v6.begin(), layer_.v6.end(), address,
        [](const IpAddress& wanted, const V6Step& step) { return wanted < step.first; });
    v6_at_ = static_cast<size_t>(after - layer_.v6.begin()) - 1;
    Enter();
    if (in_alias_) {
      v4_at_ = v4_step(EmbeddedV4(address, layer_.v6[v6_at_].alias_depth));
      record_ = layer_.v4[v4_at_].record;
    }
  }
  FindNext();
}

// Takes over the step that v6_at_ (or v4_at_) has just reached.
void LayerCursor::Enter() {
  if (family_ == Family::kV6) {
    const V6Step& step = layer_.v6[v6_at_];
    in_alias_ = step.alias_depth >= 0;
    v4_at_ = 0;
    if (!in_alias_) {
      record_ = step.record;
      return;
    }
  }
  record_ = layer_.v4[v4_at_].record;
}

void LayerCursor::FindNext() {
  const bool more_v4 = v4_at_ + 1 < layer_.v4.size();
  if (family_ == Family::kV4) {
    last_ = !more_v4;
    if (more_v4) next_ = IpAddress::FromV4(layer_.v4[v4_at_ + 1].first);
    return;
  }
  if (in_alias_ && more_v4) {
    const V6Step& step = layer_.v6[v6_at_];
    next_ = Embed(step.first, step.alias_depth, layer_.v4[v4_at_ + 1].first);
    return;
  }
  last_ = v6_at_ + 1 == layer_.v6.size();
  if (!last_) next_ = layer_.v6[v6_at_ + 1].first;
}

void LayerCursor::AdvanceInV6() {
  if (in_alias_ && v4_at_ + 1 < layer_.v4.size()) {
    ++v4_at_;
    record_ = layer_.v4[v4_at_].record;
  } else {
    ++v6_at_;
    Enter();
  }
  FindNext();
}

}  // namespace borderflow
