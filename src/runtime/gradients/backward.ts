/**
 * The way back through the tape, in the place of tfjs's (tfjs-core, engine.ts and tape.ts), whose second derivative through an
 * operation that saves its output (sigmoid, exp, softmax, …) is wrong, which knows no gradients of complex numbers, and which
 * refuses `where(greater(x, 0), …)`, because a comparison that `x` took part in has none.
 */
import { add, cast, complex, engine, fill, Identity, type Tensor, util } from "@tensorflow/tfjs-core";
import { nodesBetween, type Step, type TapeNode } from "./tape.js";

/** What this uses of tfjs's engine. */
interface Engine {
  readonly state: { activeTape: TapeNode[] | null; readonly gradientDepth: number; nextTapeNodeId: number };
  runKernel(name: string, inputs: object): Tensor;
  clone(x: Tensor): Tensor;
  keep(x: Tensor): Tensor;
  saveTensorsForBackwardMode(tensors: readonly (Tensor | undefined)[]): (Tensor | undefined)[];
  startTape(): void;
  endTape(): void;
  scopedRun<T>(start: () => void, end: () => void, run: () => T): T;
  tidy<T>(name: string, run: () => T): T;
  addTapeNode(
    ...node: [
      name: string,
      inputs: object,
      outputs: Tensor[],
      gradient: unknown,
      saved: (Tensor | undefined)[],
      ...unknown[],
    ]
  ): void;
  gradients(f: () => Tensor, xs: readonly Tensor[], dy?: Tensor | null, allowNone?: boolean): Gradients;
}

interface Gradients {
  readonly value: Tensor;
  readonly grads: (Tensor | undefined)[];
}

/** Makes tfjs's engine go back our way. It is one engine in a process, whichever copy of tfjs-core asks. */
export function installBackward(): void {
  const theEngine = engine() as unknown as Engine;
  const { addTapeNode } = theEngine;
  // The copies of what is saved; tfjs's own cast the gradient of complex numbers to real ones.
  theEngine.clone = (x) => {
    const copy = theEngine.runKernel(Identity, { x });
    const gradient = (dy: Tensor) => ({ x: () => cast(dy, isSmooth(x) ? x.dtype : "float32") });
    theEngine.addTapeNode("copy", { x }, [copy], gradient, [], {});
    return copy;
  };
  theEngine.addTapeNode = (...node) => {
    addTapeNode.apply(theEngine, node);
    putBeforeItsCopies(theEngine.state.activeTape ?? [], node[4].filter(Boolean).length);
  };
  // tfjs copies inputs that were left out too, and fails.
  theEngine.saveTensorsForBackwardMode = (tensors) =>
    tensors.map((tensor) => tensor && theEngine.keep(theEngine.clone(tensor)));
  theEngine.gradients = (f, xs, dy, allowNone = false) => gradients(theEngine, f, xs, dy ?? undefined, allowNone);
}

/** The copies of what an operation saves are on the tape before it; a copy of its output must come after it. */
function putBeforeItsCopies(tape: TapeNode[], copies: number): void {
  const node = tape.pop();
  if (node !== undefined) tape.splice(tape.length - copies, 0, node);
}

function gradients(
  theEngine: Engine,
  f: () => Tensor,
  xs: readonly Tensor[],
  dy: Tensor | undefined,
  allowNone: boolean,
): Gradients {
  util.assert(xs.length > 0, () => "gradients() received an empty list of xs.");
  util.assert(dy === undefined || dy.dtype === "float32", () => `dy must have 'float32' dtype, but has '${dy?.dtype}'`);
  const { state } = theEngine;
  // An inner gradient writes on the tape of the outer one, which forgets it. But an operation's gradient may be made of gradients
  // too: then this is called on the way back of another one, whose tape must not be lost.
  const isOutermost = state.gradientDepth === 0;
  const before = state.activeTape;
  try {
    const value = theEngine.scopedRun(
      () => theEngine.startTape(),
      () => theEngine.endTape(),
      () => theEngine.tidy("forward", f),
    );
    const isTensor = typeof (value as Partial<Tensor> | undefined)?.dataId === "object";
    util.assert(isTensor, () => "The result y returned by f() must be a tensor.");
    const nodes = nodesBetween(state.activeTape ?? [], xs, value);
    if (!allowNone && nodes.length === 0) {
      throw new Error(
        "Cannot compute gradient of y=f(x) with respect to x. Make sure that the f you passed encloses all operations that " +
          "lead from x to y.",
      );
    }
    return theEngine.tidy("backward", () => {
      const found = new Map([[value.id, dy ?? fill(value.shape, 1)]]);
      goBack(theEngine, nodes, found, isSmooth(value));
      const used = new Set(nodes.flatMap(({ inputs }) => Object.values(inputs).map(({ id }) => id)));
      const grads = xs.map((x) => found.get(x.id) ?? (used.has(x.id) ? nothing(x) : undefined));
      if (!isOutermost) state.activeTape?.push(dependence(state.nextTapeNodeId++, xs, grads));
      return { value, grads };
    });
  } finally {
    if (isOutermost) {
      for (const { saved } of state.activeTape ?? []) for (const tensor of saved) tensor?.dispose();
      state.activeTape = before;
    }
  }
}

/**
 * A gradient is a function of where it was taken even where it is the same everywhere, as that of a linear function is: its own
 * gradient is then 0, and not missing.
 */
function dependence(id: number, xs: readonly Tensor[], grads: readonly (Tensor | undefined)[]): TapeNode {
  const outputs = grads.filter((grad) => grad !== undefined);
  return { id, kernelName: "gradient", inputs: Object.fromEntries(xs.entries()), outputs, saved: [], isConstant: true };
}

/** Adds to `found` the gradient of everything on the way. What jumps has none, so what only it leads to keeps none, or 0. */
function goBack(theEngine: Engine, nodes: readonly Step[], found: Map<number, Tensor>, toSmooth: boolean): void {
  // Any other gradient may be a tensor of the user's, or be the gradient of two inputs.
  const sums = new Set<Tensor>();
  for (const node of nodes.toReversed()) {
    if (node.isConstant || !node.outputs.some(({ id }) => found.has(id))) continue;
    if (node.gradient === undefined) {
      if (toSmooth && !node.outputs.some(isSmooth)) continue;
      throw new Error(`Cannot compute gradient: gradient function not found for ${node.kernelName}.`);
    }
    const ofInputs = node.gradient(node.outputs.map((output) => found.get(output.id) ?? nothing(output)));
    for (const [name, input] of Object.entries(node.inputs)) {
      const compute = ofInputs[name];
      if (compute === undefined && !isSmooth(input)) continue;
      if (compute === undefined) {
        throw new Error(`Cannot backprop through input ${name}. Available gradients found: ${Object.keys(ofInputs)}.`);
      }
      const gradient = theEngine.tidy(node.kernelName, compute);
      check(node.kernelName, name, input, gradient);
      const before = found.get(input.id);
      if (before === undefined) {
        found.set(input.id, gradient);
        continue;
      }
      const sum = add(before, gradient);
      sums.add(sum);
      found.set(input.id, sum);
      if (sums.has(before)) before.dispose();
    }
  }
}

function check(kernel: string, name: string, input: Tensor, gradient: Tensor): void {
  const of = `Error in gradient for op ${kernel}. The gradient of input '${name}'`;
  const dtype = input.dtype === "complex64" ? "complex64" : "float32";
  util.assert(gradient.dtype === dtype, () => `${of} must have '${dtype}' dtype, but has '${gradient.dtype}'`);
  util.assert(
    util.arraysEqual(gradient.shape, input.shape),
    () => `${of} has shape '${gradient.shape}', which does not match the shape of the input '${input.shape}'`,
  );
}

/** Truth values, whole numbers and texts do not change with what they were made of, or jump. */
function isSmooth({ dtype }: Tensor): boolean {
  return dtype === "float32" || dtype === "complex64";
}

/** The gradient of an output that `y` does not depend on. */
function nothing({ shape, dtype }: Tensor): Tensor {
  return dtype === "complex64" ? complex(fill(shape, 0), fill(shape, 0)) : fill(shape, 0);
}
