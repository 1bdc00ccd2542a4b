/** Which operations of a trace run when: always, or only under a condition that the run itself finds out. */
import { TF } from "./dtypes.js";
import { onlyReads, readsResource } from "./resources.js";
import type { Trace, TracedOperation } from "./trace.js";

/** Operations, by their place in the trace and in its order, that run together. */
export interface Stage {
  readonly operations: readonly number[];
  /** Numbers of the tensors that are wanted of it. */
  readonly results: readonly number[];
}

/** What always runs, and what runs after it under each condition (the number of a bool scalar). */
export interface Schedule {
  readonly always: Stage;
  readonly under: ReadonlyMap<number, Stage>;
}

/** Whether a tensor is the resource that a variable lies in. */
export function isResource(trace: Trace, id: number): boolean {
  return trace.outside.has(id) && trace.known(id).dtype === TF.RESOURCE;
}

/** The resources that an operation changes. */
export function writesOf(trace: Trace, { name, inputs }: TracedOperation): readonly number[] {
  return onlyReads(name) ? [] : inputs.filter((id) => isResource(trace, id));
}

/** Leaves out what neither the results need nor changes anything. */
export function schedule(trace: Trace, results: readonly number[]): Schedule {
  const { operations } = trace;
  const acts = (operation: TracedOperation) => writesOf(trace, operation).length > 0 || operation.outputs.length === 0;
  const roots = operations.flatMap((operation, at) => (acts(operation) ? [at] : []));
  const changed = new Set<number>();
  for (const at of roots) {
    const operation = operations[at]!;
    if (operation.guard === undefined) for (const id of writesOf(trace, operation)) changed.add(id);
  }
  // What a variable holds is read again where it is needed: kept from before, it would have to be copied at its change.
  const readAgain = ({ name, inputs }: TracedOperation) => name === readsResource && !changed.has(inputs[0]!);

  const under = new Map<number, Stage>();
  const handedOver = new Set<number>();
  for (const guard of guardsOf(trace)) {
    const mine = (operation: TracedOperation) => operation.guard === guard;
    const stage = needed(
      trace,
      roots.filter((at) => mine(operations[at]!)),
      (operation) => mine(operation) || readAgain(operation),
    );
    for (const id of stage.imports) handedOver.add(id);
    under.set(guard, { operations: stage.operations, results: [] });
  }
  const all = [...results, ...under.keys(), ...handedOver];
  const first = roots.filter((at) => operations[at]!.guard === undefined);
  const makers = all.flatMap((id) => trace.maker(id)?.[0] ?? []);
  const always = needed(trace, [...first, ...makers], () => true).operations;
  return { always: { operations: always, results: all }, under };
}

function guardsOf(trace: Trace): Set<number> {
  const guards = new Set<number>();
  for (const { guard } of [...trace.operations, ...trace.effects]) if (guard !== undefined) guards.add(guard);
  return guards;
}

/** What operations need of those that belong here, themselves included; and the tensors that the others make for them. */
function needed(
  trace: Trace,
  roots: readonly number[],
  belongs: (operation: TracedOperation) => boolean,
): { operations: number[]; imports: ReadonlySet<number> } {
  const here = new Set(roots);
  const imports = new Set<number>();
  const stack = [...here];
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    for (const id of trace.operations[at]!.inputs) {
      const made = trace.maker(id)?.[0];
      if (made === undefined || here.has(made)) continue;
      if (belongs(trace.operations[made]!)) {
        here.add(made);
        stack.push(made);
      } else imports.add(id);
    }
  }
  return { operations: [...here].sort((a, b) => a - b), imports };
}
