// What a view is given, and what it must export.
import type { Model } from "./model.ts";
import type { UrlState } from "./url.ts";

export interface SourceState {
  // "embedded": a finished report in this file. "sensor": asked again at source.next.
  readonly kind: "embedded" | "sensor";
  // Since when the sensor does not answer; null while it does.
  readonly silentSince: Date | null;
}

export interface Context {
  readonly model: Model;
  readonly url: UrlState;
  readonly theme: "light" | "dark";
  readonly source: SourceState;
}

// A view draws `context` into an empty container. It is called again after every change of the
// address, the model or the theme, and keeps nothing between calls but caches: its state is the
// address. The frame puts focus, selection and scroll positions back by the id of an element, so
// every control has one. What it returns, if anything, is called before the next drawing.
export interface View {
  readonly id: string;
  readonly title: string;
  render(container: HTMLElement, context: Context): void | (() => void);
}
