import { bytes, duration, number, plural } from "./format.js";
import { chip, el, facts, fileLink, outside, render, when } from "./dom.js";
import { RoutePlots } from "./plots.js";
import { stepDurations } from "./steps.js";

const TOTALS = [
  ["Files handled", "handled", number],
  ["Duplicates", "duplicates", number],
  ["Files rejected", "rejectedFiles", number],
  ["Bytes", "bytes", bytes],
  ["Records", "records", number],
  ["Results", "results", number],
  ["Bad records", "rejectedRecords", number],
];

const OUTCOMES = {
  HANDLED: ["Handled", "good"],
  FINISHED: ["Finished after a crash", "good"],
  DUPLICATE: ["Duplicate", "plain"],
  REJECTED: ["Rejected", "bad"],
};

/** What a route does now, and its plots. */
export class RouteSection {
  #state = el("span");
  #backlog = el("div");
  #successes = el("div");
  #retries = el("div");
  #reasons = el("div");
  #totals = el("div", { class: "card" });
  #last = el("div", { class: "card" });

  constructor(route) {
    this.plots = new RoutePlots(route);
    const inbox = el("div", { class: "card" }, this.#backlog, this.#successes, this.#retries, this.#reasons);
    const heading = `heading-${route}`;
    const attributes = { class: "route", id: `route-${route}`, "data-route": route, "aria-labelledby": heading };
    this.element = el("section", attributes,
      el("header", {}, el("h2", { id: heading }, route), this.#state),
      el("div", { class: "figures" }, inbox, this.#totals, this.#last),
      this.plots.element,
    );
  }

  show(status) {
    render(this.#state, status.state, (state) => chip(state, state === "Started" ? "good" : "warn"));
    const { lastSuccess, meanMillis, sinceStart, allTime } = status;
    render(this.#backlog, status.backlog, backlogFigure);
    render(this.#successes, { lastSuccess, meanMillis }, successes);
    render(this.#retries, status.retrying, retries);
    render(this.#reasons, status.rejectedByReason, reasons);
    render(this.#totals, { sinceStart, allTime }, totals);
    render(this.#last, status.last, lastFile);
  }
}

function backlogFigure(backlog) {
  if (backlog === null) {
    return el("div", {}, el("h3", {}, "Waiting in the inbox"), el("p", { class: "soft" }, "It can't be looked at"));
  }
  const { files, bytes: size, oldestSeconds } = backlog;
  const oldest = oldestSeconds === null ? "" : `, the oldest for ${duration(Math.floor(oldestSeconds) * 1000)}`;
  return el("div", {},
    el("h3", {}, "Waiting in the inbox"),
    el("p", { class: "figure" }, number(files), " ", el("small", {}, files === 1 ? "file" : "files")),
    el("p", { class: "soft" }, files === 0 ? "Nothing waits" : `${bytes(size)}${oldest}`),
  );
}

const successes = ({ lastSuccess, meanMillis }) =>
  el("dl", { class: "facts" },
    ...facts([
      ["Last success", lastSuccess === null ? "none yet" : when(lastSuccess)],
      ["Mean time of a file", meanMillis === null ? "–" : duration(meanMillis)],
    ]),
  );

function retries(retrying) {
  if (retrying.length === 0) {
    return el("div");
  }
  const items = retrying.map(({ file, reason, since, tries, nextTry }) => {
    const count = `${plural(tries, "try", "tries")} since `;
    return el("li", {},
      fileLink(file),
      el("p", {}, outside(reason)),
      el("p", { class: "soft" }, count, when(since), ", the next at ", when(nextTry)),
    );
  });
  return el("div", { class: "retries" }, el("h4", {}, "Being retried"), el("ul", {}, ...items));
}

function totals({ sinceStart, allTime }) {
  const row = ([label, field, format]) =>
    el("tr", {},
      el("th", { scope: "row" }, label),
      ...[sinceStart, allTime].map((counts) =>
        counts === null
          ? el("td", { class: "number" }, "–")
          : el("td", { class: counts[field] === 0 ? "number zero" : "number" }, format(counts[field])),
      ),
    );
  const column = (label) => el("th", { scope: "col", class: "number" }, label);
  return el("table", {},
    el("caption", {}, el("h3", {}, "Totals")),
    el("thead", {}, el("tr", {}, el("td"), column("Since the start"), column("Of all time"))),
    el("tbody", {}, ...TOTALS.map(row)),
  );
}

function reasons(rejectedByReason) {
  const entries = Object.entries(rejectedByReason).sort((a, b) => b[1] - a[1]);
  if (entries.length === 0) {
    return el("div");
  }
  const items = entries.map(([reason, count]) => el("li", {}, el("b", {}, number(count)), outside(reason)));
  return el("div", { class: "reasons" }, el("h4", {}, "Rejected since the start, by reason"), el("ul", {}, ...items));
}

function lastFile(last) {
  const heading = el("h3", {}, "Last file");
  if (last === null) {
    return el("div", {}, heading, el("p", { class: "soft" }, "None since the start"));
  }
  const isNew = last.outcome !== "DUPLICATE";
  const [outcome, tone] = OUTCOMES[last.outcome] ?? [last.outcome, "plain"];
  return el("div", { class: "last" },
    heading,
    el("p", {}, fileLink(last.file)),
    el("p", { class: "soft" }, chip(outcome, tone), " ", when(last.timestamp), ` in ${duration(last.millis)}`),
    el("dl", { class: "facts" },
      ...facts([
        ["Size", bytes(last.bytes)],
        ["Records", isNew ? number(last.inputRecords) : null],
        ["Results", isNew ? number(last.results) : null],
        ["Bad records", isNew ? number(last.rejected) : null],
        ["Process rate", isNew ? `${number(last.processedRecordsPerSecond)} records/s` : null],
      ]),
    ),
    stepDurations(last.steps),
  );
}
