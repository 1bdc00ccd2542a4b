import { escaped } from "../markup.js";
import type { StatisticsLog, WeightStatistics } from "../train/weight-statistics.js";
import { type Figure, figure, type Trace } from "./figure.js";
import { colours } from "./house.js";
import { brief, counted } from "./text.js";

/** Weights that have lines of their own: more could not be told apart. */
const mostLines = 12;

const panels = [
  { title: "update ÷ weight", of: ({ updateRatio }: WeightStatistics) => updateRatio },
  { title: "gradient norm", of: ({ gradient }: WeightStatistics) => gradient.norm },
  { title: "weight deviation", of: ({ weight }: WeightStatistics) => weight.deviation },
] as const;

/** How far weights moved, how large their gradients and they themselves were, step by step; a line a weight, on logarithmic axes. */
export function statisticsFigure(log: StatisticsLog): Figure {
  const records = [...log];
  const paths = [...new Set(records.flatMap(({ weights }) => Object.keys(weights)))];
  const shown = paths.slice(0, mostLines);
  const palette = Object.values(colours);
  const lines = panels.flatMap(({ of }, panel) =>
    shown.map((path, index): Trace => {
      const seen = records.filter(({ weights }) => path in weights);
      const values = seen.map(({ weights }) => of(weights[path]!));
      return {
        type: "scatter",
        mode: seen.length === 1 ? "markers" : "lines",
        x: seen.map(({ step }) => step),
        // Zero has no place on a logarithmic axis.
        y: values.map((value) => (value > 0 && Number.isFinite(value) ? value : null)),
        yaxis: axis(panel),
        name: escaped(path),
        legendgroup: path,
        showlegend: panel === 0,
        line: { color: palette[index % palette.length], width: 1.5, dash: index < palette.length ? "solid" : "dot" },
      };
    }),
  );
  const more = paths.length > mostLines ? `, ${mostLines} of ${paths.length} shown` : "";
  const what =
    records.length === 0
      ? "nothing was looked at: train.fit(…, { statistics: 50 }) looks in every 50th step"
      : `${counted(paths.length)} weights${more}, ${counted(records.length)} looks`;
  const height = 1 / panels.length;
  const axes = panels.map(({ title }, panel) => [
    panel === 0 ? "yaxis" : `yaxis${panel + 1}`,
    {
      title: { text: title },
      type: "log",
      exponentformat: "power",
      domain: [1 - (panel + 1) * height + 0.04, 1 - panel * height],
    },
  ]);
  return figure({
    data: lines,
    layout: {
      height: 640,
      margin: { t: 64 },
      title: { text: "<b>Weights and gradients</b>", subtitle: { text: what, font: { size: 13 } } },
      hovermode: "x unified",
      xaxis: { title: { text: "step" }, anchor: axis(panels.length - 1) },
      ...Object.fromEntries(axes),
      // Axes without anything say nothing.
      ...(records.length === 0 && { height: 90, xaxis: { visible: false }, yaxis: { visible: false } }),
    },
    alt: `Statistics of ${what}.`,
    text: text(log, paths, what),
  });
}

function axis(panel: number): string {
  return panel === 0 ? "y" : `y${panel + 1}`;
}

/** The last look as lines of text. */
function text(log: StatisticsLog, paths: readonly string[], what: string): string {
  const last = log.at(-1);
  if (last === undefined) return "weights and gradients: nothing was recorded (train.fit(…, { statistics: 50 }))";
  const width = Math.max(...paths.map(({ length }) => length));
  const rows = Object.entries(last.weights).map(
    ([path, { updateRatio, gradient, weight }]) =>
      `${path.padEnd(width)}  update ÷ weight ${brief(updateRatio)} · gradient ${brief(gradient.norm)} (${brief(100 * gradient.zeros)} % zero) · deviation ${brief(weight.deviation)}`,
  );
  return [`weights and gradients: ${what}, at step ${counted(last.step)}:`, ...rows].join("\n");
}
