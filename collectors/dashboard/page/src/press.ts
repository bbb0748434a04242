// Clicks that are under way. A click goes to the node that was pressed: if that is replaced before it
// is let go (a new publication came, or a field that lost the focus changed the address), the click
// is lost. So what is to be drawn waits for the end of the press; of several drawings the last counts.

// A tap's click may come this long after the finger left; a list of choices stays open for as long as
// somebody reads it. What is held longer is no click.
const TAP_MS = 400;
const LONGEST_MS = 10_000;

const PRESSED_BY_KEY = "button, summary, select, a, input[type=checkbox]";

export function afterPresses(work: () => void): () => void {
  let held = false;
  let choosing = false; // from an open list of choices
  let waiting = false;
  let timer = 0;

  const free = () => {
    window.clearTimeout(timer);
    held = choosing = false;
    if (!waiting) return;
    waiting = false;
    work();
  };
  const freeIn = (wait: number) => {
    window.clearTimeout(timer);
    timer = window.setTimeout(free, wait);
  };
  const press = (target: EventTarget | null) => {
    held = true;
    choosing = target instanceof HTMLSelectElement;
    freeIn(LONGEST_MS);
  };
  const on = (type: string, listener: (event: Event) => void) => document.addEventListener(type, listener, { capture: true });

  on("pointerdown", (event) => press(event.target));
  on("keydown", (event) => {
    const { key } = event as KeyboardEvent;
    const target = event.target as Element | null;
    if ((key === " " || key === "Enter") && target?.matches?.(PRESSED_BY_KEY)) press(target);
  });
  // The click comes with the end of the press, or soon after it.
  on("pointerup", (event) => { if (held && !choosing) freeIn((event as PointerEvent).pointerType === "mouse" ? 0 : TAP_MS); });
  on("keyup", () => { if (held && !choosing) freeIn(0); });
  on("pointercancel", () => { if (held) freeIn(0); });
  for (const type of ["change", "focusout"]) on(type, () => { if (choosing) freeIn(0); });
  // What the click itself asks for is drawn at once.
  on("click", (event) => {
    if (!held || event.target instanceof HTMLSelectElement) return;
    held = false;
    freeIn(0);
  });

  return () => {
    if (held) {
      waiting = true;
      return;
    }
    waiting = false;
    work();
  };
}
