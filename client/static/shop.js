// What is nicer with a script; every page works without it.

// Times in the reader's own zone and way of writing.
const format = new Intl.DateTimeFormat(undefined, { dateStyle: "long", timeStyle: "short" });
for (const time of document.querySelectorAll("time[datetime]")) {
  time.textContent = format.format(new Date(time.dateTime));
}

// A form is sent once, and says that it is on its way.
const sent = new Map();
document.addEventListener("submit", (event) => {
  const { target: form, submitter: button } = event;
  if (form.method !== "post" || !button) return;
  if (sent.has(form)) return event.preventDefault();
  sent.set(form, [button, button.innerHTML]);
  button.setAttribute("aria-disabled", "true");
  if (form.dataset.busy) button.textContent = form.dataset.busy;
});

// Coming back through the browser's history finds the form usable again.
addEventListener("pageshow", () => {
  for (const [button, label] of sent.values()) {
    button.removeAttribute("aria-disabled");
    button.innerHTML = label;
  }
  sent.clear();
});
