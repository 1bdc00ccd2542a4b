import { escaped } from "../markup.js";
import type { RateCurve } from "../train/rate-curve.js";
import { type Figure, figure } from "./figure.js";
import { colours } from "./house.js";
import { brief, sparkline } from "./text.js";

/** The loss over the learning rate, the suggested rate marked. */
export function rateFigure(curve: RateCurve): Figure {
  const { model, optimizer, rates, losses, smoothed, suggestion } = curve;
  const line = curve.toString();
  const x = Array.from(rates);
  const common = { type: "scatter", x } as const;
  const at = suggestion === undefined ? -1 : x.indexOf(suggestion);
  const range = shown(losses, smoothed);
  const marked =
    suggestion === undefined
      ? []
      : [
          {
            type: "scatter",
            x: [suggestion],
            y: [smoothed[at]],
            mode: "markers+text",
            name: "suggestion",
            text: [`<b>${brief(suggestion)}</b>`],
            textposition: "top right",
            marker: { color: colours.vermillion, size: 10, symbol: "diamond" },
          },
        ];
  return figure({
    data: [
      {
        ...common,
        y: within(losses, range),
        mode: "lines",
        line: { color: `${colours.blue}66`, width: 1 },
        hoverinfo: "skip",
        showlegend: false,
      },
      {
        ...common,
        y: Array.from(smoothed),
        mode: "lines",
        name: "loss, smoothed",
        line: { color: colours.blue, width: 2 },
      },
      ...marked,
    ],
    layout: {
      title: {
        text: `<b>${escaped(model)}</b>  ${escaped(optimizer)}, rising learning rate`,
        subtitle: { text: escaped(line), font: { size: 13 } },
      },
      margin: { t: 80 },
      xaxis: { title: { text: "learning rate" }, type: "log", exponentformat: "power" },
      yaxis: { title: { text: "loss" }, range },
      legend: { orientation: "h", x: 1, y: 1, xanchor: "right", yanchor: "bottom" },
      shapes:
        suggestion === undefined
          ? []
          : [
              {
                type: "line",
                x0: suggestion,
                x1: suggestion,
                y0: 0,
                y1: 1,
                yref: "paper",
                layer: "below",
                line: { color: colours.vermillion, width: 1, dash: "dot" },
              },
            ],
    },
    alt: `Loss of ${model} over the learning rate: ${line}.`,
    text: `${model}, ${optimizer}: ${line}\nloss ${sparkline(Array.from(smoothed))} ${brief(smoothed[0] ?? Number.NaN)} → ${brief(smoothed.at(-1) ?? Number.NaN)}`,
  });
}

/** What is larger than the range stands at its edge, and what comes after that nowhere: pictures cannot hold lines that go far out. */
function within(values: Float64Array, [low, top]: readonly [number, number]): (number | null)[] {
  const out = values.findIndex((value) => value > top);
  return Array.from(values, (value, index) => (out >= 0 && index > out ? null : Math.min(Math.max(value, low), top)));
}

/** From the least loss to a little above those of the first half: where they diverge, all else would be flat. */
function shown(losses: Float64Array, smoothed: Float64Array): [number, number] {
  const early = (values: Float64Array) => values.slice(0, Math.ceil(values.length / 2));
  const low = Math.min(...losses, ...smoothed);
  const high = Math.max(...early(losses), ...early(smoothed));
  const room = 0.15 * (high - low) || 0.1 * Math.abs(high) || 1;
  return [low - room, high + 2 * room];
}
