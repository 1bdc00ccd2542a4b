import { Worker } from "node:worker_threads";

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
const patience = { first: 60_000, next: 20_000 };

interface Job {
  readonly request: PictureRequest;
  readonly limit: number | undefined;
  readonly settle: (pictures: Pictures) => void;
}

const waiting: Job[] = [];
let current: Job | undefined;
let worker: Worker | undefined;
let warm = false;
let timer: NodeJS.Timeout | undefined;

/**
 * Draws a figure outside any browser, in a thread of its own that is started with the first picture, kept warm, and killed
 * when it takes too long (`limit` in milliseconds). Never rejects. Keeps the process alive only while it draws.
 */
export function pictures(request: PictureRequest, limit?: number): Promise<Pictures> {
  const strange = request.data.map((trace) => String(trace.type ?? "scatter")).find((type) => !drawable.has(type));
  if (strange !== undefined) return Promise.resolve({ problem: `${strange} traces are drawn only by a browser` });
  return new Promise((settle) => {
    waiting.push({ request, limit, settle });
    next();
  });
}

/** Starts the drawing thread ahead of the first picture. */
export function warmPictures(): void {
  start();
}

function next(): void {
  if (current !== undefined) return;
  current = waiting.shift();
  if (current === undefined) return;
  const thread = start();
  thread.ref();
  thread.postMessage(current.request);
  const limit = current.limit ?? (warm ? patience.next : patience.first);
  // While the main thread is busy an answer may lie unread: let the loop read it before the thread is given up.
  timer = setTimeout(() => setImmediate(giveUp, current, limit), limit);
}

function start(): Worker {
  if (worker !== undefined) return worker;
  const thread = new Worker(new URL("./picture-worker.js", import.meta.url), {
    name: "nabla pictures",
    stdout: true,
    stderr: true,
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 1024 },
  });
  thread.unref();
  thread.on("message", (pictures: Pictures) => {
    warm = true;
    finish(pictures);
  });
  thread.on("error", (error) => lose(thread, error.message));
  thread.on("exit", () => lose(thread, "the drawing thread ended"));
  worker = thread;
  return thread;
}

function giveUp(job: Job | undefined, limit: number): void {
  if (job === undefined || job !== current || worker === undefined) return;
  const thread = worker;
  lose(thread, `drawing took more than ${limit / 1000} s`);
  void thread.terminate();
}

function lose(thread: Worker, problem: string): void {
  if (thread !== worker) return;
  worker = undefined;
  warm = false;
  finish({ problem });
}

function finish(pictures: Pictures): void {
  clearTimeout(timer);
  worker?.unref();
  const job = current;
  current = undefined;
  job?.settle(pictures);
  next();
}
