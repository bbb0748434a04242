// The parts of the report's text by which a reader can check it.
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "collectors/dashboard/report_text.h"
#include "collectors/report/text.h"

namespace borderflow {
namespace {

constexpr size_t kCaptureRows = 200;

void WriteLosses(const ViewJson& view, HtmlWriter* out) {
  const ViewJson& health = MemberAt(view, "health");
  out->BeginSection();
  out->Heading("What was lost, and what the mirror did");
  out->BeginFacts();
  const ViewJson& dropped = MemberAt(health, "dropped");
  if (dropped.is_object() && !dropped.empty()) {
    for (const auto& [reason, frames] : dropped.items()) {
      out->Fact(absl::StrCat("frames dropped: ", reason), frames.dump());
    }
  } else {
    out->Fact("frames dropped by the sensor",
              MemberAt(MemberAt(view, "source"), "kind") == "live" ? "none" : "does not apply");
  }
  const ViewJson& capture = MemberAt(MemberAt(view, "provenance"), "capture");
  for (const ViewJson& damage : MemberAt(capture, "damaged")) {
    out->Fact("damaged",
              absl::StrCat(TextAt(damage, "file"), " at byte ", Grouped(NumberAt(damage, "offset")),
                           ": ", TextAt(damage, "reason")));
  }
  for (const char* list : {"artefacts", "overflows"}) {
    const ViewJson& of = MemberAt(health, list);
    if (!of.is_object()) continue;
    for (const auto& [name, count] : of.items()) {
      if (!count.is_number_unsigned() || count == 0) continue;
      out->Fact(
          absl::StrCat(list == std::string("artefacts") ? "estimated: " : "table was full: ", name),
          Grouped(count.get<uint64_t>()));
    }
  }
  out->EndFacts();
  out->EndSection();
}

void WriteConservation(const ViewJson& view, HtmlWriter* out) {
  const ViewJson& conservation = MemberAt(view, "conservation");
  const ViewJson& lines = MemberAt(conservation, "lines");
  if (!lines.is_array()) return;
  out->BeginSection();
  out->Heading("Nothing is missing");
  out->Paragraph(MemberAt(conservation, "ok") == true ? "Every line holds, to the byte."
                                                      : "A line does not hold: do not rely on "
                                                        "this report.");
  out->BeginTable("The conservation law",
                  {{"what"}, {"equals"}, {"frames", true}, {"bytes", true}, {"holds"}});
  for (const ViewJson& line : lines) {
    const ViewJson& value = MemberAt(line, "left_value");
    out->Row({TextAt(line, "left"), TextAt(line, "right"), Grouped(NumberAt(value, "frames")),
              Grouped(NumberAt(value, "bytes")), MemberAt(line, "ok") == true ? "yes" : "NO"});
  }
  out->EndTable();
  out->EndSection();
}

void WriteCaptures(const ViewJson& provenance, HtmlWriter* out) {
  const ViewJson& captures = MemberAt(provenance, "captures");
  if (!captures.is_array() || captures.empty()) return;
  out->BeginTable("Captures, by content", {{"file"}, {"SHA-256"}});
  size_t rows = 0;
  for (const ViewJson& capture : captures) {
    if (rows++ >= kCaptureRows) {
      out->Row({absl::StrCat(captures.size() - kCaptureRows, " more in the model"), ""});
      break;
    }
    const std::string digest = TextAt(capture, "sha256");
    out->Row({TextAt(capture, "file"), digest.empty() ? "not known" : digest});
  }
  out->EndTable();
}

void WriteDatabases(const ViewJson& view, HtmlWriter* out) {
  const ViewJson& databases = MemberAt(MemberAt(view, "health"), "databases");
  if (!databases.is_array() || databases.empty()) {
    out->Note("No address database was used.");
    return;
  }
  out->BeginTable("Address databases; age at the last frame",
                  {{"file"}, {"type"}, {"basis"}, {"built"}, {"age in days", true}, {"SHA-256"}});
  for (const ViewJson& database : databases) {
    out->Row({TextAt(database, "path"), TextAt(database, "type"), TextAt(database, "basis"),
              TextAt(database, "build_time"), TextAt(database, "age_days"),
              TextAt(database, "sha256")});
  }
  out->EndTable();
}

void WriteLimits(HtmlWriter* out) {
  out->BeginSection();
  out->Heading("How to read this, and what it cannot say");
  out->BeginFacts();
  out->Fact("location",
            "Where a database believes an address is: a belief with a basis and an age, "
            "never a measurement.");
  out->Fact("registered",
            "Where the block of addresses is registered. It need not be where the "
            "machine stands.");
  out->Fact("operator",
            "The home of the organisation behind the AS number, from a curated table: "
            "under whose control, not where.");
  out->Fact("anycast", "One address in many places at once: it has no single location.");
  out->Fact("unknown, undetermined",
            "Nothing is known. That is an answer, never an agreement and "
            "never a breach.");
  out->Fact("category",
            "What kind of data a flow carries, with the evidence for it. Encrypted "
            "content is not read; its kind follows from names, operators and ports.");
  out->Fact("not visible",
            "What does not pass this vantage, what is inside VPNs and relays, who "
            "stands behind a proxy or a content network, and what a receiver does "
            "with data.");
  out->Fact("policies",
            "Indicative. What a pack asks that traffic cannot show is listed as to be "
            "confirmed.");
  out->EndFacts();
  out->EndSection();
}

}  // namespace

void WriteProvenance(const ViewJson& view, HtmlWriter* out) {
  WriteLosses(view, out);
  WriteConservation(view, out);
  const ViewJson& provenance = MemberAt(view, "provenance");
  out->BeginSection();
  out->Heading("Where this comes from");
  out->BeginFacts();
  out->Fact("software", absl::StrCat(TextAt(MemberAt(view, "software"), "name"), " ",
                                     TextAt(MemberAt(view, "software"), "version"), ", ",
                                     TextAt(provenance, "build")));
  out->Fact("command", TextAt(provenance, "command", 4000));
  out->Fact("purpose", TextAt(provenance, "purpose"));
  const std::string vantage = TextAt(provenance, "vantage");
  out->Fact("vantage", vantage.empty() ? "not stated" : vantage);
  out->Fact("sensor", TextAt(provenance, "sensor"));
  out->Fact("sensor's place", TextAt(provenance, "place"));
  const ViewJson& parameters = MemberAt(provenance, "parameters");
  const std::string home = TextAt(parameters, "home");
  out->Fact("home", home.empty() ? "not declared" : home);
  out->Fact("tunnels count by", TextAt(parameters, "tunnel"));
  const ViewJson& digests = MemberAt(provenance, "digests");
  out->Fact("digest of groups", TextAt(digests, "groups"));
  out->Fact("digest of rules", TextAt(digests, "rules"));
  const ViewJson& packs = MemberAt(digests, "packs");
  if (packs.is_object()) {
    for (const auto& [pack, digest] : packs.items()) {
      out->Fact(absl::StrCat("digest of pack ", pack), TextAt(packs, pack.c_str()));
    }
  }
  out->EndFacts();
  WriteCaptures(provenance, out);
  WriteDatabases(view, out);
  out->EndSection();
  WriteLimits(out);
}

}  // namespace borderflow
