import { dateAndTime } from "./format.js";

/** Children that are strings become text, never markup. */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

export const byId = (id) => document.getElementById(id);

export function setText(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Text from outside: what is invisible, or turns the direction of text, becomes its code, as in the log. */
export const printable = (text) =>
  text.replace(UNSEEN, (c) => `\\u${c.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}`);

export const outside = (text) => el("bdi", {}, printable(text));

export const outsideLines = (text) => el("bdi", {}, text.split(/\r?\n/).map(printable).join("\n"));

export function when(iso) {
  const date = new Date(iso);
  return el("time", { datetime: iso, title: date.toLocaleString("en-GB") }, dateAndTime(date));
}

const rendered = new WeakMap();

/** Builds only what is new, and leaves the rest where it is, so that focus and selection stay. */
export function renderList(parent, items, build) {
  const before = rendered.get(parent) ?? new Map();
  const after = new Map();
  const today = new Date().toDateString();
  for (const item of items) {
    let key = today + JSON.stringify(item);
    while (after.has(key)) {
      key += "+";
    }
    after.set(key, before.get(key) ?? build(item));
  }
  const kept = new Set(after.values());
  [...parent.childNodes].filter((node) => !kept.has(node)).forEach((node) => node.remove());
  let next = parent.firstChild;
  for (const node of kept) {
    if (node === next) {
      next = next.nextSibling;
    } else {
      parent.insertBefore(node, next);
    }
  }
  rendered.set(parent, after);
}

export const render = (parent, data, build) => renderList(parent, [data], build);

export const linkTo = (name) => `#${new URLSearchParams({ file: name })}`;

export const fileLink = (name) => el("a", { href: linkTo(name), class: "file", title: printable(name) }, outside(name));

export const chip = (text, tone) => el("span", { class: `chip ${tone}` }, text);

/** Pairs of a term and what is said of it; those of which nothing is known are null. */
export const facts = (pairs) =>
  pairs
    .filter(([, value]) => value !== null)
    .map(([term, value]) => el("div", {}, el("dt", {}, term), el("dd", {}, value)));
