// All functions at a glance, what happened to them, and what waits for them.

import { h } from "./tree.js";
import { replicas, sparkline } from "./charts.js";
import { UNKNOWN, ago, amount, bytes, count, cpu, rate, seconds, share } from "./format.js";
import { figure, last, stateOf, transition } from "./parts.js";

const RECENT = 600; // seconds

const COLUMNS = [
  { by: "name", title: "Function", of: (row) => row.name },
  { by: "replicas", title: "Replicas", of: (row) => row.replicas },
  { by: "rate", title: "Calls", of: (row, trends) => last(trends?.course[row.name]) },
  {
    by: "p95",
    title: "p95",
    of: (row, trends) => trends?.means.p95[row.name],
    hint: "19 of 20 calls were faster, last 5 minutes",
  },
  {
    by: "errors",
    title: "Errors",
    of: (row, trends) => trends?.means.errors[row.name],
    hint: "share of calls answered with 5xx, last 5 minutes",
  },
  { by: "in_flight", title: "In flight", of: (row) => row.in_flight },
  { by: "queued", title: "Queued", of: (row) => row.queued, hint: "calls that wait at the gateway for a replica" },
  { by: "cpu", title: "CPU", of: (row, trends) => trends?.usage[row.name]?.cpu, hint: "of one core, all replicas" },
  { by: "memory", title: "Memory", of: (row, trends) => trends?.usage[row.name]?.memory, hint: "all replicas" },
  { by: "why", title: "Why this many" },
];

export function overview(state, { set }) {
  const { now, trends } = state;
  const narrow = state.width < 900;
  return [
    h("h1", { class: "hidden", tabindex: "-1" }, `Functions of ${now.stack}`),
    missing(now, trends),
    summary(now, trends),
    functions(state, set),
    h("div", { class: narrow ? "stack" : "columns" }, changes(now), queues(now, trends)),
  ];
}

function missing(now, trends) {
  const reasons = [...new Set(Object.values({ ...trends?.missing, ...now.missing }))];
  const told = reasons.map((reason) => `${reason[0].toUpperCase()}${reason.slice(1)}.`);
  return (
    told.length > 0 && h("p", { class: "notice", key: "missing" }, `Some figures are not known. ${told.join(" ")}`)
  );
}

function summary({ functions, queues, shared_queues: shared, missing }, trends) {
  const total = (of) => functions.reduce((sum, row) => (of(row) === null ? sum : (sum ?? 0) + of(row)), null);
  const awake = functions.filter((row) => row.replicas > 0);
  const troubled = awake.filter((row) => row.ready < row.replicas).length;
  const courses = Object.values(trends?.course ?? {});
  const course = courses[0]?.map((_, at) =>
    courses.reduce((sum, each) => (each[at] === null ? sum : (sum ?? 0) + each[at]), null),
  );
  const rates = Object.entries(trends?.means.rate ?? {});
  const calls = rates.reduce((sum, [, each]) => sum + each, 0);
  const failed = rates.reduce((sum, [name, each]) => sum + each * (trends.means.errors[name] ?? 0), 0);
  const dead = queues.reduce((sum, queue) => sum + queue.dead, 0);
  const events = missing.queues
    ? null
    : queues.reduce((sum, queue) => sum + queue.waiting + queue.in_hand, shared.delayed);
  const asleep = functions.length - awake.length;
  return h(
    "dl",
    { class: "summary" },
    tile(
      "Functions",
      count(functions.length),
      troubled ? `${troubled} not ready` : asleep ? `${asleep} asleep` : "all ready",
      troubled ? "warn" : "",
    ),
    tile("Replicas", count(total((row) => row.ready)), `of ${count(total((row) => row.replicas))} wanted`),
    tile(
      "Calls",
      rate(last(course)),
      sparkline(course, { width: 132, height: 30, label: "Calls of the last 15 minutes" }),
    ),
    tile(
      "Errors",
      calls ? share(failed / calls) : UNKNOWN,
      calls ? "of all calls, last 5 min" : "no calls in 5 min",
      failed > 0 ? "danger" : "",
    ),
    tile("In flight", amount(total((row) => row.in_flight)), `${amount(total((row) => row.queued))} queued`),
    tile(
      "Events waiting",
      count(events),
      dead ? `${count(dead)} dead letter${dead === 1 ? "" : "s"}` : missing.queues ? "" : "no dead letters",
      dead ? "danger" : "",
    ),
  );
}

const tile = (name, value, more, look = "") =>
  h(
    "div",
    { class: `tile ${look}` },
    h("dt", null, name),
    h("dd", { class: "big" }, value),
    h("dd", { class: "more" }, more),
  );

function functions({ now, trends, sort, filter }, set) {
  const column = COLUMNS.find(({ by }) => by === sort.by);
  const order = (a, b) => {
    const [one, other] = [column.of(a, trends) ?? -1, column.of(b, trends) ?? -1];
    return (one < other ? -1 : one > other ? 1 : 0) * (sort.down ? -1 : 1) || (a.name < b.name ? -1 : 1);
  };
  const wanted = filter.trim().toLowerCase();
  const rows = now.functions.filter((row) =>
    `${row.name} ${row.image} ${stateOf(row).words}`.toLowerCase().includes(wanted),
  );
  return h(
    "section",
    { "aria-labelledby": "functions" },
    h(
      "div",
      { class: "heading" },
      h("h2", { id: "functions" }, "Functions"),
      h("input", {
        type: "search",
        class: "filter",
        placeholder: "Name, image, asleep, not ready …",
        "aria-label": "Filter functions by name, image or state",
        oninput: (event) => set({ filter: event.target.value }),
      }),
    ),
    now.functions.length === 0
      ? h(
          "p",
          { class: "empty" },
          "Nothing is deployed yet. ",
          h("code", null, "faas-cli up"),
          " deploys what stack.yml lists.",
        )
      : h(
          "table",
          { class: "functions", role: "table" },
          h(
            "thead",
            { role: "rowgroup" },
            h(
              "tr",
              { role: "row" },
              COLUMNS.map((each) => title(each, sort, set)),
            ),
          ),
          h(
            "tbody",
            { role: "rowgroup" },
            rows.sort(order).map((row) => line(row, now, trends)),
          ),
        ),
    now.functions.length > 0 &&
      rows.length === 0 &&
      h("p", { class: "empty" }, "No function has that in its name, image or state."),
  );
}

function title({ by, title, of, hint }, sort, set) {
  const sorted = sort.by === by ? (sort.down ? "descending" : "ascending") : undefined;
  const press = () => set({ sort: { by, down: sort.by === by ? !sort.down : by !== "name" } });
  return h(
    "th",
    { role: "columnheader", scope: "col", class: by, "aria-sort": sorted, title: hint },
    of ? h("button", { type: "button", onclick: press }, title) : title,
  );
}

function line(row, now, trends) {
  const cell = (by, ...content) =>
    h("td", { role: "cell", class: by, "data-title": COLUMNS.find((column) => column.by === by).title }, content);
  const course = trends?.course[row.name];
  const change = now.changes.find((each) => each.function === row.name && now.at - each.at < RECENT);
  const state = stateOf(row);
  const prometheus = trends?.missing.prometheus;
  const quiet = prometheus ?? "no calls in the last 5 minutes";
  const unseen = now.missing.autoscaler ?? "the autoscaler has not seen its load yet";
  return h(
    "tr",
    {
      key: row.name,
      role: "row",
      class: state.look,
      onclick: (event) => event.target.closest("a") || getSelection().toString() || (location.hash = row.name),
    },
    h(
      "th",
      { role: "rowheader", scope: "row", class: "name" },
      h("a", { href: `#${row.name}` }, row.name),
      h("span", { class: "image", title: row.image }, row.image),
    ),
    cell(
      "replicas",
      h("span", { class: "number", title: state.words }, `${row.ready}/${row.replicas}`),
      h("span", { class: "hidden" }, ` ${state.words}, `),
      h("span", { class: "muted range", title: "from its minimum to its maximum" }, `of ${row.min}–${row.max}`),
      replicas(row),
    ),
    cell("rate", sparkline(course), figure(rate(last(course)), prometheus ?? "not called since the gateway started")),
    cell("p95", figure(seconds(trends?.means.p95[row.name]), trends?.missing.p95 ?? quiet)),
    cell(
      "errors",
      figure(share(trends?.means.errors[row.name]), quiet, trends?.means.errors[row.name] > 0 ? "danger" : ""),
    ),
    cell("in_flight", figure(amount(row.in_flight), unseen)),
    cell("queued", figure(amount(row.queued), unseen, row.queued >= 0.5 ? "warn" : "")),
    cell("cpu", figure(cpu(trends?.usage[row.name]?.cpu), state.unmeasured)),
    cell("memory", figure(bytes(trends?.usage[row.name]?.memory), state.unmeasured)),
    cell(
      "why",
      change &&
        h("span", { class: "recent" }, transition(change), h("span", { class: "muted" }, ` ${ago(change.at, now.at)}`)),
      row.problem
        ? h("span", { class: "warn" }, `not ready: ${row.problem}`)
        : h(
            "span",
            { class: change ? "" : "muted" },
            row.complaint ?? change?.why ?? row.why ?? h("span", { title: unseen }, UNKNOWN),
          ),
    ),
  );
}

function changes(now) {
  return h(
    "section",
    { "aria-labelledby": "changes", class: "panel" },
    h("h2", { id: "changes" }, "What changed, and why"),
    now.changes.length === 0
      ? h("p", { class: "muted" }, "Nothing since the provider started.")
      : h(
          "ol",
          { class: "changes", tabindex: "0", "aria-labelledby": "changes" },
          now.changes.map((change) =>
            h(
              "li",
              { key: `${change.at}${change.function}` },
              transition(change),
              h("span", { class: "what" }, h("a", { href: `#${change.function}` }, change.function), ` ${change.why}`),
              h("time", { class: "muted", datetime: new Date(change.at * 1000).toISOString() }, ago(change.at, now.at)),
            ),
          ),
        ),
  );
}

function queues({ queues, shared_queues: shared, missing }, trends) {
  return h(
    "section",
    { "aria-labelledby": "queues", class: "panel" },
    h("h2", { id: "queues" }, "Events"),
    missing.queues
      ? h("p", { class: "muted" }, `The queues are not known: ${missing.queues}.`)
      : queues.length === 0
        ? h("p", { class: "muted" }, "No function asks for events.")
        : h(
            "table",
            { class: "queues" },
            h(
              "thead",
              null,
              h(
                "tr",
                null,
                h("th", { scope: "col" }, "For"),
                h("th", { scope: "col" }, "Waiting"),
                h("th", { scope: "col", title: "given to the function, not yet answered" }, "In hand"),
                h("th", { scope: "col", title: "mean of the last 5 minutes" }, "Done"),
                h("th", { scope: "col", title: "mean of the last 5 minutes" }, "Retried"),
                h("th", { scope: "col", title: "what the function refused, or could not do after all tries" }, "Dead"),
              ),
            ),
            h(
              "tbody",
              null,
              queues.map((queue) => events(queue, trends)),
            ),
          ),
    !missing.queues &&
      h(
        "p",
        { class: "muted small" },
        `${count(shared.delayed)} wait for their next try · ${count(shared.unrouted)} kept that no function asked for`,
      ),
  );
}

function events(queue, trends) {
  const idle = trends?.missing.prometheus ?? "nothing in the last 5 minutes";
  const waits = queue.waiting > 0 && queue.consumers === 0;
  return h(
    "tr",
    { key: queue.function },
    h(
      "th",
      { scope: "row" },
      queue.deployed
        ? h("a", { href: `#${queue.function}` }, queue.function)
        : h("span", { title: "the function is gone, its queue stays" }, `${queue.function} (removed)`),
    ),
    h("td", null, figure(count(queue.waiting), "", waits ? "warn" : "")),
    h("td", null, count(queue.in_hand)),
    h("td", null, figure(rate(trends?.means.delivered[queue.function]), idle)),
    h("td", null, figure(rate(trends?.means.retried[queue.function]), idle)),
    h("td", null, queue.dead ? h("strong", { class: "badge danger" }, count(queue.dead)) : "0"),
  );
}
