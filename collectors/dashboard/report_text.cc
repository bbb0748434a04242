#include "collectors/dashboard/report_text.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "collectors/report/text.h"

namespace borderflow {
namespace {

constexpr size_t kPairRows = 100;
constexpr size_t kLensRows = 30;
constexpr size_t kCellRows = 100;
constexpr size_t kNameRows = 200;
constexpr size_t kNameBytes = 100;
constexpr size_t kWindowRows = 200;

std::string NameOf(const ViewJson& view, const std::string& code) {
  const std::string name =
      TextAt(MemberAt(MemberAt(view, "labels"), "jurisdictions"), code.c_str());
  return name.empty() || name == code ? code : absl::StrCat(code, " ", name);
}

PolicySum SumAt(const ViewJson& counts) {
  return {NumberAt(counts, "frames"), NumberAt(counts, "bytes"), NumberAt(counts, "flows")};
}

// Rows of a table as far as `most`, then a row for the rest, what was suppressed, and the total.
// `begin` gives the texts before the counts.
template <typename Begin>
void CountedRows(const ViewJson& rows, const ViewJson& other, const ViewJson& suppressed,
                 const ViewJson& total, size_t most, const Begin& begin, size_t leading,
                 HtmlWriter* out) {
  const uint64_t whole = NumberAt(total, "bytes");
  PolicySum rest = SumAt(other);
  const auto counted = [&](std::string title, const ViewJson& counts) {
    std::vector<std::string> texts = {std::move(title)};
    texts.resize(leading);
    AppendCounts(counts, whole, &texts);
    out->Row(texts);
  };
  size_t i = 0;
  for (const ViewJson& row : rows) {
    if (i++ >= most) {
      rest += SumAt(row);
      continue;
    }
    std::vector<std::string> texts = begin(row);
    AppendCounts(row, whole, &texts);
    out->Row(texts);
  }
  if (rest != PolicySum{}) counted("all others", ViewCounts(rest));
  if (!suppressed.is_null()) counted("suppressed: too few people", suppressed);
  counted("total", total);
}

void WriteCrossing(const ViewJson& view, HtmlWriter* out) {
  static constexpr std::pair<const char*, const char*> kWords[] = {
      {"domestic", "stays in one jurisdiction"},
      {"intra_zone", "crosses within a zone"},
      {"cross_border", "crosses a border"},
      {"undetermined", "cannot be told"},
      {"suppressed", "suppressed: too few people"}};
  out->BeginSection();
  out->Heading("What crosses a border");
  out->BeginTable(
      "By location: where the database believes an address is",
      {{"crossing"}, {"share", true}, {"frames", true}, {"bytes", true}, {"flows", true}});
  const ViewJson& crossing = MemberAt(view, "crossing");
  const uint64_t whole = NumberAt(MemberAt(view, "total"), "bytes");
  for (const auto& [key, words] : kWords) {
    const ViewJson& counts = MemberAt(crossing, key);
    if (counts.is_null()) continue;
    std::vector<std::string> row = {words};
    AppendCounts(counts, whole, &row);
    out->Row(row);
  }
  std::vector<std::string> total = {"total: every IP frame"};
  AppendCounts(MemberAt(view, "total"), whole, &total);
  out->Row(total);
  out->EndTable();
  const ViewJson& coverage = MemberAt(view, "coverage");
  if (coverage.is_object()) {
    out->Subheading("How sure, as shares of bytes");
    out->BeginFacts();
    out->Fact("both ends located", ShareText(coverage, "located"));
    out->Fact("a name was seen", ShareText(coverage, "named"));
    out->Fact("kind of data known", ShareText(coverage, "classified"));
    out->Fact("by content or protocol (L)", ShareText(coverage, "L"));
    out->Fact("with names (M)", ShareText(coverage, "M"));
    out->Fact("with operators and ports (U)", ShareText(coverage, "U"));
    out->EndFacts();
  }
  out->EndSection();
}

void WritePairs(const ViewJson& view, HtmlWriter* out) {
  static constexpr std::pair<const char*, const char*> kLensWords[] = {
      {"location", "by location: where the database believes an address is"},
      {"registered", "by registration: where the block of addresses is registered"},
      {"operator", "by operator: the home of the organisation behind the AS number"}};
  out->BeginSection();
  out->Heading("From where to where");
  for (const auto& [lens, words] : kLensWords) {
    const ViewJson& of = MemberAt(MemberAt(view, "lenses"), lens);
    if (!of.is_object()) {
      out->Note(absl::StrCat("Not measured ", words, "."));
      continue;
    }
    out->BeginTable(
        absl::StrCat("Pairs ", words, "; both ends known on ", ShareText(of, "known"), " of bytes"),
        {{"sender"},
         {"receiver"},
         {"share", true},
         {"frames", true},
         {"bytes", true},
         {"flows", true}});
    const bool first = std::string_view(lens) == "location";
    CountedRows(
        MemberAt(of, "pairs"), MemberAt(of, "other"), MemberAt(of, "suppressed"),
        MemberAt(view, "total"), first ? kPairRows : kLensRows,
        [&view](const ViewJson& row) {
          return std::vector<std::string>{NameOf(view, TextAt(row, "src")),
                                          NameOf(view, TextAt(row, "dst"))};
        },
        2, out);
    out->EndTable();
  }
  const ViewJson& disagreement = MemberAt(view, "disagreement");
  for (const char* lens : {"registered", "operator"}) {
    const ViewJson& of = MemberAt(disagreement, lens);
    const uint64_t comparable = NumberAt(of, "comparable_bytes");
    if (comparable == 0) continue;
    out->Note(absl::StrCat("The receiver's ", lens, " jurisdiction differs from its location on ",
                           Percent(NumberAt(of, "bytes"), comparable), " of the ",
                           Bytes(comparable), " where both are known."));
  }
  out->EndSection();
}

void WriteCategories(const ViewJson& view, HtmlWriter* out) {
  out->BeginSection();
  out->Heading("Of what kind");
  out->BeginTable("By category of data", {{"category"},
                                          {"what it is"},
                                          {"share", true},
                                          {"frames", true},
                                          {"bytes", true},
                                          {"flows", true}});
  const ViewJson& other = MemberAt(view, "categories_other");
  CountedRows(
      MemberAt(view, "categories"), other, MemberAt(view, "categories_suppressed"),
      MemberAt(view, "total"), kCategories,
      [](const ViewJson& row) {
        return std::vector<std::string>{TextAt(row, "category"), TextAt(row, "label")};
      },
      2, out);
  out->EndTable();
  out->EndSection();
}

void WriteNames(const ViewJson& view, HtmlWriter* out) {
  const ViewJson& names = MemberAt(view, "names");
  if (!names.is_array()) return;
  out->BeginSection();
  out->Heading("Names");
  out->BeginTable(
      absl::StrCat("The names with the most bytes, of ", Grouped(NumberAt(view, "names_of")),
                   "; they are what was on the wire, and nobody has checked them"),
      {{"name"}, {"evidence"}, {"category"}, {"flows", true}, {"bytes", true}});
  size_t rows = 0;
  for (const ViewJson& name : names) {
    if (rows++ >= kNameRows) break;
    out->Row({TextAt(name, "name", kNameBytes), TextAt(name, "evidence"), TextAt(name, "category"),
              Grouped(NumberAt(name, "flows")), Grouped(NumberAt(name, "bytes"))});
  }
  out->EndTable();
  out->EndSection();
}

void WriteTimeline(const ViewJson& view, HtmlWriter* out) {
  const ViewJson& timeline = MemberAt(view, "timeline");
  const ViewJson& windows = MemberAt(timeline, "windows");
  out->BeginSection();
  out->Heading("How it went");
  if (!windows.is_array() || windows.empty()) {
    out->Note(absl::StrCat("No timeline: ", TextAt(timeline, "reason"), "."));
    out->EndSection();
    return;
  }
  // Several neighbours a row, so that the table stays short and adds up.
  const size_t a_row = (windows.size() + kWindowRows - 1) / kWindowRows;
  out->BeginTable(absl::StrCat("In windows of ", Grouped(NumberAt(timeline, "width_seconds")),
                               " seconds", a_row > 1 ? absl::StrCat(", ", a_row, " a row") : ""),
                  {{"from"},
                   {"frames", true},
                   {"bytes", true},
                   {"flows", true},
                   {"crosses a border, bytes", true},
                   {"share", true}});
  for (size_t i = 0; i < windows.size(); i += a_row) {
    PolicySum sum;
    uint64_t crossing = 0;
    for (size_t j = i; j < std::min(i + a_row, windows.size()); ++j) {
      sum += SumAt(MemberAt(windows[j], "total"));
      crossing += NumberAt(MemberAt(MemberAt(windows[j], "crossing"), "cross_border"), "bytes");
    }
    out->Row({TextAt(windows[i], "start"), Grouped(sum.frames), Grouped(sum.bytes),
              Grouped(sum.flows), Grouped(crossing), Percent(crossing, sum.bytes)});
  }
  out->EndTable();
  out->EndSection();
}

void WriteCells(const ViewJson& view, HtmlWriter* out) {
  const ViewJson& cells = MemberAt(view, "cells");
  out->BeginSection();
  out->Heading("The largest cells");
  out->BeginTable(absl::StrCat("By every key, of ", Grouped(NumberAt(cells, "of")), " cells"),
                  {{"sender"},
                   {"receiver"},
                   {"registered"},
                   {"operator"},
                   {"role"},
                   {"category"},
                   {"evidence"},
                   {"protection"},
                   {"share", true},
                   {"frames", true},
                   {"bytes", true},
                   {"flows", true}});
  const auto between = [](const ViewJson& row, const char* from, const char* to) {
    const std::string source = TextAt(row, from);
    return source.empty() ? "" : absl::StrCat(source, " to ", TextAt(row, to));
  };
  CountedRows(
      MemberAt(cells, "rows"), MemberAt(cells, "other"), MemberAt(cells, "suppressed"),
      MemberAt(view, "total"), kCellRows,
      [&between](const ViewJson& row) {
        return std::vector<std::string>{TextAt(row, "src"),
                                        TextAt(row, "dst"),
                                        between(row, "src_registered", "dst_registered"),
                                        between(row, "src_operator", "dst_operator"),
                                        TextAt(row, "role"),
                                        TextAt(row, "category"),
                                        TextAt(row, "evidence"),
                                        TextAt(row, "protection")};
      },
      8, out);
  out->EndTable();
  out->EndSection();
}

}  // namespace

const ViewJson& MemberAt(const ViewJson& json, const char* key) {
  static const auto* const null = new ViewJson(nullptr);
  if (!json.is_object()) return *null;
  const auto at = json.find(key);
  return at == json.end() ? *null : *at;
}

std::string TextAt(const ViewJson& json, const char* key, size_t most) {
  const ViewJson& member = MemberAt(json, key);
  if (member.is_null()) return "";
  std::string text = member.is_string() ? member.get<std::string>() : member.dump();
  if (text.size() <= most) return text;
  // Not within a character.
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0) == 0x80) --most;
  return absl::StrCat(text.substr(0, most), " ...");
}

uint64_t NumberAt(const ViewJson& json, const char* key) {
  const ViewJson& member = MemberAt(json, key);
  return member.is_number_unsigned() ? member.get<uint64_t>() : 0;
}

std::string ShareText(const ViewJson& json, const char* key) {
  const ViewJson& member = MemberAt(json, key);
  return member.is_number() ? Percent(member.get<double>()) : "not known";
}

void AppendCounts(const ViewJson& counts, uint64_t whole, std::vector<std::string>* row) {
  row->push_back(Percent(NumberAt(counts, "bytes"), whole));
  for (const char* key : {"frames", "bytes", "flows"}) {
    row->push_back(Grouped(NumberAt(counts, key)));
  }
}

void WriteFigures(const ViewJson& view, HtmlWriter* out) {
  WriteCrossing(view, out);
  WritePairs(view, out);
  WriteCategories(view, out);
  WriteTimeline(view, out);
  WriteCells(view, out);
  WriteNames(view, out);
}

std::string ReportText(const ViewJson& view) {
  HtmlWriter out;
  out.Element("h1", "", "What crossed a border");
  out.Element("p", "lead", TextAt(view, "sentence", 1000));
  const ViewJson& source = MemberAt(view, "source");
  if (const std::string first = TextAt(source, "first"); !first.empty()) {
    out.Note(absl::StrCat(
        "Frames from ", first, " to ", TextAt(source, "last"),
        TextAt(source, "sensor").empty() ? "" : absl::StrCat(", sensor ", TextAt(source, "sensor")),
        "."));
  }
  const ViewJson& privacy = MemberAt(view, "privacy");
  out.Element("p", "banner",
              MemberAt(privacy, "suppressed") == true
                  ? absl::StrCat("Suppressed: a figure is shown where at least ",
                                 NumberAt(privacy, "min_cell"),
                                 " clients and as many flows stand behind it.")
                  : "Unsuppressed: single persons may be recognised in these figures. The file was "
                    "written readable by its owner only; think before you pass it on.");
  const ViewJson& findings = MemberAt(view, "findings");
  if (findings.is_array() && !findings.empty()) {
    out.BeginSection();
    out.Heading("Read this first");
    out.BeginList("findings");
    for (const ViewJson& finding : findings) {
      const std::string remedy = TextAt(finding, "remedy");
      out.Item(absl::StrCat(TextAt(finding, "text", 1000), "."),
               remedy.empty() ? "" : absl::StrCat("What helps: ", remedy));
    }
    out.EndList();
    out.EndSection();
  }
  WriteFigures(view, &out);
  WritePolicies(view, &out);
  WriteDependence(view, &out);
  WriteProvenance(view, &out);
  return out.Take();
}

}  // namespace borderflow
