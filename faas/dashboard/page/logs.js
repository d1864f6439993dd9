// A function's lines as they are written, from all of its replicas.

import { h } from "./tree.js";
import { time } from "./format.js";

const TAIL = 200;
const MOST = 2000; // lines on the page
const AGAIN = 1000; // ms
const NEAR = 24; // px from the end that still count as being there

export function logs(name) {
  return h("section", {
    class: "panel logs",
    key: `logs ${name}`,
    "aria-labelledby": "logs",
    own: true,
    hook: (section) => follow(section, name),
  });
}

function follow(section, name) {
  const gone = new AbortController();
  let reading = new AbortController();
  const list = make("div", {
    className: "lines",
    tabIndex: 0,
    role: "log",
    ariaLive: "off",
    ariaLabel: `Log of ${name}`,
  });
  const filter = make("input", {
    type: "search",
    placeholder: "Filter",
    ariaLabel: "Filter lines",
    className: "filter",
  });
  const state = make("span", { className: "muted small" });
  const end = make("button", { type: "button", className: "quiet to-end", hidden: true, textContent: "To the newest" });
  const heading = make("div", { className: "heading" }, make("h2", { id: "logs", textContent: "Log" }), state, filter);
  section.replaceChildren(heading, list, end);

  const scroll = () => list.scrollTo(0, list.scrollHeight);
  const atEnd = () => list.scrollHeight - list.scrollTop - list.clientHeight < NEAR;
  list.addEventListener("scroll", () => (end.hidden = atEnd()));
  end.addEventListener("click", scroll);
  const hides = (line) => !line.textContent.toLowerCase().includes(filter.value.trim().toLowerCase());
  filter.addEventListener("input", () => {
    for (const line of list.children) line.hidden = hides(line);
    scroll();
  });

  let since = "";
  let seen = new Set(); // lines of the newest moment: a new request repeats them
  const show = (lines) => {
    const following = atEnd();
    for (const message of lines) {
      const text = `${message.instance} ${message.text}`;
      if (message.timestamp === since && seen.has(text)) continue;
      if (message.timestamp > since) [since, seen] = [message.timestamp, new Set()];
      seen.add(text);
      const line = written(message, name);
      line.hidden = hides(line);
      list.append(line);
    }
    while (list.childElementCount > MOST) list.firstChild.remove();
    if (following) scroll();
  };

  // A browser has few connections for each host: a page that nobody sees gives its own back.
  document.addEventListener("visibilitychange", () => document.hidden && reading.abort(), { signal: gone.signal });
  (async () => {
    while (!gone.signal.aborted) {
      if (document.hidden) await once(document, "visibilitychange");
      reading = new AbortController();
      const from = since ? `&since=${encodeURIComponent(since)}` : `&tail=${TAIL}`;
      try {
        const response = await fetch(`/system/logs?name=${encodeURIComponent(name)}&follow=1${from}`, {
          signal: reading.signal,
        });
        if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
        state.textContent = "following";
        await read(response.body, show);
        state.textContent = "waiting for the provider";
      } catch (error) {
        state.textContent = reading.signal.aborted ? "" : error.message;
      }
      await new Promise((wake) => setTimeout(wake, AGAIN));
    }
  })();
  return () => {
    gone.abort();
    reading.abort();
  };
}

const once = (target, event) => new Promise((done) => target.addEventListener(event, done, { once: true }));

async function read(body, show) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (let part; !(part = await reader.read()).done;) {
    const lines = (rest + part.value).split("\n");
    rest = lines.pop();
    show(lines.filter(Boolean).map((line) => JSON.parse(line)));
  }
}

/** A line that is a JSON object is shown as its message, with the rest behind it. */
function written({ timestamp, instance, text }, name) {
  const at = make("time", { dateTime: timestamp, title: timestamp, textContent: time(Date.parse(timestamp) / 1000) });
  const from = make("span", { className: "from", title: instance, textContent: instance.slice(0, 4) });
  const fields = object(text);
  if (!fields) return make("p", {}, at, from, make("span", { className: "text", textContent: text }));
  const { message, level = "", time: _, ...more } = fields;
  const rest = Object.entries(more)
    .filter(([key, value]) => key !== "function" || value !== name)
    .map(([key, value]) => `${key}=${typeof value === "object" ? JSON.stringify(value) : value}`);
  const words = make(
    "span",
    { className: "text" },
    `${message ?? ""} `,
    make("span", { className: "muted", textContent: rest.join(" ") }),
  );
  return make("p", { className: String(level).toLowerCase() }, at, from, words);
}

function object(text) {
  if (!text.startsWith("{")) return null;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function make(tag, properties, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}
