/** Sums of products after Einstein. */
import { Einsum, type EinsumAttrs, eye, type KernelConfig, reshape, type Tensor } from "@tensorflow/tfjs-core";
import { int, kernel, type Run, text, typeOf } from "./run.js";

/** An input with a letter for each of its axes, no letter twice. */
export interface Labelled {
  readonly labels: readonly string[];
  readonly tensor: Tensor;
}

/** An equation in letters alone. */
export interface Equation {
  /** The tensors of the equation, first those that were given, then identities that make letters equal. */
  readonly inputs: readonly Labelled[];
  readonly output: readonly string[];
}

/** `Einsum` of any number of tensors; TensorFlow itself takes two. */
export const einsum: KernelConfig = kernel<string, EinsumAttrs>(Einsum, (inputs, { equation }, run) => {
  const tensors = Object.values(inputs);
  if (tensors.length <= 2) return contract(equation, tensors, run);
  const { inputs: labelled, output } = inLetters(equation, tensors);
  return labelled.reduce((product, next, i) => {
    const isWanted = (label: string) =>
      [output, ...labelled.slice(i + 1).map(({ labels }) => labels)].flat().includes(label);
    const labels = [...new Set([...product.labels, ...next.labels])].filter(isWanted);
    return {
      labels,
      tensor: contract(
        written([product, next], i === labelled.length - 1 ? output : labels),
        [product.tensor, next.tensor],
        run,
      ),
    };
  }).tensor;
});

function contract(equation: string, tensors: readonly Tensor[], run: Run): Tensor {
  const attributes = [int("N", tensors.length), text("equation", equation), typeOf("T", tensors[0] as Tensor)];
  return run("Einsum", tensors, attributes)[0];
}

/** `ij,jk->ik` */
export function written(inputs: readonly { readonly labels: readonly string[] }[], output: readonly string[]): string {
  return `${inputs.map(({ labels }) => labels.join("")).join(",")}->${output.join("")}`;
}

/**
 * An equation without dots, and without a letter that stands twice at one tensor: the second is another letter, and an identity
 * matrix among the inputs makes the two equal. An axis that the dots stretch has no letter; its tensor is reshaped.
 */
export function inLetters(equation: string, tensors: readonly Tensor[]): Equation {
  const [left = "", right] = equation.replaceAll(" ", "").split("->");
  const free = [..."abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"].filter(
    (letter) => !equation.includes(letter),
  );
  const terms = left.split(",").map((term) => term.split("...").map((part) => [...part]));
  const dotted = terms.map(([before = [], after], i) => {
    const rank = (tensors[i] as Tensor).rank;
    return after === undefined ? 0 : rank - before.length - after.length;
  });
  const dots = free.splice(0, Math.max(0, ...dotted));
  const spelled = terms.map(([before = [], after], i) =>
    after === undefined ? before : [...before, ...dots.slice(dots.length - (dotted[i] as number)), ...after],
  );
  const output = right === undefined ? implied(spelled, dots) : spell(right, dots);

  const sizes = new Map<string, number>();
  spelled.forEach((labels, i) => {
    labels.forEach((label, axis) => {
      sizes.set(label, Math.max(sizes.get(label) ?? 1, (tensors[i] as Tensor).shape[axis] ?? 1));
    });
  });
  const identities: Labelled[] = [];
  const once = (labels: readonly string[]) =>
    labels.map((label, axis) => {
      if (labels.indexOf(label) === axis) return label;
      const other = free.shift() as string;
      identities.push({ labels: [label, other], tensor: eye(sizes.get(label) as number) });
      return other;
    });
  const inputs = spelled.map((labels, i) => {
    const tensor = tensors[i] as Tensor;
    const isStretched = (axis: number) =>
      dots.includes(labels[axis] as string) && tensor.shape[axis] !== sizes.get(labels[axis] as string);
    const axes = labels.map((_, axis) => axis).filter((axis) => !isStretched(axis));
    const shape = axes.map((axis) => tensor.shape[axis] as number);
    return { labels: once(axes.map((axis) => labels[axis] as string)), tensor: reshape(tensor, shape) };
  });
  const outputOnce = once(output);
  return { inputs: [...inputs, ...identities], output: outputOnce };
}

function spell(term: string, dots: readonly string[]): string[] {
  const [before = "", after] = term.split("...");
  return after === undefined ? [...before] : [...before, ...dots, ...after];
}

/** Without an arrow, the letters that stand once are the output, in the order of the alphabet. */
function implied(terms: readonly (readonly string[])[], dots: readonly string[]): string[] {
  const all = terms.flat();
  const once = all.filter((label) => !dots.includes(label) && all.indexOf(label) === all.lastIndexOf(label));
  return [...dots, ...once.sort()];
}
