import { ValueError } from "../errors.js";
import { oneOf } from "../tensor/arguments.js";

/**
 * What finds a loss (or metric: `kind`) by its name: always the same one, with its defaults, made by `makers`, which users see in
 * `room`. A function stands for itself, unless it is one of the makers: then its call was forgotten. What it gives throws ValueError.
 */
export function byName<N extends string, F extends (...inputs: never[]) => unknown>(
  kind: string,
  room: string,
  makers: Readonly<Record<N, () => F>>,
): (given: N | F, what?: string) => F {
  const names = Object.keys(makers) as N[];
  const made = new Map<N, F>();
  return (given, what = kind) => {
    if (typeof given === "function") {
      if (!(Object.values(makers) as unknown[]).includes(given)) return given;
      const hint = `Write ${room}.${given.name}().`;
      throw new ValueError({ what, expected: `a ${kind}`, got: `${given.name}, which makes one`, hint });
    }
    oneOf(what, given, names);
    const known = made.get(given) ?? makers[given]();
    made.set(given, known);
    return known;
  };
}
