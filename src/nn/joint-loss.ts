import { ShapeError, ValueError } from "../errors.js";
import * as tf from "../runtime/tf.js";
import { checkOptions, numberIn, show } from "../tensor/arguments.js";
import { type Shape, showShape, sizeOf } from "../tensor/shape.js";
import { type KnownLoss, known, type Loss, reduce } from "./losses/loss.js";
import { type LossName, loss as lossOf } from "./losses/names.js";
import type { PartialTargets } from "./losses/targets.js";
import { asKnown, type KnownMetric, type Metric } from "./metrics/metric.js";
import { type MetricName, metric as metricOf } from "./metrics/names.js";

/** One head of a model that was built. */
export interface Head {
  /** What comes out for one example. */
  readonly output: Shape;
  /** Where its numbers begin in a prediction. */
  readonly from: number;
}

/** How one head is judged. */
export interface HeadLoss {
  readonly loss: LossName | Loss;
  /** How much its loss counts in the sum. Default 1. */
  readonly weight?: number;
  /** How much the loss of each class counts, by its index, 1 where nothing is said; as `fit`'s. For losses of classes. */
  readonly classWeight?: Readonly<Record<string, number>> | readonly number[];
  /** Measured on this head, told as `digit accuracy`. Default: nothing. */
  readonly metrics?: readonly (MetricName | Metric)[];
}

/** The weighted sum of several losses. Training also tells each by its name, as metrics. */
export interface JointLoss extends KnownLoss {
  /** The losses before they are weighed, `digit loss`, and the metrics of the heads. */
  readonly parts: readonly Metric[];
}

/** One head with what judges it. */
interface Judged extends Required<Omit<HeadLoss, "classWeight" | "loss" | "metrics">> {
  readonly name: string;
  readonly loss: Loss;
  readonly classWeight: HeadLoss["classWeight"];
  readonly metrics: readonly Metric[];
}

/** Keeps a division by no positions at all 0. */
const tiny = 1e-30;

/**
 * The sum of the losses of the heads with these names. `headsOf`: the heads, once a model is built. Throws ValueError for parts that are
 * none.
 */
export function jointLoss(
  names: readonly string[],
  parts: Readonly<Record<string, LossName | Loss | HeadLoss>>,
  headsOf: () => ReadonlyMap<string, Head>,
): JointLoss {
  checkOptions("heads: loss", parts, names);
  const judged = names.map((name) => judgedOf(name, parts[name]));
  /** What each head said, and what was wanted of it. */
  const taken = (prediction: tf.Tensor, target: tf.Tensor): [tf.Tensor, tf.Tensor][] => {
    const heads = headsOf();
    const wanted = wantedOf(judged, heads);
    const width = wanted.reduce((sum, { width }) => sum + width, 0);
    const rows = target.rank === 1 ? target.expandDims(1) : target;
    if (rows.rank !== 2 || rows.shape[1] !== width) {
      const each = wanted.map(({ name, width }) => `${name} ${width}`).join(", ");
      const expected = `targets [batch, ${width}] (${each})`;
      throw new ShapeError({ what: "heads: loss", expected, got: showShape(target.shape) });
    }
    return wanted.map(({ name, from, width, shape, areClasses }) => {
      const part = rows.slice([0, from], [-1, width]).reshape([rows.shape[0]!, ...shape]);
      return [outputOf(prediction, heads.get(name)!, heads), areClasses ? part.toInt() : part];
    });
  };
  const each: KnownLoss["each"] = (prediction, target) => {
    const values = taken(prediction, target).map(([said, wanted], index) => {
      const { loss, weight, classWeight, name } = judged[index]!;
      const table = classWeight === undefined ? undefined : classTable(name, classWeight, loss, said);
      return ofExamples(loss, said, wanted, table).mul(weight);
    });
    return { values: tf.addN(values) };
  };
  const measure = (prediction: tf.Tensor, target: tf.Tensor): tf.Tensor => reduce(joint, prediction, target).value;
  const joint: JointLoss = Object.assign(renamed(measure, names.join(" + ")), {
    each,
    reduction: "mean" as const,
    targets: { kind: "any" as const, parts: () => wantedOf(judged, headsOf()) },
    parts: judged.flatMap(({ name, loss, metrics }, index) =>
      [renamed(loss, "loss"), ...metrics].map((one) => onHead(name, one, (p, y) => taken(p, y)[index]!)),
    ),
  });
  return joint;
}

/** The numbers of one head: `prediction: [batch, sum]` → `[batch, ...O]`. Throws ShapeError. */
export function outputOf(prediction: tf.Tensor, { output, from }: Head, all: ReadonlyMap<string, Head>): tf.Tensor {
  const width = [...all.values()].reduce((sum, head) => sum + sizeOf(head.output), 0);
  if (prediction.rank !== 2 || prediction.shape[1] !== width) {
    const expected = `predictions [batch, ${width}]`;
    throw new ShapeError({ what: "heads", expected, got: showShape(prediction.shape) });
  }
  return prediction.slice([0, from], [-1, sizeOf(output)]).reshape([prediction.shape[0]!, ...output]);
}

/** → [batch], whose mean is the loss. What gives one number for all examples gives it to each. */
function ofExamples(loss: Loss, prediction: tf.Tensor, target: tf.Tensor, table: tf.Tensor | undefined): tf.Tensor {
  const batch = prediction.shape[0]!;
  const ours = known(loss);
  if (ours === undefined || ours.finish !== undefined) return tf.ones([batch]).mul(loss(prediction, target).asScalar());
  const { values, shares } = ours.each(prediction, target);
  const weights = table && tf.gather(table, inside(target, table.size) as tf.Tensor1D);
  const rows = (weights === undefined ? values : values.mul(weights.reshape(values.shape))).reshape([batch, -1]);
  if (ours.reduction === "sum") return rows.sum(1).mul(batch);
  return shares === undefined ? rows.mean(1) : rows.sum(1).mul(batch).div(tf.maximum(shares.sum(), tiny));
}

/** What a loss ignores may be no class. */
function inside(labels: tf.Tensor, classes: number): tf.Tensor {
  return tf.minimum(tf.maximum(labels.toInt(), tf.scalar(0, "int32")), tf.scalar(classes - 1, "int32"));
}

function onHead(
  name: string,
  one: Metric,
  taken: (prediction: tf.Tensor, target: tf.Tensor) => [tf.Tensor, tf.Tensor],
): Metric {
  const metric = asKnown(one);
  const { gather, many, result } = metric;
  const label = `${name} ${one.name || "metric"}`;
  const of: KnownMetric = Object.assign(
    (prediction: tf.Tensor, target: tf.Tensor) => metric(...taken(prediction, target)),
    {
      ...{ gather, label, result: result.bind(metric) },
      state: (prediction: tf.Tensor, target: tf.Tensor) => metric.state(...taken(prediction, target)),
      ...(many !== undefined && { many }),
    },
  );
  return renamed(of, label);
}

function judgedOf(name: string, part: LossName | Loss | HeadLoss | undefined): Judged {
  const what = `heads: loss: ${name}`;
  if (part === undefined) throw new ValueError({ what, expected: "a loss for each head", got: "none" });
  if (typeof part !== "object")
    return { name, loss: lossOf(part, what), weight: 1, classWeight: undefined, metrics: [] };
  checkOptions(what, part, ["loss", "weight", "classWeight", "metrics"]);
  const { weight = 1, metrics = [], classWeight } = part;
  numberIn(`${what}: weight`, weight, 0);
  if (!Array.isArray(metrics)) {
    throw new ValueError({ what: `${what}: metrics`, expected: `a list like ["accuracy"]`, got: show(metrics) });
  }
  const chosen = metrics.map((one: MetricName | Metric) => metricOf(one, `${what}: metrics`));
  return { name, loss: lossOf(part.loss, what), weight, classWeight, metrics: chosen };
}

/** What each head wants of a row of targets. */
function wantedOf(judged: readonly Judged[], heads: ReadonlyMap<string, Head>): PartialTargets[] {
  let from = 0;
  return judged.map(({ name, loss }) => {
    const { output } = heads.get(name)!;
    const targets = known(loss)?.targets;
    const areClasses = targets?.kind === "classes" || (targets?.kind === "either" && (output.at(-1) ?? 1) > 1);
    const shape = areClasses ? output.slice(0, -1) : (targets?.shape?.(output) ?? output);
    const part = {
      name,
      lossName: loss.name || "loss",
      targets,
      output,
      shape,
      from,
      width: sizeOf(shape),
      areClasses,
    };
    from += part.width;
    return part;
  });
}

/** [classes] */
function classTable(name: string, given: NonNullable<HeadLoss["classWeight"]>, loss: Loss, said: tf.Tensor): tf.Tensor {
  const what = `heads: loss: ${name}: classWeight`;
  const kind = known(loss)?.targets.kind;
  const width = said.shape.at(-1) ?? 1;
  const areClasses = kind === "classes" || (kind === "either" && width > 1);
  if (!areClasses && known(loss)?.targets.range?.[1] !== 1) {
    throw new ValueError({ what, expected: "a loss of classes", got: loss.name || "a function" });
  }
  const classes = areClasses ? width : 2;
  if (typeof given !== "object" || given === null) {
    throw new ValueError({ what, expected: "a number for each class, like { 0: 1, 1: 5 }", got: show(given) });
  }
  const table = Array.from({ length: classes }, () => 1);
  for (const [key, weight] of Object.entries(given)) {
    if (!(Number(key) in table)) {
      throw new ValueError({ what, expected: `classes from 0 to ${classes - 1}`, got: `'${key}'` });
    }
    numberIn(`${what}: ${key}`, weight, 0);
    table[Number(key)] = weight;
  }
  return tf.tensor1d(table);
}

function renamed<F extends Loss>(work: F, name: string): F {
  const copy = ((prediction: tf.Tensor, target: tf.Tensor) => work(prediction, target)) as F;
  Object.assign(copy, work);
  return Object.defineProperty(copy, "name", { value: name });
}
