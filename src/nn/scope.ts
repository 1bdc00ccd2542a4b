import { ShapeError, ValueError } from "../errors.js";
import { RandomStream } from "../runtime/index.js";
import type { Variable } from "../runtime/tf.js";
import * as tf from "../runtime/tf.js";
import { Random } from "../tensor/random.js";
import { type Shape, sameShape, showShape, sizeOf } from "../tensor/shape.js";
import { makeVariable } from "../tensor/variable.js";
import type { Initial } from "./initializers/initial.js";
import { type InitialName, initialOf } from "./initializers/initial-names.js";
import type { ModelStream, Parameter, WeightKind } from "./module.js";
import type { Regularizer } from "./regularizer.js";
import { standInFor } from "./stand-in.js";

/** What a layer may say of a weight that it asks for. */
export interface WeightSettings {
  /** False for what the layer sets itself. Default true. */
  readonly trainable?: boolean;
  readonly kind?: WeightKind | undefined;
  readonly regularizer?: Regularizer | undefined;
}

/** A weight that a layer asked for; it has a value once the whole model is known to fit into memory. */
export class Weight implements Parameter {
  readonly kind: WeightKind | undefined;
  readonly regularizer: Regularizer | undefined;
  readonly #initial: Initial;
  readonly #learned: boolean;
  #variable: Variable | undefined;
  #frozen = false;

  constructor(
    readonly path: string,
    readonly shape: Shape,
    initial: InitialName | Initial,
    { trainable = true, kind, regularizer }: WeightSettings = {},
  ) {
    this.kind = kind;
    this.regularizer = regularizer;
    this.#initial = initialOf(initial);
    this.#learned = trainable;
  }

  get size(): number {
    return sizeOf(this.shape);
  }

  /** What layers compute with. */
  get value(): Variable {
    return standInFor(this.#variable!);
  }

  /** The value, as users of a model know it. */
  get variable(): Variable {
    return this.#variable!;
  }

  get trainable(): boolean {
    return this.#learned && !this.#frozen;
  }

  get frozen(): boolean {
    return this.#frozen;
  }

  set frozen(frozen: boolean) {
    this.#frozen = frozen;
    // tfjs leaves variables that are not trainable out of what it derives.
    if (this.#variable !== undefined) this.#variable.trainable = this.trainable;
  }

  /** Draws the first value from `random`. */
  allocate(random: Random): this {
    const values = new Float32Array(this.size);
    const made: unknown = this.#initial(values, this.shape, random);
    this.#check(values, made);
    const tensor = tf.tensor(values, [...this.shape], "float32");
    this.#variable = makeVariable(tensor, this.trainable);
    tensor.dispose();
    return this;
  }

  /** Throws ValueError where a function of the user's does not fill what it is given. */
  #check(values: Float32Array, made: unknown): void {
    const what = `initial of ${this.path}`;
    if (made !== values && (Array.isArray(made) || ArrayBuffer.isView(made))) {
      const hint = "Write into the array that it is given.";
      throw new ValueError({
        what,
        expected: "a function that fills the weight",
        got: "one that returns another",
        hint,
      });
    }
    const wrong = values.findIndex((value) => !Number.isFinite(value));
    if (wrong < 0) return;
    throw new ValueError({ what, expected: "finite numbers", got: `${values[wrong]} at ${wrong}` });
  }
}

/** Where the weights of a place are named: elsewhere where a layer stands there that stood elsewhere before. */
interface Home {
  readonly path: string;
  readonly again: boolean;
}

/** Whether a layer wants a batch in one piece, in training and elsewhere. */
export type Whole = (training: boolean) => boolean;

/** A place in a model while it is built: names its weights and collects them. */
export class Scope {
  /** Shared layers, by where they stand first in this model. */
  readonly #shares: Map<object, string>;
  readonly #home: Home;

  constructor(
    readonly seed: number,
    readonly path = "",
    readonly weights: Weight[] = [],
    readonly streams: ModelStream[] = [],
    readonly wholes: Whole[] = [],
    /** The shape of what an encoder made, for layers that look at it. */
    readonly memory?: Shape,
    shares = new Map<object, string>(),
    home: Home = { path, again: false },
  ) {
    this.#shares = shares;
    this.#home = home;
  }

  /** The place `name` inside this one. */
  at(name: string): Scope {
    const { path, again } = this.#home;
    return this.#moved(joined(this.path, name), { path: joined(path, name), again });
  }

  /** The same place, with what an encoder made. */
  recalling(memory: Shape): Scope {
    return this.#moved(this.path, this.#home, memory);
  }

  /** This place, with the weights of the place where `layer` stood first in this model. */
  sharing(layer: object): Scope {
    const first = this.#shares.get(layer);
    if (first !== undefined) return this.#moved(this.path, { path: first, again: true });
    this.#shares.set(layer, this.#home.path);
    return this;
  }

  /** Asks for a weight of this place, with its first values. Throws ShapeError for a shared one that had another shape. */
  weight(name: string, shape: Shape, initial: InitialName | Initial, settings: WeightSettings = {}): Weight {
    const path = joined(this.#home.path, name);
    if (this.#home.again) return this.#shared(path, shape);
    const weight = new Weight(path, shape, initial, settings);
    this.weights.push(weight);
    return weight;
  }

  /** Random tensors for this place and no other. */
  random(): RandomStream {
    const stream = new RandomStream(new Random(this.seed, this.path).bits());
    this.streams.push({ path: this.path, stream });
    return stream;
  }

  /**
   * Tells that a layer wants batches in one piece: because their examples matter to each other (batchNorm, perhaps layers of users), or
   * because it cuts them itself (recurrent ones).
   */
  keepWhole(when: Whole = () => true): void {
    this.wholes.push(when);
  }

  #moved(path: string, home: Home, memory = this.memory): Scope {
    return new Scope(this.seed, path, this.weights, this.streams, this.wholes, memory, this.#shares, home);
  }

  #shared(path: string, shape: Shape): Weight {
    const weight = this.weights.find((one) => one.path === path);
    if (weight !== undefined && sameShape(weight.shape, shape)) return weight;
    const had =
      weight === undefined ? "the same weights everywhere" : `${path} of ${showShape(weight.shape)} everywhere`;
    throw new ShapeError({
      what: "shared",
      expected: had,
      got: `${showShape(shape)} at ${this.path}`,
      hint: "Its places must have inputs of the same features.",
    });
  }
}

function joined(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}
