import { inspect } from "node:util";
import type { Rendered } from "../door.js";
import type { Attempt, Trials } from "../train/search/search-result.js";
import { table } from "./table.js";
import { brief, clipped, counted, duration } from "./text.js";

/** Rows that are shown, and characters of an error. */
const [most, longest] = [50, 80];

/** A search as a table, the best row first. */
export function trialsTable(trials: Trials): Rendered {
  const { rows, better, budgeted, failed } = trials;
  const names = [...new Set(rows.flatMap(({ params }) => Object.keys(params)))];
  const failures = failed.length > 0;
  const cells = ({ trial, params, budget, score, error, elapsed }: Attempt): string[] => [
    counted(trial),
    ...names.map((name) => cell((params as Record<string, unknown>)[name])),
    ...(budgeted ? [cell(budget)] : []),
    score === undefined ? "failed" : brief(score),
    duration(elapsed),
    ...(failures ? [clipped(error?.message.replace(/\s+/g, " ") ?? "", longest)] : []),
  ];
  return table({
    title: "search",
    subtitle: `${trials}, ${better} scores are better`,
    head: ["trial", ...names, ...(budgeted ? ["budget"] : []), "score", "time", ...(failures ? ["error"] : [])],
    rows: rows.slice(0, most).map(cells),
    ...(rows.length > most && { note: `${counted(rows.length - most)} more rows are in .rows.` }),
  });
}

/** Without the spaces at which a table would break it. */
function oneLine(value: unknown): string {
  const text = inspect(value, { breakLength: Number.POSITIVE_INFINITY });
  return text.replace(/^([[{]) | ([\]}])$/g, "$1$2").replace(/ /g, "\u00A0");
}

function cell(value: unknown): string {
  if (typeof value === "number") return Number.isInteger(value) ? String(value) : brief(value);
  return clipped(typeof value === "string" ? value : oneLine(value), longest);
}
