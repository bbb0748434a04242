#include "tools/generator/truth.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"

namespace borderflow::generator {
namespace {

using Json = nlohmann::ordered_json;

std::string_view Name(NameKind kind) {
  switch (kind) {
    case NameKind::kTls:
      return "tls";
    case NameKind::kQuic:
      return "quic";
    case NameKind::kHttp:
      return "http";
    case NameKind::kDns:
      return "dns";
    case NameKind::kByDns:
      return "by_dns";
  }
  return "";
}

Json FramesAndBytes(const CellCounters& counters) {
  return {{"frames", counters.frames}, {"bytes", counters.bytes}};
}

void AddCounters(const CellCounters& counters, Json* object) {
  (*object)["frames"] = counters.frames;
  (*object)["bytes"] = counters.bytes;
  (*object)["payload_bytes"] = counters.payload_bytes;
  (*object)["flows"] = counters.flows;
}

void AddExpectation(const Expectation& expects, Json* object) {
  (*object)["category"] = Code(expects.category);
  (*object)["evidence"] = borderflow::Name(expects.evidence);
  (*object)["protection"] = borderflow::Name(expects.protection);
}

}  // namespace

Truth::Account Truth::OpenFlow(const FlowDescription& flow) {
  const Account account = Turn(flow);
  ++account.by_role[0]->flows;
  ++account.application->flows;
  ++flows_;
  return account;
}

Truth::Account Truth::Turn(const FlowDescription& flow) {
  Account account;
  account.by_role[0] = &cells_[{flow.initiator, flow.responder, Role::kInitiator, flow.expects}];
  account.by_role[1] = &cells_[{flow.responder, flow.initiator, Role::kResponder, flow.expects}];
  account.application = &applications_[{std::string(flow.application), flow.expects}];
  return account;
}

void Truth::CountIp(const Account& account, Role role, uint32_t bytes, uint32_t payload_bytes,
                    uint64_t time_ns) {
  const CellCounters one{.frames = 1, .bytes = bytes, .payload_bytes = payload_bytes, .flows = 0};
  *account.by_role[static_cast<size_t>(role)] += one;
  *account.application += one;
  ip_ += one;
  Span(time_ns);
}

void Truth::CountNonIp(uint32_t bytes, uint64_t time_ns) {
  non_ip_ += {.frames = 1, .bytes = bytes, .payload_bytes = 0, .flows = 0};
  Span(time_ns);
}

void Truth::CountMalformed(uint32_t bytes, uint64_t time_ns) {
  malformed_ += {.frames = 1, .bytes = bytes, .payload_bytes = 0, .flows = 0};
  Span(time_ns);
}

void Truth::CountName(NameKind kind, std::string_view name, uint64_t messages) {
  NameCount& count = names_[{std::string(name), kind}];
  ++count.flows;
  count.messages += messages;
}

void Truth::CountNameAgain(NameKind kind, std::string_view name) {
  ++names_[{std::string(name), kind}].messages;
}

void Truth::Span(uint64_t time_ns) {
  first_ns_ = std::min(first_ns_, time_ns);
  last_ns_ = std::max(last_ns_, time_ns);
}

std::string Truth::ToJson(const std::map<std::string, std::string>& parameters,
                          const Blocks& blocks) const {
  Json root;
  root["schema"] = "borderflow.truth/1";
  root["parameters"] = parameters;
  root["counted"] = {{"tunnel", "inner"}, {"home", nullptr}, {"geography", "overrides"}};
  root["totals"] = {{"frames", frames()},
                    {"bytes", bytes()},
                    {"ip", FramesAndBytes(ip_)},
                    {"non_ip", FramesAndBytes(non_ip_)},
                    {"malformed", FramesAndBytes(malformed_)},
                    {"flows", flows_},
                    {"first_ns", first_ns_},
                    {"last_ns", last_ns_}};

  std::map<std::pair<Jurisdiction, Jurisdiction>, CellCounters> pairs;
  Json cells = Json::array();
  for (const auto& [key, counters] : cells_) {
    if (counters == CellCounters{}) continue;
    pairs[{key.source, key.destination}] += counters;
    Json cell = {{"src", Code(key.source)},
                 {"dst", Code(key.destination)},
                 {"role", key.role == Role::kInitiator ? "initiator" : "responder"}};
    AddExpectation(key.expects, &cell);
    AddCounters(counters, &cell);
    cells.push_back(std::move(cell));
  }
  root["pairs"] = Json::array();
  for (const auto& [key, counters] : pairs) {
    root["pairs"].push_back({{"src", Code(key.first)},
                             {"dst", Code(key.second)},
                             {"frames", counters.frames},
                             {"bytes", counters.bytes},
                             {"flows", counters.flows}});
  }
  root["cells"] = std::move(cells);

  root["names"] = Json::array();
  for (const auto& [key, count] : names_) {
    root["names"].push_back({{"name", key.first},
                             {"from", Name(key.second)},
                             {"flows", count.flows},
                             {"messages", count.messages}});
  }
  root["applications"] = Json::array();
  for (const auto& [key, counters] : applications_) {
    Json application = {{"application", key.first},
                        {"expects", borderflow::Name(key.second.evidence)}};
    AddExpectation(key.second, &application);
    AddCounters(counters, &application);
    root["applications"].push_back(std::move(application));
  }
  root["blocks"] = Json::array();
  for (const Block& block : blocks.all()) {
    root["blocks"].push_back(
        {{"prefix", ToString(block.prefix)}, {"intended", Code(block.jurisdiction)}});
  }
  return absl::StrCat(root.dump(1), "\n");
}

std::string OverridesCsv(const Blocks& blocks) {
  std::string csv = "# prefix,location: the places that the generator intends\n";
  for (const Block& block : blocks.all()) {
    absl::StrAppend(&csv, ToString(block.prefix), ",", std::string(Code(block.jurisdiction)), "\n");
  }
  return csv;
}

}  // namespace borderflow::generator
