// The state of the page is its address: #/VIEW?key=value&... A link restores the view, its filters,
// sort and lens, from a file on disk as well as from a sensor.

// Keys that mean the same in every view and travel with the reader from one to the next.
const SHARED = ["lens", "category"];

export interface UrlState {
  readonly view: string;
  get(key: string): string | null;
  // A number, or `otherwise` where the address has none.
  number(key: string, otherwise: number): number;
  // Changes keys (null removes one). A step that the reader would take back makes an entry in the
  // history; replace: true makes none (typing, moving a slider).
  set(patch: Record<string, string | number | null>, options?: { replace?: boolean }): void;
  // The address of `view` with the shared keys of now, and `patch` on top.
  link(view: string, patch?: Record<string, string | number | null>): string;
}

interface Parsed {
  view: string;
  query: URLSearchParams;
}

function parse(hash: string): Parsed {
  const text = hash.replace(/^#\/?/, "");
  const mark = text.indexOf("?");
  const view = mark < 0 ? text : text.slice(0, mark);
  return { view, query: new URLSearchParams(mark < 0 ? "" : text.slice(mark + 1)) };
}

function print(view: string, query: URLSearchParams): string {
  const text = query.toString();
  return `#/${view}${text ? `?${text}` : ""}`;
}

function patched(query: URLSearchParams, patch: Record<string, string | number | null>) {
  for (const [key, value] of Object.entries(patch)) {
    if (value === null || value === "") query.delete(key);
    else query.set(key, String(value));
  }
  return query;
}

// `first` stands where the address names no view; `changed` is called after every change.
export function urlState(first: string, changed: () => void): UrlState {
  const now = () => {
    const parsed = parse(location.hash);
    return { view: parsed.view || first, query: parsed.query };
  };
  window.addEventListener("hashchange", changed);
  return {
    get view() {
      return now().view;
    },
    get: (key) => now().query.get(key),
    number(key, otherwise) {
      const text = now().query.get(key);
      const value = text === null || text.trim() === "" ? NaN : Number(text);
      return Number.isFinite(value) ? value : otherwise;
    },
    set(patch, options) {
      const { view, query } = now();
      const next = print(view, patched(query, patch));
      if (next === location.hash) return;
      // A page from a file may keep its own history, since only the fragment changes.
      if (options?.replace) history.replaceState(null, "", next);
      else history.pushState(null, "", next);
      changed();
    },
    link(view, patch = {}) {
      const kept = new URLSearchParams();
      const { query } = now();
      for (const key of SHARED) {
        const value = query.get(key);
        if (value !== null) kept.set(key, value);
      }
      return print(view, patched(kept, patch));
    },
  };
}
