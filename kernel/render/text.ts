import { inspect, stripVTControlCharacters, types } from "node:util";
import { bounded, Slow, slowText } from "./bounded.js";
import { counted, Leaf, oneLine } from "./look.js";
import { growTree, inspectDepth, itemsShown, type Node, type Tree } from "./tree.js";

/** Longest text of a value, in characters. */
const longest = 100_000;
/** Longest preview of a value that stands folded, in characters. */
const previewed = 80;

/**
 * A value as `util.inspect` writes it, bounded in depth, size and time; values too large even for a walk of that depth have a
 * line for each of their first parts. Never throws.
 */
export function textOf(value: unknown, options: TextOptions = {}): string {
  try {
    return bounded(value, () => write(value, options));
  } catch (error) {
    return error instanceof Slow ? slowText : "[a value that cannot be shown]";
  }
}

function write(value: unknown, { depth = inspectDepth, tree = growTree(value) }: TextOptions): string {
  if (types.isPromise(value)) return `${oneLine(value)}: put await before it to get its value`;
  if (types.isStringObject(value)) return oneLine(value);
  return (tree.huge ? undefined : inspected(value, depth)) ?? roughly(tree.root);
}

/** Undefined where the value resists: `inspect` calls getters of tags and names. */
function inspected(value: unknown, depth: number): string | undefined {
  try {
    const options = { depth, maxArrayLength: itemsShown, maxStringLength: 20_000, breakLength: 100 };
    const text = inspect(value, options);
    const more = text.length - longest;
    return more > 0 ? `${text.slice(0, longest)}… ${counted(more)} more characters` : text;
  } catch {
    return undefined;
  }
}

/** A value in a line of at most so many characters, with the parts of its parts folded. Never throws. */
export function lineOf(value: unknown, length: number): string {
  const options = { depth: 0, maxArrayLength: 5, maxStringLength: length, breakLength: Number.POSITIVE_INFINITY };
  try {
    return clipped(stripVTControlCharacters(bounded(value, () => inspect(value, options))), length);
  } catch (error) {
    return clipped(error instanceof Slow ? slowText : "[a value that cannot be shown]", length);
  }
}

/** `tree`: that of the value, where it is known already. */
export interface TextOptions {
  readonly depth?: number;
  readonly tree?: Tree;
}

function roughly(node: Node): string {
  if (node.look instanceof Leaf) return node.look.text;
  const { title, brackets } = node.look;
  const lines = node.branches.map((branch) => `  ${labelled(branch.label, branch.key)}${preview(branch.node)},\n`);
  const more = node.more > 0 ? `  … ${counted(node.more)} more\n` : "";
  return `${title === "" ? "" : `${title} `}${brackets[0]}\n${lines.join("")}${more}${brackets[1]}`;
}

function labelled(label: string | undefined, key: Node | undefined): string {
  if (key) return `${preview(key, 40)} → `;
  return label === undefined ? "" : `${label}: `;
}

/** A value in a short line: `Map(2) {'a' → 1, 'b' → {…}}`. */
export function preview(node: Node, length = previewed): string {
  if (node.look instanceof Leaf) return clipped(node.look.text, length);
  const { title, brackets } = node.look;
  const head = title === "" ? "" : `${clipped(title, length)} `;
  return `${head}${brackets[0]}${inside(node, length - head.length)}${brackets[1]}`;
}

/** The parts of a value in a short line: `1, 2, 3, …`. */
export function inside(node: Node, length: number): string {
  if (!node.opened) return "…";
  let text = "";
  for (const [index, { label, key, node: part }] of node.branches.entries()) {
    const { look } = part;
    const shown = look instanceof Leaf ? clipped(look.text, 40) : look.title || folded(part);
    const next = `${index === 0 ? "" : ", "}${labelled(label, key)}${shown}`;
    if (text.length + next.length > length) return `${text}${index === 0 ? "…" : ", …"}`;
    text += next;
  }
  return node.more > 0 ? `${text}, …` : text;
}

function folded({ look, opened, branches }: Node): string {
  if (look instanceof Leaf) return look.text;
  return look.brackets.join(opened && branches.length === 0 ? "" : "…");
}

function clipped(text: string, length: number): string {
  const line = text.replace(/\s*\n\s*/g, " ");
  return line.length > length ? `${line.slice(0, Math.max(0, length - 1))}…` : line;
}

/** What an error says, in one line; whatever was thrown. */
export function messageOf(error: unknown): string {
  try {
    return String(error).split("\n")[0] ?? "";
  } catch {
    return "something that cannot be shown";
  }
}
