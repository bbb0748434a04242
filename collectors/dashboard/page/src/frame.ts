// The frame around the views: heading, navigation, banners, theme, and the drawing of the view that
// the address names.
import type { Context, SourceState, View } from "./context.ts";
import { h, type Child } from "./dom.ts";
import { duration, grouped, time } from "./format.ts";
import type { Model } from "./model.ts";
import { afterPresses } from "./press.ts";
import type { Source, Trouble } from "./source.ts";
import { chooseTheme, theme, themeChoice, watchTheme, type Choice } from "./theme.ts";
import { urlState } from "./url.ts";

const THEMES: readonly { value: Choice; label: string }[] = [
  { value: "system", label: "System" }, { value: "light", label: "Light" }, { value: "dark", label: "Dark" },
];

// What the figures are of: sensor or files, and the time of their frames.
function ofWhat(model: Model): string {
  const { source } = model;
  const kind = { replay: "Replay of a capture", store: "Stored windows", live: "Live sensor" }[source.kind];
  const who = source.sensor ? `${kind} ${source.sensor}` : kind;
  if (!source.first || !source.last) return who;
  const length = (Date.parse(source.last) - Date.parse(source.first)) / 1000;
  return `${who}, ${time(source.first)} to ${time(source.last)}${
    Number.isFinite(length) ? ` (${duration(length)})` : ""}`;
}

// Times far from the reader's clock mislead both; half an hour is more than any drift.
const CLOCK_SECONDS = 1800;

function clockWarning(model: Model): string | null {
  if (model.source.kind !== "live" || !model.source.published) return null;
  const ahead = (Date.parse(model.source.published) - Date.now()) / 1000;
  if (!(ahead > CLOCK_SECONDS)) return null;
  return `The sensor's clock is ${duration(ahead)} ahead of this computer's: one of the two is wrong, and the times below are the sensor's.`;
}

export function startFrame(root: HTMLElement, views: readonly View[], source: Source): void {
  const main = h("main", { id: "main", tabindex: -1 });
  const navigation = h("ul");
  const about = h("p", { class: "about" });
  const banners = h("div", { class: "banners", role: "status", "aria-live": "polite" });
  const foot = h("footer");
  const themes = h("div", { class: "choice themes", role: "group", "aria-label": "Colours" });
  root.append(
    h("a", { class: "skip", href: "#main", click: (event) => { event.preventDefault(); main.focus(); } },
      "To the content"),
    h("header", { class: "top" },
      h("div", { class: "brand" }, h("span", { class: "name" }, "borderflow"), about), themes),
    h("nav", { "aria-label": "Views" }, navigation), banners, main, foot);

  let model: Model | null = null;
  let trouble: Trouble | null = null;
  let leave: (() => void) | void;
  let drawn = "";

  const draw = afterPresses(drawNow);
  const url = urlState(views[0]!.id, draw);
  const state = (): SourceState => ({
    kind: source.kind, silentSince: trouble?.kind === "silent" ? trouble.since : null,
  });
  const currentView = () => views.find((view) => view.id === url.view) ?? null;

  function drawThemes() {
    themes.replaceChildren(...THEMES.map(({ value, label }) => h("button", {
      type: "button", id: `theme-${value}`, "aria-pressed": themeChoice() === value ? "true" : "false",
      click: () => { chooseTheme(value); draw(); },
    }, label)));
  }

  function drawNavigation() {
    navigation.replaceChildren(...views.map((view) => h("li", null, h("a", {
      href: url.link(view.id), id: `nav-${view.id}`, "aria-current": view.id === url.view ? "page" : null,
    }, view.title))));
  }

  function drawBanners() {
    const warning = model ? clockWarning(model) : null;
    banners.replaceChildren(...([
      trouble?.kind === "silent"
        ? h("p", { class: "banner" }, `The sensor does not answer since ${trouble.since.toTimeString().slice(0, 8)} (${trouble.reason}). ${
          model ? `The picture below is its last${model.source.published ? `, published ${time(model.source.published)}` : ""}.` : "It is asked again every few seconds."}`)
        : null,
      trouble?.kind === "not_yet" && model
        ? h("p", { class: "banner" }, `${trouble.reason}. The picture below is the last.`) : null,
      trouble?.kind === "unreadable" ? h("p", { class: "banner" }, trouble.reason) : null,
      warning ? h("p", { class: "banner" }, warning) : null,
    ] as (HTMLElement | null)[]).filter((node): node is HTMLElement => node !== null));
  }

  function drawFoot(shown: Model | null) {
    const version = shown ? `${shown.software.name} ${shown.software.version}`.trim() : "borderflow";
    const privacy = !shown ? null : shown.privacy.suppressed
      ? `Cells with fewer than ${grouped(shown.privacy.min_cell ?? 0)} clients are suppressed.`
      : "Full cells, not suppressed: keep this where such data may be kept.";
    foot.replaceChildren(h("p", null, `${version}. ${privacy ?? ""} Locations are what a database believes, never measurements. The page asks no other host for anything.`));
  }

  // The form for a token; it leaves the page only towards the sensor that served it.
  function askToken(refused: boolean): HTMLElement {
    const input = h("input", { type: "password", id: "token", autocomplete: "off", required: true });
    return h("form", { class: "token", submit: (event) => { event.preventDefault(); source.useToken(input.value); } },
      h("h1", null, "This sensor asks for a token"),
      h("p", null, refused ? "The sensor refused that token. Another one?"
        : "It is the text in the file that the sensor's --listen-token names. The page keeps it until it is closed, and stores it nowhere."),
      h("label", { for: "token" }, "Token"), input, h("button", { type: "submit", id: "token-send" }, "Open"));
  }

  function waiting(): Child[] {
    if (trouble?.kind === "token") return [askToken(trouble.refused)];
    if (trouble?.kind === "not_yet") {
      return [h("h1", null, "Nothing published yet"), h("p", null, `${trouble.reason}.`),
        h("p", { class: "note" }, "The page asks again by itself.")];
    }
    if (trouble?.kind === "unreadable") return [h("h1", null, "These data cannot be read")];
    if (trouble) return [h("h1", null, "No answer")];
    return [h("p", { class: "note" }, "Loading ...")];
  }

  // Draws everything, and puts back what the reader held: focus, selection, open details, scrolls.
  function drawNow() {
    const place = url.view;
    // Before anything is replaced: what is replaced loses the focus.
    const keep = holdings(main, place === drawn);
    drawThemes();
    drawNavigation();
    drawBanners();
    drawFoot(model);
    about.textContent = model ? ofWhat(model) : "";
    leave?.();
    leave = undefined;
    const content = h("div", { class: `view view-${url.view.replace(/[^a-z]/g, "")}` });
    const view = currentView();
    if (trouble?.kind === "token" || !model) {
      for (const child of waiting()) if (child) content.append(child as Node);
    } else if (!view) {
      content.append(h("h1", null, "There is no such view"),
        h("p", null, `The address names "${url.view}". The views are above.`));
    } else {
      const context: Context = { model, url, theme: theme(), source: state() };
      content.append(h("h1", { class: "title" }, view.title));
      // In the document first, so that a view may measure its place.
      main.replaceChildren(content);
      leave = view.render(content, context);
    }
    if (content.parentNode !== main) main.replaceChildren(content);
    keep();
    if (place !== drawn && drawn !== "") {
      window.scrollTo(0, 0);
      document.getElementById(`nav-${url.view}`)?.scrollIntoView({ block: "nearest", inline: "center" });
    }
    drawn = place;
    document.title = `${view?.title ?? "borderflow"} - borderflow`;
  }

  watchTheme(draw);
  draw();
  source.start({
    model(next) {
      trouble = null;
      if (next === model) {
        drawBanners();
        return;
      }
      model = next;
      draw();
    },
    trouble(next) {
      const asked = trouble?.kind === "token" && next.kind === "token" && trouble.refused === next.refused;
      trouble = next;
      if (model && next.kind !== "token") drawBanners();
      else if (!asked) draw();
      if (next.kind === "token") document.getElementById("token")?.focus();
    },
  });
}

// The name by which an element is found again after a redrawing: its id, or its data-focus.
function handle(element: Element | null): string | null {
  const key = element?.getAttribute("data-focus");
  if (key) return `[data-focus="${CSS.escape(key)}"]`;
  return element?.id ? `#${CSS.escape(element.id)}` : null;
}

// What is to be restored after a redrawing. Another view begins at its top; the focus stays all the
// same, on the link that led there.
function holdings(main: HTMLElement, sameView: boolean): () => void {
  const focused = document.activeElement;
  const held = handle(focused);
  const selection = focused instanceof HTMLInputElement && /^(text|search|password)$/.test(focused.type)
    ? [focused.selectionStart, focused.selectionEnd] as const : null;
  const open = [...main.querySelectorAll<HTMLDetailsElement>("details[id]")].map((d) => [d.id, d.open] as const);
  const scrolls = [...main.querySelectorAll<HTMLElement>(".scroll[id], [data-scroll][id]")]
    .filter((e) => e.scrollLeft > 0 || e.scrollTop > 0).map((e) => [e.id, e.scrollLeft, e.scrollTop] as const);
  const [x, y] = [window.scrollX, window.scrollY];
  return () => {
    for (const [detail, state] of sameView ? open : []) {
      const element = document.getElementById(detail);
      if (element instanceof HTMLDetailsElement) element.open = state;
    }
    for (const [element, left, top] of scrolls) document.getElementById(element)?.scrollTo(left, top);
    const again = held === null ? null : document.querySelector<HTMLElement | SVGElement>(held);
    if (again && again !== document.activeElement) {
      again.focus({ preventScroll: true });
      if (again instanceof HTMLInputElement && selection) again.setSelectionRange(selection[0], selection[1]);
    }
    if (sameView) window.scrollTo(x, y);
  };
}
