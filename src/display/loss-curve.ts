import { escaped } from "../markup.js";
import type { EpochRecord, Observer, RunEnd, RunPlan, StepRecord } from "../train/observer.js";
import { type Figure, figure, type Trace } from "./figure.js";
import { colours } from "./house.js";
import { type LiveFigure, liveFigure, type Scene, type Terminal } from "./live.js";
import { Series } from "./series.js";
import { brief, counted, duration, sparkline, wrapped } from "./text.js";

/** How long, in milliseconds, an interrupted run waits for its last pictures: Stop must be felt at once. */
const patienceWhenStopped = 120;

/** Dotted lines at the ends of epochs: more than these would be a grey wall. */
const mostMarks = 40;

/** Characters of a line under the title, and of a title beside an axis. */
const [lineLength, axisLength] = [100, 28];

/** Watches a training run and draws it: the loss, and the metrics under it, growing in place. */
export function lossCurve(terminal?: Terminal): Observer {
  let run: RunScene | undefined;
  let live: LiveFigure | undefined;
  return {
    onStart(plan: RunPlan): void {
      run = new RunScene(plan);
      live = liveFigure(run, terminal);
      live.changed();
    },
    onStep(record: StepRecord): void {
      run?.step(record);
      live?.changed();
    },
    onEpoch(record: EpochRecord): void {
      run?.epoch(record);
      live?.changed();
    },
    async onEnd(end: RunEnd): Promise<void> {
      run?.end(end);
      await live?.finish(end.reason === "interrupted" ? patienceWhenStopped : undefined);
    },
  };
}

const { blue, green, purple, orange, vermillion, sky, grey } = colours;
/** Of quantities, the loss first. */
const lineColours = [blue, green, purple, orange, vermillion, sky, grey];

function validationLook(color: string): object {
  return { line: { color, width: 1.5, dash: "dot" }, marker: { color, size: 8, symbol: "diamond" } };
}

/** Whether it is drawn beside the loss: `digit loss` of a model with several heads. */
function isLoss(name: string): boolean {
  return /\bloss$/.test(name);
}

/** A run as far as it got, and the figure of it. */
class RunScene implements Scene {
  private readonly plan: RunPlan;
  private readonly total: number;
  private readonly series = new Map<string, Series>();
  private readonly epochs: EpochRecord[] = [];
  private last: StepRecord | undefined;
  private ended: RunEnd | undefined;

  constructor(plan: RunPlan) {
    this.plan = plan;
    this.total = plan.lastStep - plan.firstStep;
    const window = Math.min(100, Math.max(2, this.total / 100));
    for (const name of ["loss", ...plan.metrics]) this.series.set(name, new Series(window));
  }

  step(record: StepRecord): void {
    this.last = record;
    this.series.get("loss")?.add(record.step, record.loss);
    for (const name of this.plan.metrics) this.series.get(name)?.add(record.step, record.metrics[name] ?? Number.NaN);
  }

  epoch(record: EpochRecord): void {
    this.epochs.push(record);
  }

  end(end: RunEnd): void {
    this.ended = end;
  }

  line(): string {
    return [...this.progress(), ...this.values()].join(" · ");
  }

  figure(): Figure {
    const { plan } = this;
    const below = plan.metrics.filter((name) => !isLoss(name));
    const two = below.length > 0;
    const values = wrapped(this.values().join(" · ") || " ", lineLength, 4);
    const status = [...wrapped(this.progress().join(" · "), lineLength, 3), ...(values.length > 0 ? values : [" "])];
    const room = 15 * (status.length - 2);
    const axisTitle = below.join(", ");
    const settings = `${plan.loss}, ${plan.optimizer}, batches of ${plan.batchSize}`;
    return figure({
      data: [...["loss", ...plan.metrics].flatMap((name, index) => this.traces(name, index)), ...this.keys()],
      layout: {
        height: (two ? 490 : 370) + room,
        margin: { t: 96 + room },
        title: {
          text: `<b>${escaped(plan.model)}</b>  ${escaped(settings)}`,
          subtitle: { text: status.map(escaped).join("<br>"), font: { size: 13 } },
          yref: "container",
          y: 1,
          yanchor: "top",
          pad: { t: 14 },
        },
        hovermode: "x unified",
        hoversubplots: "axis",
        legend: this.isPlain
          ? { orientation: "h", x: 1, y: 1, xanchor: "right", yanchor: "bottom" }
          : { x: 1.01, y: 1, xanchor: "left", yanchor: "top" },
        xaxis: {
          title: { text: this.epochs.length > 0 ? "step (dotted: end of an epoch)" : "step" },
          anchor: two ? "y2" : "y",
          unifiedhovertitle: { text: "step %{x}" },
          rangemode: plan.firstStep === 0 ? "tozero" : "normal",
        },
        yaxis: { title: { text: "loss" }, domain: two ? [0.42, 1] : [0, 1] },
        ...(two
          ? {
              yaxis2: {
                title: { text: escaped(axisTitle.length > axisLength ? "metrics" : axisTitle) },
                domain: [0, 0.34],
              },
            }
          : {}),
        shapes: this.marks(),
      },
      alt: `Loss curve of ${plan.model}: ${this.line()}.`,
      text: this.text(),
    });
  }

  /** With one metric at most, one legend serves both panels; with more, a colour is a quantity, and its validation dotted. */
  private get isPlain(): boolean {
    return this.plan.metrics.length <= 1;
  }

  /** Batches light, their average strong, validation as points. */
  private traces(name: string, index: number): Trace[] {
    const series = this.series.get(name);
    if (series === undefined) return [];
    const plain = this.isPlain;
    const train = plain ? colours.blue : lineColours[index % lineColours.length]!;
    const held = plain ? colours.vermillion : train;
    const showlegend = index === 0 || !plain;
    const label = escaped(plain && index === 0 ? "" : name);
    const common = { type: "scatter", yaxis: isLoss(name) ? "y" : "y2" } as const;
    const [raw, line] = [series.raw(), series.line()];
    const traces: Trace[] = [
      {
        ...common,
        ...raw,
        mode: "lines",
        line: { color: train, width: 1 },
        opacity: 0.4,
        hoverinfo: "skip",
        showlegend: false,
      },
      {
        ...common,
        ...line,
        // A line of one point cannot be seen.
        mode: line.x.length === 1 ? "markers" : "lines",
        name: plain ? `training ${label}`.trimEnd() : label,
        line: { color: train, width: 2 },
        marker: { color: train, size: 8 },
        showlegend,
      },
    ];
    const points = this.epochs.flatMap(({ step, validation }) => {
      const value = index === 0 ? validation?.loss : validation?.metrics[name];
      return value === undefined ? [] : [{ step, value }];
    });
    if (points.length > 0) {
      traces.push({
        ...common,
        x: points.map((point) => point.step),
        y: points.map((point) => point.value),
        mode: "lines+markers",
        name: `validation ${label}`.trimEnd(),
        ...validationLook(held),
        showlegend: showlegend && plain,
      });
    }
    return traces;
  }

  /** What the legend says of all validation where colours are quantities. */
  private keys(): Trace[] {
    if (this.isPlain || !this.plan.validated) return [];
    const look = validationLook(colours.grey);
    return [{ type: "scatter", x: [null], y: [null], mode: "lines+markers", name: "validation", ...look }];
  }

  private marks(): object[] {
    const every = Math.ceil(this.epochs.length / mostMarks);
    const line = { color: colours.grey, width: 1, dash: "dot" };
    return this.epochs
      .filter((_, index) => (index + 1) % every === 0)
      .map(({ step }) => ({
        type: "line",
        x0: step,
        x1: step,
        y0: 0,
        y1: 1,
        yref: "paper",
        layer: "below",
        opacity: 0.6,
        line,
      }));
  }

  /** How far the run is, or how it ended. */
  private progress(): string[] {
    const { last, plan, ended } = this;
    const goal = counted(plan.lastStep);
    if (ended !== undefined) return [this.ending(ended, goal)];
    if (last === undefined)
      return [
        `${counted(plan.parameters)} parameters`,
        `${goal} ${plan.lastStep === 1 ? "step" : "steps"}`,
        "the first one is under way",
      ];
    const done = last.step - plan.firstStep;
    const left = ((this.total - done) * last.elapsed) / done;
    return [
      `step ${counted(last.step)} of ${goal}`,
      `epoch ${last.epoch.toFixed(1)} of ${plan.epochs}`,
      `${counted(last.throughput)} examples/s`,
      ...(done > 0 && left > 0 ? [`${duration(left)} left`] : []),
    ];
  }

  private ending(end: RunEnd, goal: string): string {
    const { last, plan } = this;
    const step = `step ${counted(last?.step ?? plan.firstStep)}`;
    const time = duration(last?.elapsed ?? 0);
    if (end.reason === "failed") return `failed after ${step}: ${end.error.message.replace(/\s+/g, " ")}`;
    if (end.reason === "interrupted") return `interrupted at ${step} of ${goal}, after ${time}`;
    if (end.reason === "early") return `ended early at ${step} of ${goal}, after ${time}: ${end.why}`;
    const speed = last === undefined ? "" : ` · ${counted(last.throughput)} examples/s`;
    return `finished in ${time} · ${step}${speed}`;
  }

  private values(): string[] {
    const names = ["loss", ...this.plan.metrics];
    const held = this.epochs.findLast((epoch) => epoch.validation !== undefined)?.validation;
    return names.flatMap((name) => {
      const now = this.series.get(name)?.smoothed ?? Number.NaN;
      const validation = name === "loss" ? held?.loss : held?.metrics[name];
      if (!Number.isFinite(now)) return [];
      return [`${name} ${brief(now)}${validation === undefined ? "" : ` (validation ${brief(validation)})`}`];
    });
  }

  private text(): string {
    const lines = [...this.series].map(([name, series]) => {
      const { y } = series.line();
      return `${name.padEnd(10)} ${sparkline(y)} ${brief(y[0] ?? Number.NaN)} → ${brief(y.at(-1) ?? Number.NaN)}`;
    });
    return [
      `${this.plan.model}: ${this.plan.loss}, ${this.plan.optimizer}`,
      this.line(),
      ...(this.last ? lines : []),
    ].join("\n");
  }
}
