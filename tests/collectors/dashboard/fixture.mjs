// Models of schema borderflow.view/1 for the browser test: built from random cells by plain sums, so
// that every table of one model agrees with the others, whatever its size.

export const HOSTILE = "<script>window.planted = 1</script>";
export const HOSTILE_ATTRIBUTE = '"><img src=x onerror="window.planted = 1">';

const CATEGORIES = {
  ENC: "Encrypted, and no usable name says what is inside.", MED: "Media, streaming, games and peer-to-peer exchange.",
  COM: "Content of communications: mail, calls and messages.", FIN: "Financial data and payments.", HLT: "Health data.",
  ADV: "Telemetry and advertising identifiers.", DBX: "Bulk databases, replication and backup.", UPD: "Software update.",
  INF: "Infrastructure: names, time, routing and network management.", GOV: "Government systems.",
  UNK: "Nothing on the wire says what kind of data this is.",
};
const EVIDENCE = { ENC: "none", MED: "name", COM: "protocol", FIN: "name", HLT: "name", ADV: "name", DBX: "port", UPD: "name",
  INF: "protocol", GOV: "name", UNK: "none" };
const COUNTRIES = ["DE", "US", "IE", "NL", "FR", "GB", "SE", "PL", "JP", "SG", "IN", "BR", "CH", "AU", "CA", "ZA", "HK", "KR", "ES", "IT",
  "MT", "MU", "KE", "AR", "NO", "FI", "TW", "AE", "XK", "CN"];
const SPECIALS = ["unknown", "private", "anycast", "multicast"];

// mulberry32: the same numbers everywhere.
function generator(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export const counts = (frames = 0, bytes = 0, flows = 0) => ({ frames, bytes, flows });

export function add(to, row) {
  to.frames += row.frames;
  to.bytes += row.bytes;
  to.flows += row.flows;
  return to;
}

// Sums of `rows` by the keys of `names`, bytes descending; rows beyond `limit` are one sum.
export function grouped(rows, names, limit = Infinity) {
  const groups = new Map();
  for (const row of rows) {
    const key = names.map((name) => row[name]).join("\u0000");
    if (!groups.has(key)) groups.set(key, { ...Object.fromEntries(names.map((n) => [n, row[n]])), ...counts() });
    add(groups.get(key), row);
  }
  const all = [...groups.values()].sort((a, b) => b.bytes - a.bytes);
  return { rows: all.slice(0, limit), other: all.slice(limit).reduce(add, counts()) };
}

function crossingOf(src, dst) {
  const known = (code) => /^[A-Z]{2}$/.test(code);
  if (!known(src) || !known(dst)) return "undetermined";
  return src === dst ? "domestic" : "cross_border";
}

function randomCells(n, countries, random) {
  const pick = (list) => list[Math.floor(list.length * random() ** 2)];
  const place = () => (random() < 0.12 ? pick(SPECIALS) : pick(countries));
  const drift = (code) => (random() < 0.15 ? pick(countries) : code);
  return Array.from({ length: n }, (_, i) => {
    const src = i % 2 === 0 ? countries[0] : place();
    const dst = i % 2 === 0 ? place() : pick(countries);
    const category = pick(Object.keys(CATEGORIES));
    const bytes = Math.round(80 + 10 ** (2 + 4 * random()));
    const frames = Math.max(1, Math.round(bytes / 700));
    return {
      src, dst, src_registered: drift(src), dst_registered: drift(dst), src_as: 64512 + (i % 40), dst_as: 64600 + (i % 57),
      src_operator: drift(src), dst_operator: drift(dst), role: i % 2 === 0 ? "initiator" : "responder", category,
      evidence: EVIDENCE[category], confidence: category === "UNK" ? 0 : 0.8, protection: random() < 0.85 ? "encrypted" : "cleartext",
      entity: 0, frames, bytes, payload_bytes: bytes - 40 * frames > 0 ? bytes - 40 * frames : 0,
      flows: i % 2 === 0 ? 1 + Math.floor(20 * random()) : 0, clients: 1 + Math.floor(9 * random()),
    };
  });
}

function lensOf(cells, suffix, basis, limit, hidden) {
  const renamed = cells.filter((c) => !hidden(c)).map((c) => ({ ...c, src: c[`src${suffix}`], dst: c[`dst${suffix}`] }));
  const { rows, other } = grouped(renamed, ["src", "dst"], limit);
  const total = cells.reduce(add, counts());
  const known = renamed.filter((c) => crossingOf(c.src, c.dst) !== "undetermined").reduce((sum, c) => sum + c.bytes, 0);
  return { basis: [basis], age_days: 41.5, known: known / total.bytes, pairs: rows, other,
    suppressed: cells.filter(hidden).reduce(add, counts()) };
}

function disagreement(cells, key) {
  const comparable = cells.filter((c) => /^[A-Z]{2}$/.test(c.dst) && /^[A-Z]{2}$/.test(c[key]));
  const sum = (list) => list.reduce((total, c) => total + c.bytes, 0);
  return { bytes: sum(comparable.filter((c) => c.dst !== c[key])), comparable_bytes: sum(comparable) };
}

// `total` divided into n windows that add up to it exactly, with a daily swing.
function windowsOf(crossing, n, width, start) {
  const weight = (i) => 1 + 0.6 * Math.sin((2 * Math.PI * i) / Math.max(2, n / 2)) + 0.25 * Math.sin(i * 1.7);
  const whole = Array.from({ length: n }, (_, i) => weight(i)).reduce((a, b) => a + b, 0);
  const left = structuredClone(crossing);
  return Array.from({ length: n }, (_, i) => {
    const here = {};
    for (const [name, value] of Object.entries(crossing)) {
      here[name] = {};
      for (const unit of ["frames", "bytes", "flows"]) {
        const part = i === n - 1 ? left[name][unit] : Math.min(left[name][unit], Math.floor((value[unit] * weight(i)) / whole));
        here[name][unit] = part;
        left[name][unit] -= part;
      }
    }
    return { start: new Date(start + i * width * 1000).toISOString(), total: Object.values(here).reduce(add, counts()), crossing: here };
  });
}

export function model({ cells: size = 900, countries = COUNTRIES, windows = 48, kind = "replay", seed = 1, hostile = false } = {}) {
  const random = generator(seed);
  const cells = randomCells(size, countries, random);
  if (hostile && cells.length > 3) {
    cells[0].category = HOSTILE;
    cells[1].src_operator = HOSTILE_ATTRIBUTE;
    cells[2].dst = HOSTILE;
  }
  const total = cells.reduce(add, counts());
  const crossing = { domestic: counts(), intra_zone: counts(), cross_border: counts(), undetermined: counts() };
  // Live, what has few clients is withheld, and stands in every table as one sum.
  const hidden = (cell) => kind === "live" && cell.clients < 3;
  const withheld = cells.filter(hidden).reduce(add, counts());
  const shown = cells.filter((cell) => !hidden(cell));
  if (kind === "live") crossing.suppressed = counts();
  for (const cell of cells) add(crossing[hidden(cell) ? "suppressed" : crossingOf(cell.src, cell.dst)], cell);
  const share = (test) => (total.bytes ? cells.filter(test).reduce((sum, c) => sum + c.bytes, 0) / total.bytes : null);
  const streamsBy = (suffix, limit) => ({ ...grouped(shown.map((c) => ({ ...c, src: c[`src${suffix}`], dst: c[`dst${suffix}`], operator: c.dst_operator })),
    ["src", "category", "dst", "operator"], limit), suppressed: withheld });
  const sorted = [...shown].sort((a, b) => b.bytes - a.bytes);
  const byEvidence = grouped(cells, ["evidence"]);
  const start = Date.parse("2025-06-02T00:00:00Z");
  const width = 1800;
  const label = (category) => CATEGORIES[category] ?? category;
  const exact = { left: "captured", right: "ip + non_ip + malformed", left_value: total, right_value: total, ok: true };
  return {
    schema: "borderflow.view/1", software: { name: "borderflow", version: "0.1.0" },
    source: { kind, sensor: kind === "live" ? "edge-1" : null, first: size ? new Date(start).toISOString() : null,
      last: size ? new Date(start + Math.max(1, windows) * width * 1000).toISOString() : null,
      published: kind === "live" ? "2025-06-03T00:00:10Z" : null, next: null, period_seconds: kind === "live" ? 60 : null },
    privacy: kind === "live" ? { suppressed: true, min_cell: 8 } : { suppressed: false, min_cell: null },
    total,
    sentence: size === 0 ? "" : `${((100 * crossing.cross_border.bytes) / total.bytes).toFixed(1)} % of the bytes cross a border, most of them from Germany.`,
    findings: size === 0 ? [{ text: "the capture holds no frames: every figure below is zero for that reason", remedy: null }] : [
      { text: "the database registry.mmdb is 1.1 years older than the capture: blocks have moved between jurisdictions since",
        remedy: "use a database of the capture's time (--geo FILE), or compare two with borderflow geo diff" },
      { text: hostile ? HOSTILE : "8.3 % of bytes are at private addresses, and no home was declared: they are undetermined",
        remedy: "add --home CC, the jurisdiction where that network stands" },
    ],
    crossing,
    coverage: { located: share((c) => crossingOf(c.src, c.dst) !== "undetermined"), named: share((c) => c.evidence === "name"),
      classified: share((c) => c.category !== "UNK"), by_evidence: Object.fromEntries(byEvidence.rows.map((e) => [e.evidence, e.bytes / total.bytes])),
      L: share((c) => c.evidence === "protocol"), M: share((c) => ["protocol", "name"].includes(c.evidence)),
      U: share((c) => ["protocol", "name", "port"].includes(c.evidence)) },
    lenses: size === 0 ? { location: null, registered: null, operator: null } : {
      location: lensOf(cells, "", "registry-derived", 2000, hidden), registered: lensOf(cells, "_registered", "registry", 2000, hidden),
      operator: lensOf(cells, "_operator", "curated table of operators", 2000, hidden) },
    disagreement: size === 0 ? { registered: null, operator: null }
      : { registered: disagreement(cells, "dst_registered"), operator: disagreement(cells, "dst_operator") },
    categories: grouped(shown, ["category"]).rows.map((c) => ({ ...c, label: label(c.category), by_evidence: { [EVIDENCE[c.category] ?? "none"]: c.bytes } })),
    streams: { ...streamsBy("", 5000), ...(kind === "live" ? {} : { registered: streamsBy("_registered", 1500), operator: streamsBy("_operator", 1500) }) },
    ...(kind === "live" ? { categories_suppressed: withheld } : {}),
    cells: { rows: sorted.slice(0, 2000), of: shown.length, other: sorted.slice(2000).reduce(add, counts()), suppressed: withheld },
    timeline: windows > 1 && size > 0 ? { width_seconds: width, windows: windowsOf(crossing, windows, width, start), reason: null }
      : { width_seconds: null, windows: [], reason: "the capture was replayed as one window: add --window 60s" },
    policies: [],
    dependence: { organisations: [], concentration: [], reciprocity: [], government: [], reason: "no organisation was named" },
    health: {
      dropped: kind === "live" ? { imissed: 1204, spool_full: 0 } : {}, artefacts: { duplicate_frames: 265, duplicate_bytes: 120301, one_way_flows: 26, tcp_gap_bytes: 7460 },
      workers: kind === "live" ? [{ id: 0, busy: 0.41, frames: 120331 }, { id: 1, busy: 0.38, frames: 118002 }] : [{ id: 0, busy: null, frames: total.frames }],
      flow_table: { used: 2201, capacity: 1048576, full_frames: 0 },
      exporters: kind === "live" ? [{ name: "ipfix tcp://collector:4739", sent: 12031, queued: 3, lost: 0, blocked: false },
        { name: "clickhouse", sent: 8800, queued: 1200, lost: 17, blocked: true }] : [],
      databases: [{ path: "registry.mmdb", type: "borderflow-Country-ASN", basis: "registry-derived", build_time: "2024-04-30T04:33:59Z", age_days: 398.2,
        sha256: "c78ef655f3b9b44f340a8f226266369f9052da5fee600b06581b295da4b2888d" }],
      packs: [{ pack: "data-allies", version: "2", as_of: "2026-06-30", stale: false }, { pack: "eu-gdpr-v", version: "1", as_of: "2023-01-31", stale: true }],
    },
    conservation: { ok: true, lines: [exact, { left: "ip", right: "cells", left_value: total, right_value: total, ok: true }] },
    provenance: { command: "borderflow replay --geo registry.mmdb --window 30m office.pcap", build: "GNU 12.2.0 Release",
      captures: [{ file: hostile ? HOSTILE_ATTRIBUTE : "office.pcap", sha256: "ed4a48baa6256dc52e10bc3b782f84a7666e4524a44c9647ff5b46319a705914" }],
      digests: { groups: "0c9341a0", rules: "18eabee9", packs: {} }, vantage: "enterprise_edge", purpose: null, sensor: null },
  };
}

// As large as the schema allows: 2,000 pairs, 5,000 streams, 2,000 cells.
export function large(codes) {
  return model({ cells: 40000, countries: codes, windows: 500, seed: 7 });
}
