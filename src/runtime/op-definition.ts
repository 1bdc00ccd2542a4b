/** What TensorFlow's registry says of an operation (op_def.proto), as far as a graph needs to know it. */
import { bytesFrom } from "./buffers.js";
import type { Context } from "./context.js";
import type { Pointer } from "./libc.js";
import { messageFields } from "./proto.js";

/** One parameter of an operation that takes tensors. */
export interface InputDefinition {
  readonly name: string;
  /** The attribute that says how many tensors of one type stand here. */
  readonly numberAttribute: string | undefined;
  /** The attribute that lists the types of the tensors that stand here. */
  readonly typesAttribute: string | undefined;
}

/** An operation of the registry. */
export interface OpDefinition {
  readonly inputs: readonly InputDefinition[];
  readonly stateful: boolean;
}

/** Fields of `OpDef` and of `OpDef.ArgDef`. */
const field = { inputArgument: 2, stateful: 17, name: 1, numberAttribute: 5, typesAttribute: 6 };

/** The function that looks operations up, in the registry that the graph sees. */
export function makeOpDefinitions(context: Context): (graph: Pointer, operation: string) => OpDefinition {
  const known = new Map<string, OpDefinition>();
  return (graph, operation) => {
    let definition = known.get(operation);
    if (definition === undefined) {
      definition = parse(fetch(context, graph, operation));
      known.set(operation, definition);
    }
    return definition;
  };
}

function fetch(context: Context, graph: Pointer, operation: string): Uint8Array {
  const { native, status } = context;
  return bytesFrom(
    context,
    operation,
    () => "no operation of this name",
    (buffer) => native.tf.TF_GraphGetOpDef(graph, operation, buffer, status.pointer),
  );
}

function parse(bytes: Uint8Array): OpDefinition {
  const inputs: InputDefinition[] = [];
  let stateful = false;
  for (const [number, value] of messageFields(bytes)) {
    if (number === field.stateful) stateful = value === 1;
    if (number === field.inputArgument && value instanceof Uint8Array) inputs.push(parseInput(value));
  }
  return { inputs, stateful };
}

function parseInput(bytes: Uint8Array): InputDefinition {
  const texts = new Map<number, string>();
  for (const [number, value] of messageFields(bytes)) {
    if (value instanceof Uint8Array) texts.set(number, Buffer.from(value).toString());
  }
  return {
    name: texts.get(field.name) ?? "",
    numberAttribute: texts.get(field.numberAttribute),
    typesAttribute: texts.get(field.typesAttribute),
  };
}
