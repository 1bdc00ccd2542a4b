import { theEngine } from "../runtime/engine.js";
import { bool, Int64, kernel } from "../runtime/kernels/run.js";
import type { Tensor } from "../runtime/tf.js";
import * as tf from "../runtime/tf.js";
import { tracesForXla } from "../runtime/tracing.js";
import { withGradient } from "./gradient.js";
import { nativeBackend } from "./native.js";

/** A logarithm that is as good as minus infinity, but can be reckoned with. */
const never = -1e30;

/** TensorFlow reckons with probabilities, the least of which is this power of e: less would be 0, and the loss infinite. */
const least = -80;

/**
 * −ln of the probability of each row of labels, over all ways to spread it over the time with blanks between (Graves et al. 2006):
 * `logits: [batch, time, classes]`, `labels: [batch, labels]` (int32), −1 from their end on, `lengths: [batch]` (int32) how much of the
 * time counts, → [batch]. Infinite where there is no way. Probabilities below e^−80 count as that, but not in the gradient.
 */
export function ctcLoss(logits: Tensor, labels: Tensor, lengths: Tensor | undefined, blank: number): Tensor {
  const [batch, time, classes] = logits.shape as [number, number, number];
  // TensorFlow's blank is the last class, and at the end of labels it stands for nothing.
  const last = classes - 1;
  const ends = tf.logicalOr(labels.less(0), labels.equal(tf.scalar(blank, "int32")));
  const moved = labels.sub(labels.greater(blank).toInt());
  const filled = tf.where(ends, tf.onesLike(labels).mul(tf.scalar(last, "int32")), moved);
  const whole = toTheEnd(blankLast(logits, blank), labels.shape[1]!, lengths);
  const loss = nativeBackend() === undefined || tracesForXla() ? plainly(whole, filled) : natively(whole, filled, ends);
  const given = lengths ?? tf.fill([batch], time, "int32");
  return tf.where(needed(labels, ends).greater(given), tf.fill([batch], Number.POSITIVE_INFINITY), loss);
}

/** How many time steps each row of labels takes: two alike in a row have a blank between them. */
function needed(labels: Tensor, ends: Tensor): Tensor {
  const count = tf.logicalNot(ends).toInt().sum(1);
  const width = labels.shape[1]! - 1;
  if (width === 0) return count;
  const isAgain = labels.slice([0, 1]).equal(labels.slice([0, 0], [-1, width]));
  return count.add(
    tf
      .logicalAnd(isAgain, tf.logicalNot(ends.slice([0, 1])))
      .toInt()
      .sum(1),
  );
}

/** TensorFlow refuses a row without labels: it gets one, and is looked at by itself. */
function natively(logits: Tensor, labels: Tensor, ends: Tensor): Tensor {
  const empty = ends.slice([0, 0], [-1, 1]);
  const first = labels.slice([0, 0], [-1, 1]);
  const some = tf.concat([tf.where(empty, tf.zerosLike(first), first), labels.slice([0, 1])], 1);
  const blanks = logits
    .logSoftmax()
    .slice([0, 0, logits.shape[2]! - 1])
    .sum([1, 2])
    .neg();
  return tf.where(empty.reshape([-1]), blanks, fused(logits, some));
}

/** The classes with the blank behind all others. */
function blankLast(logits: Tensor, blank: number): Tensor {
  const classes = logits.shape[2]!;
  if (blank === classes - 1) return logits;
  const take = (from: number, count: number) => logits.slice([0, 0, from], [-1, -1, count]);
  const parts = [take(0, blank), take(blank + 1, classes - 1 - blank), take(blank, 1)];
  return tf.concat(
    parts.filter(({ size }) => size > 0),
    2,
  );
}

/**
 * Blanks that are certain where the input is over: they change no probability, so that all rows are equally long, and not shorter
 * than the row of labels and what fills it up, which TensorFlow would refuse.
 */
function toTheEnd(logits: Tensor, least: number, lengths: Tensor | undefined): Tensor {
  const [batch, time, classes] = logits.shape as [number, number, number];
  if (lengths === undefined && time >= least) return logits;
  const whole = Math.max(time, least);
  const margins: [number, number][] = [
    [0, 0],
    [0, whole - time],
    [0, 0],
  ];
  const ends = lengths ?? tf.fill([batch], time, "int32");
  const counts = tf.range(0, whole, 1, "int32").expandDims(0).less(ends.expandDims(1)).expandDims(2);
  const certain = tf.tensor1d(Array.from({ length: classes }, (_, index) => (index === classes - 1 ? 0 : never)));
  return tf.where(counts, logits.pad(margins), certain.reshape([1, 1, classes]));
}

/** TensorFlow's own operation, which gives the gradient with the loss. */
function fused(logits: Tensor, labels: Tensor): Tensor {
  return withGradient(
    logits,
    (x, save) => {
      const [batch, time] = x.shape as [number, number];
      const count = labels.shape[1]!;
      const places = Int32Array.from({ length: 2 * batch * count }, (_, index) =>
        index % 2 === 0 ? Math.floor(index / (2 * count)) : ((index - 1) / 2) % count,
      );
      const inputs = {
        logits: tf.maximum(x.sub(x.max(-1, true)), least).transpose([1, 0, 2]),
        places: tf.tensor2d(places, [batch * count, 2], "int32"),
        labels: labels.flatten(),
        lengths: tf.fill([batch], time, "int32"),
      };
      const [losses, slopes] = ctcKernel.kernelFunc({ inputs, attrs: {}, backend: tf.backend() }) as [Tensor, Tensor];
      save([x, labels, slopes.transpose([1, 0, 2])]);
      return losses;
    },
    (dy, [x, labels, slopes]) => {
      // Its gradient has none: where it is asked for one, its parts answer.
      if (theEngine().state.gradientDepth > 0) return tf.grad((x) => plainly(x, labels!))(x!, dy);
      return slopes!.mul(dy.reshape([-1, 1, 1]));
    },
  );
}

const ctcKernel = kernel<"logits" | "places" | "labels" | "lengths">(
  "CTCLoss",
  ({ logits, places, labels, lengths }, _, run) =>
    run(
      "CTCLoss",
      [logits, new Int64(places), labels, lengths],
      [
        bool("preprocess_collapse_repeated", false),
        bool("ctc_merge_repeated", true),
        bool("ignore_longer_outputs_than_inputs", false),
      ],
      2,
    ),
);

/** The same step by step (equations 7.9 and 7.26 of Graves's thesis), from operations that tfjs can derive. The blank is last. */
function plainly(logits: Tensor, labels: Tensor): Tensor {
  const [batch, , classes] = logits.shape as [number, number, number];
  const blanks = tf.onesLike(labels).mul(tf.scalar(classes - 1, "int32"));
  // A blank before each label, and one at the end.
  const pairs = tf.stack([blanks, labels], 2).reshape([batch, -1]);
  const row = tf.concat([pairs, blanks.slice([0, 0], [-1, 1])], 1);
  const states = row.shape[1]!;
  const surprise = tf.oneHot(row as tf.Tensor1D, classes).toFloat();
  const emitted = surprise.matMul(logits.logSoftmax(), false, true);
  const shifted = (tensor: Tensor, by: number, fill: number) =>
    tf.concat([tf.fill([batch, by], fill, tensor.dtype), tensor.slice([0, 0], [-1, states - by])], 1);
  const maySkip = tf.logicalAnd(row.notEqual(tf.scalar(classes - 1, "int32")), row.notEqual(shifted(row, 2, -1)));
  const toll = tf.sub(1, maySkip.toFloat()).mul(never);
  const starts = tf.tensor1d(Array.from({ length: states }, (_, state) => (state < 2 ? 0 : never)));
  let alpha: Tensor | undefined;
  for (const step of tf.unstack(emitted, 2)) {
    const before: Tensor =
      alpha === undefined
        ? starts.expandDims(0)
        : tf.stack([alpha, shifted(alpha, 1, never), shifted(alpha, 2, never).add(toll)]).logSumExp(0);
    alpha = step.add(before);
  }
  const count = labels.notEqual(blanks).toInt().sum(1, true);
  const behind = count.mul(tf.scalar(2, "int32")).sub(tf.range(0, states, 1, "int32").expandDims(0));
  const isEnd = tf.logicalOr(behind.equal(tf.scalar(0, "int32")), behind.equal(tf.scalar(1, "int32")));
  return tf
    .where(isEnd, alpha!, tf.fill([batch, states], never))
    .logSumExp(1)
    .neg();
}
