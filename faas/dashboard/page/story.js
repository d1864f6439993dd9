// One function: why it has as many replicas, how it does, what it says, and what can be done with it.

import { h } from "./tree.js";
import { chart, replicas } from "./charts.js";
import { ago, amount, bytes, count, cpu, date, rate, seconds, share, time } from "./format.js";
import { figure, last, stateOf, transition } from "./parts.js";
import { logs } from "./logs.js";
import { invoke } from "./invoke.js";

const SPANS = [
  [15, "15 min"],
  [60, "1 h"],
  [360, "6 h"],
  [1440, "24 h"],
];
const LABELED = 44; // px between two marks with a text
const UNITS = { rps: "calls a second", capacity: "calls at once", cpu: "" };

export function story(state, actions) {
  const { name, now } = state;
  const row = now.functions.find((each) => each.name === name);
  const back = h("p", { class: "back" }, h("a", { href: "#" }, "← All functions"));
  if (!row || state.story === "gone") {
    return [back, h("h1", { tabindex: "-1" }, name), h("p", { class: "empty" }, "This function is not deployed.")];
  }
  return [
    back,
    heading(row, state, actions),
    row.problem && h("p", { class: "notice", key: "problem" }, `Not ready: ${row.problem}`),
    facts(row, state),
    why(row, state, actions),
    h("div", { class: `small-charts of-${perRow(state.width)}` }, courses(state, actions)),
    h(
      "div",
      { class: state.width < 1000 ? "stack" : "columns wide-left" },
      logs(name),
      invoke(name, state.story?.status),
    ),
    deployment(state.story?.status),
  ];
}

function heading(row, { width }, { say, ask, refresh }) {
  const state = stateOf(row);
  const scale = async (event) => {
    event.preventDefault();
    const wanted = Number(event.target.elements.replicas.value);
    const wrong = await ask("POST", `/system/scale-function/${row.name}`, { serviceName: row.name, replicas: wanted });
    event.target.reset(); // From here on it shows again what there is.
    say(
      wrong ? `${row.name} was not scaled. ${wrong}` : `${row.name} is going to ${wanted} replicas.`,
      wrong ? "danger" : "ok",
    );
    refresh("now");
    refresh("story");
  };
  return h(
    "div",
    { class: "heading story" },
    h(
      "div",
      { class: "title" },
      h("h1", { tabindex: "-1" }, row.name),
      h("span", { class: `chip ${state.look}` }, state.words),
    ),
    h(
      "div",
      { class: "actions" },
      h(
        "form",
        { class: "scale", onsubmit: scale, key: row.name },
        h(
          "label",
          null,
          "Replicas ",
          h("input", { name: "replicas", type: "number", min: 0, max: row.max, required: true, value: row.replicas }),
        ),
        h("button", { type: "submit" }, "Scale"),
      ),
      h(
        "button",
        { type: "button", class: "quiet danger", onclick: () => document.getElementById("remove").showModal() },
        "Remove …",
      ),
    ),
    removal(row, { say, ask }),
  );
}

function removal({ name }, { say, ask }) {
  const remove = async (event) => {
    event.preventDefault();
    const dialog = event.target.closest("dialog");
    if (event.target.elements.name.value.trim() !== name) return event.target.elements.name.focus();
    const wrong = await ask("DELETE", "/system/functions", { functionName: name });
    dialog.close();
    say(wrong ? `${name} was not removed. ${wrong}` : `${name} is removed.`, wrong ? "danger" : "ok");
    if (!wrong) location.hash = "";
  };
  return h(
    "dialog",
    { id: "remove", key: `remove ${name}`, "aria-labelledby": "removing" },
    h(
      "form",
      { onsubmit: remove },
      h("h2", { id: "removing" }, `Remove ${name}?`),
      h(
        "p",
        null,
        "Its replicas end and its address answers 404. ",
        h("code", null, "faas-cli deploy"),
        " brings it back.",
      ),
      h(
        "label",
        null,
        "Its name, to be sure",
        h("input", { name: "name", autocomplete: "off", spellcheck: "false", required: true }),
      ),
      h(
        "div",
        { class: "actions" },
        h("button", { type: "submit", class: "danger" }, "Remove"),
        h(
          "button",
          { type: "button", class: "quiet", onclick: (event) => event.target.closest("dialog").close() },
          "Keep it",
        ),
      ),
    ),
  );
}

function facts(row, { now, trends }) {
  const state = stateOf(row);
  const quiet = trends?.missing.prometheus ?? "no calls in the last 5 minutes";
  const unseen = now.missing.autoscaler ?? "the autoscaler has not seen its load yet";
  const fact = (name, ...value) => h("div", null, h("dt", null, name), h("dd", null, value));
  return h(
    "dl",
    { class: "facts" },
    fact(
      "Replicas",
      h("span", { class: "number" }, `${row.ready}/${row.replicas}`),
      replicas(row),
      h("span", { class: "muted" }, `${row.min}–${row.max}`),
    ),
    fact("In flight", figure(amount(row.in_flight), unseen)),
    fact("Queued", figure(amount(row.queued), unseen, row.queued >= 0.5 ? "warn" : "")),
    fact(
      "Calls",
      figure(
        rate(last(trends?.course[row.name])),
        trends?.missing.prometheus ?? "not called since the gateway started",
      ),
    ),
    fact("p95", figure(seconds(trends?.means.p95[row.name]), trends?.missing.p95 ?? quiet)),
    fact("Errors", figure(share(trends?.means.errors[row.name]), quiet, "danger")),
    fact("CPU", figure(cpu(trends?.usage[row.name]?.cpu), state.unmeasured)),
    fact("Memory", figure(bytes(trends?.usage[row.name]?.memory), state.unmeasured)),
    fact("Calls in all", figure(count(row.calls), "")),
    fact("Image", h("span", { class: "code" }, row.image)),
  );
}

function why(row, state, { set, refresh }) {
  const { story, now, width, hover, minutes } = state;
  const pick = (each) => {
    set({ minutes: each, hover: null });
    refresh("story");
  };
  return h(
    "section",
    { class: "panel", "aria-labelledby": "why" },
    h(
      "div",
      { class: "heading" },
      h("h2", { id: "why" }, "Why this many replicas"),
      h(
        "div",
        { class: "spans", role: "group", "aria-label": "How far back" },
        SPANS.map(([each, text]) =>
          h("button", { type: "button", "aria-pressed": String(each === minutes), onclick: () => pick(each) }, text),
        ),
      ),
    ),
    h(
      "p",
      { class: "now-why" },
      h("strong", null, `${row.replicas} now: `),
      row.complaint ?? row.why ?? "the reason is not known",
      ".",
    ),
    story ? picture(row, story, { width, hover, set }) : h("div", { class: "chart-room" }),
    story && reasons(story, now),
  );
}

function picture(row, { span, courses, changes, missing }, { width, hover, set }) {
  const takes = courses.replicas?.map((value) => (value === null ? null : value * row.carried)) ?? null;
  const unit = UNITS[row.kind];
  const series = [
    { values: courses.load, look: "area", name: "load" },
    { values: takes, look: "step", name: "takes" },
  ];
  const at = hover === null ? -1 : Math.round((hover - span.start) / span.step);
  const moment = hover === null ? span.end : span.start + at * span.step;
  const value = (values) => (hover === null ? last(values) : (values?.[at] ?? null));
  const marks = [];
  const [from, to] = [time(span.start), time(span.end)];
  for (const change of changes.filter((each) => each.at >= span.start && each.at <= span.end).reverse()) {
    const near =
      ((change.at - (marks.findLast((mark) => mark.text)?.at ?? -Infinity)) / (span.end - span.start)) * width <
      LABELED;
    marks.push({
      at: change.at,
      value: change.to * row.carried,
      text: near ? "" : `${change.from}→${change.to}`,
      look: change.to > change.from ? "up" : "down",
    });
  }
  return [
    h(
      "ul",
      { class: "legend" },
      h("li", { class: "load" }, "Load: ", h("b", null, amount(value(courses.load))), ` ${unit}`),
      h("li", { class: "takes" }, "What the replicas take: ", h("b", null, amount(value(takes)))),
      h("li", { class: "muted" }, hover === null ? "now" : span.end - span.start > 86000 ? date(moment) : time(moment)),
    ),
    missing.prometheus && h("p", { class: "muted" }, `The past is not known: ${missing.prometheus}.`),
    chart({
      span,
      series,
      marks,
      hover,
      width: Math.max(260, width - 50),
      height: width < 600 ? 190 : 240,
      write: amount,
      least: row.carried,
      onhover: (moment) => set({ hover: moment }),
      label: `Load in ${unit} and what the replicas take, from ${from} to ${to}; the list below tells each change.`,
    }),
  ];
}

function reasons({ changes }, now) {
  if (changes.length === 0) return h("p", { class: "muted" }, "The number has not changed since the provider started.");
  return h(
    "ol",
    { class: "changes", tabindex: "0", "aria-label": "Changes of this function, the newest first" },
    changes.map((change) =>
      h(
        "li",
        { key: change.at },
        transition(change),
        h("span", { class: "what" }, change.why),
        h(
          "time",
          { class: "muted", datetime: new Date(change.at * 1000).toISOString(), title: date(change.at) },
          ago(change.at, now.at),
        ),
      ),
    ),
  );
}

const perRow = (width) => (width < 640 ? 1 : width < 1040 ? 2 : 4);

function courses({ story, width, hover, minutes }, { set }) {
  const each = (width - 16 * (perRow(width) - 1)) / perRow(width);
  const wanted = [
    ["Calls", "rate", rate, ["rate"]],
    ["p95", "p95", seconds, ["p95"]],
    ["Errors", "errors", share, ["errors"], 0.01],
    ["In flight and queued", "in_flight", amount, ["in_flight", "queued"]],
  ];
  const at = hover === null || !story ? -1 : Math.round((hover - story.span.start) / story.span.step);
  const value = (figure) => (at < 0 ? last(story?.courses[figure]) : (story.courses[figure]?.[at] ?? null));
  return wanted.map(([name, first, write, shown, least]) => {
    return h(
      "figure",
      { class: "panel" },
      h("figcaption", null, name, h("b", { class: "number" }, shown.map(value).map(write).join(" · "))),
      story &&
        chart({
          span: story.span,
          hover,
          write,
          least,
          width: Math.floor(each) - 34,
          height: 120,
          onhover: (moment) => set({ hover: moment }),
          series: shown.map((figure) => ({
            values: story.courses[figure],
            look: figure === "queued" ? "line" : "area",
            name: figure,
          })),
          label: `${name} of the last ${minutes} minutes`,
        }),
    );
  });
}

function deployment(status) {
  if (!status) return null;
  const pairs = (title, found) => {
    const entries = Object.entries(found ?? {});
    return (
      entries.length > 0 &&
      h(
        "div",
        null,
        h("h3", null, title),
        h(
          "dl",
          { class: "pairs" },
          entries.map(([key, value]) => [h("dt", null, key), h("dd", null, String(value))]),
        ),
      )
    );
  };
  const limits = (each) => each && Object.fromEntries(Object.entries(each).filter(([, value]) => value));
  const more = Object.fromEntries(
    Object.entries({
      deployed: date(Date.parse(status.createdAt) / 1000),
      process: status.envProcess,
      secrets: status.secrets?.join(", "),
      constraints: status.constraints?.join(", "),
      "read-only root": status.readOnlyRootFilesystem ? "yes" : "no",
    }).filter(([, value]) => value),
  );
  return h(
    "details",
    { class: "panel deployment" },
    h("summary", null, h("h2", null, "Deployment")),
    h(
      "div",
      { class: "groups" },
      pairs("Settings", more),
      pairs("Limits", limits(status.limits)),
      pairs("Requests", limits(status.requests)),
      pairs("Environment", status.envVars),
      pairs("Labels", status.labels),
      pairs("Annotations", status.annotations),
    ),
  );
}
