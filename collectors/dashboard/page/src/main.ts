// Where the page begins: in the one-file report beside its text, live in an empty document.
import "./page.css";
import { startFrame } from "./frame.ts";
import { geography } from "./geography.ts";
import { openSource } from "./source.ts";
import { VIEWS } from "./views/index.ts";

const root = document.getElementById("app");
document.documentElement.classList.add("scripted");
if (root) startFrame(root, VIEWS, openSource());

// The outlines of the map are computed once: while nobody waits, rather than when it is opened.
const idle = (work: () => void) => (window.requestIdleCallback ? window.requestIdleCallback(work) : window.setTimeout(work, 300));
window.addEventListener("load", () => idle(() => { geography(); }));
