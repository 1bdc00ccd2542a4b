import { ShapeError, ValueError } from "../../errors.js";
import type { Tensor } from "../../runtime/tf.js";
import { show, trueOrFalse } from "../../tensor/arguments.js";
import { ctcLoss } from "../../tensor/ctc.js";
import { type Shape, showShape } from "../../tensor/shape.js";
import { type KnownLoss, type LossOptions, makeLoss } from "./loss.js";

/** What {@link ctc} takes. */
export interface CtcOptions extends LossOptions {
  /** The class that stands for no label. Default 0. */
  readonly blank?: number;
  /** Whether targets begin with the number of time steps that count in the example. Default false: all do. */
  readonly withInputLengths?: boolean;
}

/**
 * Connectionist temporal classification (Graves et al. 2006): mean of −ln of the probability of the labels, over all ways to spread them
 * over the time steps, in nats for an example (it is not divided by the number of labels). `prediction: [batch, time, classes]` are
 * logits; `target: [batch, labels]` class indices, filled up with −1 at the end of each row; with `withInputLengths` [batch, 1 + labels]. As
 * PyTorch's `CTCLoss` with reduction "none" and a mean. Infinite where the labels do not fit into the time. Throws ShapeError,
 * ValueError.
 */
export function ctc(options: CtcOptions = {}): KnownLoss {
  const { blank = 0, withInputLengths = false } = options;
  trueOrFalse("ctc: withInputLengths", withInputLengths);
  if (!(Number.isSafeInteger(blank) && blank >= 0)) {
    throw new ValueError({ what: "ctc: blank", expected: "a class index from 0", got: show(blank) });
  }
  return makeLoss("ctc", options, ["blank", "withInputLengths"], {
    targets: { kind: "any", check: (target, output) => mistake(target, output, blank, withInputLengths) },
    each(prediction, target) {
      const [batch, , classes] = prediction.shape;
      const least = withInputLengths ? 2 : 1;
      if (prediction.rank !== 3 || target.rank !== 2 || target.shape[0] !== batch || target.shape[1]! < least) {
        const labels = withInputLengths ? "1 + labels" : "labels";
        const expected = `predictions [batch, time, classes] and targets [batch, ${labels}]`;
        const got = `${showShape(prediction.shape)} and ${showShape(target.shape)}`;
        throw new ShapeError({ what: "ctc", expected, got });
      }
      if (blank >= classes!) {
        const expected = `a class index below ${classes}`;
        throw new ValueError({ what: "ctc: blank", expected, got: String(blank) });
      }
      return { values: ctcLoss(prediction, ...parts(target, withInputLengths), blank) };
    },
  });
}

/** → labels [batch, labels], lengths of the inputs [batch] or undefined: all whole. */
function parts(target: Tensor, withInputLengths: boolean): [labels: Tensor, lengths: Tensor | undefined] {
  const whole = target.toInt();
  if (!withInputLengths) return [whole, undefined];
  const [batch, width] = whole.shape as [number, number];
  return [whole.slice([0, 1], [batch, width - 1]), whole.slice([0, 0], [batch, 1]).reshape([batch])];
}

/** What is wrong with the targets of one example, if anything is. */
function mistake(
  target: readonly number[],
  output: Shape,
  blank: number,
  withInputLengths: boolean,
): string | undefined {
  if (output.length !== 2) return "labels of sequences, for an output [time, classes],";
  const [time = 0, classes = 0] = output;
  const length = withInputLengths ? target[0]! : time;
  if (!(Number.isInteger(length) && length >= 1 && length <= time)) return `${length} time steps of ${time}`;
  const filled = withInputLengths ? target.slice(1) : target;
  const end = filled.findIndex((label) => label < 0);
  const labels = end < 0 ? filled : filled.slice(0, end);
  if (end >= 0 && filled.slice(end).some((label) => label !== -1)) return "labels after the first −1";
  const wrong = labels.find((label) => !(Number.isInteger(label) && label < classes && label !== blank));
  if (wrong !== undefined) return wrong === blank ? `the blank ${blank} among the labels` : `${wrong}`;
  // Two alike in a row need a blank between them.
  const needed = labels.length + labels.filter((label, at) => at > 0 && label === labels[at - 1]).length;
  return needed > length ? `labels that need ${needed} time steps where there are ${length}` : undefined;
}
