// Pictures for the docs, readable on light and on dark pages. A method has one colour; ours is drawn solid, a peer's dashed.

const palette = {
  blue: ["#1f6fd6", "#6aa9ff"],
  orange: ["#c8570a", "#ff9a4d"],
  green: ["#1f8a4c", "#58c98a"],
  pink: ["#b8327f", "#f083bd"],
  purple: ["#6b4fc0", "#ab97f2"],
  teal: ["#0c7f86", "#4fc7cf"],
  olive: ["#7d7400", "#cfc452"],
  red: ["#c02f2f", "#ff8178"],
  gray: ["#767676", "#9b9b9b"],
  ink: ["#1c1c1c", "#ededed"],
};

const looks = {
  TPE: ["blue"],
  "optuna-tpe": ["blue", "6 3"],
  "optuna-tpe-group": ["blue", "10 3 2 3"],
  "hyperopt-tpe": ["blue", "2 3"],
  CmaEs: ["orange"],
  "optuna-cmaes": ["orange", "6 3"],
  SMAC: ["green"],
  smac3: ["green", "6 3"],
  GPTuner: ["pink"],
  "optuna-gp": ["pink", "6 3"],
  Anneal: ["purple"],
  "hyperopt-anneal": ["purple", "2 3"],
  Evolution: ["teal"],
  NSGA2: ["olive"],
  "optuna-nsga2": ["olive", "6 3"],
  MetisTuner: ["red"],
  Auto: ["ink"],
  QMC: ["gray", "12 3"],
  Random: ["gray"],
  "optuna-random": ["gray", "4 3"],
};

function lookOf(name, index) {
  return looks[name] ?? [Object.keys(palette)[index % 9], "1 2"];
}

function page(width, height, body) {
  const colours = (which) =>
    Object.entries(palette)
      .map(([name, both]) => `.${name}{stroke:${both[which]}}`)
      .join("");
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">
<style>
text{font:12px system-ui,sans-serif;fill:#333}.small{font-size:10px;fill:#666}.title{font-weight:600}
.line{fill:none;stroke-width:1.8;stroke-linejoin:round}.grid{stroke:#888;stroke-opacity:.25;stroke-width:1}.axis{stroke:#888;stroke-width:1}.bar{stroke:#888;stroke-width:5;stroke-linecap:round;opacity:.55}
${colours(0)}
@media(prefers-color-scheme:dark){text{fill:#ddd}.small{fill:#aaa}${colours(1)}}
</style>
${body}
</svg>
`;
}

const text = (x, y, words, more = "") =>
  `<text x="${round(x)}" y="${round(y)}" ${more}>${words.replaceAll("&", "&amp;").replaceAll("<", "&lt;")}</text>`;
const line = (x1, y1, x2, y2, look) =>
  `<line x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}" class="${look}"/>`;

function stroke(d, name, index) {
  const [colour, dashes] = lookOf(name, index);
  return `<path d="${d}" class="line ${colour}"${dashes === undefined ? "" : ` stroke-dasharray="${dashes}"`}><title>${name}</title></path>`;
}

function round(value) {
  return Number(value.toFixed(1));
}

const size = { width: 290, height: 210, left: 46, top: 30, right: 18, bottom: 30 };

/** Panels of `{ title, curves: [{ name, points: [[x, y], ...] }] }`, y logarithmic, with one legend for all. */
export function regretCurves(panels, words = { x: "evaluations", y: "mean normalised regret" }) {
  const columns = Math.min(3, panels.length);
  const rows = Math.ceil(panels.length / columns);
  const names = [...new Set(panels.flatMap(({ curves }) => curves.map(({ name }) => name)))];
  const drawn = panels.map((panel, i) => {
    const at = `translate(${(i % columns) * size.width} ${Math.floor(i / columns) * size.height})`;
    return `<g transform="${at}">${onePanel(panel, words, names)}</g>`;
  });
  const perRow = Math.max(1, Math.floor((columns * size.width - size.left) / 140));
  const legend = names.map((name, i) => {
    const x = size.left + (i % perRow) * 140;
    const y = rows * size.height + 16 + Math.floor(i / perRow) * 18;
    return stroke(`M${x} ${y}h26`, name, i) + text(x + 32, y + 4, name);
  });
  const height = rows * size.height + 16 + Math.ceil(names.length / perRow) * 18;
  return page(columns * size.width, height, [...drawn, ...legend].join("\n"));
}

function onePanel({ title, curves, logX = false }, words, names) {
  const all = curves.flatMap(({ points }) => points);
  const floor = 1e-6;
  const xs = all.map(([x]) => (logX ? Math.log10(x) : x));
  const levels = steps(all.map(([, y]) => Math.max(y, floor)));
  const [low, high] = [Math.log10(levels[0]), Math.log10(levels.at(-1))];
  const [first, last] = [logX ? Math.min(...xs) : 0, Math.max(...xs)];
  const [w, h] = [size.width - size.left - size.right, size.height - size.top - size.bottom];
  const xOf = (x) => size.left + (((logX ? Math.log10(x) : x) - first) / (last - first)) * w;
  const yOf = (y) => size.top + ((high - Math.log10(Math.max(y, floor))) / (high - low)) * h;
  const grid = (levels.length > 7 ? levels.filter(isPower) : levels).map(
    (level) =>
      line(size.left, yOf(level), size.left + w, yOf(level), "grid") +
      text(size.left - 5, yOf(level) + 3, tick(level), 'class="small" text-anchor="end"'),
  );
  const marks = logX ? powers(first, last) : Array.from({ length: 5 }, (_, i) => (i / 4) * last);
  const ticks = marks.map((x) =>
    text(xOf(x), size.top + h + 14, String(Math.round(x)), 'class="small" text-anchor="middle"'),
  );
  const paths = curves.map(({ name, points }) => {
    const known = points.filter(([, y]) => Number.isFinite(y));
    const d = known.map(([x, y], i) => `${i === 0 ? "M" : "L"}${round(xOf(x))} ${round(yOf(y))}`).join("");
    return stroke(d, name, names.indexOf(name));
  });
  return [
    text(size.left, 18, title, 'class="title"'),
    ...grid,
    line(size.left, size.top + h, size.left + w, size.top + h, "axis"),
    ...ticks,
    text(size.left + w, size.top + h + 26, `${words.y} by ${words.x}`, 'class="small" text-anchor="end"'),
    ...paths,
  ].join("\n");
}

function powers(first, last) {
  return Array.from(
    { length: Math.floor(last) - Math.ceil(first) + 1 },
    (_, i) => 10 ** (Math.ceil(first) + i),
  );
}

/** 1, 2 and 5 of each power of ten, as far as the values reach. */
function steps(values) {
  const known = values.filter(Number.isFinite);
  const [least, most] = [Math.min(...known), Math.max(...known)];
  const from = Math.floor(Math.log10(least));
  const powers = Array.from({ length: Math.ceil(Math.log10(most)) - from + 1 }, (_, i) => 10 ** (from + i));
  const all = powers.flatMap((power) => [power, 2 * power, 5 * power]);
  const first = all.findLastIndex((step) => step <= least * 1.0001);
  const last = all.findIndex((step) => step >= most * 0.9999);
  return all.slice(Math.max(0, first), Math.max(last, first + 1) + 1);
}

function isPower(step) {
  return Math.abs(Math.log10(step) - Math.round(Math.log10(step))) < 1e-6;
}

function tick(value) {
  return value >= 1e-3 ? String(Number(value.toPrecision(1))) : value.toExponential(0);
}

/** Mean ranks on a line, the best left; a bar joins contenders that are nearer to each other than the critical distance. */
export function rankDiagram(contenders, distance) {
  const sorted = contenders.toSorted((one, other) => one.rank - other.rank);
  const k = sorted.length;
  const [width, left, right, axis] = [720, 150, 150, 44];
  const xOf = (rank) => left + ((rank - 1) / (k - 1)) * (width - left - right);
  const cliques = cliquesOf(sorted, distance);
  const below = axis + 14 + cliques.length * 9;
  const half = Math.ceil(k / 2);
  const labels = sorted.map(({ name, rank }, i) => {
    const isLeft = i < half;
    const y = below + 16 + (isLeft ? i : k - 1 - i) * 18;
    const end = isLeft ? left - 8 : width - right + 8;
    const words = `${name}  ${rank.toFixed(2)}`;
    const leader = stroke(`M${round(xOf(rank))} ${axis}V${y}H${end}`, name, i);
    return (
      leader + text(isLeft ? end - 5 : end + 5, y + 4, words, `text-anchor="${isLeft ? "end" : "start"}"`)
    );
  });
  const ticks = Array.from({ length: k }, (_, i) => i + 1).map(
    (rank) =>
      line(xOf(rank), axis - 5, xOf(rank), axis, "axis") +
      text(xOf(rank), axis - 9, String(rank), 'class="small" text-anchor="middle"'),
  );
  const bars = cliques.map(([from, to], i) => {
    const y = axis + 10 + i * 9;
    return line(xOf(sorted[from].rank) - 3, y, xOf(sorted[to].rank) + 3, y, "bar");
  });
  const critical = [
    line(xOf(1), 12, xOf(1 + distance), 12, "axis"),
    text(xOf(1 + distance) + 6, 16, `critical distance ${distance.toFixed(2)}`, 'class="small"'),
  ];
  const body = [...critical, line(xOf(1), axis, xOf(k), axis, "axis"), ...ticks, ...labels, ...bars];
  return page(width, below + 16 + half * 18, body.join("\n"));
}

/** Longest runs of neighbours whose ranks do not differ by more than the distance. */
function cliquesOf(sorted, distance) {
  const runs = sorted.map(({ rank }, from) => [
    from,
    sorted.findLastIndex((other) => other.rank - rank <= distance),
  ]);
  return runs.filter(
    ([from, to], i) => to > from && !runs.some(([f, t], j) => j < i && f <= from && t >= to),
  );
}
