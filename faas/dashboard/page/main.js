// Asks for the figures again and again, and draws what the address names: all functions, or one.

import { h, render } from "./tree.js";
import { time } from "./format.js";
import { overview } from "./overview.js";
import { story } from "./story.js";

const EVERY = { now: 2, trends: 10, story: 5 }; // seconds
const STALE = 10;

const state = {
  now: null, // the last answer of each document, null before the first
  trends: null,
  story: null,
  name: "",
  minutes: 15,
  sort: { by: "name", down: false },
  filter: "",
  hover: null,
  paused: false,
  problem: "",
  arrived: Date.now() / 1000,
  width: 0,
};

/** Change the state and draw. */
function set(change) {
  Object.assign(state, change);
  draw();
}

function draw() {
  if (!state.width) return; // Charts need to know their room.
  const { now, name, problem } = state;
  const silent = Date.now() / 1000 - state.arrived;
  const stack = now?.stack ?? "";
  document.title = [name, stack || "Functions"].filter(Boolean).join(" · ");
  render(document.getElementById("top"), head(stack, silent));
  render(
    document.getElementById("main"),
    problem &&
      silent > STALE &&
      h(
        "p",
        { class: "notice danger", role: "alert", key: "silence" },
        `No figures for ${Math.round(silent)} s: ${problem}. What you see is older.`,
      ),
    now ? (name ? story(state, { set, say, ask, refresh }) : overview(state, { set })) : waiting(problem),
  );
}

function waiting(problem) {
  return h("p", { class: "empty" }, problem ? `There are no figures: ${problem}.` : "Asking for the figures …");
}

function head(stack, silent) {
  const look = state.paused ? "paused" : silent > STALE ? "stale" : "live";
  const words = { paused: "Paused", stale: "No answer", live: "Live" }[look];
  return h(
    "div",
    { class: "bar" },
    h(
      "a",
      { class: "logo", href: "#" },
      h("img", { src: "icon.svg", alt: "", width: 28, height: 28 }),
      h("span", null, stack || "Functions"),
    ),
    h(
      "p",
      { class: `pulse ${look}` },
      h("span", { class: "lamp", "aria-hidden": "true" }),
      words,
      state.now && h("span", { class: "muted wide" }, ` · ${time(state.now.at)}`),
    ),
    h(
      "button",
      {
        type: "button",
        class: "quiet",
        "aria-pressed": String(state.paused),
        onclick: () => set({ paused: !state.paused }),
      },
      "Pause",
    ),
  );
}

/** Say something to everybody, those who do not see it too. */
function say(words, look = "ok") {
  const said = document.getElementById("said");
  said.textContent = words;
  said.className = look;
  clearTimeout(say.timer);
  say.timer = setTimeout(() => said.replaceChildren(), 8000);
}

/** Send a change and return what went wrong, "" if nothing did. */
async function ask(method, path, body) {
  try {
    const headers = { "Content-Type": "application/json" };
    const response = await fetch(path, { method, headers, body: JSON.stringify(body) });
    return response.ok ? "" : `${response.status}: ${await response.text()}`;
  } catch {
    return "the gateway cannot be reached";
  }
}

const paths = {
  now: () => "api/now",
  trends: () => "api/trends?usage=1",
  story: () => (state.name ? `api/functions/${encodeURIComponent(state.name)}?minutes=${state.minutes}` : null),
};

async function refresh(document_) {
  const path = paths[document_]();
  if (!path) return;
  let change;
  try {
    const response = await fetch(path, { signal: AbortSignal.timeout(8000) });
    if (response.ok) change = { [document_]: await response.json() };
    else if (response.status === 404 && document_ === "story") change = { story: "gone" };
    else change = { problem: `the provider answers ${response.status}` };
  } catch {
    change = { problem: "the gateway cannot be reached" };
  }
  if (path !== paths[document_]()) return; // The reader has gone elsewhere meanwhile.
  if (change[document_]) Object.assign(change, { problem: "", arrived: Date.now() / 1000 });
  set(change);
}

async function follow(document_) {
  for (;;) {
    // What cannot be drawn now may be in two seconds.
    if (!state.paused && !document.hidden) await refresh(document_).catch(reportError);
    await new Promise((wake) => setTimeout(wake, EVERY[document_] * 1000));
  }
}

function go() {
  const name = decodeURIComponent(location.hash.slice(1).replace(/^\//, ""));
  const moved = name !== state.name;
  set({ name, story: null, hover: null });
  refresh("story");
  if (!moved) return;
  scrollTo(0, 0);
  document.querySelector("#main h1")?.focus();
}

new ResizeObserver(([entry]) => set({ width: Math.floor(entry.contentRect.width) })).observe(
  document.getElementById("main"),
);
addEventListener("hashchange", go);
document.addEventListener("visibilitychange", () => document.hidden || Object.keys(EVERY).forEach(refresh));
go();
Object.keys(EVERY).forEach(follow);
