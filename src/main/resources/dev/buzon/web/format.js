// The interface is English, so numbers and dates are too; en-GB has the 24-hour clock.
const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const rounded = new Intl.NumberFormat("en", {
  maximumSignificantDigits: 3,
  maximumFractionDigits: 2,
  roundingPriority: "lessPrecision",
});
const compact = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 2 });
const time = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium" });
const minute = new Intl.DateTimeFormat("en-GB", { timeStyle: "short" });
const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });

export const number = (value) => (Math.abs(value) < 100 ? rounded : whole).format(value);
export const tick = (value) => compact.format(value);
export const hourAndMinute = (date) => minute.format(date);
export const clock = (date) => time.format(date);

export const plural = (count, one, many = `${one}s`) => `${number(count)} ${count === 1 ? one : many}`;

export function dateAndTime(date) {
  const today = date.toDateString() === new Date().toDateString();
  return today ? clock(date) : `${day.format(date)}, ${clock(date)}`;
}

export function bytes(value) {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${number(value)} ${units[unit]}`;
}

export function duration(millis) {
  if (millis < 1000) {
    return `${number(millis)} ms`;
  }
  if (millis < 60_000) {
    return `${number(millis / 1000)} s`;
  }
  const seconds = Math.round(millis / 1000);
  const parts = [
    [Math.floor(seconds / 86_400), "d"],
    [Math.floor(seconds / 3600) % 24, "h"],
    [Math.floor(seconds / 60) % 60, "min"],
    [seconds % 60, "s"],
  ];
  const first = parts.findIndex(([amount]) => amount > 0);
  return parts
    .slice(first, first + 2)
    .filter(([amount]) => amount > 0)
    .map(([amount, unit]) => `${amount} ${unit}`)
    .join(" ");
}
