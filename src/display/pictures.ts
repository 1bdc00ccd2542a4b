import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";

/** A figure to draw: plotly JSON, CSS pixels. */
export interface PictureRequest {
  readonly data: readonly Record<string, unknown>[];
  readonly layout: Readonly<Record<string, unknown>>;
  readonly width: number;
  readonly height: number;
  readonly alt: string;
}

/** SVG text and PNG as base64, or, in a clause, why there are none. */
export type Pictures = { readonly svg: string; readonly png: string } | { readonly problem: string };

/** The traces that draw well outside a browser; others come out empty or never end. */
const drawable = new Set(
  "scatter bar box violin histogram heatmap contour histogram2d histogram2dcontour image pie".split(" "),
);

/** Milliseconds. The first picture loads plotly, on a busy machine slowly. */
const patience = { first: 60_000, next: 20_000, reading: 50 };

interface Job {
  readonly request: PictureRequest;
  readonly limit: number | undefined;
  readonly settle: (pictures: Pictures) => void;
}

const waiting: Job[] = [];
let current: Job | undefined;
let worker: ChildProcess | undefined;
let warm = false;
let timer: NodeJS.Timeout | undefined;

/**
 * Draws a figure outside any browser, in a process of its own that is started with the first picture, kept warm, and killed when it
 * takes too long (`limit` in milliseconds). A thread would not do: what draws is native, and its end would be that of the kernel. Never
 * rejects. Keeps this process alive only while it draws.
 */
export function pictures(request: PictureRequest, limit?: number): Promise<Pictures> {
  const strange = request.data.map((trace) => String(trace.type ?? "scatter")).find((type) => !drawable.has(type));
  if (strange !== undefined) return Promise.resolve({ problem: `${strange} traces are drawn only by a browser` });
  return new Promise((settle) => {
    waiting.push({ request, limit, settle });
    next();
  });
}

/** Starts the drawing process ahead of the first picture. */
export function warmPictures(): void {
  start();
}

function next(): void {
  if (current !== undefined) return;
  current = waiting.shift();
  if (current === undefined) return;
  const child = start();
  child.ref();
  child.channel?.ref();
  child.send(current.request);
  const limit = current.limit ?? (warm ? patience.next : patience.first);
  // While this process is busy an answer may lie unread: let the loop read it before the other one is given up.
  timer = setTimeout(() => {
    timer = setTimeout(giveUp, patience.reading, current, limit);
  }, limit);
}

function start(): ChildProcess {
  if (worker !== undefined) return worker;
  const child = fork(fileURLToPath(new URL("./picture-worker.js", import.meta.url)), [], {
    stdio: ["ignore", "ignore", "ignore", "ipc"],
    execArgv: ["--max-old-space-size=1024"],
  });
  rest(child);
  child.on("message", (pictures: Pictures) => {
    warm = true;
    finish(pictures);
  });
  child.on("error", (error) => lose(child, error.message));
  child.on("exit", (code, signal) => lose(child, `the drawing process ended (${signal ?? code})`));
  worker = child;
  return child;
}

/** Lets this process end. */
function rest(child: ChildProcess | undefined): void {
  child?.unref();
  child?.channel?.unref();
}

function giveUp(job: Job | undefined, limit: number): void {
  if (job === undefined || job !== current || worker === undefined) return;
  const child = worker;
  lose(child, `drawing took more than ${limit / 1000} s`);
  child.kill("SIGKILL");
}

function lose(child: ChildProcess, problem: string): void {
  if (child !== worker) return;
  worker = undefined;
  warm = false;
  finish({ problem });
}

function finish(pictures: Pictures): void {
  clearTimeout(timer);
  rest(worker);
  const job = current;
  current = undefined;
  job?.settle(pictures);
  next();
}
