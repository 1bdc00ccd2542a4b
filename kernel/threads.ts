/**
 * What the three threads say to each other; imports only the door's types.
 *
 * protocol thread ⇄ user thread: {@link ToUser}, {@link FromUser}.  protocol thread ⇄ language thread: {@link ToLanguage},
 * {@link FromLanguage}. A `cell` number names one execute request for as long as the kernel lives; the protocol thread knows
 * its parent header. Everything must survive structured clone.
 */
import type { CommMessage, Rendered } from "../src/door.js";

/** An error as Jupyter shows it. `traceback` lines may carry ANSI colours. */
export interface CellError {
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: readonly string[];
}

/** A cell as JavaScript: the body of an async function over `__scope` (the notebook's names) and `__import`. */
export interface EmittedCell {
  readonly cell: number;
  /** The number in `In [n]`; the file name in stack traces is `In[n]`. */
  readonly count: number;
  readonly js: string;
  /** Source map (v3 JSON) from `js` to the cell's TypeScript. */
  readonly map: string;
  /** The cell's text, for code frames. */
  readonly code: string;
  /** What the user should know although nothing is wrong: lines for stderr. */
  readonly notes?: readonly string[];
}

/** How a cell ended. */
export type Outcome =
  | { readonly status: "ok"; readonly result?: Rendered }
  | { readonly status: "error"; readonly error: CellError };

/** Protocol thread → user thread. */
export type ToUser =
  | { readonly type: "evaluate"; readonly emitted: EmittedCell; readonly silent: boolean }
  /**
   * Stop everything: abort the signals, end what does not react. Busy loops are torn by the protocol thread. Repeated while
   * the press with that number is not over (`shared.settled`), so that it shows whether the event loop lives; `again`: the
   * user pressed once more and wants no waiting.
   */
  | { readonly type: "interrupt"; readonly press: number; readonly again: boolean }
  /** The protocol thread tore the running code through the inspector. `reason`: on its own account, not the user's. */
  | { readonly type: "torn"; readonly reason?: CellError }
  | { readonly type: "input"; readonly request: number; readonly value: string }
  /** The front end that sent the cell takes no input: the promise of that request rejects. */
  | { readonly type: "input-refused"; readonly request: number }
  | {
      readonly type: "comm-open";
      readonly id: string;
      readonly target: string;
      readonly message: CommMessage;
      readonly cell: number;
    }
  | { readonly type: "comm-message"; readonly id: string; readonly message: CommMessage; readonly cell: number }
  | { readonly type: "comm-close"; readonly id: string; readonly message: CommMessage; readonly cell: number }
  | { readonly type: "inspect"; readonly request: number; readonly name: string }
  | { readonly type: "shutdown" };

/** User thread → protocol thread. */
export type FromUser =
  | { readonly type: "ready" }
  | { readonly type: "stream"; readonly cell: number; readonly name: "stdout" | "stderr"; readonly text: string }
  | {
      readonly type: "display";
      readonly cell: number;
      readonly rendered: Rendered;
      readonly displayId?: string;
      readonly update: boolean;
    }
  | { readonly type: "clear"; readonly cell: number; readonly wait: boolean }
  /** A message of any type for iopub. */
  | {
      readonly type: "broadcast";
      readonly cell: number;
      readonly msgType: string;
      readonly content: Record<string, unknown>;
      readonly metadata: Record<string, unknown>;
      readonly buffers: readonly Uint8Array[];
    }
  /** An exception in a timer, an unhandled rejection: shown under the cell that caused it, whether it still runs or not. */
  | { readonly type: "late-error"; readonly cell: number; readonly error: CellError }
  | {
      readonly type: "input-request";
      readonly cell: number;
      readonly request: number;
      readonly prompt: string;
      readonly password: boolean;
    }
  | {
      readonly type: "comm-open";
      readonly cell: number;
      readonly id: string;
      readonly target: string;
      readonly message: CommMessage;
    }
  | { readonly type: "comm-message"; readonly cell: number; readonly id: string; readonly message: CommMessage }
  | { readonly type: "comm-close"; readonly cell: number; readonly id: string; readonly message: CommMessage }
  /** The listeners of a comm message have returned. */
  | { readonly type: "comm-heard"; readonly cell: number }
  | { readonly type: "inspected"; readonly request: number; readonly text?: string }
  /** `defined`: the names that got a value, also when the cell threw later. `reset`: all names from before are gone. */
  | {
      readonly type: "done";
      readonly cell: number;
      readonly outcome: Outcome;
      readonly defined: readonly string[];
      readonly reset?: boolean;
    };

/** Shared between protocol and user thread: an Int32Array over a SharedArrayBuffer, these indices. */
export const shared = {
  /** > 0 while the user thread is inside `Host.shield`: do not tear. */
  shield: 0,
  /** Bytes of output posted by the user thread and not yet handed to the socket; the user thread waits above a limit. */
  outstanding: 1,
  /** The cell that the user thread is evaluating right now, 0 when idle. */
  running: 2,
  /** Bumped by the user thread whenever it handles an interrupt: the protocol thread sees that the event loop lives. */
  heard: 3,
  /**
   * 1 while the protocol thread waits for a shield to end so that it can tear. On leaving the outermost shield the user
   * thread blocks here (`Atomics.wait(view, shared.tearing, 1, 1000)`), so that it is torn between two shields and not
   * inside the next one.
   */
  tearing: 4,
  /** Rung (added to and notified) with each message to the user thread, which may be blocked in a `prompt`. */
  bell: 5,
  /** 1 while the debugger pauses on uncaught exceptions: cells then run where V8 sees nobody catch what they throw. */
  exposed: 6,
  /** The number of the last press of Stop that is over: every cell that it found running has ended. */
  settled: 7,
  /** > 0 while work inside `Host.closing` puts things in order: a first press does not tear it. */
  closing: 8,
  /** 1 while the kernel looks at an error and V8's watchdog at the kernel: do not pause, also not on a second press. */
  watched: 9,
  size: 16,
} as const;

/** What a message weighs at least, however little it says: a million empty lines must not heap up either. */
const least = 100;
/** What JSON of unknown length counts. */
const json = 4096;

/**
 * What an output counts in `shared.outstanding`, about its characters. The user thread adds it before it posts the message, the
 * protocol thread subtracts it after the socket took it.
 */
export function weight(output: FromUser): number {
  switch (output.type) {
    case "stream":
      return least + output.text.length;
    case "display":
      return Object.values(output.rendered.data).reduce<number>(
        (sum, value) => sum + (typeof value === "string" ? value.length : json),
        least,
      );
    case "broadcast":
      return json;
    case "comm-open":
    case "comm-message":
    case "comm-close":
      return (output.message.buffers ?? []).reduce((sum, buffer) => sum + buffer.byteLength, json);
    case "clear":
      return least;
    default:
      return 0;
  }
}

/** Protocol thread → language thread; offsets as in {@link FromLanguage}. */
export type ToLanguage =
  | {
      readonly type: "check";
      readonly request: number;
      readonly cell: number;
      readonly count: number;
      readonly code: string;
    }
  /** The cell ran: keep its types, and those of its values that were defined. */
  | { readonly type: "commit"; readonly cell: number; readonly defined: readonly string[]; readonly reset?: boolean }
  | { readonly type: "complete"; readonly request: number; readonly code: string; readonly offset: number }
  | {
      readonly type: "inspect";
      readonly request: number;
      readonly code: string;
      readonly offset: number;
      readonly level: number;
    }
  | { readonly type: "is-complete"; readonly request: number; readonly code: string }
  /** Where in this text may a breakpoint stand? */
  | { readonly type: "breakable"; readonly request: number; readonly code: string }
  /** What the debugger evaluates, as JavaScript; `names`: those of the notebook that nothing nearer hides. */
  | {
      readonly type: "expression";
      readonly request: number;
      readonly code: string;
      readonly names: readonly string[];
    }
  /** The debugger gave the notebook a value by this name. */
  | { readonly type: "adopt"; readonly name: string };

/** Where a breakpoint may stand: the start of a statement, or of the expression that is an arrow function's body. */
export interface Breakable {
  /** Lines and columns count from 0; columns in UTF-16 code units. */
  readonly line: number;
  readonly column: number;
  /** Its last line. */
  readonly end: number;
  /** It holds no such places itself: all its lines stand for its start. */
  readonly simple: boolean;
}

/** What came of checking a cell. */
export type Checked =
  | { readonly ok: true; readonly emitted: EmittedCell }
  /** Type or syntax errors: nothing of the cell may run. */
  | { readonly ok: false; readonly error: CellError };

/** One thing that could stand at a place. */
export interface Completion {
  readonly text: string;
  /** TypeScript's kind: function, const, class, property, … */
  readonly kind: string;
  readonly signature?: string;
  /** The doc comment. */
  readonly documentation?: string;
}

/** Language thread → protocol thread. Offsets are UTF-16 code units, as in JavaScript strings. */
export type FromLanguage =
  | { readonly type: "ready" }
  | { readonly type: "checked"; readonly request: number; readonly checked: Checked }
  | {
      readonly type: "completed";
      readonly request: number;
      readonly start: number;
      readonly end: number;
      readonly items: readonly Completion[];
    }
  | {
      readonly type: "inspected";
      readonly request: number;
      readonly found?: { readonly signature: string; readonly documentation: string; readonly name: string };
    }
  | {
      readonly type: "is-completed";
      readonly request: number;
      readonly status: "complete" | "incomplete" | "invalid";
      readonly indent: string;
    }
  | { readonly type: "breakables"; readonly request: number; readonly places: readonly Breakable[] }
  | { readonly type: "expressed"; readonly request: number; readonly js: string; readonly problem?: string };
