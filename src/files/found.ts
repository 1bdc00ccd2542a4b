/** What of a file belongs to a model, and giving it to it: all of it or nothing. */
import { DataError, ShapeError, ValueError } from "../errors.js";
import type { Model } from "../nn/module.js";
import * as tf from "../runtime/tf.js";
import { sameShape, showShape } from "../tensor/shape.js";
import { floatsOf, type Stored } from "./stored.js";

/** Arrays of a file under the names that the user gives them, with their own beside. */
export type Named = readonly { readonly theirs: string; readonly name: string; readonly stored: Stored }[];

/** An array, or what was made of some, laid out as the model's. */
export interface Found {
  readonly theirs: readonly string[];
  /** The model's weight that it is; undefined: none. */
  readonly path: string | undefined;
  readonly stored: Stored;
}

/** What {@link load} did. */
export interface Loaded {
  /** The model's weights that were set, by path. */
  readonly loaded: readonly string[];
  /** Those that stayed as they were. */
  readonly missing: readonly string[];
  /** What the file holds beside them, by its own names. */
  readonly unused: readonly string[];
}

/**
 * Sets what was found, once all of it is known to fit; `left`: what the user left out. Throws ValueError, ShapeError and DataError;
 * then nothing was set.
 */
export function setFound(
  model: Model,
  file: string,
  found: readonly Found[],
  left: readonly string[],
  strict: boolean,
): Loaded {
  const byPath = new Map<string, Found>();
  const strangers: string[] = [];
  for (const one of found) {
    const { path, theirs } = one;
    const other = path === undefined ? undefined : byPath.get(path);
    if (other !== undefined) {
      const got = `'${other.theirs[0]}' and '${theirs[0]}'`;
      throw new ValueError({ what: "load: names", expected: `one weight for '${path}'`, got });
    }
    if (path === undefined) strangers.push(...theirs);
    else byPath.set(path, one);
  }
  const missing = model.parameters.filter(({ path }) => !byPath.has(path)).map(({ path }) => path);
  if (strict && (missing.length > 0 || strangers.length > 0)) throw unlike(model, file, missing, strangers);
  const values = model.parameters.flatMap(({ path, variable }) => {
    const one = byPath.get(path);
    return one === undefined ? [] : [{ variable, path, numbers: checked(path, variable.shape, one) }];
  });
  for (const { variable, numbers } of values) {
    tf.tidy(() => variable.assign(tf.tensor(numbers, variable.shape, "float32")));
  }
  return { loaded: values.map(({ path }) => path), missing, unused: [...left, ...strangers] };
}

function checked(path: string, shape: readonly number[], { theirs, stored }: Found): Float32Array {
  const what = `load: ${path}`;
  const from = `from '${theirs.join("' and '")}'`;
  if (!sameShape(stored.shape, shape)) {
    const hint = "Both are written as Nabla lays weights out.";
    throw new ShapeError({ what, expected: showShape(shape), got: `${showShape(stored.shape)} ${from}`, hint });
  }
  if (/^B?F\d+$/.test(stored.dtype)) return floatsOf(stored);
  throw new DataError({ what, expected: "floating-point numbers", got: `${stored.dtype} ${from}` });
}

function unlike(model: Model, file: string, missing: readonly string[], strangers: readonly string[]): ValueError {
  const hint =
    "Say which is which: train.load(net, file, { names: (theirs) => ours }), or take what fits: { strict: false }.";
  const [expected, got] =
    missing.length === 0
      ? [`only weights of ${model.name} in ${file}`, `${list(strangers)} as well`]
      : [`${list(missing)} of ${model.name} in ${file}`, strangers.length === 0 ? "nothing there" : list(strangers)];
  return new ValueError({ what: "load", expected, got, hint });
}

function list(names: readonly string[]): string {
  const first = names.slice(0, 3).map((name) => `'${name}'`);
  return `${first.join(", ")}${names.length > 3 ? ` and ${names.length - 3} more` : ""}`;
}
