import type { Debugger, Runtime } from "node:inspector";
import { setTimeout as sleep } from "node:timers/promises";
import { DevTools } from "./debug/devtools.js";
import type { InterrupterParts } from "./interrupt.js";

/** What the main thread stands in, innermost first. */
type Stack = readonly Frame[];

interface Frame {
  readonly name: string;
  readonly script: string;
}

/**
 * Torn code runs no `after` hooks. What it leaves on Node's stack of async ids (AsyncLocalStorage keeps one on Node 20) would
 * fail an assertion at the end of the turn and abort the process. Node clears the stack after an uncaught exception in the
 * same way; a Node without this binding keeps no such stack.
 */
const clearAsyncIds = `(() => {
  const warned = process.noDeprecation;
  process.noDeprecation = true;
  try { process.binding("async_wrap").clearAsyncIdStack(); } catch {} finally { process.noDeprecation = warned; }
})()`;

/**
 * What promises tell Node of themselves (on Node 20, for AsyncLocalStorage). V8 drops whatever is thrown there, terminations
 * too. The trampoline is none of it: callbacks run on top of it.
 */
const hooks = { script: "node:internal/async_hooks", except: "callbackTrampoline" };

/** How often to look whether waiting for a pause still makes sense, in ms. */
const tick = 5;
/** A termination that has not ended anything after so long was lost, or waits for native code, in ms. */
const lost = 250;

/**
 * Makes what ends the code that runs on the main thread, from a worker. It pauses first, so that what is torn is known: a
 * termination that is merely asked for could arrive late and hit the next cell.
 */
export function createTear(log: (text: string) => void): InterrupterParts["tear"] {
  return async ({ allowed, torn, moot }) => {
    const thread = new MainThread(log);
    /** Nothing answers while native code runs. */
    const unlessMoot = async (pausing: Promise<Stack>): Promise<Stack | undefined> => {
      for (;;) {
        const found = await Promise.race([pausing, sleep(tick, undefined)]);
        if (found !== undefined || moot()) return found;
      }
    };
    try {
      let stack = await unlessMoot(thread.pause());
      while (stack !== undefined && inHook(stack) && !moot()) stack = await unlessMoot(thread.step());
      if (stack === undefined || inHook(stack) || !allowed(stack.map(({ script }) => script))) return false;
      torn();
      return await thread.terminate();
    } finally {
      thread.close();
    }
  };
}

function inHook(stack: Stack): boolean {
  return stack.some(({ name, script }) => script === hooks.script && name !== hooks.except);
}

/** The main thread, as far as it can be paused and ended. */
class MainThread {
  readonly #tools: DevTools;
  /** Call frames name their scripts by number only. */
  readonly #urls = new Map<string, string>();
  #paused: (stack: Stack) => void = ignore;
  #resumed: () => void = ignore;

  constructor(log: (text: string) => void) {
    this.#tools = new DevTools(log);
    this.#tools.on<Debugger.ScriptParsedEventDataType>("Debugger.scriptParsed", ({ scriptId, url }) => {
      this.#urls.set(scriptId, url);
    });
    this.#tools.on<Debugger.PausedEventDataType>("Debugger.paused", ({ callFrames }) => {
      this.#paused(callFrames.map(({ functionName, location }) => this.#frame(functionName, location.scriptId)));
    });
    this.#tools.on("Debugger.resumed", () => this.#resumed());
  }

  /** Where it stands once it has paused: at once inside of a busy loop, else at the next statement. */
  async pause(): Promise<Stack> {
    const paused = this.#nextPause();
    // Both at once: code that native code gives room to hear the one may be in native code again before the other.
    await Promise.all([this.#tools.ask("Debugger.enable"), this.#tools.ask("Debugger.pause")]);
    return paused;
  }

  /** Lets it go on to its next statement: what is paused already cannot be asked to pause there. */
  async step(): Promise<Stack> {
    const paused = this.#nextPause();
    const resumed = new Promise<void>((resolve) => {
      this.#resumed = resolve;
    });
    await Promise.all([resumed, this.#resume()]);
    await this.#tools.ask("Debugger.pause");
    return paused;
  }

  /** Ends what it stands in. False when that took too long to know. */
  async terminate(): Promise<boolean> {
    const evaluate: Runtime.EvaluateParameterType = { expression: clearAsyncIds, silent: true };
    await this.#tools.ask("Runtime.evaluate", evaluate);
    // V8 may have stopped it at the limit of the heap just now, and our own pause is still to come.
    this.#paused = () => void this.#resume();
    // The termination is answered only after the code has ended, which it can only after it goes on.
    const ended = this.#tools.ask("Runtime.terminateExecution").then(() => true);
    const answered = Promise.race([ended, sleep(lost, false)]);
    await this.#resume();
    return answered;
  }

  /** Ends a pause, or the wish for one. */
  close(): void {
    this.#tools.close();
  }

  #nextPause(): Promise<Stack> {
    return new Promise((resolve) => {
      this.#paused = resolve;
    });
  }

  /** Whoever tears on another account, or the debugger, may have resumed it already: then nobody says so any more. */
  async #resume(): Promise<void> {
    await this.#tools.ask("Debugger.resume").catch(() => this.#resumed());
  }

  #frame(name: string, scriptId: string): Frame {
    return { name, script: this.#urls.get(scriptId) ?? "" };
  }
}

function ignore(): void {}
