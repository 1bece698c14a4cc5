import { duration } from "./format.js";
import { el } from "./dom.js";

/** The steps of a file's life, in their order. */
export const STEPS = [
  { name: "key", label: "Key" },
  { name: "known", label: "Known?" },
  { name: "stage", label: "Stage" },
  { name: "compute", label: "Compute" },
  { name: "commit", label: "Commit" },
  { name: "publish", label: "Publish" },
  { name: "archive", label: "Archive" },
];

/** A bar of how long each step took, and its legend. */
export function stepDurations(steps) {
  const taken = STEPS.filter(({ name }) => steps[name] !== undefined && steps[name] !== null);
  const bar = el("div", { class: "bar", "aria-hidden": "true" });
  const legend = el("ul", { class: "legend" });
  for (const { name, label } of taken) {
    const part = el("span");
    part.style.flexGrow = steps[name];
    const swatch = el("span", { class: "swatch" });
    part.style.background = swatch.style.background = `var(--step-${name})`;
    bar.append(part);
    legend.append(el("li", {}, swatch, label, " ", el("span", { class: "reading" }, duration(steps[name]))));
  }
  return el("div", { class: "steps" }, bar, legend);
}
