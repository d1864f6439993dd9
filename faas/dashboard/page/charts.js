// Pictures of figures over time, in SVG. Values may be null where nothing is known; the line has a gap there.

import { h } from "./tree.js";
import { hour } from "./format.js";

const PADDING = { top: 22, right: 12, bottom: 22, left: 52 };

/** A word-sized line; `values` are evenly spaced, from 0 upwards. */
export function sparkline(values, { width = 88, height = 24, label } = {}) {
  const size = { width, height, viewBox: `0 0 ${width} ${height}`, class: "spark" };
  const named = label ? { role: "img", "aria-label": label } : { "aria-hidden": "true" };
  if (!values?.some((value) => value !== null)) return h("svg", { ...size, ...named });
  const highest = Math.max(...values.map((value) => value ?? 0));
  const x = (index) => 2 + (index / Math.max(1, values.length - 1)) * (width - 5);
  const y = (value) => height - 2 - (highest ? value / highest : 0) * (height - 5);
  const points = values.map((value, index) => (value === null ? null : [x(index), y(value)]));
  const last = points.findLast(Boolean);
  return h(
    "svg",
    { ...size, ...named },
    h("path", { class: "area", d: area(points, height - 1) }),
    h("path", { class: highest ? "line" : "line flat", d: line(points) }),
    highest > 0 && h("circle", { class: "dot", cx: round(last[0]), cy: round(last[1]), r: 2 }),
  );
}

/** One mark for each replica that may be: ready, starting, or still free. */
export function replicas({ ready, replicas: wanted, max }) {
  const room = 78;
  const height = 10;
  const all = Math.max(max, wanted, ready, 1);
  const gap = all > 26 ? 0 : all > 10 ? 1 : 2;
  const each = Math.min(8, (room - gap * (all - 1)) / all);
  const width = round(all * (each + gap) - gap);
  const mark = (index) => (index < Math.min(ready, wanted) ? "ready" : index < wanted ? "starting" : "free");
  return h(
    "svg",
    { width, height, viewBox: `0 0 ${width} ${height}`, class: "pips", "aria-hidden": "true" },
    Array.from({ length: all }, (_, index) =>
      h("rect", {
        class: mark(index),
        x: round(index * (each + gap)),
        y: 1,
        width: round(each),
        height: height - 2,
        rx: Math.min(1.5, each / 3),
      }),
    ),
  );
}

/** A chart with axes. `series` are {values, look: "area" | "line" | "step", name}, `marks` {at, value, text, look}.
 * `hover` is the moment that the reader points at, told through `onhover`. */
export function chart({ span, series, width, height, write, label, marks = [], hover, onhover, least = 0 }) {
  const inner = { width: width - PADDING.left - PADDING.right, height: height - PADDING.top - PADDING.bottom };
  const values = series.flatMap((each) => each.values ?? []).filter((value) => value !== null);
  const ticks = steps(Math.max(least, ...values), inner.height > 120 ? 4 : 2);
  const highest = ticks.at(-1);
  const x = (at) => PADDING.left + ((at - span.start) / (span.end - span.start)) * inner.width;
  const y = (value) => PADDING.top + inner.height * (1 - value / highest);
  const floor = PADDING.top + inner.height;
  const index = hover === null || hover === undefined ? -1 : Math.round((hover - span.start) / span.step);
  const moment = span.start + index * span.step;
  const pointed = index >= 0 && moment <= span.end;
  const told = pointed && series.map((each) => each.values?.[index]);

  const point = (event) => {
    const box = event.currentTarget.getBoundingClientRect();
    const at = span.start + ((event.clientX - box.left - PADDING.left) / inner.width) * (span.end - span.start);
    onhover(Math.min(span.end, Math.max(span.start, at)));
  };
  return h(
    "svg",
    {
      class: "chart",
      width,
      height,
      viewBox: `0 0 ${width} ${height}`,
      role: "img",
      "aria-label": label,
      onpointermove: point,
      onpointerleave: () => onhover(null),
    },
    ticks.map((tick) => [
      h("line", {
        class: tick ? "grid" : "grid floor",
        x1: PADDING.left,
        x2: width - PADDING.right,
        y1: round(y(tick)),
        y2: round(y(tick)),
      }),
      h("text", { class: "tick", x: PADDING.left - 8, y: round(y(tick) + 4), "text-anchor": "end" }, write(tick)),
    ]),
    times(span, inner.width).map((at) =>
      h("text", { class: "tick", x: round(x(at)), y: height - 5, "text-anchor": "middle" }, hour(at)),
    ),
    series.map(({ values: own, look, name }) => {
      if (!own) return null;
      const points = own.map((value, at) => (value === null ? null : [x(span.start + at * span.step), y(value)]));
      return [
        look === "area" && h("path", { class: `area ${name}`, d: area(points, floor) }),
        h("path", { class: `line ${name}`, d: look === "step" ? stairs(points) : line(points) }),
      ];
    }),
    marks.map(({ at, value, text, look }) =>
      h(
        "g",
        { class: `mark ${look}`, key: at },
        h("circle", { cx: round(x(at)), cy: round(y(value)), r: 4 }),
        // The way down comes from above: its text stands beside it.
        text &&
          h(
            "text",
            {
              x: round(x(at) + (look === "down" ? 8 : 0)),
              y: round(y(value) - (look === "down" ? 7 : 9)),
              "text-anchor": look === "down" ? "start" : "middle",
            },
            text,
          ),
      ),
    ),
    pointed && h("line", { class: "pointer", x1: round(x(moment)), x2: round(x(moment)), y1: PADDING.top, y2: floor }),
    pointed &&
      series.map(
        ({ name }, at) =>
          told[at] !== null &&
          told[at] !== undefined &&
          h("circle", { class: `pointed ${name}`, cx: round(x(moment)), cy: round(y(told[at])), r: 3.5 }),
      ),
    values.length === 0 &&
      h(
        "text",
        { class: "nothing", x: width / 2, y: PADDING.top + inner.height / 2, "text-anchor": "middle" },
        "no data for this while",
      ),
  );
}

const round = (value) => Math.round(value * 10) / 10;

function runs(points) {
  const found = [[]];
  for (const point of points) point ? found.at(-1).push(point) : found.at(-1).length && found.push([]);
  return found.filter((run) => run.length);
}

const path = (run) => run.map(([x, y], index) => `${index ? "L" : "M"}${round(x)} ${round(y)}`).join("");
const line = (points) =>
  runs(points)
    .map((run) => (run.length > 1 ? path(run) : `${path(run)}h0.1`))
    .join("");
const area = (points, floor) =>
  runs(points)
    .map((run) => `${path(run)}L${round(run.at(-1)[0])} ${round(floor)}L${round(run[0][0])} ${round(floor)}Z`)
    .join("");
const stairs = (points) =>
  runs(points)
    .map(
      ([[x, y], ...rest]) =>
        `M${round(x)} ${round(y)}${rest.map(([right, high]) => `H${round(right)}V${round(high)}`).join("")}`,
    )
    .join("");

/** Round numbers from 0 to at least `highest`. */
function steps(highest, most) {
  if (!(highest > 0)) return [0, 1];
  const rough = highest / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].find((size) => size * power >= rough) * power;
  return Array.from({ length: Math.ceil(highest / step - 1e-9) + 1 }, (_, index) =>
    Number((index * step).toPrecision(12)),
  );
}

/** Full minutes or hours within the span, as many as have room. */
function times(span, width) {
  const room = Math.max(2, Math.floor(width / 80));
  const each =
    [60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200].find(
      (size) => (span.end - span.start) / size <= room,
    ) ?? 86400;
  const zone = new Date(span.start * 1000).getTimezoneOffset() * 60;
  const found = [];
  for (let at = Math.ceil((span.start - zone) / each) * each + zone; at <= span.end; at += each) found.push(at);
  return found.filter((at) => at - span.start > 15 * ((span.end - span.start) / width));
}
