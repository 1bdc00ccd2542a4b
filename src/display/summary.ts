import { type Displayable, displaySymbol, type Rendered } from "../door.js";
import { escaped } from "../markup.js";
import type { LayerSummary, Model } from "../nn/module.js";
import { counted, prefixed } from "./text.js";

const bytesANumber = 4;

/** What the summary reads of a model. */
export type Summarised = Pick<Model, "name" | "inputShape" | "outputShape" | "parameters" | "summary">;

/**
 * A model's layers as a table: output shape, parameters, floating-point operations an example, and what they add up to.
 * Shown as an HTML table, which notebooks and GitHub let through without scripts or styles, and as text in a console.
 */
export function modelSummary(model: Summarised): Displayable {
  return {
    [displaySymbol](): Rendered {
      return { data: { "text/html": html(model), "text/plain": plain(model) }, metadata: {} };
    },
  };
}

const head = ["layer", "output", "parameters", "FLOPs"] as const;

function cells(row: LayerSummary): readonly string[] {
  return [row.label, shape(row.outputShape), counted(row.parameters), row.flops === 0 ? "–" : prefixed(row.flops)];
}

function shape(dimensions: readonly number[]): string {
  return dimensions.length === 0 ? "scalar" : dimensions.join(" × ");
}

function totals({ summary }: Summarised): readonly string[] {
  const sum = (of: (row: LayerSummary) => number) => summary.reduce((total, row) => total + of(row), 0);
  return ["total", "", counted(sum((row) => row.parameters)), prefixed(sum((row) => row.flops))];
}

function headline(model: Summarised): string {
  return `${shape(model.inputShape)} → ${shape(model.outputShape)}`;
}

function memory({ parameters, summary, inputShape }: Summarised): string {
  const size = (dimensions: readonly number[]) => dimensions.reduce((product, each) => product * each, 1);
  const numbers = summary.reduce((total, row) => total + row.parameters, 0);
  const activations = summary.reduce((total, row) => total + size(row.outputShape), size(inputShape));
  const frozen = parameters.filter((parameter) => !parameter.trainable).length;
  const note = frozen === 0 ? "" : ` ${frozen} of ${parameters.length} weights are not trained.`;
  return `Memory: weights ${bytes(numbers)}, activations ${bytes(activations)} an example.${note}`;
}

function bytes(numbers: number): string {
  return prefixed(numbers * bytesANumber, "B");
}

function html(model: Summarised): string {
  const row = (tag: "td" | "th", texts: readonly string[]) =>
    `<tr>${texts.map((text, column) => `<${tag} style="text-align: ${column < 2 ? "left" : "right"}">${escaped(text)}</${tag}>`).join("")}</tr>`;
  const body = model.summary.map((layer) => row("td", cells(layer))).join("");
  const caption = `<p><b>${escaped(model.name)}</b>: ${escaped(headline(model))}</p>`;
  const table = `<table><thead>${row("th", head)}</thead><tbody>${body}${row("th", totals(model))}</tbody></table>`;
  return `${caption}${table}<p>${escaped(memory(model))}</p>`;
}

function plain(model: Summarised): string {
  const rows = [head, ...model.summary.map(cells), totals(model)];
  const widths = head.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => (column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join("  ")
      .trimEnd();
  const rule = "─".repeat(widths.reduce((sum, width) => sum + width, 2 * (widths.length - 1)));
  const [first, ...rest] = rows.map(line);
  const last = rest.pop();
  return [`${model.name}: ${headline(model)}`, rule, first, rule, ...rest, rule, last, memory(model)].join("\n");
}
