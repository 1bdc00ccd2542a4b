import { escaped } from "../../src/markup.js";
import { styleSheet, toned } from "./html.js";
import { counted, Leaf, type Tone } from "./look.js";
import { inside } from "./text.js";
import type { Branch, Node } from "./tree.js";

/** Longest HTML of a value, in characters. */
const longest = 100_000;
/** Levels that are written, at first; fewer where it gets too long. */
const levels = 8;
/** Longest preview, in characters. */
const previewed = 80;
/** Parts longer than this have a line each. */
const short = 24;

/** A value that unfolds, in HTML without scripts; undefined where nothing can be unfolded, or a single level is too long. */
export function inspector(root: Node): string | undefined {
  if (root.look instanceof Leaf || root.branches.length === 0) return undefined;
  for (let deep = affordable(root); ; deep--) {
    const body = `${styleSheet}<div class="nabla-value" style="font-family:monospace;font-size:13px;line-height:1.4;white-space:pre-wrap">${group(root, deep, true)}</div>`;
    if (body.length <= longest) return body;
    if (deep === 1) return undefined;
  }
}

/** Levels that may fit, if a part took ten characters. */
function affordable(root: Node): number {
  let level: readonly Node[] = [root];
  let count = 0;
  for (let deep = 1; deep < levels; deep++) {
    level = level.flatMap(({ branches }) => branches.map(({ node }) => node));
    count += level.length;
    if (10 * count > longest) return Math.max(1, deep - 1);
  }
  return levels;
}

function group(node: Node, deep: number, open: boolean, label = ""): string {
  const head = `<summary>${label}${titleOf(node)}</summary>`;
  const body = isFlowing(node) ? flow(node) : rows(node, deep - 1);
  const fold = open ? "<details open>" : '<details style="margin-left:-1em">';
  return `${fold}${head}<div style="padding-left:2em">${body}${remainder(node)}</div></details>`;
}

/** The class and size, and a glance at the parts; with the class alone where the parts are unfolded below it. */
function titleOf(node: Node): string {
  const { look } = node;
  if (look instanceof Leaf) return escaped(look.text);
  const [left, right] = look.brackets;
  const glance = toned("dim", `${left}${inside(node, previewed)}${right}`);
  return look.title === "" ? glance : `${toned("special", look.title)} <span class="nabla-preview">${glance}</span>`;
}

function rows({ look, branches }: Node, deep: number): string {
  const numbered = !(look instanceof Leaf) && look.shape === "list" && look.brackets[0] === "[";
  return branches.map((branch, index) => row(branch, numbered ? index : undefined, deep)).join("");
}

function row({ label, key, node }: Branch, index: number | undefined, deep: number): string {
  const before = key
    ? `${leafOf(key)} → `
    : (label ?? index) === undefined
      ? ""
      : `${toned("key", String(label ?? index))}: `;
  const { look } = node;
  if (look instanceof Leaf && look.text.includes("\n")) return folded(look, before);
  if (node.branches.length === 0 || deep <= 0) return `<div>${before}${leafOf(node)}</div>`;
  return group(node, deep, false, before);
}

/** A text of several lines, of which the first is seen. */
function folded({ tone, text }: Leaf, before: string): string {
  const end = text.indexOf("\n");
  const head = `<summary>${before}${toned(tone, text.slice(0, end))}</summary>`;
  return `<details style="margin-left:-1em">${head}<div style="padding-left:1em">${toned(tone, text.slice(end + 1))}</div></details>`;
}

function leafOf(node: Node): string {
  if (node.look instanceof Leaf) return toned(node.look.tone, node.look.text);
  return titleOf(node);
}

/** Short values stand one after the other. */
function isFlowing({ look, branches }: Node): boolean {
  if (look instanceof Leaf || look.shape !== "list") return false;
  return branches.every(({ label, node }) => {
    return label === undefined && node.look instanceof Leaf && node.look.text.length <= short;
  });
}

function flow({ branches }: Node): string {
  const runs: { tone: Tone; texts: string[] }[] = [];
  for (const { node } of branches) {
    const { tone, text } = node.look as Leaf;
    const last = runs.at(-1);
    if (last?.tone === tone) last.texts.push(text);
    else runs.push({ tone, texts: [text] });
  }
  return runs.map(({ tone, texts }) => toned(tone, texts.join(", "))).join(", ");
}

function remainder({ look, more }: Node): string {
  if (more === 0 || look instanceof Leaf) return "";
  const what = look.shape === "record" ? "properties" : look.shape === "map" ? "entries" : "items";
  return `<div>${toned("dim", `… ${counted(more)} more ${what}`)}</div>`;
}
