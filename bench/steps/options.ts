import { modelNames } from "./models.js";

/** What `npm run bench -- steps` was asked for. */
export interface Options {
  readonly models: readonly string[];
  readonly batches: readonly number[];
  readonly rounds: number;
  /** How long one measurement of one peer lasts, in a round. */
  readonly seconds: number;
  /** 50,000 steps instead. */
  readonly soak: boolean;
}

/** The batch sizes of a whole run. */
export const allBatches = [32, 256] as const;

/** Reads `--models mlp,cnn --batches 32 --rounds 3 --seconds 0.3` or `soak`. Throws Error. */
export function readOptions(args: readonly string[]): Options {
  const given = new Map<string, string>();
  const rest = args.filter((arg) => arg !== "soak");
  for (let i = 0; i < rest.length; i += 2) {
    const [name, value] = [rest[i]!, rest[i + 1]];
    if (!["--models", "--batches", "--rounds", "--seconds"].includes(name) || value === undefined) {
      throw new Error(`bench: expected soak, --models, --batches, --rounds or --seconds with a value, got ${name}.`);
    }
    given.set(name, value);
  }
  const models = given.get("--models")?.split(",") ?? modelNames;
  const stranger = models.find((model) => !modelNames.includes(model));
  if (stranger !== undefined) throw new Error(`bench: expected models of ${modelNames.join(", ")}, got ${stranger}.`);
  return {
    models,
    batches: given.get("--batches")?.split(",").map(positive) ?? allBatches,
    rounds: positive(given.get("--rounds") ?? "5"),
    seconds: positive(given.get("--seconds") ?? "0.3"),
    soak: args.includes("soak"),
  };
}

/** Whether the run covers all that RESULTS.md shows. */
export function isWhole({ models, batches }: Options): boolean {
  return modelNames.every((name) => models.includes(name)) && allBatches.every((size) => batches.includes(size));
}

function positive(text: string): number {
  const value = Number(text);
  if (value > 0) return value;
  throw new Error(`bench: expected a number above 0, got ${text}.`);
}
