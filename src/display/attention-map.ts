import { DataError, ValueError } from "../errors.js";
import type { Attention } from "../explain/attention.js";
import { escaped } from "../markup.js";
import { type Figure, figure, type Trace } from "./figure.js";
import { positiveInteger } from "./options.js";
import { clipped, visible } from "./text.js";

/** How to show attention. Layers and heads count from 1. */
export interface AttentionMapOptions {
  /** The layer shown first (default 1). */
  readonly layer?: number;
  /** The head shown first, or the mean of all heads (default 1). */
  readonly head?: number | "mean";
  /** Longer texts are cut after so many tokens (default 64): more could not be read, and the notebook would swell. */
  readonly tokens?: number;
}

const viridis = "440154 482878 3E4A89 31688E 26828E 1F9E89 35B779 6DCD59 B4DE2C D8E219 FDE725".split(" ");

/** One matrix of weights with its place. `head` counts from 0; the mean of the heads comes last. */
interface Sheet {
  readonly layer: number;
  readonly head: number;
  /** [query, key], the blank upper triangle cut off where no query looks ahead. */
  readonly rows: readonly number[][];
}

/**
 * Who looks at whom: a heatmap of the weights with the tokens on both axes, and buttons for layer and head that work
 * without a kernel. The colours run from 0 to the largest weight of the head shown. Throws DataError, ValueError.
 */
export function attentionMap(attention: Attention, options: AttentionMapOptions = {}): Figure {
  check(attention);
  const { layers, heads } = attention;
  const { tokens = 64 } = options;
  positiveInteger("attentionMap: tokens", tokens);
  const length = Math.min(attention.tokens.length, tokens);
  const first = { layer: within("layer", options.layer ?? 1, layers), head: chosenHead(options.head ?? 1, heads) };
  const labels = attention.tokens.slice(0, length).map((token) => escaped(clipped(visible(token), 12)));
  const sheets = sheetsOf(attention, length);
  const shown = sheets.findIndex((sheet) => sheet.layer === first.layer && sheet.head === first.head);
  const traces = sheets.map((sheet, index) => heatmap(sheet, index === shown));
  const side = Math.max(320, Math.min(560, 14 * length));
  const cut = length < attention.tokens.length ? ` (the first ${length} of ${attention.tokens.length} tokens)` : "";
  const place = `layer ${first.layer + 1}, ${headName(first.head, heads)}`;
  const room = roomFor(labels, side);
  const still = { t: 56, l: room.label + 40, r: 112, b: room.label + 48 };
  const margin = { ...still, t: heads === 1 ? 84 : 120 };
  const layout = {
    width: side + margin.l + margin.r,
    height: side + margin.t + margin.b,
    margin,
    title: { text: `<b>Attention</b>${cut}`, yref: "container", y: 1, yanchor: "top", pad: { t: 14 } },
    xaxis: { ...axis("key: looked at", labels, room), range: [-0.5, length - 0.5], tickangle: room.upright ? 0 : -90 },
    yaxis: { ...axis("query: looking", labels, room), range: [length - 0.5, -0.5] },
  };
  return figure({
    data: traces,
    layout: { ...layout, updatemenus: menus(layers, heads, first, sheets) },
    still: {
      data: traces.slice(shown, shown + 1),
      layout: {
        title: { ...layout.title, text: `<b>Attention</b>, ${place}${cut}` },
        margin: still,
        height: side + still.t + still.b,
        updatemenus: [],
      },
    },
    alt: `Attention weights of ${place}: ${length} queries by ${length} keys.`,
    text: inWords(attention, sheets[shown], place, length),
  });
}

/**
 * Where no query looks ahead, the first one's only weight is always 1 and most others are small: there the scale is
 * stretched at its low end. The colour bar shows the stretch, so a colour still names one weight.
 */
function colorscale(stretched: boolean): [number, string][] {
  return viridis.map((colour, index) => [(index / (viridis.length - 1)) ** (stretched ? 2 : 1), `#${colour}`]);
}

interface LabelRoom {
  /** Of the tick labels, in CSS pixels: the size of their letters, the length of the longest. */
  readonly font: number;
  readonly label: number;
  /** Short enough to stand upright under the axis. */
  readonly upright: boolean;
}

/** The margins are reckoned, not left to plotly: so the map is a square whatever the tokens are. */
function roomFor(labels: readonly string[], side: number): LabelRoom {
  const font = Math.max(8, Math.min(13, Math.round((side / labels.length) * 0.75)));
  const longest = Math.max(...labels.map((label) => [...label.replace(/&\w+;/g, "&")].length));
  return { font, label: Math.round(longest * font * 0.68) + 6, upright: longest * font * 0.68 < side / labels.length };
}

function axis(title: string, labels: readonly string[], { font, label, upright }: LabelRoom): object {
  return {
    title: { text: title, standoff: upright ? 6 : label > 60 ? 4 : 8 },
    tickmode: "array",
    tickvals: labels.map((_, index) => index),
    ticktext: labels,
    tickfont: { size: font },
    ticks: "",
    showgrid: false,
    showline: false,
    automargin: false,
  };
}

function heatmap({ layer, head, rows }: Sheet, shown: boolean): Trace {
  return {
    type: "heatmap",
    name: `layer ${layer + 1}, head ${head + 1}`,
    z: rows,
    zmin: 0,
    zmax: rows.reduce((most, row) => Math.max(most, ...row), 0) || 1,
    colorscale: colorscale((rows[0]?.length ?? 0) < rows.length),
    visible: shown,
    hoverongaps: false,
    hovertemplate: "%{y} → %{x}: %{z:.3f}<extra></extra>",
    colorbar: { title: { text: "weight" }, thickness: 14, outlinewidth: 0, rangemode: "tozero" },
  };
}

/** Two rows of buttons. A layer's button brings its own row of heads along: plotly's buttons know nothing of each other. */
function menus(
  layers: number,
  heads: number,
  first: { layer: number; head: number },
  sheets: readonly Sheet[],
): object[] {
  const visibility = (layer: number, head: number) =>
    sheets.map((sheet) => sheet.layer === layer && sheet.head === head);
  const headButtons = (layer: number) =>
    headIndices(heads).map((head) => ({
      label: head === heads ? "mean" : head === 0 ? "head 1" : String(head + 1),
      method: "restyle",
      args: [{ visible: visibility(layer, head) }],
    }));
  const row = {
    type: "buttons",
    direction: "right",
    x: 0,
    xanchor: "left",
    y: 1,
    yanchor: "bottom",
  };
  const layerButtons = Array.from({ length: layers }, (_, layer) => ({
    label: layer === 0 ? "layer 1" : String(layer + 1),
    method: "update",
    args: [
      { visible: visibility(layer, 0) },
      { "updatemenus[1].buttons": headButtons(layer), "updatemenus[1].active": 0 },
    ],
  }));
  const headMenu = {
    ...row,
    pad: { b: 8 },
    visible: heads > 1,
    active: headIndices(heads).indexOf(first.head),
    buttons: headButtons(first.layer),
  };
  return [{ ...row, pad: { b: heads > 1 ? 44 : 8 }, active: first.layer, buttons: layerButtons }, headMenu];
}

/** The heads, and their mean where there are several. */
function headIndices(heads: number): number[] {
  return Array.from({ length: heads === 1 ? 1 : heads + 1 }, (_, head) => head);
}

function headName(head: number, heads: number): string {
  return head === heads ? "mean of the heads" : `head ${head + 1}`;
}

function sheetsOf(attention: Attention, length: number): Sheet[] {
  const { layers, heads, weights, tokens } = attention;
  const size = tokens.length;
  const causal = looksBackOnly(attention);
  const at = (layer: number, head: number, query: number, key: number) =>
    weights[((layer * heads + head) * size + query) * size + key] ?? 0;
  const value = (layer: number, head: number, query: number, key: number) => {
    if (head < heads) return at(layer, head, query, key);
    let sum = 0;
    for (let each = 0; each < heads; each++) sum += at(layer, each, query, key);
    return sum / heads;
  };
  return Array.from({ length: layers }, (_, layer) =>
    headIndices(heads).map((head) => ({
      layer,
      head,
      rows: Array.from({ length }, (_, query) =>
        Array.from({ length: causal ? query + 1 : length }, (_, key) => rounded(value(layer, head, query, key))),
      ),
    })),
  ).flat();
}

/** Three decimals: finer than the colours, and a quarter of the size. */
function rounded(weight: number): number {
  return Math.round(weight * 1000) / 1000;
}

function looksBackOnly({ tokens, weights }: Attention): boolean {
  const size = tokens.length;
  return weights.every((weight, index) => weight === 0 || index % size <= Math.floor(index / size) % size);
}

function inWords({ tokens }: Attention, sheet: Sheet | undefined, place: string, length: number): string {
  const shown = (sheet?.rows ?? []).slice(-8).map((row, index) => {
    const query = Math.max(0, length - 8) + index;
    const key = row.indexOf(Math.max(...row));
    return `  ${visible(tokens[query] ?? "")} → ${visible(tokens[key] ?? "")}: ${(row[key] ?? 0).toFixed(3)}`;
  });
  return [`Attention, ${place}, ${length} tokens. Where the last ones look most:`, ...shown].join("\n");
}

function within(what: string, value: number, most: number): number {
  if (Number.isInteger(value) && value >= 1 && value <= most) return value - 1;
  throw new ValueError({ what: `attentionMap: ${what}`, expected: `an integer from 1 to ${most}`, got: String(value) });
}

function chosenHead(head: number | "mean", heads: number): number {
  if (head === "mean") return heads === 1 ? 0 : heads;
  return within("head", head, heads);
}

function check({ tokens, layers, heads, weights }: Attention): void {
  const expected = layers * heads * tokens.length ** 2;
  if (tokens.length > 0 && layers > 0 && heads > 0 && weights.length === expected) return;
  throw new DataError({
    what: "attentionMap",
    expected: `weights [${layers}, ${heads}, ${tokens.length}, ${tokens.length}], that is ${expected} numbers, at least one`,
    got: `${weights.length}`,
  });
}
