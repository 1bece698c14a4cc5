import { bytes, duration, number, plural } from "./format.js";
import { byId, chip, el, facts, fileLink, linkTo, outside, outsideLines, renderList, when } from "./dom.js";
import { stepDurations } from "./steps.js";

const STATES = {
  COMMITTED: ["Committed", "warn", "Its results are decided. It is still to be published or archived."],
  ARCHIVED: ["Archived", "good", "It was handled, and its source is in the archive."],
  DELETED: ["Deleted", "good", "It was handled, and its source was deleted."],
  LEFT: ["Left", "good", "It was handled, and its source stays in the inbox."],
  REJECTED: ["Rejected", "bad", "Nothing of it could be read. Its source is among the rejected."],
  GONE: ["Gone", "warn", "It was handled, and somebody took its source away before it could be archived."],
  REPLAYED: ["Replayed", "plain", "It was taken out of the archive, to be handled anew."],
  DUPLICATE: ["Duplicate", "plain", "Its content had been handled before, so it was not handled again."],
  ADDED: ["Added", "plain", "Its key was put into the ledger by hand: a file of this content counts as handled."],
};

const stateOf = (state) => STATES[state] ?? [state, "plain", ""];

function stateChip(state) {
  const [label, tone] = stateOf(state);
  return chip(label, tone);
}

export function showFiles(files) {
  byId("no-files").hidden = files.length > 0;
  byId("files").hidden = files.length === 0;
  renderList(byId("files").tBodies[0], files, fileRow);
}

function fileRow(file) {
  const cell = (label, value) => el("td", { "data-label": label }, value);
  const amount = (label, value, text) =>
    el("td", { "data-label": label, class: value === 0 ? "number zero" : "number" }, text);
  return el("tr", {},
    el("th", { scope: "row" }, fileLink(file.source)),
    cell("Route", file.route),
    cell("State", stateChip(file.state)),
    cell("Begun", when(file.startedAt)),
    amount("Took", file.millis, duration(file.millis)),
    amount("Size", file.bytes, bytes(file.bytes)),
    amount("Records", file.records, number(file.records)),
    amount("Results", file.results, number(file.results)),
    amount("Bad", file.rejected, number(file.rejected)),
  );
}

/** Which files of a name wait, and what the ledger knows of those before. */
export function showLife(name, { waiting, files }) {
  const exact = (file) => file.source === name || file.key === name;
  const sorted = [...files.filter(exact), ...files.filter((file) => !exact(file))];
  const parts = [{ name, count: files.length, waits: waiting.length > 0 }, ...waiting, ...sorted];
  renderList(byId("life"), parts, (part) => {
    if (part.count !== undefined) {
      return lifeHeading(part);
    }
    return part.since === undefined ? life(part) : waitingLife(part);
  });
}

function lifeHeading({ name, count, waits }) {
  const close = el("a", { href: "#" }, "Close");
  let text = ["No inbox holds a file ", outside(name), ", nor does the ledger know one."];
  if (count > 0) {
    text = [`${plural(count, "entry", "entries")} of `, outside(name)];
  } else if (waits) {
    text = [outside(name), " waits in the inbox."];
  }
  return el("div", { class: "found" }, el("p", { role: "status", tabindex: "-1" }, ...text), close);
}

function waitingLife({ route, file, bytes: size, since, retrying }) {
  const state = retrying === null ? chip("Waits", "plain") : chip("Being retried", "warn");
  const next = retrying === null ? "be handled when its turn comes" : "be tried again";
  return el("article", { class: "card" },
    el("header", {}, el("h3", {}, outside(file)), state, el("span", { class: "soft" }, route)),
    el("p", {}, `It is in the inbox, and will ${next}.`),
    el("dl", { class: "timeline" },
      ...facts([
        ["Content", bytes(size)],
        ["There since", when(since)],
        ...(retrying === null ? [] : tries(retrying)),
      ]),
    ),
  );
}

const tries = ({ since, reason, tries: count, nextTry }) => [
  ["First failed", when(since)],
  ["Why", outside(reason)],
  ["Tries", number(count)],
  ["Next", when(nextTry)],
];

function life(file) {
  const [label, tone, words] = stateOf(file.state);
  const handled = file.state !== "DUPLICATE" && file.state !== "ADDED" && file.error === null;
  const isOpen = file.state === "COMMITTED";
  const path = (text) => (text === null ? null : el("code", {}, outside(text)));
  const at = (time, words) => el("span", {}, when(time), words);
  return el("article", { class: "card", "data-state": file.state },
    el("header", {}, el("h3", {}, outside(file.source)), chip(label, tone), el("span", { class: "soft" }, file.route)),
    el("p", {}, words),
    el("dl", { class: "timeline" },
      ...facts([
        ["Begun", at(file.startedAt, file.batch === 0 ? "" : ` as batch ${number(file.batch)}`)],
        ["Content", [bytes(file.bytes), file.charset].filter(Boolean).join(", ")],
        ["Key", el("a", { class: "key", href: linkTo(file.key) }, file.key)],
        ["Steps", file.steps === null ? null : stepDurations(file.steps)],
        ["Why", file.error === null ? null : outside(file.error)],
        ["Outcome", handled ? outcome(file) : null],
        ["Result in", path(file.output)],
        ["Bad ones in", path(file.rejectedOutput)],
        [isOpen ? "To go to" : "Source in", path(file.archived)],
        [isOpen ? "Committed" : "Finished", at(file.finishedAt, ` after ${duration(file.millis)}`)],
      ]),
    ),
  );
}

const outcome = ({ records, results, rejected }) =>
  `${plural(records, "good record")}, ${plural(rejected, "bad one")}, ${plural(results, "result")}`;

export function showRejected(files) {
  byId("no-rejected").hidden = files.length > 0;
  renderList(byId("rejected"), files, (file) =>
    el("li", { class: "card" },
      el("header", {}, fileLink(file.source), rejectedChip(file)),
      el("p", { class: "soft" }, `${file.route}, `, when(file.startedAt)),
      el("p", { class: "error" }, outside(file.error ?? file.extracts[0]?.reason ?? "")),
      file.extracts.length === 0 ? null : extracts(file),
    ),
  );
}

const rejectedChip = ({ error, rejected, records }) =>
  error === null
    ? chip(`${number(rejected)} of ${plural(rejected + records, "record")}`, "warn")
    : chip("Whole file", "bad");

function extracts({ rejected, extracts: records }) {
  const items = records.map(({ line, reason, record }) =>
    el("li", {}, el("p", {}, `Line ${number(line)}: `, outside(reason)), el("pre", {}, outsideLines(record))),
  );
  const first = records.length < rejected ? "The first " : "";
  const summary = el("summary", {}, `${first}${plural(records.length, "bad record")}`);
  return el("details", {}, summary, el("ol", {}, ...items));
}

export function showTables(tables) {
  renderList(byId("tables"), tables, ({ title, route, columns, rows, count }) => {
    const numeric = columns.map((_, i) => rows.length > 0 && rows.every((row) => /^-?[\d.,]+$/.test(row[i])));
    const kind = (i) => (numeric[i] ? { class: "number" } : {});
    const first = count > rows.length ? `the first ${number(rows.length)} of ` : "";
    const headings = columns.map((name, i) => el("th", { scope: "col", ...kind(i) }, outside(name)));
    const cells = (row) => row.map((value, i) => el("td", kind(i), outside(value)));
    return el("div", { class: "card" },
      el("h3", {}, title, " ", el("small", {}, `${route}, ${first}${plural(count, "row")}`)),
      el("div", { class: "scroll", role: "region", tabindex: "0", "aria-label": title },
        el("table", {},
          el("thead", {}, el("tr", {}, ...headings)),
          el("tbody", {}, ...rows.map((row) => el("tr", {}, ...cells(row)))),
        ),
      ),
    );
  });
}
