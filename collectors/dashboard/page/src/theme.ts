// Light or dark: the system's wish, or the reader's choice, which stays in this browser.

const KEY = "borderflow-theme";
export type Choice = "system" | "light" | "dark";
const dark = window.matchMedia("(prefers-color-scheme: dark)");
let choice: Choice = stored();

// Storage is refused in some settings, and from files in some browsers; then a choice lasts as long
// as the page.
function stored(): Choice {
  try {
    const value = localStorage.getItem(KEY);
    return value === "light" || value === "dark" ? value : "system";
  } catch {
    return "system";
  }
}

export function themeChoice(): Choice {
  return choice;
}

export function theme(): "light" | "dark" {
  if (choice !== "system") return choice;
  return dark.matches ? "dark" : "light";
}

function apply() {
  document.documentElement.dataset["theme"] = theme();
}

export function chooseTheme(next: Choice): void {
  choice = next;
  try {
    if (next === "system") localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, next);
  } catch {
    // The choice holds for this page.
  }
  apply();
}

// `changed` is called when the system changes its mind.
export function watchTheme(changed: () => void): void {
  apply();
  dark.addEventListener("change", () => {
    apply();
    changed();
  });
  // Paper is light.
  window.addEventListener("beforeprint", () => { document.documentElement.dataset["theme"] = "light"; });
  window.addEventListener("afterprint", apply);
}
