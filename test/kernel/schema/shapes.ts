/** Says what is wrong with a value, with the path to it, or nothing. */
export type Shape = (value: unknown, path: string) => string | undefined;

const wrong = (path: string, expected: string, got: unknown): string =>
  `${path}: expected ${expected}, got ${(JSON.stringify(got) ?? String(got)).slice(0, 200)}`;

const where =
  (expected: string, fits: (value: unknown) => boolean): Shape =>
  (value, path) =>
    fits(value) ? undefined : wrong(path, expected, value);

export const text = where("a string", (value) => typeof value === "string");
export const name = where("a string that is not empty", (value) => typeof value === "string" && value !== "");
export const truth = where("true or false", (value) => typeof value === "boolean");
export const amount = where("a number from 0", (value) => typeof value === "number" && value >= 0);
export const count = where("a whole number from 0", (value) => Number.isInteger(value) && (value as number) >= 0);
export const json = where("a JSON value", (value) => value !== undefined);

/** One of these values. */
export const oneOf = (...values: readonly unknown[]): Shape =>
  where(values.map((value) => JSON.stringify(value)).join(" or "), (value) => values.includes(value));

/** A string like this. */
export const like = (pattern: RegExp): Shape =>
  where(`a string like ${pattern}`, (value) => typeof value === "string" && pattern.test(value));

/** An array, each item of that shape. */
export const list =
  (item: Shape): Shape =>
  (value, path) => {
    if (!Array.isArray(value)) return wrong(path, "an array", value);
    return first(value.map((one, index) => item(one, `${path}[${index}]`)));
  };

/** An array with these items, no more and no fewer. */
export const tuple =
  (...items: readonly Shape[]): Shape =>
  (value, path) => {
    if (!Array.isArray(value) || value.length !== items.length) return wrong(path, `${items.length} items`, value);
    return first(items.map((item, index) => item(value[index], `${path}[${index}]`)));
  };

/** An object with any names, each value of a shape that may depend on its name. */
export const record =
  (shape: (name: string) => Shape): Shape =>
  (value, path) => {
    if (!isObject(value)) return wrong(path, "an object", value);
    return first(Object.entries(value).map(([key, one]) => shape(key)(one, `${path}[${JSON.stringify(key)}]`)));
  };

/** An object, whatever is in it. */
export const object = record(() => json);

type Fields = Readonly<Record<string, Shape>>;

/** An object with at least these fields. */
export const having =
  (required: Fields): Shape =>
  (value, path) => {
    if (!isObject(value)) return wrong(path, "an object", value);
    return first(Object.entries(required).map(([key, shape]) => shape(value[key], `${path}.${key}`)));
  };

/** An object with exactly these fields; those of `optional` may be missing. */
export const fields =
  (required: Fields, optional: Fields = {}): Shape =>
  (value, path) => {
    if (!isObject(value)) return wrong(path, "an object", value);
    const known = { ...required, ...optional };
    const missing = Object.keys(required).find((key) => !Object.hasOwn(value, key));
    if (missing !== undefined) return wrong(`${path}.${missing}`, "a value", undefined);
    const stranger = Object.keys(value).find((key) => !Object.hasOwn(known, key));
    if (stranger !== undefined) return wrong(`${path}.${stranger}`, "no such field", value[stranger]);
    return first(Object.entries(value).map(([key, one]) => known[key]?.(one, `${path}.${key}`)));
  };

/** Something of one of several shapes, told apart by a field of it. */
export const by =
  (field: string, shapes: Fields): Shape =>
  (value, path) => {
    if (!isObject(value)) return wrong(path, "an object", value);
    const shape = shapes[String(value[field])];
    const expected = Object.keys(shapes).join(" or ");
    return shape === undefined ? wrong(`${path}.${field}`, expected, value[field]) : shape(value, path);
  };

/** Something of one of these shapes. */
export const either =
  (...shapes: readonly Shape[]): Shape =>
  (value, path) => {
    const problems = shapes.map((shape) => shape(value, path));
    return problems.includes(undefined) ? undefined : problems.join(", or ");
  };

function first(problems: readonly (string | undefined)[]): string | undefined {
  return problems.find((problem) => problem !== undefined);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
