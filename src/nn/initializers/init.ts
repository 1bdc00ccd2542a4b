/**
 * First weights, as users choose them: `nn.dense(64, { initial: nn.init.heNormal() })`, or by name, `{ initial: "heNormal" }`.
 * Fans are counted as Keras counts them: of a weight [..., inputs, outputs] all axes but the last go in. Any function that fills
 * the values of a weight will do, too.
 */
import { ShapeError, ValueError } from "../../errors.js";
import { numberIn, show } from "../../tensor/arguments.js";
import { type Shape, showShape } from "../../tensor/shape.js";
import type { Initial } from "./initial.js";
import * as basic from "./initial.js";

/** All zero. */
export function zeros(): Initial {
  return labelled("zeros()", basic.constant(0));
}

/** All one. */
export function ones(): Initial {
  return labelled("ones()", basic.constant(1));
}

/** All `value`. Throws ValueError unless it is finite. */
export function constant(value: number): Initial {
  if (!Number.isFinite(value))
    throw new ValueError({ what: "constant", expected: "a finite number", got: show(value) });
  return labelled(`constant(${value})`, basic.constant(value));
}

/** Evenly between −`limit` and `limit`, 0.05 by default (as Keras's RandomUniform). Throws ValueError. */
export function uniform(limit = 0.05): Initial {
  numberIn("uniform: limit", limit, 0);
  return labelled(`uniform(${limit})`, basic.uniform(limit));
}

/** Normal around 0, with deviation 0.05 by default (as Keras's RandomNormal). Throws ValueError. */
export function normal(deviation = 0.05): Initial {
  numberIn("normal: deviation", deviation, 0);
  return labelled(`normal(${deviation})`, basic.normal(deviation));
}

/**
 * Normal around 0, but what lies beyond two deviations is drawn again, so that the deviation that comes out is 0.88 of the one
 * given, 0.05 by default (as Keras's TruncatedNormal). Throws ValueError.
 */
export function truncatedNormal(deviation = 0.05): Initial {
  numberIn("truncatedNormal: deviation", deviation, 0);
  return labelled(`truncatedNormal(${deviation})`, basic.truncatedNormal(deviation));
}

/** Evenly between ±√(6 / (fan in + fan out)) (Glorot and Bengio 2010; PyTorch's xavier_uniform_): the default of most layers. */
export function glorotUniform(): Initial {
  return labelled("glorotUniform()", basic.glorotUniform);
}

/** Normal with deviation √(2 / (fan in + fan out)) (Glorot and Bengio 2010; PyTorch's xavier_normal_). */
export function glorotNormal(): Initial {
  return spread("glorotNormal()", basic.normal, ({ fanIn, fanOut }) => Math.sqrt(2 / (fanIn + fanOut)));
}

/** Evenly between ±√(6 / fan in), for weights before a relu (arXiv 1502.01852; PyTorch's kaiming_uniform_ for "relu"). */
export function heUniform(): Initial {
  return spread("heUniform()", basic.uniform, ({ fanIn }) => Math.sqrt(6 / fanIn));
}

/** Normal with deviation √(2 / fan in), for weights before a relu (arXiv 1502.01852; PyTorch's kaiming_normal_ for "relu"). */
export function heNormal(): Initial {
  return labelled("heNormal()", basic.heNormal);
}

/** Evenly between ±√(3 / fan in) (LeCun et al. 1998; PyTorch's kaiming_uniform_ for "linear"). */
export function lecunUniform(): Initial {
  return spread("lecunUniform()", basic.uniform, ({ fanIn }) => Math.sqrt(3 / fanIn));
}

/** Normal with deviation √(1 / fan in), for weights before a selu (LeCun et al. 1998; PyTorch's kaiming_normal_ for "linear"). */
export function lecunNormal(): Initial {
  return spread("lecunNormal()", basic.normal, ({ fanIn }) => Math.sqrt(1 / fanIn));
}

/**
 * `gain` times a matrix whose rows, or columns where there are fewer of them, are orthonormal, evenly among all such (arXiv
 * 1312.6120; PyTorch's orthogonal_), for weights [..., inputs, outputs]. Throws ValueError, and ShapeError on a vector.
 */
export function orthogonal(gain = 1): Initial {
  numberIn("orthogonal: gain", gain, 0);
  return labelled(gain === 1 ? "orthogonal()" : `orthogonal(${gain})`, (values, shape, random) => {
    if (shape.length < 2) throw wrong("orthogonal", "a weight [..., inputs, outputs]", shape);
    basic.orthogonal(values, shape, random);
    if (gain !== 1) for (let i = 0; i < values.length; i++) values[i]! *= gain;
  });
}

/** `gain` on the diagonal of a matrix, else zero (PyTorch's eye_). Throws ValueError, and ShapeError on what is no matrix. */
export function identity(gain = 1): Initial {
  numberIn("identity: gain", gain, 0);
  return labelled(gain === 1 ? "identity()" : `identity(${gain})`, (values, shape) => {
    if (shape.length !== 2) throw wrong("identity", "a weight [inputs, outputs]", shape);
    const [rows, columns] = shape as readonly [number, number];
    values.fill(0);
    for (let i = 0; i < Math.min(rows, columns); i++) values[i * columns + i] = gain;
  });
}

function labelled(label: string, fill: Initial): Initial {
  return Object.assign<Initial, { label: string }>((values, shape, random) => fill(values, shape, random), { label });
}

function spread(
  label: string,
  drawn: (size: number) => Initial,
  size: (fans: ReturnType<typeof basic.fans>) => number,
): Initial {
  return labelled(label, (values, shape, random) => drawn(size(basic.fans(shape)))(values, shape, random));
}

function wrong(what: string, expected: string, shape: Shape): ShapeError {
  return new ShapeError({ what, expected, got: showShape(shape) });
}
