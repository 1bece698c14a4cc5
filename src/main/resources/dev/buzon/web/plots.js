import { clock, duration, hourAndMinute, number, tick } from "./format.js";
import { el, setText } from "./dom.js";
import { STEPS } from "./steps.js";

const rate = { unit: "records/s", show: (value) => `${number(value)}/s`, tick };
const records = { unit: "records", show: number, tick };
const time = { show: duration, tick: duration };

const single = (title, style, of) => ({ title, lines: [{ label: title, colour: "--plot", style, of }] });

const PLOTS = [
  { id: "inputRate", ...rate, ...single("Input rate", "area", (data) => data.inputRate) },
  { id: "processRate", ...rate, ...single("Process rate", "points", (data) => data.processRate) },
  { id: "inputRecords", ...records, ...single("Input records", "bars", (data) => data.inputRecords) },
  {
    id: "batchDuration",
    title: "Batch duration",
    unit: "of a file",
    ...time,
    lines: [
      { label: "Mean", colour: "--plot", style: "points", of: (data) => data.meanMillis },
      { label: "Longest", colour: "--plot-max", style: "points", of: (data) => data.maxMillis },
    ],
  },
  {
    id: "operationDuration",
    title: "Operation duration",
    unit: "mean of a file, by step",
    ...time,
    stacked: true,
    lines: STEPS.map(({ name, label }) => ({
      label,
      colour: `--step-${name}`,
      style: "bars",
      of: (data) => data.steps[name] ?? [],
    })),
  },
];

/** The five plots of a route. They share the cursor. */
export class RoutePlots {
  #plots;

  constructor(route) {
    this.#plots = PLOTS.map((plot) => new Plot(plot, route));
    this.element = el("div", { class: "plots" }, ...this.#plots.map((plot) => plot.element));
  }

  show(data) {
    this.#plots.forEach((plot) => plot.show(data));
  }

  redraw() {
    this.#plots.forEach((plot) => plot.redraw());
  }
}

class Plot {
  #plot;
  #chart;
  #bucketSeconds = 0;
  /** What the lines say, as they were given; those of a stack are drawn from the top of the stack down. */
  #values = [];
  #times = [];
  #readings;
  #at = el("span", { class: "at" });
  #nothing = el("p", { class: "nothing", hidden: "" }, "No file in this time");
  #canvas;

  constructor(plot, route) {
    this.#plot = plot;
    this.#readings = plot.lines.map(() => el("span", { class: "reading" }));
    this.#canvas = el("div", { class: "canvas", role: "img" });
    const heading = el("h3", {}, plot.title, " ", el("small", {}, plot.unit));
    const isSingle = plot.lines.length === 1;
    this.element = el("figure", { class: "card", "data-plot": plot.id, "data-points": 0 },
      el("figcaption", {}, heading, el("span", { class: "now" }, this.#at, isSingle ? this.#readings[0] : null)),
      isSingle ? null : this.#legend(),
      el("div", { class: "frame" }, this.#canvas, this.#nothing),
    );
    this.#chart = new uPlot(this.#options(route), [[], ...plot.lines.map(() => [])], this.#canvas);
    new ResizeObserver(() => this.#chart.setSize(this.#size())).observe(this.#canvas);
  }

  show(data) {
    const count = data.times.length;
    this.#bucketSeconds = data.bucketSeconds;
    this.#times = data.times;
    this.#values = this.#plot.lines.map((line) => Array.from({ length: count }, (_, i) => line.of(data)[i] ?? null));
    this.#nothing.hidden = data.files.some((files) => files > 0);
    this.element.dataset.points = this.#times.filter((_, i) => this.#hasValue(i)).length;
    this.#chart.setData([this.#times, ...(this.#plot.stacked ? this.#stack() : this.#values)]);
    this.#read(this.#chart.cursor.idx);
    this.#describe();
  }

  redraw() {
    this.#chart.redraw();
  }

  #hasValue(i) {
    return this.#values.some((values) => values[i] !== null);
  }

  #stack() {
    const sums = this.#times.map(() => 0);
    const layers = this.#values.map((values) =>
      values.map((value, i) => {
        sums[i] += value ?? 0;
        return this.#hasValue(i) ? sums[i] : null;
      }),
    );
    return layers.reverse();
  }

  #legend() {
    const items = this.#plot.lines.map(({ label, colour }, i) => {
      const swatch = el("span", { class: "swatch" });
      swatch.style.background = `var(${colour})`;
      return el("li", {}, swatch, label, " ", this.#readings[i]);
    });
    return el("ul", { class: "legend" }, ...items);
  }

  #options(route) {
    const { lines, stacked } = this.#plot;
    const drawn = stacked ? [...lines].reverse() : lines;
    const axis = { stroke: () => colour("--soft"), font: "11px system-ui, sans-serif" };
    const grid = { stroke: () => colour("--grid"), width: 1 };
    return {
      ...this.#size(),
      legend: { show: false },
      padding: [8, 8, 0, 0],
      cursor: {
        y: false,
        drag: { x: false, y: false },
        points: lines[0].style === "bars" ? { show: false } : {},
        sync: { key: route },
      },
      scales: {
        x: { range: (u, min, max) => (min === null ? [0, 1] : [min, max + this.#bucketSeconds]) },
        y: { range: (u, min, max) => [0, max > 0 ? max * 1.08 : 1] },
      },
      axes: [
        {
          ...axis,
          grid: { show: false },
          ticks: grid,
          size: 28,
          space: 56,
          incrs: [60, 300, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200],
          values: (u, seconds) => seconds.map((second) => hourAndMinute(new Date(second * 1000))),
        },
        {
          ...axis,
          grid,
          ticks: { show: false },
          size: 52,
          space: 28,
          values: (u, values) => values.map((value) => (this.#nothing.hidden ? this.#plot.tick(value) : "")),
        },
      ],
      series: [{}, ...drawn.map((line) => this.#series(line))],
      hooks: { setCursor: [(u) => this.#read(u.cursor.idx)] },
    };
  }

  #series({ colour: name, style }) {
    const stroke = () => colour(name);
    if (style === "bars") {
      const paths = uPlot.paths.bars({ size: [0.8, 24, 2], align: 1 });
      return { stroke, fill: stroke, width: 0, paths, points: { show: false } };
    }
    if (style === "area") {
      const paths = uPlot.paths.stepped({ align: 1 });
      return { stroke, fill: () => colour("--plot-area"), width: 1.5, paths, points: { show: false } };
    }
    return { stroke, width: 1, points: { show: true, size: 5, width: 0, fill: stroke } };
  }

  #size() {
    return { width: Math.max(this.#canvas.clientWidth, 100), height: Math.max(this.#canvas.clientHeight, 100) };
  }

  /** Shows the values at the cursor, or else the latest ones. */
  #read(index) {
    const at = index ?? this.#times.findLastIndex((_, i) => this.#hasValue(i));
    const known = at >= 0 && at < this.#times.length;
    setText(this.#at, known ? clock(new Date(this.#times[at] * 1000)) : "");
    this.#readings.forEach((reading, line) => {
      const value = known ? this.#values[line][at] : null;
      setText(reading, value === null ? "–" : this.#plot.show(value));
    });
  }

  #describe() {
    const { title, unit, lines, show } = this.#plot;
    const highest = lines.map(({ label }, i) => {
      const values = this.#values[i].filter((value) => value !== null);
      return values.length === 0 ? `${label}: none` : `${label}: ${show(Math.max(...values))} at most`;
    });
    this.#canvas.setAttribute("aria-label", `${title}, ${unit}. ${highest.join(", ")}`);
  }
}

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name);
