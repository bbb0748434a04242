#include "collectors/report/read_report.h"

#include <array>
#include <cmath>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "collectors/report/policy_cells.h"
#include "rules/yaml/strict_yaml.h"

namespace borderflow {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kSchema = "borderflow.report/1";

// Where the reader stands: the keys that lead to a value, an empty one for an element of a list.
using KeyPath = std::vector<std::string>;
// A report nests five deep; more is not one.
constexpr size_t kDeepest = 32;

// The members of a cell, in the order of row_json.cc.
constexpr std::array<std::string_view, 19> kMembers = {
    "src",      "dst",           "src_registered", "dst_registered", "src_as",
    "dst_as",   "src_operator",  "dst_operator",   "role",           "category",
    "evidence", "confidence",    "protection",     "entity",         "frames",
    "bytes",    "payload_bytes", "flows",          "clients"};

// A cell on its way from JSON: each member is set once, by name.
struct CellInTheMaking {
  CellRow row;
  Jurisdiction source_operator = Jurisdiction::kUnknown;
  Jurisdiction destination_operator = Jurisdiction::kUnknown;
  uint32_t seen = 0;
};

std::optional<Evidence> EvidenceFromName(std::string_view name) {
  for (int i = 0; i < kEvidences; ++i) {
    if (Name(static_cast<Evidence>(i)) == name) return static_cast<Evidence>(i);
  }
  return std::nullopt;
}

std::optional<Protection> ProtectionFromName(std::string_view name) {
  for (const Protection p :
       {Protection::kUnknown, Protection::kCleartext, Protection::kEncrypted}) {
    if (Name(p) == name) return p;
  }
  return std::nullopt;
}

std::optional<Role> RoleFromName(std::string_view name) {
  for (const Role role : {Role::kInitiator, Role::kResponder}) {
    if (Name(role) == name) return role;
  }
  return std::nullopt;
}

template <typename T>
bool Assign(const std::optional<T>& value, T* member) {
  if (value.has_value()) *member = *value;
  return value.has_value();
}

// False when `member` is no text, or `text` no word that it can be.
bool SetText(std::string_view member, std::string_view text, CellInTheMaking* cell) {
  CellRow& row = cell->row;
  if (member == "src") return Assign(FromCode(text), &row.source.location);
  if (member == "dst") return Assign(FromCode(text), &row.destination.location);
  if (member == "src_registered") return Assign(FromCode(text), &row.source.registered);
  if (member == "dst_registered") return Assign(FromCode(text), &row.destination.registered);
  if (member == "src_operator") return Assign(FromCode(text), &cell->source_operator);
  if (member == "dst_operator") return Assign(FromCode(text), &cell->destination_operator);
  if (member == "role") return Assign(RoleFromName(text), &row.role);
  if (member == "category") return Assign(CategoryFromCode(text), &row.category);
  if (member == "evidence") return Assign(EvidenceFromName(text), &row.evidence);
  if (member == "protection") return Assign(ProtectionFromName(text), &row.protection);
  return false;
}

template <typename T>
bool AssignCount(uint64_t value, T* member) {
  if (value > std::numeric_limits<T>::max()) return false;
  *member = static_cast<T>(value);
  return true;
}

// False when `member` is no count, or `value` more than it can hold.
bool SetCount(std::string_view member, uint64_t value, CellInTheMaking* cell) {
  CellRow& row = cell->row;
  if (member == "src_as") return AssignCount(value, &row.source.asn);
  if (member == "dst_as") return AssignCount(value, &row.destination.asn);
  if (member == "entity") return AssignCount(value, &row.entity);
  if (member == "frames") return AssignCount(value, &row.counters.frames);
  if (member == "bytes") return AssignCount(value, &row.counters.bytes);
  if (member == "payload_bytes") return AssignCount(value, &row.counters.payload_bytes);
  if (member == "flows") return AssignCount(value, &row.counters.flows);
  if (member == "clients_at_most") return AssignCount(value, &row.clients_at_most);
  if (member == "clients") return AssignCount(value, &row.clients);
  return false;
}

// A share of 0 to 1 as percent.
bool SetShare(std::string_view member, double value, CellInTheMaking* cell) {
  if (member != "confidence" || !(value >= 0 && value <= 1)) return false;
  cell->row.confidence = static_cast<uint8_t>(std::lround(value * 100));
  return true;
}

std::optional<uint64_t> ParseTime(const std::string& text) {
  absl::Time time;
  std::string unused;
  if (!absl::ParseTime(absl::RFC3339_full, text, &time, &unused)) return std::nullopt;
  if (time < absl::UnixEpoch()) return std::nullopt;
  return static_cast<uint64_t>(absl::ToUnixNanos(time));
}

// Receives the report value by value, so that a cell needs no memory but its own.
class ReportReader : public nlohmann::json_sax<Json> {
 public:
  ReportReader(std::string_view name, const Entities& entities)
      : name_(name), entities_(entities) {}

  absl::StatusOr<StoredReport> Finish() {
    if (!status_.ok()) return status_;
    if (!schema_seen_) return Wrong("this is no report of borderflow: it has no \"schema\"");
    if (!cells_seen_) return Wrong("the report has no \"cells\"");
    ForgetUnlikeEntities();
    return std::move(report_);
  }

  bool null() override {
    return Value([](std::string_view) { return false; }, "null", Text(nullptr));
  }
  bool boolean(bool) override {
    return Value([](std::string_view) { return false; }, "a boolean", Text(nullptr));
  }
  bool number_integer(number_integer_t value) override {
    // Unsigned numbers come by number_unsigned.
    return Value([](std::string_view) { return false; }, absl::StrCat(value), Text(nullptr));
  }
  bool number_unsigned(number_unsigned_t value) override {
    return Value(
        [&](std::string_view member) {
          return member == "confidence" ? SetShare(member, static_cast<double>(value), &cell_)
                                        : SetCount(member, value, &cell_);
        },
        absl::StrCat(value), Text(nullptr));
  }
  bool number_float(number_float_t value, const string_t& text) override {
    return Value([&](std::string_view member) { return SetShare(member, value, &cell_); }, text,
                 Text(nullptr));
  }
  bool string(string_t& text) override {
    return Value([&](std::string_view member) { return SetText(member, text, &cell_); },
                 Quoted(text), Text(&text));
  }
  bool binary(binary_t&) override { return Stop("binary values are not JSON"); }

  bool start_object(std::size_t) override { return Open(true); }
  bool key(string_t& key) override {
    path_.back() = key;
    return true;
  }
  bool end_object() override {
    path_.pop_back();
    if (AtCell()) return EndCell();
    return true;
  }
  bool start_array(std::size_t) override { return Open(false); }
  bool end_array() override {
    path_.pop_back();
    return true;
  }
  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::detail::exception&) override {
    return Stop(absl::StrFormat("no JSON at byte %d; is the report whole?", position));
  }

 private:
  using Text = const std::string*;

  absl::Status Wrong(std::string_view what) const {
    return absl::InvalidArgumentError(absl::StrCat(name_, ": ", std::string(what)));
  }
  bool Stop(std::string_view what) {
    if (status_.ok()) status_ = Wrong(what);
    return false;
  }
  std::string CellPlace() const { return absl::StrFormat("cells[%d]", report_.cells.size()); }

  // In the list of cells, outside any of them.
  bool AtCell() const { return path_.size() == 2 && path_[0] == "cells"; }

  bool Open(bool object) {
    if (path_.size() >= kDeepest) return Stop("nested too deep for a report");
    if (path_.size() == 1 && path_[0] == "cells") {
      if (object) return Stop("\"cells\" must be a list");
      if (cells_seen_) return Stop("\"cells\" stands twice");
      cells_seen_ = true;
    }
    if (AtCell()) {
      if (!object) return Stop(CellPlace() + " must be an object");
      cell_ = CellInTheMaking();
    }
    if (path_.size() > 2 && path_[0] == "cells") {
      return Stop(absl::StrCat(CellPlace(), ".", path_.back(), " must be a plain value"));
    }
    path_.emplace_back();
    return true;
  }

  // One value of a cell by `set`, or one of the few others that are wanted.
  template <typename Set>
  bool Value(const Set& set, const std::string& found, Text text) {
    if (AtCell()) return Stop(CellPlace() + " must be an object");
    if (path_.size() == 3 && path_[0] == "cells") return Member(set, found);
    if (path_.size() == 1 && path_[0] == "schema") return Schema(found, text);
    if (text == nullptr) return true;
    if (path_.size() == 3 && path_[0] == "provenance" && path_[1] == "digests" &&
        path_[2] == "entities") {
      entities_digest_ = *text;
    }
    if (path_.size() != 2) return true;
    if (path_[0] == "provenance" && path_[1] == "command") report_.command = *text;
    if (path_[0] == "provenance" && path_[1] == "vantage") report_.vantage = *text;
    if (path_[0] == "capture" && path_[1] == "first") return Time(*text, &report_.first_time_ns);
    if (path_[0] == "capture" && path_[1] == "last") return Time(*text, &report_.last_time_ns);
    return true;
  }

  template <typename Set>
  bool Member(const Set& set, const std::string& found) {
    const std::string& name = path_[2];
    if (name == "clients_at_most" && !set(name)) {  // only where clients are an interval
      return Stop(absl::StrCat(CellPlace(), ".", name, " cannot be ", found));
    }
    for (size_t i = 0; i < kMembers.size(); ++i) {
      if (kMembers[i] != name) continue;
      if (!set(name)) {
        return Stop(absl::StrCat(CellPlace(), ".", name, " cannot be ", found));
      }
      if ((cell_.seen & 1u << i) != 0) {
        return Stop(absl::StrCat(CellPlace(), ".", name, " stands twice"));
      }
      cell_.seen |= 1u << i;
      return true;
    }
    return true;  // of a later version
  }

  bool EndCell() {
    for (size_t i = 0; i < kMembers.size(); ++i) {
      if ((cell_.seen & 1u << i) == 0) {
        return Stop(absl::StrCat(CellPlace(), " has no \"", std::string(kMembers[i]), "\""));
      }
    }
    report_.rows.push_back(cell_.row);
    PolicyCell cell = ToPolicyCell(cell_.row, entities_);
    if (cell_.row.entity != kNoEntity) {
      cell_.row.entity = kNoEntity;
      named_.emplace_back(report_.cells.size(), ToPolicyCell(cell_.row, entities_));
    }
    // As the report has it: the table of operators may have changed since.
    cell.source.operator_home = cell_.source_operator;
    cell.destination.operator_home = cell_.destination_operator;
    report_.cells.push_back(cell);
    return true;
  }

  // Organisations are numbered by the lists that the report was made with.
  void ForgetUnlikeEntities() {
    if (named_.empty() || entities_digest_ == entities_.digest()) return;
    for (const auto& [at, by_as] : named_) {
      report_.cells[at].source.entity = by_as.source.entity;
      report_.cells[at].destination.entity = by_as.destination.entity;
    }
    report_.note =
        absl::StrCat(name_, ": made with other entity lists than these: in ", named_.size(),
                     " cells, where a name or prefix told the organisation, only the AS does now; "
                     "give the run's "
                     "own lists with --entities, or make the report again");
  }

  bool Schema(const std::string& found, Text text) {
    schema_seen_ = true;
    if (text != nullptr && *text == kSchema) return true;
    return Stop(absl::StrCat("\"schema\" is ", found, ", expected \"", std::string(kSchema),
                             "\": make the report again with this borderflow"));
  }

  bool Time(const std::string& text, uint64_t* time) {
    const std::optional<uint64_t> parsed = ParseTime(text);
    if (!parsed.has_value()) {
      return Stop(absl::StrCat(path_[0], ".", path_[1], " is no time: ", Quoted(text)));
    }
    *time = *parsed;
    return true;
  }

  std::string name_;
  const Entities& entities_;
  std::string entities_digest_;  // of the report
  // Cells whose organisation a name told, by position, as they are by AS alone.
  std::vector<std::pair<size_t, PolicyCell>> named_;
  absl::Status status_;
  StoredReport report_;
  KeyPath path_;  // one entry an open object or list; its last key
  CellInTheMaking cell_;
  bool schema_seen_ = false;
  bool cells_seen_ = false;
};

}  // namespace

absl::StatusOr<StoredReport> ReadReport(std::istream& input, std::string_view name,
                                        const Entities& entities) {
  ReportReader reader(name, entities);
  // The library throws where the handler is not asked, such as on input that fails midway.
  try {
    Json::sax_parse(input, &reader);
  } catch (const std::exception& error) {
    return absl::InvalidArgumentError(absl::StrCat(std::string(name), ": ", error.what()));
  }
  return reader.Finish();
}

absl::StatusOr<StoredReport> ReadReportFile(const std::string& path, const Entities& entities) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return absl::NotFoundError(
        absl::StrCat(path, ": cannot be opened; `borderflow replay --json FILE` writes a report"));
  }
  return ReadReport(file, path, entities);
}

}  // namespace borderflow
