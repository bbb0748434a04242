// The view model, schema borderflow.view/1: one bounded document from which every picture is drawn.
// The C++ side writes it (collectors/dashboard); keys are added, never renamed.

export interface Counts {
  frames: number;
  bytes: number;
  flows: number;
}

export interface Pair extends Counts {
  src: string;
  dst: string;
}

export interface Lens {
  basis: string[];
  age_days: number | null;
  known: number | null;
  pairs: Pair[];
  other: Counts;
  suppressed: Counts;
}

export type LensName = "location" | "registered" | "operator";
export const LENSES: readonly LensName[] = ["location", "registered", "operator"];

export type CrossingName = "domestic" | "intra_zone" | "cross_border" | "undetermined";
export const CROSSINGS: readonly CrossingName[] = [
  "domestic", "intra_zone", "cross_border", "undetermined",
];

export interface Disagreement {
  bytes: number;
  comparable_bytes: number;
}

export interface Category extends Counts {
  category: string;
  label: string;
  by_evidence: Record<string, number>;
}

export interface Stream extends Counts {
  src: string;
  category: string;
  dst: string;
  operator: string;
}

export interface Streams {
  rows: Stream[];
  other: Counts;
  suppressed: Counts;
}

export interface Cell extends Counts {
  src: string;
  dst: string;
  src_registered: string;
  dst_registered: string;
  src_as: number;
  dst_as: number;
  src_operator: string;
  dst_operator: string;
  role: string;
  category: string;
  evidence: string;
  confidence: number;
  protection: string;
  entity: number;
  payload_bytes: number;
  clients: number;
}

export interface Window {
  start: string;
  total: Counts;
  crossing: Record<string, Counts>;
}

// Policies keep the shape of the JSON report (collectors/report/policy_json.cc); the policy view
// reads what it knows of them.
export type Policy = Record<string, unknown> & { pack?: string; version?: string };

export interface Dependence {
  organisations: { entity: string; label: string; category: string; bytes: number; share: number }[];
  concentration: {
    category: string; hhi: number; effective: number; largest: number; bytes: number;
  }[];
  reciprocity: { a: string; b: string; ab_bytes: number; ba_bytes: number; balance: number }[];
  government: { operator: string; bytes: number }[];
  reason: string | null;
}

export interface Health {
  dropped: Record<string, number>;
  artefacts: Record<string, number>;
  workers: { id: number | string; busy: number | null; frames: number }[];
  flow_table: { used: number | null; capacity: number | null; full_frames: number } | null;
  overflows: Record<string, number>;
  ports: { device?: string | null; driver?: string | null; link_up?: boolean; notes?: string[] }[];
  exporters: {
    name: string; sent: number; queued: number; lost: number; blocked: boolean | number;
    queue_limit?: number | null; retries?: number; spool_bytes?: number | null;
  }[];
  databases: {
    path: string | null; type: string; basis: string; build_time: string | null;
    age_days: number | null; sha256: string | null;
  }[];
  packs: { pack: string; version: string; as_of: string | null; stale: boolean }[];
}

export interface Conservation {
  ok: boolean;
  lines: { left: string; right: string; left_value: Partial<Counts>; right_value: Partial<Counts>;
    ok: boolean }[];
}

export interface Model {
  schema: string;
  software: { name: string; version: string };
  source: {
    kind: "replay" | "store" | "live";
    sensor: string | null;
    first: string | null;
    last: string | null;
    published: string | null;
    next: string | null;
    period_seconds: number | null;
  };
  privacy: { suppressed: boolean; min_cell: number | null };
  total: Counts;
  sentence: string;
  findings: { text: string; remedy: string | null }[];
  crossing: Record<CrossingName, Counts> & { suppressed?: Counts };
  coverage: {
    located: number | null;
    named: number | null;
    classified: number | null;
    by_evidence: Record<string, number>;
    L: number | null;
    M: number | null;
    U: number | null;
  };
  lenses: Record<LensName, Lens | null>;
  disagreement: { registered: Disagreement | null; operator: Disagreement | null };
  categories: Category[];
  // What was too small to list, or to publish; absent where everything is listed.
  categories_other?: Counts;
  categories_suppressed?: Counts;
  // By location, and by the other lenses where they are measured and published.
  streams: Streams & { registered?: Streams | null; operator?: Streams | null };
  cells: { rows: Cell[]; of: number; other: Counts; suppressed: Counts };
  timeline: { width_seconds: number | null; windows: Window[]; reason: string | null };
  policies: Policy[];
  dependence: Dependence;
  health: Health;
  conservation: Conservation;
  provenance: Record<string, unknown>;
}

export const NOTHING: Counts = { frames: 0, bytes: 0, flows: 0 };

const counts = (value?: Partial<Counts> | null): Counts => ({ ...NOTHING, ...(value ?? {}) });

function lens(value?: Partial<Lens> | null): Lens | null {
  if (!value) return null;
  return {
    ...value,
    basis: value.basis ?? [],
    age_days: value.age_days ?? null,
    known: value.known ?? null,
    pairs: value.pairs ?? [],
    other: counts(value.other),
    suppressed: counts(value.suppressed),
  };
}

function streams(value?: Partial<Streams> | null): Streams {
  return { rows: value?.rows ?? [], other: counts(value?.other), suppressed: counts(value?.suppressed) };
}

// The streams under a lens; null where this document has none.
export function streamsBy(model: Model, lens: LensName): Streams | null {
  return lens === "location" ? model.streams : model.streams[lens] ?? null;
}

// What a later or older sensor leaves out becomes empty, never a crash. Errors: a document of
// another schema throws, with what was found and what is read.
export function readModel(document: unknown): Model {
  const raw = (document ?? {}) as Partial<Model>;
  if (typeof raw.schema !== "string" || !/^borderflow\.view\/1(\.|$)/.test(raw.schema)) {
    throw new Error(
      `this page reads borderflow.view/1, and found ${String(raw.schema ?? "no schema")}: ` +
        "open it with the page of the borderflow that wrote it");
  }
  const crossing = (raw.crossing ?? {}) as Partial<Model["crossing"]>;
  // Keys that only some views know pass as they are.
  return {
    ...raw,
    schema: raw.schema,
    software: raw.software ?? { name: "borderflow", version: "" },
    source: {
      ...{ kind: "replay" as const, sensor: null, first: null, last: null, published: null,
        next: null, period_seconds: null },
      ...(raw.source ?? {}),
    },
    privacy: raw.privacy ?? { suppressed: false, min_cell: null },
    total: counts(raw.total),
    sentence: raw.sentence ?? "",
    findings: raw.findings ?? [],
    crossing: {
      domestic: counts(crossing.domestic),
      intra_zone: counts(crossing.intra_zone),
      cross_border: counts(crossing.cross_border),
      undetermined: counts(crossing.undetermined),
      ...(crossing.suppressed ? { suppressed: counts(crossing.suppressed) } : {}),
    },
    coverage: {
      ...{ located: null, named: null, classified: null, by_evidence: {}, L: null, M: null, U: null },
      ...(raw.coverage ?? {}),
    },
    lenses: {
      location: lens(raw.lenses?.location),
      registered: lens(raw.lenses?.registered),
      operator: lens(raw.lenses?.operator),
    },
    disagreement: {
      registered: raw.disagreement?.registered ?? null,
      operator: raw.disagreement?.operator ?? null,
    },
    categories: raw.categories ?? [],
    streams: {
      ...streams(raw.streams),
      registered: raw.streams?.registered ? streams(raw.streams.registered) : null,
      operator: raw.streams?.operator ? streams(raw.streams.operator) : null,
    },
    cells: {
      rows: raw.cells?.rows ?? [],
      of: raw.cells?.of ?? raw.cells?.rows?.length ?? 0,
      other: counts(raw.cells?.other),
      suppressed: counts(raw.cells?.suppressed),
    },
    timeline: {
      width_seconds: raw.timeline?.width_seconds ?? null,
      windows: raw.timeline?.windows ?? [],
      reason: raw.timeline?.reason ?? null,
    },
    policies: raw.policies ?? [],
    dependence: {
      ...{ organisations: [], concentration: [], reciprocity: [], government: [], reason: null },
      ...(raw.dependence ?? {}),
    },
    health: {
      dropped: raw.health?.dropped ?? {},
      artefacts: raw.health?.artefacts ?? {},
      workers: raw.health?.workers ?? [],
      flow_table: raw.health?.flow_table ?? null,
      overflows: raw.health?.overflows ?? {},
      ports: raw.health?.ports ?? [],
      exporters: raw.health?.exporters ?? [],
      databases: raw.health?.databases ?? [],
      packs: raw.health?.packs ?? [],
    },
    conservation: { ...{ ok: true, lines: [] }, ...(raw.conservation ?? {}) },
    provenance: raw.provenance ?? {},
  };
}
