import { randomUUID } from "node:crypto";
import { displaySymbol, type Host, host } from "../door.js";
import type { Figure } from "./figure.js";
import { warmPictures } from "./pictures.js";

/** Something that changes while it is shown. Asked only when there is something to send. */
export interface Scene {
  /** As it stands now. */
  figure(): Figure;
  /** Its state in one line, for a terminal. */
  line(): string;
}

/** A figure that follows its scene. */
export interface LiveFigure {
  /** The scene changed. Cheap: at most eight times a second is anything sent, and nothing queues up. */
  changed(): void;
  /**
   * Draws the scene a last time, with all parts, and ends. When the pictures take longer than `patience` milliseconds,
   * resolves without them; they follow when they are done.
   */
  finish(patience?: number): Promise<void>;
}

/** Milliseconds between two updates: in a notebook, in a terminal that can overwrite a line, in a log. */
const pace = { notebook: 125, terminal: 250, log: 5000 } as const;

/** Where progress is written outside a notebook. */
export interface Terminal {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Shows the scene in the notebook this code runs in, or, in a plain script, tells of it on `terminal`. */
export function liveFigure(scene: Scene, terminal: Terminal = process.stderr): LiveFigure {
  const notebook = host();
  return notebook === undefined ? told(scene, terminal) : shown(scene, notebook);
}

function shown(scene: Scene, notebook: Host): LiveFigure {
  const id = randomUUID();
  let exists = false;
  const send = (): void => {
    const rendered = scene.figure().interactive();
    if (exists) notebook.update(id, rendered);
    else notebook.display(rendered, id);
    exists = true;
  };
  const paced = atMostEvery(pace.notebook, send);
  return {
    changed(): void {
      if (!exists) warmPictures();
      paced.ask();
    },
    async finish(patience = Number.POSITIVE_INFINITY): Promise<void> {
      paced.stop();
      send();
      const last = scene
        .figure()
        [displaySymbol]()
        .then((rendered) => notebook.update(id, rendered));
      await within(patience, last);
    },
  };
}

function told(scene: Scene, terminal: Terminal): LiveFigure {
  const overwrites = terminal.isTTY === true;
  const write = (end: string): void => {
    const line = scene.line();
    terminal.write(overwrites ? `\r\x1b[2K${line.slice(0, (terminal.columns ?? 80) - 1)}${end}` : `${line}\n`);
  };
  const paced = atMostEvery(overwrites ? pace.terminal : pace.log, () => write(""));
  return {
    changed: paced.ask,
    async finish(): Promise<void> {
      paced.stop();
      write("\n");
    },
  };
}

/** Runs `work` at once when it may, else as soon as it may; asked in between, it runs once. */
function atMostEvery(milliseconds: number, work: () => void): { ask: () => void; stop: () => void } {
  let last = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;
  const stop = (): void => {
    clearTimeout(timer);
    timer = undefined;
  };
  const now = (): void => {
    stop();
    last = performance.now();
    work();
  };
  return {
    ask(): void {
      // By the clock, not by the timer alone: a training loop may keep the event loop from turning.
      const wait = last + milliseconds - performance.now();
      if (wait <= 0) now();
      else timer ??= setTimeout(now, wait).unref();
    },
    stop,
  };
}

async function within(milliseconds: number, work: Promise<void>): Promise<void> {
  if (!Number.isFinite(milliseconds)) return work;
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  await Promise.race([work, limit]).finally(() => clearTimeout(timer));
}
