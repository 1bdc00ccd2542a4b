import type { Values } from "../nn/metrics/metric.js";
import type { NamedMetric } from "./options.js";

/** What a metric says under its name; the numbers of a list under `f1[cat]`, or `f1[0]` where classes have no names. */
export function named(
  { name }: NamedMetric,
  values: Values,
  classes: readonly string[] | undefined,
): Record<string, number> {
  const found: Record<string, number> = {};
  const visit = (value: Values, path: string): void => {
    if (typeof value === "number") {
      found[path] = value;
      return;
    }
    const names = value.length === classes?.length ? classes : undefined;
    value.forEach((one, index) => {
      visit(one, `${path}[${names?.[index] ?? index}]`);
    });
  };
  visit(values, name);
  return found;
}

/** All numbers of a list or a table, in order. */
export function flat(values: Values): number[] {
  return typeof values === "number" ? [values] : values.flatMap(flat);
}
