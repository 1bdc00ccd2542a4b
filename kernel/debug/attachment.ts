import type { Debugger as Cdp } from "node:inspector";
import type { Asked } from "../asker.js";
import type { EmittedCell } from "../threads.js";
import { Breakpoints } from "./breakpoints.js";
import { type Cells, urlOf } from "./cells.js";
import { type Announce, DebugError } from "./dap.js";
import { DevTools, type Group } from "./devtools.js";
import { Evaluator } from "./evaluator.js";
import { namesOf } from "./frames.js";
import type { Named, Variable } from "./listing.js";
import { Pauses } from "./pauses.js";
import { ownScripts, Scripts } from "./scripts.js";
import { Variables } from "./variables.js";

/** What an attachment stands on. */
export interface AttachmentParts {
  readonly cells: Cells;
  readonly asks: Asked;
  readonly announce: Announce;
  shielded(): boolean;
  log(text: string): void;
}

/** One connection to V8's inspector, from the first request that needs it to `disconnect`. */
export class Attachment {
  readonly tools: DevTools;
  readonly scripts: Scripts;
  readonly breakpoints: Breakpoints;
  readonly variables: Variables;
  readonly evaluator: Evaluator;
  readonly pauses: Pauses;
  #started = false;
  #watchesLoading = false;
  #inspecting: Promise<Variable[]> | undefined;
  #next: Promise<Variable[]> | undefined;

  constructor({ cells, asks, announce, shielded, log }: AttachmentParts) {
    this.tools = new DevTools(log);
    this.scripts = new Scripts(cells);
    this.variables = new Variables(this.tools);
    this.evaluator = new Evaluator(this.tools, async (code, names) => {
      const { js, problem } = await asks.language<"expression">({ type: "expression", code, names });
      if (problem !== undefined) throw new DebugError(problem);
      return js;
    });
    this.breakpoints = new Breakpoints({
      tools: this.tools,
      cells,
      scripts: this.scripts,
      breakables: async (code) => (await asks.language<"breakable">({ type: "breakable", code })).places,
    });
    const { tools, scripts, breakpoints, evaluator } = this;
    const resumed = (): void => this.variables.release("stop");
    this.pauses = new Pauses({ tools, scripts, breakpoints, evaluator, announce, resumed, shielded, log });
  }

  /** Breakpoints and pauses work from here on; until then values can be looked at, at no cost to running code. */
  async start(): Promise<void> {
    if (this.#started) return;
    this.#started = true;
    this.tools.on<Cdp.ScriptParsedEventDataType>("Debugger.scriptParsed", (event) => void this.scripts.parsed(event));
    this.tools.on<Cdp.PausedEventDataType>("Debugger.paused", (event) => this.pauses.paused(event));
    this.tools.on("Debugger.resumed", () => this.pauses.resumed());
    await this.tools.ask("Debugger.enable");
    await this.tools.ask("Debugger.setBlackboxPatterns", { patterns: ownScripts });
  }

  get started(): boolean {
    return this.#started;
  }

  /** From now on V8 pauses before each script with a source map runs, so that its breakpoints can be set. */
  async watchLoading(): Promise<void> {
    if (this.#watchesLoading) return;
    this.#watchesLoading = true;
    const instrumentation = "beforeScriptWithSourceMapExecution";
    await this.tools.ask("Debugger.setInstrumentationBreakpoint", { instrumentation });
  }

  /** A cell is about to run; undefined when there is nothing to wait for. */
  before(cell: EmittedCell): Promise<void> | undefined {
    if (!this.#started) return undefined;
    const set = this.breakpoints.before(cell);
    const entry = this.pauses.before(urlOf(cell.count));
    return set || entry ? Promise.all([set, entry]).then(() => {}) : undefined;
  }

  /** The notebook's names and their values, sorted. */
  async notebook(group: Group): Promise<Named[]> {
    const { objectId } = await this.evaluator.notebook(group);
    return objectId === undefined ? [] : namesOf(objectId, this.tools);
  }

  /**
   * The notebook's names as lines. Front ends ask after each message of a cell: those that ask while an answer is on its way
   * share the next one, and the values of the last one are let go.
   */
  inspect(): Promise<Variable[]> {
    if (this.#next !== undefined) return this.#next;
    if (this.#inspecting === undefined) return this.#inspect();
    this.#next = this.#inspecting
      .catch(() => {})
      .then(() => {
        this.#next = undefined;
        return this.#inspect();
      });
    return this.#next;
  }

  #inspect(): Promise<Variable[]> {
    const group = this.pauses.stop ? "stop" : "idle";
    if (group === "idle") this.variables.release("idle");
    this.#inspecting = this.notebook(group)
      .then((names) => names.map((named) => this.variables.variable(group, named)))
      .finally(() => {
        this.#inspecting = undefined;
      });
    return this.#inspecting;
  }

  /** Lets the user thread go on without any of this. */
  close(): void {
    this.tools.close();
    this.pauses.resumed();
  }
}
