/** A TensorFlow graph under construction that becomes a function of the context (c_api.h: TF_Graph, TF_GraphToFunction). */
import { Attr, type Attribute, graphCalls, makeAttributeSetter } from "./attributes.js";
import { bytesFrom } from "./buffers.js";
import type { Context } from "./context.js";
import type { Pointer } from "./libc.js";
import type { GraphOutput } from "./native.js";
import { makeOpDefinitions, type OpDefinition } from "./op-definition.js";
import type { Tensors, Values } from "./tensors.js";

/** Makes graphs for one context. */
export interface GraphMaker {
  begin(): Graph;
  /** Forgets a function of the context. */
  remove(name: string): void;
}

/** `_XlaMustCompile = true` as an AttrValue (attr_value.proto: field 5 is a bool). */
export const mustCompile = "_XlaMustCompile";
const attributeTrue = Uint8Array.of(0x28, 0x01);

/** Makes what makes graphs. */
export function makeGraphs(context: Context, tensors: Tensors): GraphMaker {
  const setAttribute = makeAttributeSetter(context, tensors, graphCalls(context));
  const definitions = makeOpDefinitions(context);
  const { native, pointer, status } = context;
  return {
    begin: () => new Graph(context, tensors, setAttribute, definitions),
    remove(name) {
      native.tf.TFE_ContextRemoveFunction(pointer, name, status.pointer);
      status.take();
    },
  };
}

/** One graph. It must be finished or dropped. */
export class Graph {
  readonly #context: Context;
  readonly #tensors: Tensors;
  readonly #setAttribute: (op: Pointer, attribute: Attribute) => void;
  readonly #definitions: (graph: Pointer, operation: string) => OpDefinition;
  readonly #pointer: Pointer;

  constructor(
    context: Context,
    tensors: Tensors,
    setAttribute: (op: Pointer, attribute: Attribute) => void,
    definitions: (graph: Pointer, operation: string) => OpDefinition,
  ) {
    this.#context = context;
    this.#tensors = tensors;
    this.#setAttribute = setAttribute;
    this.#definitions = definitions;
    this.#pointer = context.native.tf.TF_NewGraph();
  }

  /** What TensorFlow knows of an operation. Throws RuntimeError when it knows none of this name. */
  definition(operation: string): OpDefinition {
    return this.#definitions(this.#pointer, operation);
  }

  /** An argument of the function. A shape of null is not known. */
  argument(name: string, dtype: number, shape: readonly number[] | null): GraphOutput {
    const attributes = [
      { name: "dtype", type: Attr.TYPE, value: dtype },
      { name: "shape", type: Attr.SHAPE, value: shape },
    ];
    return { oper: this.operation("Placeholder", name, attributes, []), index: 0 };
  }

  /** A constant with these values. */
  constant(name: string, shape: readonly number[], dtype: number, values: Values): GraphOutput {
    const id = this.#tensors.create(shape, dtype, values);
    try {
      return this.constantOf(name, id, dtype);
    } finally {
      this.#tensors.delete(id);
    }
  }

  /** A constant with the values of a tensor. */
  constantOf(name: string, id: number, dtype: number): GraphOutput {
    const attributes = [
      { name: "dtype", type: Attr.TYPE, value: dtype },
      { name: "value", type: Attr.TENSOR, value: id },
    ];
    return { oper: this.operation("Const", name, attributes, []), index: 0 };
  }

  /**
   * Adds an operation. `inputs` are as for an operation that is run at once: list inputs written out, their length an
   * attribute. `after`: operations that must have ended before it begins. Throws RuntimeError in TensorFlow's words.
   */
  operation(
    operation: string,
    name: string,
    attributes: readonly Attribute[],
    inputs: readonly GraphOutput[],
    after: readonly Pointer[] = [],
    got = () => `${inputs.length} inputs`,
  ): Pointer {
    const { native, status } = this.#context;
    const { tf } = native;
    const definition = this.definition(operation);
    const description = tf.TF_NewOperation(this.#pointer, operation, name);
    let finished: Pointer;
    try {
      this.#addInputs(description, definition, attributes, inputs);
      for (const other of after) tf.TF_AddControlInput(description, other);
      const counts = new Set(definition.inputs.map(({ numberAttribute }) => numberAttribute));
      for (const attribute of attributes) {
        // The graph counts the tensors of a list by itself.
        if (!counts.has(attribute.name)) this.#setAttribute(description, attribute);
      }
    } finally {
      // An operation that is begun must be finished, or the graph cannot be deleted.
      finished = tf.TF_FinishOperation(description, status.pointer);
    }
    status.check(operation, got);
    return finished;
  }

  /**
   * Element type and shape of a result, as TensorFlow infers them; sizes that depend on values are -1, and a shape of null is
   * not known at all.
   */
  known(output: GraphOutput): { readonly dtype: number; readonly shape: number[] | null } {
    const { native, status } = this.#context;
    const { tf } = native;
    const dtype = tf.TF_OperationOutputType(output);
    const rank = tf.TF_GraphGetTensorNumDims(this.#pointer, output, status.pointer);
    status.check("compile", () => "a result");
    if (rank < 0) return { dtype, shape: null };
    const sizes = new BigInt64Array(rank);
    tf.TF_GraphGetTensorShape(this.#pointer, output, sizes, rank, status.pointer);
    status.check("compile", () => "a result");
    return { dtype, shape: Array.from(sizes, Number) };
  }

  /** Tells TensorFlow a shape that it cannot infer. */
  setShape(output: GraphOutput, shape: readonly number[]): void {
    const { native, status } = this.#context;
    const sizes = BigInt64Array.from(shape, BigInt);
    native.tf.TF_GraphSetTensorShape(this.#pointer, output, sizes, shape.length, status.pointer);
    status.check("compile", () => `shape [${shape}]`);
  }

  /** Makes the function and adds it to the context. The graph ends. Throws RuntimeError. */
  finish(name: string, inputs: readonly GraphOutput[], outputs: readonly GraphOutput[], xla: boolean): void {
    const { native, pointer, status } = this.#context;
    const { tf } = native;
    const [ins, outs] = [packed(inputs), packed(outputs)];
    const all = -1;
    const made = tf.TF_GraphToFunction(
      ...([this.#pointer, name, 0, all, null, inputs.length, ins, outputs.length, outs] as const),
      ...([null, 0, "", status.pointer] as const),
    );
    this.drop();
    status.check("compile", () => `a function of ${inputs.length} inputs`);
    try {
      if (xla) {
        tf.TF_FunctionSetAttrValueProto(made, mustCompile, attributeTrue, attributeTrue.length, status.pointer);
        status.check("compile", () => mustCompile);
      }
      tf.TFE_ContextAddFunction(pointer, made, status.pointer);
    } finally {
      tf.TF_DeleteFunction(made);
    }
    status.check("compile", () => name);
  }

  /** The graph as a serialized GraphDef (tensorflow/core/framework/graph.proto). Throws RuntimeError, above 2 GB for example. */
  definitionBytes(): Uint8Array {
    const { native, status } = this.#context;
    return bytesFrom(
      this.#context,
      "graph",
      () => "one that cannot be written",
      (buffer) => native.tf.TF_GraphToGraphDef(this.#pointer, buffer, status.pointer),
    );
  }

  /** Frees the graph without making a function of it. */
  drop(): void {
    this.#context.native.tf.TF_DeleteGraph(this.#pointer);
  }

  #addInputs(
    description: Pointer,
    definition: OpDefinition,
    attributes: readonly Attribute[],
    inputs: readonly GraphOutput[],
  ): void {
    const { tf } = this.#context.native;
    const lists = definition.inputs.filter((input) => isList(input)).length;
    const singles = definition.inputs.length - lists;
    let at = 0;
    for (const input of definition.inputs) {
      if (!isList(input)) {
        tf.TF_AddInput(description, inputs[at++]!);
        continue;
      }
      const said = attributes.find(
        ({ name }) => name === input.numberAttribute || name === input.typesAttribute,
      )?.value;
      const count = typeof said === "number" ? said : Array.isArray(said) ? said.length : inputs.length - singles;
      tf.TF_AddInputList(description, packed(inputs.slice(at, at + count)), count);
      at += count;
    }
  }
}

function isList(input: OpDefinition["inputs"][number]): boolean {
  return input.numberAttribute !== undefined || input.typesAttribute !== undefined;
}

/** An array of `struct TF_Output { TF_Operation* oper; int index; }`. */
function packed(outputs: readonly GraphOutput[]): BigUint64Array {
  return BigUint64Array.from(outputs.flatMap(({ oper, index }) => [BigInt(oper), BigInt(index)]));
}
