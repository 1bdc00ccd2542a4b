import type { Asked } from "../asker.js";
import type { EmittedCell } from "../threads.js";
import type { Json } from "../wire/message.js";
import type { Attachment } from "./attachment.js";
import { Cells } from "./cells.js";
import type { commands, Debuggee } from "./commands.js";
import { DebugError, type DebugRequest, type DebugResponse, readRequest } from "./dap.js";

/** What a request brings along: the kernel's side of it. */
export interface DebugClient {
  readonly asks: Asked;
  /** Publishes content of a `debug_event`. */
  publish(event: Json): void;
  /** Stops the running cell. */
  interrupt(): void;
  /** Tells the language thread of a name that no cell declares. */
  adopt(name: string): void;
}

/** What the debugger may do beyond the inspector. */
export interface DebuggerParts {
  /** Cells shall run where V8 sees nobody catch what they throw (`shared.exposed`). */
  expose(on: boolean): void;
  /** Is the user thread inside of `Host.shield`? */
  shielded(): boolean;
  log(text: string): void;
}

/** Loaded with the first request: most kernels never get one, and all of them start. */
interface Tools {
  readonly commands: typeof commands;
  readonly attach: (...parts: ConstructorParameters<typeof Attachment>) => Attachment;
}

async function loadTools(): Promise<Tools> {
  const [table, { Attachment }] = await Promise.all([import("./commands.js"), import("./attachment.js")]);
  return { commands: table.commands, attach: (parts) => new Attachment(parts) };
}

/**
 * The kernel's side of JupyterLab's visual debugger: requests of the Debug Adapter Protocol (1.x) and Jupyter's additions
 * to it ("Additions to the DAP" in the messaging protocol), answered through V8's inspector from the protocol thread. Until
 * the first request it costs nothing but the text of the cells that ran.
 */
export class Debugger {
  readonly #parts: DebuggerParts;
  readonly #cells = new Cells();
  #client: DebugClient | undefined;
  #attachment: Attachment | undefined;
  #tools: Promise<Tools> | undefined;
  #lastSeq = 0;
  /** Requests that change something wait for each other. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(parts: DebuggerParts) {
    this.#parts = parts;
  }

  /** Answers the content of a `debug_request` with that of a `debug_reply`. Never rejects. */
  async handle(content: Json, client: DebugClient): Promise<DebugResponse> {
    this.#client = client;
    const request = readRequest(content);
    try {
      const body = await this.#run(request);
      return this.#response(request, true, body ?? {});
    } catch (error) {
      if (!(error instanceof DebugError)) {
        this.#parts.log(`debug_request ${request.command}: ${error instanceof Error ? error.stack : String(error)}`);
      }
      const message = error instanceof Error ? error.message : String(error);
      return { ...this.#response(request, false, {}), message };
    }
  }

  /** A cell is about to run; undefined when there is nothing to wait for. */
  before(cell: EmittedCell): Promise<void> | undefined {
    this.#cells.ran(cell);
    return this.#attachment?.before(cell)?.catch((error: unknown) => {
      this.#parts.log(`breakpoints of In[${cell.count}]: ${String(error)}`);
    });
  }

  /** Work during which others pause the user thread: an interrupt. It also ends a stop. */
  async aside(work: () => Promise<void>): Promise<void> {
    const pauses = this.#attachment?.pauses;
    if (pauses) await pauses.aside(work);
    else await work();
  }

  /** Ends it, and lets the user thread go on. */
  close(): void {
    const attachment = this.#attachment;
    this.#attachment = undefined;
    this.#parts.expose(false);
    attachment?.close();
  }

  async #run({ command, arguments: args }: DebugRequest): Promise<Json | undefined> {
    this.#tools ??= loadTools();
    const { commands, attach } = await this.#tools;
    const found = Object.hasOwn(commands, command) ? commands[command] : undefined;
    if (!found) throw new DebugError(`expected a command that this debugger knows, got ${JSON.stringify(command)}`);
    if (found.attached && !this.#attachment?.started) {
      throw new DebugError(`${command}: expected a debugger that was started: send initialize and attach first`);
    }
    const work = async (): Promise<Json | undefined> => (await found.run(args, this.#debuggee(attach))) ?? undefined;
    if (!found.serial) return work();
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => {});
    return done;
  }

  #debuggee(attach: Tools["attach"]): Debuggee {
    const client = this.#client as DebugClient;
    return {
      cells: this.#cells,
      attachment: this.#attachment,
      connect: () => this.#connect(client, attach),
      announce: this.#announce,
      expose: this.#parts.expose,
      close: () => this.close(),
      interrupt: client.interrupt,
      adopt: client.adopt,
    };
  }

  #connect({ asks }: DebugClient, attach: Tools["attach"]): Attachment {
    const { shielded, log } = this.#parts;
    this.#attachment ??= attach({ cells: this.#cells, asks, announce: this.#announce, shielded, log });
    return this.#attachment;
  }

  readonly #announce = (event: string, body: Json): void => {
    this.#lastSeq += 1;
    this.#client?.publish({ type: "event", seq: this.#lastSeq, event, body });
  };

  #response({ seq, command }: DebugRequest, success: boolean, body: Json): DebugResponse {
    this.#lastSeq += 1;
    return { type: "response", seq: this.#lastSeq, request_seq: seq, success, command, body };
  }
}
