import type { Runtime } from "node:inspector";

/** A value in a line: what the variables panel shows. */
export interface Shown {
  readonly value: string;
  /** JupyterLab shows a value by itself for `int`, `float`, `bool`, `str` and without a type, else its type. */
  readonly type?: string;
}

const longest = 1000;

/** A value of the user thread as text; runs none of its code. */
export function show(remote: Runtime.RemoteObject): Shown {
  switch (remote.type) {
    case "number":
      return { value: numberText(remote), type: Number.isSafeInteger(remote.value) ? "int" : "float" };
    case "boolean":
      return { value: String(remote.value), type: "bool" };
    case "string":
      return { value: quoted(String(remote.value)), type: "str" };
    case "undefined":
      return { value: "undefined" };
    case "function":
      return { value: functionText(remote.description ?? ""), type: "function" };
    case "object":
      return remote.subtype === "null" ? { value: "null" } : objectShown(remote);
    default:
      return { value: remote.description ?? remote.type };
  }
}

/** Can it be unfolded? */
export function hasChildren({ type, subtype, objectId }: Runtime.RemoteObject): boolean {
  return objectId !== undefined && (type === "function" || (type === "object" && subtype !== "null"));
}

function numberText({ value, unserializableValue, description }: Runtime.RemoteObject): string {
  return unserializableValue ?? description ?? String(value);
}

function objectShown({ subtype, className, description = "Object", preview }: Runtime.RemoteObject): Shown {
  const [head = "Object"] = description.split("\n");
  const type = isNamedByClass(subtype) ? (className ?? head) : head;
  if (!preview || ["error", "date", "regexp", "proxy", "weakmap", "weakset"].includes(subtype ?? "")) {
    return { value: cut(head), type };
  }
  return { value: cut(previewText(preview)), type };
}

function isNamedByClass(subtype: string | undefined): boolean {
  return subtype === "error" || subtype === "date" || subtype === "regexp";
}

/** What Node hangs on every promise to follow its async context. */
export function isBookkeeping(name: string): boolean {
  return /^Symbol\((?:async_id_symbol|trigger_async_id_symbol|kResourceStore)\)$/.test(name);
}

function previewText(preview: Runtime.ObjectPreview): string {
  const more = preview.overflow ? ["…"] : [];
  if (preview.entries) {
    const entries = preview.entries.map(({ key, value }) => (key ? `${part(key)} → ${part(value)}` : part(value)));
    return `{${[...entries, ...more].join(", ")}}`;
  }
  if (preview.subtype === "array" || preview.subtype === "typedarray") {
    const items = preview.properties.filter(({ name }) => /^\d+$/.test(name)).map(propertyText);
    return `[${[...items, ...more].join(", ")}]`;
  }
  const properties = preview.properties
    .filter(({ name }) => !isBookkeeping(name))
    .map((property) => `${property.name}: ${propertyText(property)}`);
  return `{${[...properties, ...more].join(", ")}}`;
}

function part(preview: Runtime.ObjectPreview): string {
  return preview.type === "string" ? quoted(preview.description ?? "") : cut(preview.description ?? preview.type);
}

function propertyText({ type, value }: Runtime.PropertyPreview): string {
  if (type === "accessor") return "(getter)";
  if (type === "function") return "ƒ";
  return type === "string" ? quoted(value ?? "") : text(value);
}

const text = (value: string | undefined): string => value ?? "…";

function functionText(source: string): string {
  const [head = ""] = source.replace(/^(async )?function\*? ?/, "$1").split("\n");
  const name = /^(?:async\s+)?(?:class|function)?\s*\*?\s*([\w$]+)/.exec(head)?.[1];
  return head.startsWith("class") ? `class ${name ?? ""}`.trim() : `ƒ ${cut(head.replace(/\s*\{.*$/, ""))}`;
}

function quoted(value: string): string {
  return JSON.stringify(cut(value));
}

function cut(value: string): string {
  return value.length > longest ? `${value.slice(0, longest)}…` : value;
}
