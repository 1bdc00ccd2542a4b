/** Running one operation at once. This is the path of every step of a training loop: it allocates little. */
import { type Attribute, eagerCalls, makeAttributeSetter } from "./attributes.js";
import type { Context } from "./context.js";
import { describe } from "./dtypes.js";
import { foresee } from "./foresee.js";
import type { Held, Metadata, Tensors } from "./tensors.js";

/**
 * Runs an operation by its name in TensorFlow's registry, or a function of the context.
 *
 * @param inputs numbers of tensors; list inputs are written out, with their length as an attribute (`N`).
 * @returns one tensor an output.
 * @throws RuntimeError with the operation's name, the shapes it got and TensorFlow's words; MemoryError.
 */
export type Execute = (
  operation: string,
  attributes: readonly Attribute[],
  inputs: readonly number[],
  outputs: number,
) => Metadata[];

/** Makes the function that runs operations. */
export function makeExecute(context: Context, tensors: Tensors): Execute {
  const { native, status } = context;
  const { TFE_NewOp, TFE_OpAddInput, TFE_Execute, TFE_DeleteOp } = native.tf;
  const setAttribute = makeAttributeSetter(context, tensors, eagerCalls(context));
  const count = new Int32Array(1);
  let handles = new Uint32Array(2 * 64);

  return (operation, attributes, inputs, outputs) => {
    const held: Held[] = [];
    for (let i = 0; i < inputs.length; i++) held.push(tensors.get(inputs[i] as number));
    const got = () => held.map(({ dtype, shape }) => describe(dtype, shape)).join(", ") || "no inputs";
    foresee(operation, attributes, held, tensors);
    const op = TFE_NewOp(context.pointer, native.name(operation), status.pointer);
    status.check(operation, got);
    try {
      for (let i = 0; i < held.length; i++) {
        TFE_OpAddInput(op, (held[i] as Held).handle, status.pointer);
        status.check(operation, got);
      }
      for (let i = 0; i < attributes.length; i++) setAttribute(op, attributes[i] as Attribute);
      if (handles.length < 2 * outputs) handles = new Uint32Array(4 * outputs);
      count[0] = outputs;
      TFE_Execute(op, handles, count, status.pointer);
      status.check(operation, got);
    } finally {
      TFE_DeleteOp(op);
    }
    const results: Metadata[] = [];
    for (let i = 0; i < (count[0] as number); i++) {
      // A pointer in two halves: reading it as a BigInt would cost an allocation.
      results.push(tensors.adopt((handles[2 * i] as number) + (handles[2 * i + 1] as number) * 2 ** 32));
    }
    return results;
  };
}
