import { createHash } from "node:crypto";
import type { Dataset } from "../../data/dataset.js";
import { ValueError } from "../../errors.js";
import { showShape } from "../../tensor/shape.js";
import type { Settings } from "../options.js";
import type { Training } from "../training.js";

/** All that must be the same for a run to go on in another process, in texts by name. */
export type Fingerprint = Readonly<Record<string, string>>;

/** What may change, or is looked at in another way. */
const free: ReadonlySet<string> = new Set<keyof Settings>([
  "checkpoint",
  "clip",
  "given",
  "loss",
  "lossName",
  "metrics",
  "observers",
  "options",
  "optimizer",
  "quiet",
  "signal",
  "statistics",
  "validate",
]);

/** How many targets of a data set are looked at. */
const samples = 16;

/** What a run is made of. Of data it holds sizes and a few targets, of functions their names. */
export function fingerprint({ model, dataset, settings }: Training): Fingerprint {
  const texts: Record<string, string> = {
    model: model.name,
    "model: input": `${showShape(model.inputShape)} ${model.inputDtype}`,
    "model: output": showShape(model.outputShape),
  };
  for (const { path, label } of model.summary) texts[`model: ${path}`] = label;
  for (const { path, variable, trainable } of model.parameters) {
    texts[`model: ${path}`] = `${showShape(variable.shape)}${trainable ? "" : ", not trained"}`;
  }
  texts["model: random streams"] = String(model.streams?.length ?? 0);
  describeData("data", dataset, texts);
  if (settings.validate === undefined) texts.validate = "none";
  else describeData("validate", settings.validate, texts);
  texts.loss = settings.lossName;
  texts.metrics = settings.metrics.map(({ name }) => name).join(", ") || "none";
  texts.optimizer = settings.optimizer.label;
  const { classes, samples: weights } = settings.weighing;
  if (classes !== undefined) texts.classWeight = classes.join(", ");
  if (weights !== undefined) texts.sampleWeight = hashOf(Array.from(weights));
  texts.earlyStopping = settings.earlyStopping === undefined ? "none" : JSON.stringify(settings.earlyStopping);
  // Some options are known as they were given only.
  for (const [name, value] of Object.entries({ ...settings.options, ...settings })) {
    if (!free.has(name) && isPlain(value)) texts[name] = String(value ?? "none");
  }
  return texts;
}

/** Throws ValueError for the first thing that is not as it was. `where`: the checkpoint that says how it was. */
export function checkFingerprint(saved: Fingerprint, now: Fingerprint, where: string): void {
  for (const name of new Set([...Object.keys(saved), ...Object.keys(now)])) {
    if (saved[name] === now[name]) continue;
    const targets = name.endsWith(targetsSuffix) || name === "sampleWeight";
    throw new ValueError({
      what: `resume: ${name}`,
      expected: `${targets ? "those" : (saved[name] ?? "none")}, as in ${where}`,
      got: targets ? "others" : (now[name] ?? "none"),
      hint: "A run goes on with the model, the data and the options that it began with.",
    });
  }
}

const targetsSuffix = ": targets";

function describeData(what: string, dataset: Dataset, texts: Record<string, string>): void {
  texts[`${what}: size`] = String(dataset.size);
  texts[`${what}: examples`] = showShape(dataset.inputShape);
  texts[`${what}: classes`] = String(dataset.classes?.length ?? "none");
  const hash = createHash("sha256");
  const count = dataset.sequential ? 1 : Math.min(samples, dataset.size);
  for (let i = 0; i < count; i++) {
    hash.update(JSON.stringify(dataset.y(Math.floor((i * dataset.size) / count))));
  }
  texts[`${what}${targetsSuffix}`] = hash.digest("hex");
}

function isPlain(value: unknown): boolean {
  return value === undefined || ["string", "number", "boolean"].includes(typeof value);
}

function hashOf(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex");
}
