import type { Debugger, Runtime } from "node:inspector";
import { type Breakpoint, type Breakpoints, countsHit } from "./breakpoints.js";
import { type Announce, DebugError } from "./dap.js";
import type { DevTools } from "./devtools.js";
import type { Evaluator } from "./evaluator.js";
import { type Frame, FrameNumbers, userFrames } from "./frames.js";
import type { Scripts } from "./scripts.js";

/** The one thread that can stop: the one that runs the cells. */
export const threadId = 1;

/** A thrown value, as V8 describes it in a pause. */
export type Thrown = Runtime.RemoteObject & { readonly uncaught?: boolean };

/** The user thread stands, and the front end knows. */
export interface Stop {
  readonly frames: readonly Frame[];
  readonly numbers: FrameNumbers;
  readonly thrown?: Thrown;
}

/** How far to go. */
export type Step = "next" | "stepIn" | "stepOut";

const methods: Record<Step, string> = {
  next: "Debugger.stepOver",
  stepIn: "Debugger.stepInto",
  stepOut: "Debugger.stepOut",
};

/** What pauses stand on. */
export interface PauseParts {
  readonly tools: DevTools;
  readonly scripts: Scripts;
  readonly breakpoints: Breakpoints;
  readonly evaluator: Evaluator;
  readonly announce: Announce;
  /** The user thread goes on: values of the stop are let go. */
  resumed(): void;
  /** Is the user thread inside of `Host.shield`? */
  shielded(): boolean;
  log(text: string): void;
}

interface Reason {
  readonly reason: "breakpoint" | "step" | "pause" | "exception";
  readonly description: string;
  readonly text?: string;
  readonly hitBreakpointIds?: readonly number[];
}

interface Stepping {
  readonly step: Step;
  readonly from: Frame;
  /** Frames of the user's where it began. */
  readonly depth: number;
  /** Steps made on the way: a line may take several. */
  taken: number;
}

/** Stops of V8's that follow each other at one place of the source count as one, but not for ever. */
const mostTaken = 50;

/** Every pause of V8's: goes on at once, or tells the front end. */
export class Pauses {
  readonly #parts: PauseParts;
  #stop: Stop | undefined;
  #current: Debugger.PausedEventDataType | undefined;
  #stepping: Stepping | undefined;
  #pausing = false;
  #lastNumber = 0;
  readonly #waiting: (() => void)[] = [];
  /** V8's breakpoints where cells start that the wish to pause waits for. */
  readonly #entries: string[] = [];
  /** > 0 while an interrupt pauses the thread for itself. */
  #aside = 0;

  constructor(parts: PauseParts) {
    this.#parts = parts;
  }

  get stop(): Stop | undefined {
    return this.#stop;
  }

  /** Throws DebugError when nothing is stopped. */
  stopped(command: string): Stop {
    if (!this.#stop) throw new DebugError(`${command}: expected a stopped thread, but it runs`);
    return this.#stop;
  }

  /** `Debugger.paused` */
  paused(event: Debugger.PausedEventDataType): void {
    this.#current = event;
    if (this.#aside > 0) return;
    this.#consider(event).catch((error: unknown) => {
      this.#parts.log(`debugger: ${error instanceof Error ? error.stack : String(error)}`);
      if (this.#current === event && !this.#stop) this.#parts.tools.tell("Debugger.resume");
    });
  }

  /** `Debugger.resumed` */
  resumed(): void {
    this.#current = undefined;
    if (!this.#stop) return;
    this.#lastNumber = this.#stop.numbers.last;
    this.#stop = undefined;
    for (const over of this.#waiting.splice(0)) over();
    this.#parts.resumed();
    this.#parts.announce("continued", { threadId, allThreadsContinued: true });
  }

  /** `continue` */
  async continue(): Promise<void> {
    this.#stepping = undefined;
    await this.#parts.tools.ask("Debugger.resume");
  }

  /** `next`, `stepIn`, `stepOut` */
  async step(step: Step): Promise<void> {
    const { frames } = this.stopped(step);
    const [from] = frames;
    if (from) this.#stepping = { step, from, depth: frames.length, taken: 0 };
    await this.#parts.tools.ask(methods[step]);
  }

  /** `pause`: at the next statement of the user's. */
  async pause(): Promise<void> {
    this.#pausing = true;
    await this.#parts.tools.ask("Debugger.pause");
  }

  /** Another cell starts: no step reaches into it, but the wish to pause does. Undefined when there is none. */
  before(url: string): Promise<void> | undefined {
    this.#stepping = undefined;
    return this.#pausing ? this.#breakOnEntry(url) : undefined;
  }

  /** Resolves when nothing is stopped any more. */
  async over(): Promise<void> {
    if (this.#stop) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** While `work` goes on, the thread pauses for others: those pauses are none of the front end's. */
  async aside(work: () => Promise<void>): Promise<void> {
    const { tools, shielded } = this.#parts;
    this.#aside += 1;
    this.#stepping = undefined;
    tools.tell("Debugger.setSkipAllPauses", { skip: true });
    // What is shielded must come to its end before it can be interrupted.
    if (this.#stop && shielded()) tools.tell("Debugger.resume");
    try {
      await work();
    } finally {
      this.#aside -= 1;
      tools.tell("Debugger.setSkipAllPauses", { skip: this.#aside > 0 });
      // A breakpoint that was hit meanwhile and that nobody resumed.
      if (this.#aside === 0 && this.#current && !this.#stop) this.paused(this.#current);
    }
  }

  async #breakOnEntry(url: string): Promise<void> {
    const entry = { url, lineNumber: 0, columnNumber: 0 };
    const { breakpointId } = await this.#parts.tools.ask<{ breakpointId: string }>(
      "Debugger.setBreakpointByUrl",
      entry,
    );
    this.#entries.push(breakpointId);
  }

  async #consider(event: Debugger.PausedEventDataType): Promise<void> {
    const { tools, scripts, breakpoints } = this.#parts;
    if (event.reason === ("instrumentation" as string)) {
      const script = scripts.get((event.data as { scriptId?: string } | undefined)?.scriptId ?? "");
      if (script) await breakpoints.loaded(script);
      return tools.tell("Debugger.resume");
    }
    const frames = userFrames(event.callFrames, scripts);
    const reason = await this.#reason(event, frames);
    if (this.#current !== event || this.#aside > 0) return;
    if (reason === "again" && this.#stepping) return tools.tell(methods[this.#again(this.#stepping.step)]);
    if (reason === undefined || reason === "again") {
      tools.tell("Debugger.resume");
      if (frames.length === 0 && this.#pausing) tools.tell("Debugger.pause");
      return;
    }
    this.#tell(event, frames, reason);
  }

  /** Why the front end should see this pause; undefined when it should not, `again` when a step is not over yet. */
  async #reason(event: Debugger.PausedEventDataType, frames: readonly Frame[]): Promise<Reason | "again" | undefined> {
    const [top] = frames;
    if (!top) {
      this.#stepping = undefined;
      return undefined;
    }
    if (event.reason === "exception" || event.reason === "promiseRejection")
      return exceptionReason(event.data as Thrown);
    const hits = this.#parts.breakpoints.hit(event.hitBreakpoints ?? []);
    const counted: Breakpoint[] = [];
    for (const hit of hits) if (await this.#counts(hit, top)) counted.push(hit);
    if (counted.length > 0) {
      const hitBreakpointIds = counted.map(({ id }) => id);
      return { reason: "breakpoint", description: "Paused on breakpoint", hitBreakpointIds };
    }
    if (this.#stepping) {
      this.#stepping.taken += 1;
      return this.#stepOver(this.#stepping, event, frames);
    }
    if (hits.length > 0) return undefined;
    if (this.#pausing) return { reason: "pause", description: "Paused" };
    const asked = await this.#isDebuggerStatement(event);
    return asked ? { reason: "breakpoint", description: "Paused on debugger statement" } : undefined;
  }

  /** V8 steps from statement to statement, of which the JavaScript of a line has several; a step here goes to another line. */
  #stepOver(
    { from, depth, ...stepping }: Stepping,
    event: Debugger.PausedEventDataType,
    frames: readonly Frame[],
  ): Reason | "again" {
    const [top] = frames;
    const isUsers = top?.call === event.callFrames[0];
    const moved =
      stepping.step === "stepOut" ||
      frames.length > depth ||
      top?.place.line !== from.place.line ||
      top.call.functionLocation?.lineNumber !== from.call.functionLocation?.lineNumber ||
      top.call.location.scriptId !== from.call.location.scriptId;
    if (isUsers && (moved || stepping.taken > mostTaken)) return { reason: "step", description: "Paused after a step" };
    return "again";
  }

  /** What was left, once: from there on line by line. */
  #again(step: Step): Step {
    return step === "stepOut" ? "next" : step;
  }

  #tell(event: Debugger.PausedEventDataType, frames: readonly Frame[], reason: Reason): void {
    this.#stepping = undefined;
    this.#pausing = false;
    for (const breakpointId of this.#entries.splice(0))
      this.#parts.tools.tell("Debugger.removeBreakpoint", { breakpointId });
    const numbers = new FrameNumbers(frames, this.#lastNumber);
    const isThrown = reason.reason === "exception";
    this.#stop = { frames, numbers, ...(isThrown ? { thrown: event.data as Thrown } : {}) };
    this.#parts.announce("stopped", { ...reason, threadId, allThreadsStopped: true, preserveFocusHint: false });
  }

  /** A hit that its condition lets through and that does not merely print. */
  async #counts(breakpoint: Breakpoint, frame: Frame): Promise<boolean> {
    const { condition, hitCondition, logMessage } = breakpoint;
    if (condition !== undefined && !(await this.#holds(condition, frame))) return false;
    breakpoint.hits += 1;
    if (hitCondition !== undefined && countsHit(hitCondition, breakpoint.hits) !== true) return false;
    if (logMessage === undefined) return true;
    const literal = logMessage.replace(/[`\\]/g, "\\$&").replace(/\$?\{/g, "${");
    await this.#holds(`console.log(\`${literal}\`)`, frame);
    return false;
  }

  /** A condition that throws does not hold. */
  async #holds(condition: string, frame: Frame): Promise<boolean> {
    try {
      const { value, unserializableValue, type, subtype } = await this.#parts.evaluator.value(condition, frame, "stop");
      if (type === "object" || type === "function" || type === "symbol") return subtype !== "null";
      return Boolean(value) || (unserializableValue !== undefined && !/^(?:-?0n?|NaN)$/.test(unserializableValue));
    } catch (error) {
      if (error instanceof DebugError) return false;
      throw error;
    }
  }

  async #isDebuggerStatement({ callFrames: [top] }: Debugger.PausedEventDataType): Promise<boolean> {
    if (!top) return false;
    const { scriptId, lineNumber, columnNumber = 0 } = top.location;
    const { locations } = await this.#parts.tools.ask<Debugger.GetPossibleBreakpointsReturnType>(
      "Debugger.getPossibleBreakpoints",
      { start: top.location, end: { scriptId, lineNumber, columnNumber: columnNumber + 1 } },
    );
    return locations.some(({ type }) => type === "debuggerStatement");
  }
}

function exceptionReason(thrown: Thrown): Reason | undefined {
  // What Stop makes the running code throw is no fault of the code.
  if (thrown.className === "KeyboardInterrupt") return undefined;
  const text = thrown.description?.split("\n")[0] ?? String(thrown.value ?? thrown.type);
  const description = thrown.uncaught ? "Paused on an uncaught exception" : "Paused on an exception";
  return { reason: "exception", description, text };
}
