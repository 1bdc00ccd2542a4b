/** What goes through a model, and the gradients that come back: by the paths of its layers. */
import { ValueError } from "../errors.js";
import type { Tensor } from "../runtime/tf.js";
import * as tf from "../runtime/tf.js";
import { checkOptions, show } from "../tensor/arguments.js";
import { withGradient } from "../tensor/gradient.js";
import { scalarOf } from "../tensor/scalar.js";
import { assertModel } from "./assert-model.js";
import type { Forward, Model } from "./module.js";
import { matches, nothingAt, patternsOf } from "./paths.js";

/** Values by the paths of the layers that made them, in the order in which they were made. */
export type Captured = ReadonlyMap<string, Tensor>;

/** How the forward pass is made. */
export interface CaptureOptions {
  /** As in training, e.g. with dropout; moving averages stay as they are. Default false. */
  readonly training?: boolean;
}

/**
 * Makes a forward pass and keeps what comes out of layers: of those whose paths match, `"layers.3"` or `["blocks.*"]`, where `*`
 * stands for anything between two dots and `**` for anything. Under `PATH.weights` lie the attention weights of an attention layer
 * [batch, heads, query, key]. `x: [batch, ...input]`. PyTorch's forward hooks. Throws ValueError for a pattern that nothing matches,
 * and what `model.forward` throws.
 */
export function capture(
  model: Model,
  x: Tensor,
  paths: string | readonly string[],
  options: CaptureOptions = {},
): Captured {
  const patterns = check("capture", model, paths, options);
  const watch = new Watch(patterns, (value) => value);
  return watch.through("capture", model, () => {
    model.forward(x, watch.context(options));
    return watch.kept;
  });
}

/**
 * The gradients of a scalar, `loss` of the model's output, in what comes out of layers, by the paths that {@link capture} knows
 * (of attention weights there are none). Zero where the loss does not depend on it. PyTorch's backward hooks. Throws ValueError,
 * ShapeError where the loss is not one number, and what `model.forward` throws.
 */
export function captureGradients(
  model: Model,
  x: Tensor,
  loss: (output: Tensor) => Tensor,
  paths: string | readonly string[],
  options: CaptureOptions = {},
): Captured {
  const patterns = check("captureGradients", model, paths, options);
  if (typeof loss !== "function") {
    const expected = "a function of the model's output, its loss";
    throw new ValueError({ what: "captureGradients: loss", expected, got: show(loss) });
  }
  const gradients = new Map<string, Tensor>();
  // What is differentiated in: added to every value and to the loss, so that all of them lie on the way to it, whatever x is.
  let nothing: Tensor;
  const watch = new Watch(patterns, (value, path) =>
    withGradient(
      value.add(nothing),
      (given) => given.clone(),
      (dy) => {
        gradients.set(path, tf.keep(dy.clone()));
        return dy;
      },
    ),
  );
  const forward = (zero: Tensor): tf.Scalar => {
    nothing = zero;
    return scalarOf(
      "captureGradients: loss",
      loss(model.forward(x, watch.context(options))),
      "End it with .mean().",
    ).add(zero) as tf.Scalar;
  };
  return watch.through("captureGradients", model, () => {
    try {
      tf.grad(forward)(tf.scalar(0));
      const made = [...watch.kept].map(([path, value]) => {
        const gradient = gradients.get(path);
        return [path, gradient === undefined ? tf.zerosLike(value) : gradient.clone()] as const;
      });
      return new Map(made);
    } finally {
      tf.dispose([...gradients.values()]);
    }
  });
}

/** A forward pass that is looked at. */
class Watch {
  /** What matched. */
  readonly kept = new Map<string, Tensor>();
  readonly #patterns: readonly string[];
  readonly #passOn: (value: Tensor, path: string) => Tensor;
  readonly #paths: string[] = [];

  constructor(patterns: readonly string[], passOn: (value: Tensor, path: string) => Tensor) {
    this.#patterns = patterns;
    this.#passOn = passOn;
  }

  context({ training = false }: CaptureOptions): Forward {
    return {
      training,
      remember: () => {},
      tap: (path, value) => {
        if (!this.#wants(path)) return value;
        const passed = this.#passOn(value, path);
        this.kept.set(path, tf.keep(passed.clone()));
        return passed;
      },
      capture: (path, value) => {
        const own = `${path}.weights`;
        if (this.#wants(own)) this.kept.set(own, tf.keep(value.clone()));
      },
    };
  }

  /** What `run` returns, freed of what else it made. Throws ValueError where a pattern matched nothing. */
  through(what: string, model: Model, run: () => ReadonlyMap<string, Tensor>): Captured {
    try {
      const paths: string[] = [];
      const values = tf.tidy(() => {
        const made = run();
        for (const pattern of this.#patterns) {
          if (this.#paths.some((path) => matches(pattern, path))) continue;
          throw nothingAt(what, `a path of ${model.name}`, pattern, this.#paths);
        }
        paths.push(...made.keys());
        return [...made.values()].map((value) => value.clone());
      });
      return new Map(paths.map((path, index) => [path, values[index]!]));
    } finally {
      tf.dispose([...this.kept.values()]);
    }
  }

  #wants(path: string): boolean {
    this.#paths.push(path);
    return this.#patterns.some((pattern) => matches(pattern, path));
  }
}

function check(
  what: string,
  model: Model,
  paths: string | readonly string[],
  options: CaptureOptions,
): readonly string[] {
  assertModel(what, model);
  checkOptions(what, options, ["training"]);
  return patternsOf(what, paths);
}
