/**
 * Plans of small operations are computed with one thread inside each operation, and as many operations at once as there are
 * cores. Threads that share an operation wait for each other at its end, and a step of training has other work for them: the
 * gradients of weights beside those of inputs. On two cores such steps take 0.6 to 0.9 of the time.
 */
import { availableParallelism } from "node:os";
import type { PlanParts } from "./build.js";
import { type Context, newContext } from "./context.js";
import { sizeOf } from "./dtypes.js";
import { makeGraphs } from "./graph.js";
import { type Schedule, writesOf } from "./schedule.js";
import { encodeConfig, hasThreads, variables } from "./settings.js";
import type { Known, Trace, TracedOperation } from "./trace.js";

/** The largest operation, in floating-point operations, that one of two cores may compute alone: in a step of training, elsewhere. */
const [inTraining, elsewhere] = [2e8, 1e8];

const made = new WeakMap<Context, PlanParts>();

/**
 * Where a traced function is computed best. Depends on nothing but its operations, the cores and the settings: sums are added in
 * another order there, and a run must come to the same when it is made again.
 */
export function placeFor(parts: PlanParts, trace: Trace, { under }: Schedule): PlanParts {
  const others = availableParallelism() - 1;
  if (others === 0 || parts.context.gpu !== undefined || hasThreads()) return parts;
  // Measured on two cores. On more of them, sharing an operation gains more, and there is not so much to do beside it.
  const most = (under.size > 0 ? inTraining : elsewhere) / others ** 2;
  const small = (operation: TracedOperation) => trace.chains > others || flops(operation, trace) <= most;
  const fits = (operation: TracedOperation) => isShared(operation, trace) && small(operation);
  return trace.operations.every(fits) ? narrowed(parts) : parts;
}

/** Whether the variables that it changes are those of the other context: AssignVariableOp looks one up by name, in its own. */
function isShared(operation: TracedOperation, trace: Trace): boolean {
  return operation.name.startsWith("ResourceApply") || writesOf(trace, operation).length === 0;
}

/** The same tensors and resources: those of the CPU are bound to no context. */
function narrowed(parts: PlanParts): PlanParts {
  let narrow = made.get(parts.context);
  if (narrow === undefined) {
    const config = encodeConfig({ ...process.env, [variables.intraOpThreads]: "1" });
    const context = { ...parts.context, ...newContext(parts.context.native, parts.context.status, config) };
    narrow = { context, tensors: parts.tensors, graphs: makeGraphs(context, parts.tensors) };
    made.set(parts.context, narrow);
  }
  return narrow;
}

type Work = Pick<TracedOperation, "name" | "inputs" | "outputs">;

/** Floating-point operations of one operation, about. */
export function flops({ name, inputs, outputs }: Work, facts: Pick<Trace, "known">): number {
  const input = (index: number): Known => facts.known(inputs[index]!);
  const [output] = outputs;
  if (output === undefined) return 0;
  const size = sizeOf(output.shape);
  /** Multiplications for each number of `of`, a tensor with the channels that a filter gives. */
  const filtered = (of: Known, filter: Known) => (2 * sizeOf(of.shape) * sizeOf(filter.shape)) / filter.shape.at(-1)!;
  /** Operations for each number that a filter gives of one channel. */
  const window = ({ shape }: Known) => 2 * shape[0]! * shape[1]!;
  switch (name) {
    case "MatMul":
    case "BatchMatMulV2":
      return 2 * sizeOf(input(0).shape) * output.shape.at(-1)!;
    case "Conv2D":
    case "Conv3D":
      return filtered(output, input(1));
    case "Conv2DBackpropInput":
    case "Conv3DBackpropInputV2":
      return filtered(input(2), input(1));
    case "Conv2DBackpropFilter":
    case "Conv3DBackpropFilterV2":
      return filtered(input(2), output);
    case "DepthwiseConv2dNative":
      return window(input(1)) * size;
    case "DepthwiseConv2dNativeBackpropInput":
      return window(input(1)) * sizeOf(input(2).shape);
    case "DepthwiseConv2dNativeBackpropFilter":
      return window(output) * sizeOf(input(2).shape);
    case "BlockLSTMV2":
      // One of its steps: they come one after another.
      return 2 * input(1).shape[1]! * sizeOf(input(4).shape);
    default:
      return 10 * size;
  }
}
