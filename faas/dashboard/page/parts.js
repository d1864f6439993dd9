// Small things that both pages show.

import { h } from "./tree.js";
import { UNKNOWN } from "./format.js";

/** The newest value that is known, not older than two steps. */
export const last = (values) => values?.slice(-3).findLast((value) => value !== null) ?? null;

/** A figure; where it is not known, the reason shows on pointing at it. */
export const figure = (text, reason, look = "") =>
  h(
    "span",
    {
      class: `number ${text === UNKNOWN ? "unknown" : text === "0" || text === "0%" ? "zero" : look}`,
      title: text === UNKNOWN ? reason : undefined,
    },
    text,
  );

/** `1 → 3` with the direction as color and arrow. */
export function transition({ from, to, cause }) {
  const look = cause === "removed" ? "gone" : to > from ? "up" : to < from ? "down" : "same";
  return h(
    "span",
    { class: `transition ${look}` },
    `${from}`,
    h("span", { "aria-hidden": "true" }, " → "),
    h("span", { class: "hidden" }, " to "),
    `${to}`,
  );
}

/** How a function is, from its replicas. */
export function stateOf({ ready, replicas }) {
  if (replicas === 0) return { look: "asleep", words: "asleep", unmeasured: "asleep: no replica uses anything" };
  const unmeasured = "the provider does not measure the nodes it runs on";
  if (ready >= replicas) return { look: "ready", words: "ready", unmeasured };
  return { look: "starting", words: `${replicas - ready} not ready`, unmeasured };
}
