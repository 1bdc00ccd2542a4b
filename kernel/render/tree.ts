import { type Group, Leaf, lookAt } from "./look.js";
import { type Part, partsOf } from "./parts.js";

/** A value with its parts, and theirs, as far as the budget goes. */
export interface Node {
  readonly look: Leaf | Group;
  /** Empty for leaves, and for groups that were not opened. */
  readonly branches: readonly Branch[];
  /** Parts that are not among the branches. */
  readonly more: number;
  readonly opened: boolean;
}

/** A node below another one, by the label or the key that leads to it. */
export interface Branch {
  readonly label?: string;
  readonly key?: Node;
  readonly node: Node;
}

/** What a walk with a budget saw of a value. */
export interface Tree {
  readonly root: Node;
  /** So large that even a walk of bounded depth over it would take long. */
  readonly huge: boolean;
  /** Deeper or longer than `inspect` is asked to show. */
  readonly cut: boolean;
}

/** Items of a list or a map that are looked at, and as many as `inspect` is asked for. */
export const itemsShown = 100;
/** Levels that `inspect` is asked for: the value, its parts, … */
export const inspectDepth = 4;
const keysShown = 200;
const keysAtMost = 1000;
/** Parts of one tree. */
const budget = 11_000;
const deepest = 9;

interface Growing extends Node {
  branches: Branch[];
  more: number;
  opened: boolean;
}

interface Place {
  readonly node: Growing;
  readonly depth: number;
  readonly within?: Place;
}

/** The tree of a value, level by level, so that a large first part leaves something for the others. */
export function growTree(value: unknown): Tree {
  const root = nodeOf(value);
  const places: Place[] = [{ node: root, depth: 0 }];
  let left = budget;
  let [huge, cut] = [false, false];
  // The list grows while it is walked.
  for (const place of places) {
    const { node, depth } = place;
    if (node.look instanceof Leaf || depth >= deepest || left <= 0) {
      const hidden = !(node.look instanceof Leaf);
      cut ||= hidden || node.look.text.endsWith("…") || node.look.text.endsWith("more characters");
      huge ||= hidden && depth <= inspectDepth;
      continue;
    }
    const { shape } = node.look;
    const { parts, count } = partsOf(node.look, shape === "record" ? keysShown : itemsShown);
    node.opened = true;
    node.more = count - parts.length;
    cut ||= node.more > 0 || (depth > inspectDepth && count > 0);
    huge ||= shape === "record" ? count > keysAtMost : parts.some(isHole) && node.more > budget;
    left -= 1 + (shape === "record" ? count : parts.length);
    for (const part of parts) node.branches.push(branchOf(part, place, places));
  }
  return { root, huge, cut };
}

function nodeOf(value: unknown): Growing {
  return { look: lookAt(value), branches: [], more: 0, opened: false };
}

function branchOf({ label, key, value }: Part, within: Place, places: Place[]): Branch {
  const depth = within.depth + 1;
  const add = (part: unknown): Node => {
    const node = nodeOf(isAbove(part, within) ? new Leaf("dim", "[Circular]") : part);
    places.push({ node, depth, within });
    return node;
  };
  const node = add(value);
  return { node, ...(label !== undefined && { label }), ...(key && { key: add(key[0]) }) };
}

function isAbove(value: unknown, place: Place | undefined): boolean {
  for (let at = place; at; at = at.within) {
    if (!(at.node.look instanceof Leaf) && at.node.look.value === value) return true;
  }
  return false;
}

function isHole({ value }: Part): boolean {
  return lookAt(value) === value && (value as Leaf).text.startsWith("<");
}
