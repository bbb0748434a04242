// Whether the sensor itself is well, and what a reader needs to check the figures.
import { nothing, section, table } from "../components.ts";
import type { View } from "../context.ts";
import { h, type Child } from "../dom.ts";
import { age, bytes, grouped, percent, share, time } from "../format.ts";
import type { Model } from "../model.ts";

// What the reasons mean; one that is not here shows by its own name.
const DROPS: Record<string, string> = {
  imissed: "the network card's queue was full: more workers, or a faster core",
  ierrors: "frames that arrived damaged: look at the cable and the mirror port",
  ring_full: "a worker did not keep up with its queue: more workers",
  kernel: "the kernel's buffer was full: more workers, or a DPDK driver",
  interface: "the network interface dropped them before the sensor could see them",
  unread_at_stop: "they waited in the card when the sensor stopped",
};

const OVERFLOWS: Record<string, string> = {
  stateless_frames: "frames counted by jurisdiction only, since the flow table was full",
  as_numbers_dropped: "flows counted without the numbers of their networks",
  cells_folded: "cells counted without the numbers of their networks",
  reassembly_slots: "handshakes that were not read",
  dns_names: "DNS answers that were forgotten early",
  names: "names that are not listed",
};

const ARTEFACTS: Record<string, string> = {
  duplicate_frames: "second copies of frames, as a mirror of both directions makes them",
  duplicate_bytes: "bytes of those copies",
  one_way_flows: "flows of which only one direction was seen",
  truncated_frames: "frames cut short by the capture; counted at their original length",
  length_forged: "frames that state a length no link carries",
  nat_suspected: "segments seen twice with one address changed",
  tcp_gap_bytes: "bytes of TCP that were sent and never seen here: loss before the sensor, estimated",
  tunnelled_bytes: "bytes inside tunnels",
  tunnel_differs_bytes: "bytes in tunnels whose two headers have different jurisdictions",
};

function drops({ health, source }: Model): HTMLElement {
  const rows = Object.entries(health.dropped);
  if (rows.length === 0) {
    return section("Drops", null, h("p", null, source.kind === "live" ? "The driver reports no drop counters."
      : "A capture file has no drop counters: what was lost while it was written is not in it."));
  }
  return section("Drops", "Frames that the card or the sensor could not take, by reason.", table("drops", "Dropped frames by reason", [
    { title: "Reason", cell: ([name]) => name }, { title: "Frames", numeric: true, cell: ([, frames]) => grouped(frames) },
    { title: "What it means", cell: ([name]) => DROPS[name] ?? "" }], rows));
}

function workers({ health }: Model): HTMLElement {
  const full = health.flow_table;
  const overflows = Object.entries(health.overflows);
  return section("Workers and tables", null,
    health.workers.length === 0 ? h("p", null, "A report does not depend on the number of workers, and does not keep it.") : table("workers", "Workers", [
      { title: "Worker", cell: (w) => String(w.id) }, { title: "Frames", numeric: true, cell: (w) => grouped(w.frames) },
      { title: "Busy", numeric: true, cell: (w) => percent(w.busy) }], health.workers),
    full ? h("p", null, full.used === null || full.capacity === null ? "Flow table: " : `Flow table: ${grouped(full.used)} of ${
      grouped(full.capacity)} places used (${percent(share(full.used, full.capacity))}); `, full.full_frames === 0 ? "it was never full."
      : `it was full for ${grouped(full.full_frames)} frames, which are counted by jurisdiction only; locations are exact all the same.`) : null,
    overflows.some(([, n]) => n > 0) ? table("overflows", "Fixed tables that were full", [
      { title: "Table", cell: ([name]) => name }, { title: "Count", numeric: true, cell: ([, n]) => grouped(n) },
      { title: "What it means", cell: ([name]) => OVERFLOWS[name] ?? "" }], overflows) : null);
}

function ports({ health }: Model): HTMLElement | null {
  if (health.ports.length === 0) return null;
  return section("Ports", null, table("ports", "Ports", [
    { title: "Device", cell: (p) => p.device ?? "not named" }, { title: "Driver", cell: (p) => p.driver ?? "not named" },
    { title: "Link", cell: (p) => p.link_up === false ? "down" : p.link_up === true ? "up" : "not known" },
    { title: "Notes", cell: (p) => (p.notes ?? []).join("; ") }], health.ports));
}

function exporters({ health }: Model): HTMLElement {
  return section("Exporters", "Windows, by where they go. Nothing that a receiver does delays counting.", health.exporters.length === 0 ? h("p", null, "Nothing is exported to other programs.")
    : table("exporters", "Exporters", [
      { title: "To", cell: (e) => e.name }, { title: "Sent", numeric: true, cell: (e) => grouped(e.sent) },
      { title: "Queue", numeric: true, cell: (e) => e.queue_limit ? `${grouped(e.queued)} (at most ${grouped(e.queue_limit + 1)})` : grouped(e.queued) },
      { title: "Spool", numeric: true, cell: (e) => typeof e.spool_bytes === "number" ? bytes(e.spool_bytes) : "none" },
      { title: "Attempts made again", numeric: true, cell: (e) => grouped(e.retries ?? 0) },
      { title: "Lost", numeric: true, cell: (e) => grouped(e.lost) },
      { title: "State", cell: (e) => e.blocked ? typeof e.spool_bytes === "number"
        ? "does not answer: windows wait in the spool, and are lost once it is full"
        : "does not answer: windows are lost once the queue is full"
        : e.lost > 0 ? "answers again" : "well" }], health.exporters));
}

function databases({ health }: Model): HTMLElement {
  return section("Databases and policies", "Blocks of addresses move between jurisdictions: an old database is wrong in places, and nobody can say which.",
    health.databases.length === 0 ? nothing("No address database is in use, so nearly everything is undetermined.", "borderflow geo build, then --geo FILE")
      : table("databases", "Address databases", [
        { title: "File", cell: (d) => d.path ?? "not published" }, { title: "Kind", cell: (d) => `${d.type}, ${d.basis}` },
        { title: "Built", cell: (d) => time(d.build_time) }, { title: "Age", cell: (d) => age(d.age_days) },
        { title: "SHA-256", cell: (d) => h("code", null, d.sha256 ?? "not known") }], health.databases),
    health.packs.length === 0 ? h("p", null, "No policy is loaded.") : table("packs", "Policies", [
      { title: "Policy", cell: (p) => p.pack }, { title: "Version", cell: (p) => p.version },
      { title: "Law as of", cell: (p) => p.as_of ?? "not stated" },
      { title: "State", cell: (p) => p.stale ? "stale: check what changed in law since" : "current" }], health.packs));
}

function artefacts({ health }: Model): HTMLElement | null {
  const rows = Object.entries(health.artefacts).filter(([, n]) => typeof n === "number");
  if (rows.length === 0) return null;
  return section("What the mirror shows of itself", null, table("artefacts", "Artefacts of capture", [
    { title: "Artefact", cell: ([name]) => name }, { title: "Count", numeric: true, cell: ([, n]) => grouped(n) },
    { title: "What it means", cell: ([name]) => ARTEFACTS[name] ?? "" }], rows));
}

// Provenance keeps the shape of the report: values are shown as they are, lists as lines.
function lines(value: unknown): Child[] {
  if (value === null || value === undefined || value === "") return ["not stated"];
  if (Array.isArray(value)) return value.length === 0 ? ["none"] : value.map((item) => h("div", null, ...lines(item)));
  if (typeof value === "object") {
    const entries = Object.entries(value);
    return entries.length === 0 ? ["none"] : entries.map(([key, inner]) => typeof inner === "object" && inner !== null && Object.keys(inner).length > 0
      ? h("div", null, h("span", { class: "detail" }, key), h("div", { class: "nested" }, ...lines(inner)))
      : h("div", null, h("span", { class: "detail" }, `${key} `), ...lines(inner)));
  }
  return [h("code", null, Number.isSafeInteger(value) ? grouped(value as number) : String(value))];
}

function provenance({ provenance: all }: Model): HTMLElement {
  return section("Provenance", "What a reader needs to make these figures again.", h("dl", { class: "facts", id: "provenance" },
    ...Object.entries(all).flatMap(([key, value]) => [h("dt", null, key), h("dd", null, ...lines(value))])));
}

export const health: View = {
  id: "health",
  title: "Sensor health",
  render(container, { model, source }) {
    container.append(...[
      source.silentSince ? nothing("The sensor does not answer: these are its last figures.") : null,
      drops(model), ports(model), workers(model), exporters(model), databases(model), artefacts(model), provenance(model),
    ].filter((node): node is HTMLElement => node !== null));
  },
};
