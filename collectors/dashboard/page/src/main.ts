// Where the page begins: in the one-file report beside its text, live in an empty document.
import "./page.css";
import { startFrame } from "./frame.ts";
import { openSource } from "./source.ts";
import { VIEWS } from "./views/index.ts";

const root = document.getElementById("app");
document.documentElement.classList.add("scripted");
if (root) startFrame(root, VIEWS, openSource());
