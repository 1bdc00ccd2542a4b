/** What a kernel does in the long run, as functions that tests call with small numbers and the bench with large ones. */
import { readFileSync } from "node:fs";
import type { KernelClient } from "./client.js";

/** Memory of a process, in MB. */
export interface Memory {
  readonly now: number;
  /** The most it ever was. */
  readonly peak: number;
}

/** Reads the resident memory of a process from /proc (proc(5), VmRSS and VmHWM). */
export function memoryOf(pid: number): Memory {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const field = (name: string): number => Number(new RegExp(`^${name}:\\s*(\\d+) kB`, "m").exec(status)?.[1]) / 1024;
  return { now: field("VmRSS"), peak: field("VmHWM") };
}

/** What many cells cost. */
export interface Soak {
  /** Milliseconds a cell took: the median of the first and of the last tenth. */
  readonly first: number;
  readonly last: number;
  /** Kilobytes by which the process grew a cell, between the first tenth and the end. */
  readonly grown: number;
}

/** Runs so many cells, one after the other; `code` is the text of the nth. */
export async function soak(
  kernel: KernelClient,
  cells: number,
  code = (n: number) => `const x${n} = ${n}; x${n}`,
): Promise<Soak> {
  const pid = kernel.process.pid as number;
  const times: number[] = [];
  const tenth = Math.floor(cells / 10);
  let before = 0;
  for (let n = 0; n < cells; n++) {
    const start = performance.now();
    const { reply } = await kernel.execute(code(n));
    if (reply.content.status !== "ok") throw new Error(`cell ${n}: ${JSON.stringify(reply.content)}`);
    times.push(performance.now() - start);
    if (n === tenth) before = memoryOf(pid).now;
    // Of what came so far nothing is needed: the client must not become slow itself.
    (kernel.published as unknown[]).length = 0;
  }
  const grown = ((memoryOf(pid).now - before) * 1024) / (cells - tenth);
  return { first: median(times.slice(0, tenth)), last: median(times.slice(-tenth)), grown };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

/** What a flood of output cost. */
export interface Flood {
  readonly seconds: number;
  readonly messages: number;
  /** Megabytes: before, and the most during it. */
  readonly before: Memory;
  readonly after: Memory;
  /** What was wrong with the lines; empty when all came, in order, before idle. */
  readonly problem: string;
}

/** A cell that prints numbered lines, `wide` characters each, in a loop with `step` after each line. */
export function printing(lines: number, wide = 0, step = ""): string {
  return `for (let i = 0; i < ${lines}; i++) { console.log(String(i).padEnd(${wide}, ".")); ${step} }`;
}

/** Has a cell print so many lines and checks each one that comes. */
export async function flood(kernel: KernelClient, code: string, lines: number): Promise<Flood> {
  const pid = kernel.process.pid as number;
  const before = memoryOf(pid);
  const start = performance.now();
  const { outputs } = await kernel.execute(code);
  const seconds = (performance.now() - start) / 1000;
  const streams = outputs.filter((message) => message.header.msg_type === "stream");
  return {
    seconds,
    messages: streams.length,
    before,
    after: memoryOf(pid),
    problem: problemOf(
      streams.map((message) => String(message.content.text)),
      lines,
    ),
  };
}

/** What is wrong with the text of a {@link printing} cell. */
export function problemOf(pieces: readonly string[], lines: number): string {
  let expected = 0;
  let rest = "";
  for (const piece of pieces) {
    const found = (rest + piece).split("\n");
    rest = found.pop() ?? "";
    for (const line of found) {
      if (Number.parseInt(line, 10) !== expected) return `expected line ${expected}, got ${line.slice(0, 200)}`;
      expected += 1;
    }
  }
  return expected === lines && rest === ""
    ? ""
    : `expected ${lines} lines, got ${expected} and "${rest.slice(0, 200)}"`;
}
