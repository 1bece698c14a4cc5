import { bytes, clock, dateAndTime, duration, number } from "./format.js";
import { byId, chip, el, linkTo, outside, renderList, setText, when } from "./dom.js";
import { Feed } from "./feed.js";
import { showFiles, showLife, showRejected, showTables } from "./files.js";
import { RouteSection } from "./routes.js";

const RESTART_SHOWN_MILLIS = 300_000;

let status = null;
let answeredAt = new Date();
let restartedAt = null;
/** The search: its name, and what was found, null before it is. */
let life = null;
const errors = new Map();
const routes = new Map();

const statusFeed = new Feed("api/status", 1.5, showStatus, (error) => (error === null ? answered() : gone()));
const lifeFeed = new Feed(null, 2, showFound, noteError);
const otherFeeds = [
  new Feed("api/files?limit=20", 3, showFiles, noteError),
  new Feed("api/rejected?limit=20", 5, showRejected, noteError),
  new Feed("api/tables", 5, showTables, noteError),
];

const feeds = () => [
  ...otherFeeds,
  ...[...routes.values()].map(({ feed }) => feed),
  ...(life === null ? [] : [lifeFeed]),
];
const askAll = () => feeds().forEach((feed) => feed.ask());
const isGone = () => !byId("gone").hidden;

/** Whether the daemon is gone, or this answer alone is missing, is told by the status. */
function noteError(error, feed) {
  if (error === null) {
    errors.delete(feed);
  } else {
    errors.set(feed, error);
    statusFeed.ask();
  }
}

function answered() {
  answeredAt = new Date();
  if (isGone()) {
    byId("gone").hidden = true;
    document.body.classList.remove("stale");
    askAll();
  }
}

function gone() {
  if (!isGone()) {
    byId("gone").hidden = false;
    byId("gone").textContent = `Buzón does not answer since ${dateAndTime(answeredAt)}`;
    document.body.classList.add("stale");
    feeds().forEach((feed) => feed.stop());
    showHealth();
  }
}

function showStatus(now) {
  if (status !== null && (now.pid !== status.pid || now.startedAt !== status.startedAt)) {
    if (now.version !== status.version) {
      location.reload();
    }
    restartedAt = now.startedAt;
    askAll();
  }
  status = now;
  showHealth();
  showRestart();
  showService();
  showRoutes();
  showErrors();
}

function showHealth() {
  const { state = "", reasons = [] } = status?.health ?? {};
  const shown = isGone() ? `No answer${state && `, was ${state}`}` : state;
  document.title = `${isGone() ? "No answer" : state} · Buzón`;
  const tone = isGone() || state === "DEGRADED" ? "warn" : state === "UP" ? "good" : "bad";
  renderList(byId("health"), shown ? [shown] : [], (text) => chip(text, tone));
  renderList(byId("reasons"), reasons, (reason) => el("li", {}, outside(reason)));
}

function showRestart() {
  const isRecent = restartedAt !== null && new Date(status.now) - new Date(restartedAt) < RESTART_SHOWN_MILLIS;
  byId("restarted").hidden = !isRecent;
  renderList(byId("restarted"), isRecent ? [restartedAt] : [], (at) =>
    el("span", {}, "Buzón was started again at ", when(at), ". What counts since the start begins anew."),
  );
}

function showService() {
  const { home, startedAt, now, role, worker, pid, version, ledger } = status;
  const service = [
    ["Home", home],
    ...(worker === null ? [] : [[role === "WORKS" ? "Works as" : "Stands by for", worker]]),
    ["Started", startedAt],
    ["Up for", duration(new Date(now) - new Date(startedAt))],
    ["Process", String(pid)],
    // Only what is packaged has one.
    ...(version === null ? [] : [["Version", version]]),
    ["As of", clock(answeredAt)],
  ];
  renderList(byId("service"), service, ([term, value]) =>
    el("div", {}, el("dt", {}, term), el("dd", {}, term === "Started" ? when(value) : outside(value))),
  );
  setText(byId("ledger"), ledger === null ? "The ledger can't be read." : inWords(ledger));
}

function inWords({ bytes: size, rows }) {
  const files = Object.entries(rows).map(([state, count]) => `${number(count)} ${state.toLowerCase()}`);
  return `The ledger, of ${bytes(size)}, knows ${files.join(", ") || "no file yet"}.`;
}

function showRoutes() {
  const names = status.routes.map(({ route }) => route);
  renderList(byId("route-links"), names, (name) => el("a", { href: `#route-${name}` }, name));
  for (const route of status.routes) {
    if (!routes.has(route.route)) {
      addRoute(route.route);
    }
    routes.get(route.route).section.show(route);
  }
  routes.forEach(({ section }, name) => (section.element.hidden = !names.includes(name)));
}

function addRoute(name) {
  const section = new RouteSection(name);
  const feed = new Feed(plotsUrl(name), 5, (plots) => section.plots.show(plots), noteError);
  routes.set(name, { section, feed });
  byId("routes").append(section.element);
  feed.ask();
}

function plotsUrl(route) {
  const window = document.querySelector("#windows :checked").value;
  return `api/plots?${new URLSearchParams({ route, window })}`;
}

function showErrors() {
  const texts = [...errors].map(([{ url }, error]) => `${url} (${error})`);
  byId("unread").hidden = texts.length === 0;
  setText(byId("unread"), texts.length === 0 ? "" : `Could not be read: ${texts.join(", ")}`);
}

function showFound(found) {
  const isNew = life.found === null;
  life.found = found;
  showLife(life.name, found);
  byId("life").hidden = false;
  if (isNew) {
    byId("finder").scrollIntoView();
    byId("life").querySelector("[tabindex]").focus({ preventScroll: true });
  }
}

/** The search is in the hash, so that it can be linked. The page's own anchors leave it open. */
function followHash() {
  const name = new URLSearchParams(location.hash.slice(1)).get("file");
  if (name) {
    life = { name, found: null };
    byId("search").value = name;
    lifeFeed.ask(`api/life?${new URLSearchParams({ name, limit: 50 })}`);
  } else if (location.hash === "") {
    life = null;
    lifeFeed.stop();
    errors.delete(lifeFeed);
    byId("life").hidden = true;
  }
}

function showWindow() {
  routes.forEach(({ feed }, name) => feed.ask(plotsUrl(name)));
}

addEventListener("hashchange", followHash);
document.addEventListener("click", ({ target }) => {
  // A link to what the hash says already brings no hashchange.
  if (target.closest("a")?.hash === location.hash) {
    followHash();
  }
});
byId("finder").addEventListener("submit", (event) => {
  event.preventDefault();
  const name = byId("search").value;
  const hash = name && linkTo(name);
  if (hash === location.hash) {
    followHash();
  } else {
    location.hash = hash;
  }
});
byId("files").tBodies[0].addEventListener("click", ({ target }) => {
  if (!target.closest("a") && getSelection().isCollapsed) {
    target.closest("tr").querySelector("a").click();
  }
});
byId("windows").addEventListener("change", showWindow);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () =>
  routes.forEach(({ section }) => section.plots.redraw()),
);
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) {
    statusFeed.ask();
    askAll();
  }
});

statusFeed.ask();
otherFeeds.forEach((feed) => feed.ask());
followHash();
