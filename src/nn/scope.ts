import { RandomStream } from "../runtime/index.js";
import type { Variable } from "../runtime/tf.js";
import * as tf from "../runtime/tf.js";
import { Random } from "../tensor/random.js";
import { type Shape, sizeOf } from "../tensor/shape.js";
import { makeVariable } from "../tensor/variable.js";
import type { Initial } from "./initial.js";
import type { ModelStream, WeightKind } from "./module.js";

/** A weight that a layer asked for; it has a value once the whole model is known to fit into memory. */
export class Weight {
  #variable: Variable | undefined;

  constructor(
    readonly path: string,
    readonly shape: Shape,
    readonly initial: Initial,
    readonly trainable: boolean,
    readonly kind: WeightKind | undefined,
  ) {}

  get size(): number {
    return sizeOf(this.shape);
  }

  get value(): Variable {
    return this.#variable!;
  }

  /** Draws the first value from `random`. */
  allocate(random: Random): Variable {
    const values = new Float32Array(this.size);
    this.initial(values, this.shape, random);
    const tensor = tf.tensor(values, [...this.shape], "float32");
    this.#variable = makeVariable(tensor, this.trainable);
    tensor.dispose();
    return this.#variable;
  }
}

/** A place in a model while it is built: names its weights and collects them. */
export class Scope {
  constructor(
    readonly seed: number,
    readonly path = "",
    readonly weights: Weight[] = [],
    readonly streams: ModelStream[] = [],
    /** The shape of what an encoder made, for layers that look at it. */
    readonly memory?: Shape,
  ) {}

  /** The place `name` inside this one. */
  at(name: string): Scope {
    return new Scope(this.seed, this.#join(name), this.weights, this.streams, this.memory);
  }

  /** The same place, with what an encoder made. */
  recalling(memory: Shape): Scope {
    return new Scope(this.seed, this.path, this.weights, this.streams, memory);
  }

  /** Asks for a weight; one that is not trainable is set by the layer itself. */
  weight(
    name: string,
    shape: Shape,
    initial: Initial,
    { trainable = true, kind }: { trainable?: boolean; kind?: WeightKind } = {},
  ): Weight {
    const weight = new Weight(this.#join(name), shape, initial, trainable, kind);
    this.weights.push(weight);
    return weight;
  }

  /** Random tensors for this place and no other. */
  random(): RandomStream {
    const stream = new RandomStream(new Random(this.seed, this.path).bits());
    this.streams.push({ path: this.path, stream });
    return stream;
  }

  #join(name: string): string {
    return this.path === "" ? name : `${this.path}.${name}`;
  }
}
