import type { Rendered } from "../door.js";
import type { Folds } from "../train/k-fold.js";
import { table } from "./table.js";
import { brief, counted } from "./text.js";

/** Cross-validation as a table: a row a fold, mean and deviation under them. */
export function foldsTable({ dataset, folds, mean, deviation }: Folds): Rendered {
  const names = Object.keys(mean);
  const cells = (values: Readonly<Record<string, number>>) => names.map((name) => brief(values[name] ?? Number.NaN));
  return table({
    title: "k-fold",
    subtitle: `${folds.length} folds of ${dataset}, each measured on examples that its model has not seen`,
    head: ["fold", "epochs", "steps", ...names],
    rows: folds.map(({ fold, run, validation }) => [
      String(fold),
      String(run.epochs.length),
      counted(run.steps),
      ...cells(validation),
    ]),
    foot: [
      ["mean", "", "", ...cells(mean)],
      ["± deviation", "", "", ...cells(deviation)],
    ],
  });
}
