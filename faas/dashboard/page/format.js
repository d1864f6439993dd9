// Figures the way people read them. What is not known is an en dash.

export const UNKNOWN = "–";
const known = (write) => (value) => (value === null || value === undefined ? UNKNOWN : write(value));
const digits = (most) => new Intl.NumberFormat("en", { maximumFractionDigits: most }).format;
const whole = digits(0);
const short = (value) => (value >= 100 ? whole(value) : value >= 10 ? digits(1)(value) : digits(2)(value));

export const count = known((value) => whole(value));

/** A mean count, such as calls in flight: 0, 0.3, 12. */
export const amount = known((value) => (value >= 10 ? whole(value) : digits(1)(value)));

/** Of a figure per second. */
export const rate = known((value) => {
  if (value === 0) return "0";
  if (value >= 1) return `${short(value)}/s`;
  return value * 60 < 0.5 ? "<1/min" : `${whole(value * 60)}/min`;
});

export const seconds = known((value) => {
  if (value > 0 && value < 0.0095) return `${digits(1)(value * 1000)} ms`;
  return value < 0.9995 ? `${whole(value * 1000)} ms` : `${short(value)} s`;
});

export const share = known((value) => {
  if (value === 0) return "0%";
  return value < 0.001 ? "<0.1%" : `${digits(value < 0.0995 ? 1 : 0)(value * 100)}%`;
});

/** Of thousandths of a core. */
export const cpu = known((value) =>
  value >= 1000 ? `${short(value / 1000)} cores` : `${digits(value < 100 ? 1 : 0)(value / 10)}%`,
);

export const bytes = known((value) => {
  const power = value < 1024 ? 0 : Math.min(4, Math.floor(Math.log2(value) / 10));
  return `${whole(value / 1024 ** power)} ${["B", "KiB", "MiB", "GiB", "TiB"][power]}`;
});

export function ago(past, now) {
  const passed = Math.max(0, now - past);
  if (passed < 60) return `${whole(Math.floor(passed))} s ago`;
  if (passed < 3600) return `${whole(Math.floor(passed / 60))} min ago`;
  return passed < 86400 ? `${whole(Math.floor(passed / 3600))} h ago` : `${whole(Math.floor(passed / 86400))} d ago`;
}

const clock = new Intl.DateTimeFormat("en", {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
});
const minute = new Intl.DateTimeFormat("en", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const day = new Intl.DateTimeFormat("en", { day: "numeric", month: "short" });
export const time = (at) => clock.format(at * 1000);
export const hour = (at) => minute.format(at * 1000);
export const date = (at) => `${day.format(at * 1000)}, ${minute.format(at * 1000)}`;
