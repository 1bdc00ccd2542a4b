import { median, ms, table } from "../results.js";

/** Milliseconds. */
interface Summary {
  readonly min: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

interface Lines {
  readonly ms: number;
  readonly idle: boolean;
  readonly lines: number;
  /** Something came on stderr: the client was told that output was cut. */
  readonly cut: boolean;
  /** MB */
  readonly grown: number;
}

type PerKernel<T> = Readonly<Record<string, T>>;

/** What `run.py` prints. */
export interface Measured {
  readonly start: PerKernel<readonly { readonly info: number; readonly cell: number }[]>;
  readonly library: readonly number[];
  readonly warm: PerKernel<Summary & { readonly at50: number; readonly at500: number }>;
  readonly lines: PerKernel<readonly Lines[]>;
  readonly flood: Lines;
  readonly meanwhile: PerKernel<PerKernel<Summary>>;
  readonly interrupts: PerKernel<PerKernel<Summary>>;
}

/** What `run.py … soak` prints. */
export interface Soaked {
  readonly soak: { readonly early: number; readonly late: number; readonly drift: number; readonly kbPerCell: number };
}

const target = (value: number, limit: number, text: string): string =>
  `${value.toFixed(2)} (target ≤ ${text}: ${value <= limit ? "met" : "**missed**"})`;

/** The section of RESULTS.md: per kernel, then the ratios that were aimed at. */
export function report(measured: Measured): string {
  const names = Object.keys(measured.start);
  const info = (name: string) => measured.start[name]!.map((one) => one.info);
  const cell = (name: string) => measured.start[name]!.map((one) => one.cell);
  const least = (values: readonly number[]): string => `${ms(Math.min(...values))} / ${ms(median(values))}`;
  const printed = (name: string): string => {
    const runs = measured.lines[name]!;
    const lost = Math.min(...runs.map(({ lines }) => lines));
    const time = least(runs.map((run) => run.ms));
    return lost === 20_000 ? time : `${time}, ${lost} came`;
  };
  const kernels = table(
    ["ms, min / median unless said otherwise", ...names],
    [
      ["start to first reply (kernel_info)", ...names.map((name) => least(info(name)))],
      ["start to the first cell's reply", ...names.map((name) => least(cell(name)))],
      [
        "warm cell, p50 / p95",
        ...names.map((name) => `${ms(measured.warm[name]!.p50)} / ${ms(measured.warm[name]!.p95)}`),
      ],
      [
        "cell 50 / cell 500, p50 around it",
        ...names.map((name) => `${ms(measured.warm[name]!.at50)} / ${ms(measured.warm[name]!.at500)}`),
      ],
      ["20,000 lines", ...names.map(printed)],
    ],
  );
  return [kernels, "", table(["ratio", "value"], ratios(measured)), "", ...alone(measured)].join("\n");
}

function ratios({ start, warm, lines }: Measured): string[][] {
  const info = (name: string): number => median(start[name]!.map((one) => one.info));
  const printed = (name: string): number => median(lines[name]!.map((one) => one.ms));
  const of = (name: string) => warm[name]!;
  return [
    ["start to first reply, to Deno's", target(info("nabla") / info("deno"), 1.3, "1.3")],
    ["start to first reply, to tslab's", target(info("nabla") / info("tslab"), 0.5, "0.5")],
    ["warm cell p50, to tslab's p50", target(of("nabla").p50 / of("tslab").p50, 0.5, "0.5")],
    ["warm cell p95, to tslab's p50", target(of("nabla").p95 / of("tslab").p50, 1, "1")],
    ["cell 500 to cell 50", target(of("nabla").at500 / of("nabla").at50, 1.3, "1.3")],
    ["20,000 lines, to ipykernel's", target(printed("nabla") / printed("ipykernel"), 2, "2")],
  ];
}

function alone({ library, flood, meanwhile, interrupts }: Measured): string[] {
  const whole = flood.idle && flood.lines === 2_000_000;
  const fate = whole ? "all came" : `${flood.lines} came, ${flood.cut ? "and the client was told" : "**unsaid**"}`;
  const answers = Object.entries(meanwhile).flatMap(([name, some]) =>
    Object.entries(some).map(([what, { p50, p95, p99 }]) => [`${what} while ${name}`, ms(p50), ms(p95), ms(p99)]),
  );
  const stops = Object.entries(interrupts).flatMap(([kernel, some]) =>
    Object.entries(some).map(([what, { min, p50, p95 }]) => [`${kernel}: ${what}`, ms(min), ms(p50), ms(p95)]),
  );
  return [
    `- First \`import "nabla"\` of a warm kernel, checked and loaded: ${ms(Math.min(...library))} / ${ms(median(library))} ms (target ≤ 1500).`,
    `- 2,000,000 lines: ${(flood.ms / 1000).toFixed(1)} s, ${fate}, memory grew by ${Math.round(flood.grown)} MB at its peak (target < 200).`,
    "",
    "Answers while a cell runs (targets: complete and inspect p95 < 100 ms, heartbeat p99 < 50 ms, comm p95 < 50 ms):",
    "",
    table(["ms", "p50", "p95", "p99"], answers),
    "",
    "From Stop to idle (target < 300 ms):",
    "",
    table(["ms", "min", "p50", "p95"], stops),
  ];
}

/** The section about many cells. */
export function soakReport({ soak }: Soaked): string {
  return [
    `- Lower quartile of a cell: ${ms(soak.early)} ms among the second thousand, ${ms(soak.late)} ms among the last: ${target(soak.drift, 1.3, "1.3")}.`,
    `- Memory: ${soak.kbPerCell.toFixed(1)} KB a cell (target < 5).`,
  ].join("\n");
}
