#include "rules/jurisdiction/territory.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "rules/jurisdiction/code_table.h"

namespace borderflow {
namespace {

struct Territory {
  std::string_view code;
  std::string_view state;
};

constexpr Territory kTerritories[] = {
    {"AX", "FI"}, {"GP", "FR"}, {"MQ", "FR"}, {"GF", "FR"}, {"RE", "FR"},
    {"YT", "FR"}, {"MF", "FR"}, {"PR", "US"}, {"GU", "US"}, {"VI", "US"},
    {"AS", "US"}, {"MP", "US"}, {"UM", "US"}, {"SJ", "NO"},
};

constexpr std::array<uint8_t, kJurisdictions> BuildStates() {
  std::array<uint8_t, kJurisdictions> states{};
  for (size_t id = 0; id < states.size(); ++id) states[id] = static_cast<uint8_t>(id);
  for (const Territory& territory : kTerritories) {
    states[internal::IdOf(territory.code)] = internal::IdOf(territory.state);
  }
  return states;
}

constexpr std::array<uint8_t, kJurisdictions> kStates = BuildStates();

}  // namespace

Jurisdiction StateOf(Jurisdiction jurisdiction) {
  const auto id = static_cast<size_t>(jurisdiction);
  return id < kStates.size() ? static_cast<Jurisdiction>(kStates[id]) : jurisdiction;
}

}  // namespace borderflow
