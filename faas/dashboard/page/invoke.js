// Calls a function through the gateway, as its users do, and shows what it answers.

import { h } from "./tree.js";
import { bytes, seconds } from "./format.js";

const METHODS = ["POST", "GET", "PUT", "PATCH", "DELETE"];
const MOST = 100_000; // characters shown

export function invoke(name, status) {
  const signed = Boolean(status?.annotations?.topic);
  return h(
    "section",
    { class: "panel invoke", key: `invoke ${name}`, "aria-labelledby": "invoke" },
    h("h2", { id: "invoke" }, "Call it"),
    signed &&
      h(
        "p",
        { class: "muted small" },
        "It is called by events. Where it takes signed ones only, a call from here is refused.",
      ),
    h(
      "form",
      { onsubmit: (event) => send(event, name) },
      h(
        "div",
        { class: "target" },
        h(
          "label",
          null,
          h("span", { class: "hidden" }, "Method"),
          h(
            "select",
            { name: "method" },
            METHODS.map((method) => h("option", null, method)),
          ),
        ),
        h(
          "label",
          null,
          h("span", { class: "hidden" }, "Path and query"),
          h("input", {
            name: "path",
            value: "/",
            spellcheck: "false",
            autocomplete: "off",
            pattern: "/.*",
            title: "A path begins with /",
          }),
        ),
      ),
      h(
        "label",
        null,
        "Type of the body",
        h("input", { name: "type", value: "application/json", spellcheck: "false", autocomplete: "off" }),
      ),
      h("label", null, "Body", h("textarea", { name: "body", rows: 5, spellcheck: "false" })),
      h("button", { type: "submit" }, "Call"),
    ),
    h("div", { class: "answer", role: "status", own: true, hook: () => {} }),
  );
}

async function send(event, name) {
  event.preventDefault();
  const form = event.target;
  const { method, path, type, body } = Object.fromEntries(new FormData(form));
  const button = form.querySelector("button");
  const room = form.parentElement.querySelector(".answer");
  button.disabled = true;
  const begin = performance.now();
  try {
    // The function must not get the operator's password.
    const carries = method !== "GET" && body !== "";
    const response = await fetch(`/function/${name}${path}`, {
      method,
      redirect: "manual",
      credentials: "omit",
      ...(carries && { body, headers: { "Content-Type": type } }),
    });
    const content = await response.arrayBuffer();
    room.replaceChildren(...answer(response, content, (performance.now() - begin) / 1000));
  } catch {
    room.replaceChildren(paragraph("danger", "No answer: the connection ended."));
  }
  button.disabled = false;
}

function answer(response, content, took) {
  if (response.type === "opaqueredirect") return [paragraph("", "A redirect, which the browser does not show.")];
  const good = response.status < 400;
  const summary = paragraph(good ? "ok" : "danger", `${response.status} ${response.statusText} `);
  summary.append(
    span(`${seconds(took)} · ${bytes(content.byteLength)} · ${response.headers.get("Content-Type") ?? "no type"}`),
  );
  const id = response.headers.get("X-Call-Id");
  const made = [summary];
  if (content.byteLength) made.push(block(shown(content, response.headers.get("Content-Type") ?? "")));
  if (id) made.push(paragraph("muted small", `Call ${id}`));
  return made;
}

function shown(content, type) {
  if (/^(image|audio|video|font)\//.test(type)) return `${bytes(content.byteLength)} of ${type}`;
  const text = new TextDecoder().decode(content);
  const pretty = /json/.test(type) ? indented(text) : text;
  return pretty.length > MOST ? `${pretty.slice(0, MOST)}\n… ${bytes(content.byteLength)} in all` : pretty;
}

function indented(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

const element = (tag, look, text) => Object.assign(document.createElement(tag), { className: look, textContent: text });
const paragraph = (look, text) => element("p", look, text);
const span = (text) => element("span", "muted small", text);
const block = (text) => Object.assign(element("pre", "", text), { tabIndex: 0, ariaLabel: "The answer's body" });
