// Where the model comes from: this file, or the sensor that served it.
import { readModel, type Model } from "./model.ts";

export interface Source {
  readonly kind: "embedded" | "sensor";
  // Calls back with every new model, and with every trouble until it ends.
  start(listener: SourceListener): void;
  // A token for the sensor: kept in memory, never stored.
  useToken(token: string): void;
}

export interface SourceListener {
  model(model: Model): void;
  // The sensor does not answer (since when), or nothing is published yet (why).
  trouble(trouble: Trouble): void;
}

export type Trouble =
  | { kind: "silent"; since: Date; reason: string }
  | { kind: "not_yet"; reason: string }
  | { kind: "token"; refused: boolean }
  | { kind: "unreadable"; reason: string };

const PATH = "/api/v1/view";
// How long to wait for an answer, how soon to ask again when there was none, and how seldom at
// most when a publication is far away (clocks differ, sensors restart).
const ANSWER_MS = 20_000;
const RETRY_MS = 5_000;
const SELDOM_MS = 600_000;
// A publication takes a moment to be written.
const LATER_MS = 1_000;

function embedded(text: string): Source {
  return {
    kind: "embedded",
    start(listener) {
      try {
        listener.model(readModel(JSON.parse(text)));
      } catch (error) {
        listener.trouble({ kind: "unreadable", reason: (error as Error).message });
      }
    },
    useToken() {},
  };
}

// When to ask again after a publication that names its successor's time.
function waitFor(model: Model, now: number): number {
  const next = model.source.next ? Date.parse(model.source.next) : NaN;
  const wait = Number.isFinite(next) ? next - now + LATER_MS : RETRY_MS;
  return Math.min(SELDOM_MS, Math.max(RETRY_MS, wait));
}

function sensor(): Source {
  let token: string | null = null;
  let etag: string | null = null;
  let last: Model | null = null;
  let silentSince: Date | null = null;
  let timer = 0;
  let listener: SourceListener | null = null;

  const again = (wait: number) => {
    window.clearTimeout(timer);
    timer = window.setTimeout(ask, wait);
  };

  const silent = (reason: string) => {
    silentSince ??= new Date();
    listener?.trouble({ kind: "silent", since: silentSince, reason });
    again(RETRY_MS);
  };

  async function ask(): Promise<void> {
    const headers: Record<string, string> = { Accept: "application/json" };
    if (token !== null) headers["Authorization"] = `Bearer ${token}`;
    if (etag !== null) headers["If-None-Match"] = etag;
    const abort = new AbortController();
    const limit = window.setTimeout(() => abort.abort(), ANSWER_MS);
    try {
      const answer = await fetch(PATH, {
        headers, signal: abort.signal, cache: "no-store", credentials: "omit",
      });
      if (answer.status === 401) {
        listener?.trouble({ kind: "token", refused: token !== null });
        return;
      }
      if (answer.status === 503) {
        const said = (await answer.json().catch(() => null)) as { error?: unknown } | null;
        silentSince = null;
        listener?.trouble({
          kind: "not_yet",
          reason: String(said?.error ?? "the sensor has published nothing yet"),
        });
        again(RETRY_MS);
        return;
      }
      if (answer.status !== 304) {
        if (!answer.ok) {
          silent(`it answered ${answer.status} ${answer.statusText}`.trim());
          return;
        }
        const document = (await answer.json()) as unknown;
        try {
          last = readModel(document);
        } catch (error) {
          listener?.trouble({ kind: "unreadable", reason: (error as Error).message });
          again(SELDOM_MS);
          return;
        }
        etag = answer.headers.get("ETag");
      }
      silentSince = null;
      if (last !== null) {
        listener?.model(last);
        again(waitFor(last, Date.now()));
      } else {
        again(RETRY_MS);
      }
    } catch (error) {
      const { name, message } = error as Error;
      // fetch says TypeError, and each browser its own words, when nothing answers there.
      silent(name === "AbortError" ? `nothing within ${ANSWER_MS / 1000} s`
        : name === "TypeError" ? "no connection" : message);
    } finally {
      window.clearTimeout(limit);
    }
  }

  return {
    kind: "sensor",
    start(to) {
      listener = to;
      void ask();
      // A laptop that slept asks at once.
      document.addEventListener("visibilitychange", () => {
        if (document.visibilityState === "visible" && silentSince !== null) again(0);
      });
    },
    useToken(text) {
      token = text;
      etag = null;
      again(0);
    },
  };
}

// The embedded model when the document has one, else the sensor.
export function openSource(): Source {
  const element = document.getElementById("view");
  return element instanceof HTMLScriptElement ? embedded(element.textContent ?? "") : sensor();
}
