import { ShapeError, ValueError } from "../errors.js";
import type { Tensor } from "../runtime/tf.js";
import * as tf from "../runtime/tf.js";
import { checkOptions, numberIn, show } from "../tensor/arguments.js";
import { type Shape, sameShape, showShape, sizeOf } from "../tensor/shape.js";
import { type Built, type given, type Layer, type Misfit, makeLayer, type Through, type yields } from "./layer.js";
import { known, type Loss } from "./losses/loss.js";
import { type LossName, loss as lossOf } from "./losses/names.js";
import { asKnown, type KnownMetric, type Metric } from "./metrics/metric.js";
import { type MetricName, metric as metricOf } from "./metrics/names.js";
import { buildStack, numbered } from "./stack.js";

/** Layers by the name of their head: one, or several one after another. */
export type HeadLayers = Readonly<Record<string, Layer | readonly Layer[]>>;

/** How one head is judged. */
export interface HeadLoss {
  readonly loss: LossName | Loss;
  /** How much its loss counts in the sum. Default 1. */
  readonly weight?: number;
  /** Measured on this head, told as `digit accuracy`. Default: nothing. */
  readonly metrics?: readonly (MetricName | Metric)[];
}

/** The weighted sum of several losses. Training also tells each by its name, as metrics. */
export interface JointLoss extends Loss {
  /** The losses before they are weighed, `digit loss`, and the metrics of the heads. */
  readonly parts: readonly Metric[];
}

/** The type of `heads({ digit: dense(10), odd: dense(1) })`. */
export interface Heads<H extends HeadLayers> extends Layer {
  readonly [yields]: this[typeof given] extends infer I extends Shape ? HeadsOutput<I, H> : never;
  /** The outputs by head: `prediction: [batch, sum]` → `[batch, ...O]` each. Throws ShapeError, and ValueError before a model is made. */
  split(prediction: Tensor): { readonly [K in keyof H]: Tensor };
  /**
   * A loss for `fit`, Σ weight · loss of each head. Targets are rows, `[batch, columns]`, in the order of the heads: a column for a
   * class index, as many as the output has numbers for values. Throws ValueError.
   */
  loss(parts: { readonly [K in keyof H]: LossName | Loss | HeadLoss }): JointLoss;
}

type HeadsOutput<I extends Shape, H extends HeadLayers> =
  Extract<{ [K in keyof H]: Through<I, ListOf<H[K]>> }[keyof H], Misfit<string>> extends infer M
    ? [M] extends [never]
      ? readonly [number]
      : M
    : never;

type ListOf<L> = L extends readonly Layer[] ? L : L extends Layer ? readonly [L] : never;

/** One head of a model that was built. */
interface Head {
  readonly output: Shape;
  /** Where its numbers begin in a prediction. */
  readonly from: number;
}

/**
 * Several heads on one body, the last layer of a model: each takes what comes in, and what they give lies side by side, [...] → [sum].
 * `heads.split(net.predict(x))` takes it apart by name, `heads.loss({ digit: "crossEntropy", odd: { loss: "binaryCrossEntropy", weight:
 * 0.5 } })` is what `fit` makes small. Heads belong to one model, and may have been built for others of the same shapes. Throws
 * ValueError, and ShapeError when built.
 */
export function heads<const H extends HeadLayers>(layers: H): Heads<H> {
  const all = listed(layers);
  let built: ReadonlyMap<string, Head> | undefined;
  const headsOf = (): ReadonlyMap<string, Head> => {
    if (built !== undefined) return built;
    throw new ValueError({ what: "heads", expected: "to be a layer of a model first", got: "no model with them" });
  };
  const texts = all.map(([name, list]) => `${name}: ${list.map(({ label }) => label).join(", ")}`);
  return makeLayer<Heads<H>>({
    label: `heads({ ${texts.join("; ")} })`,
    build(input, scope): Built {
      const stacks = all.map(([name, list]) => buildStack(input, numbered(list), scope.at(name)));
      const made = new Map<string, Head>();
      let from = 0;
      stacks.forEach(({ output }, index) => {
        made.set(all[index]![0], { output, from });
        from += sizeOf(output);
      });
      requireSame(built, made);
      built = made;
      return {
        output: [from],
        flops: stacks.reduce((sum, { flops }) => sum + flops, 0),
        forward(x, context) {
          const flat = stacks.map((stack) => stack.forward(x, context).reshape([x.shape[0]!, sizeOf(stack.output)]));
          return flat.length === 1 ? flat[0]! : tf.concat(flat, 1);
        },
      };
    },
    split(prediction) {
      const entries = [...headsOf()].map(([name, head]) => [name, outputOf(prediction, head, headsOf())] as const);
      return Object.fromEntries(entries) as { [K in keyof H]: Tensor };
    },
    loss: (parts) =>
      joint(
        all.map(([name]) => name),
        parts,
        headsOf,
      ),
  });
}

function listed(layers: HeadLayers): (readonly [string, readonly Layer[]])[] {
  const entries = typeof layers === "object" && layers !== null ? Object.entries(layers) : [];
  if (entries.length === 0) {
    const hint = "Write heads({ digit: dense(10), odd: dense(1) }).";
    throw new ValueError({ what: "heads", expected: "layers by name", got: show(layers), hint });
  }
  return entries.map(([name, given]) => {
    const list: readonly Layer[] = Array.isArray(given) ? given : [given as Layer];
    if (list.length > 0 && list.every((layer) => typeof layer?.build === "function")) return [name, list] as const;
    throw new ValueError({ what: `heads: ${name}`, expected: "a layer, or a list of some", got: show(given) });
  });
}

function requireSame(before: ReadonlyMap<string, Head> | undefined, now: ReadonlyMap<string, Head>): void {
  for (const [name, { output }] of now) {
    const other = before?.get(name)?.output;
    if (other === undefined || sameShape(other, output)) continue;
    const hint = "Make heads of their own for another model.";
    throw new ShapeError({
      what: `heads: ${name}`,
      expected: `output ${showShape(other)}, as in their first model`,
      got: showShape(output),
      hint,
    });
  }
}

function outputOf(prediction: Tensor, { output, from }: Head, all: ReadonlyMap<string, Head>): Tensor {
  const width = [...all.values()].reduce((sum, head) => sum + sizeOf(head.output), 0);
  if (prediction.rank !== 2 || prediction.shape[1] !== width) {
    throw new ShapeError({
      what: "heads",
      expected: `predictions [batch, ${width}]`,
      got: showShape(prediction.shape),
    });
  }
  return prediction.slice([0, from], [-1, sizeOf(output)]).reshape([prediction.shape[0]!, ...output]);
}

/** One head with what judges it. */
interface Judged {
  readonly name: string;
  readonly loss: Loss;
  readonly weight: number;
  readonly metrics: readonly Metric[];
}

function joint(
  names: readonly string[],
  parts: Readonly<Record<string, LossName | Loss | HeadLoss>>,
  headsOf: () => ReadonlyMap<string, Head>,
): JointLoss {
  checkOptions("heads: loss", parts, names);
  const judged = names.map((name) => judgedOf(name, parts[name]));
  const taken = (prediction: Tensor, target: Tensor): [Tensor, Tensor][] => {
    const all = headsOf();
    const columns = columnsOf(judged, all);
    const width = columns.reduce((sum, shape) => sum + sizeOf(shape), 0);
    const rows = target.rank === 1 ? target.expandDims(1) : target;
    if (rows.rank !== 2 || rows.shape[1] !== width) {
      const each = judged.map(({ name }, index) => `${name} ${sizeOf(columns[index]!)}`).join(", ");
      throw new ShapeError({
        what: "heads: loss",
        expected: `targets [batch, ${width}] (${each})`,
        got: showShape(target.shape),
      });
    }
    let from = 0;
    return judged.map(({ name, loss }, index) => {
      const part = rows.slice([0, from], [-1, sizeOf(columns[index]!)]).reshape([rows.shape[0]!, ...columns[index]!]);
      from += sizeOf(columns[index]!);
      return [outputOf(prediction, all.get(name)!, all), areClasses(loss, all.get(name)!.output) ? part.toInt() : part];
    });
  };
  const measure = (prediction: Tensor, target: Tensor): Tensor => {
    const pairs = taken(prediction, target);
    return tf.addN(
      judged.map(({ loss, weight }, index) =>
        loss(...pairs[index]!)
          .asScalar()
          .mul(weight),
      ),
    );
  };
  const metrics = judged.flatMap(({ name, loss, metrics }, index) =>
    [renamed(loss, "loss"), ...metrics].map((one) => {
      const metric = asKnown(one);
      const state = (prediction: Tensor, target: Tensor) => metric.state(...taken(prediction, target)[index]!);
      const label = `${name} ${one.name || "metric"}`;
      const { gather, many, result } = metric;
      const of: KnownMetric = Object.assign(
        (prediction: Tensor, target: Tensor) => metric(...taken(prediction, target)[index]!),
        {
          ...{ gather, state, label, result: result.bind(metric) },
          ...(many !== undefined && { many }),
        },
      );
      return renamed(of, label);
    }),
  );
  return Object.assign(renamed(measure, names.join(" + ")), { parts: metrics });
}

function judgedOf(name: string, part: LossName | Loss | HeadLoss | undefined): Judged {
  const what = `heads: loss: ${name}`;
  if (part === undefined) throw new ValueError({ what, expected: "a loss for each head", got: "none" });
  if (typeof part !== "object") return { name, loss: lossOf(part), weight: 1, metrics: [] };
  checkOptions(what, part, ["loss", "weight", "metrics"]);
  const { weight = 1, metrics = [] } = part;
  numberIn(`${what}: weight`, weight, 0);
  if (!Array.isArray(metrics)) {
    throw new ValueError({ what: `${what}: metrics`, expected: `a list like ["accuracy"]`, got: show(metrics) });
  }
  return { name, loss: lossOf(part.loss), weight, metrics: metrics.map((one: MetricName | Metric) => metricOf(one)) };
}

/** The shape of each head's target for one example. */
function columnsOf(judged: readonly Judged[], all: ReadonlyMap<string, Head>): Shape[] {
  return judged.map(({ name, loss }) => {
    const { output } = all.get(name)!;
    if (areClasses(loss, output)) return output.slice(0, -1);
    return known(loss)?.targets.shape?.(output) ?? output;
  });
}

/** Whether its targets are class indices: one where the scores of several classes come out. */
function areClasses(loss: Loss, output: Shape): boolean {
  const kind = known(loss)?.targets.kind;
  return kind === "classes" || (kind === "either" && (output.at(-1) ?? 1) > 1);
}

function renamed<F extends Loss>(work: F, name: string): F {
  const copy = ((prediction: Tensor, target: Tensor) => work(prediction, target)) as F;
  Object.assign(copy, work);
  return Object.defineProperty(copy, "name", { value: name });
}
