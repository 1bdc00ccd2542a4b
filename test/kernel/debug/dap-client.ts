/** A front end's debugger for tests: the Debug Adapter Protocol over a kernel's control channel. */
import assert from "node:assert/strict";
import type { Json } from "../../../kernel/wire/message.js";
import { type Answer, type KernelClient, startKernel } from "../client.js";

/** A line of the variables panel. */
export interface Line {
  readonly name: string;
  readonly value: string;
  readonly type?: string;
  readonly variablesReference: number;
}

export interface Frame {
  readonly id: number;
  readonly name: string;
  readonly line: number;
  readonly source: { readonly path: string; readonly name: string };
}

export class DapClient {
  #kernel: KernelClient | undefined;
  #seq = 0;
  #heard = 0;

  /** Starts a kernel; its debugger is on once this is attached. */
  async start(): Promise<void> {
    this.#kernel = await startKernel();
  }

  get kernel(): KernelClient {
    if (this.#kernel === undefined) throw new Error("DapClient: expected a kernel, got none. Call start() first.");
    return this.#kernel;
  }

  async attach(): Promise<void> {
    await this.body("initialize", { clientID: "test", linesStartAt1: true });
    await this.body("attach");
  }

  /** The whole response. */
  async request(command: string, args: Json = {}): Promise<Json> {
    const seq = ++this.#seq;
    const content = { type: "request", seq, command, arguments: args };
    const { reply } = await this.kernel.request("debug_request", content, "control");
    assert.deepEqual([reply.content.type, reply.content.request_seq], ["response", seq]);
    return reply.content;
  }

  /** The body of a response that succeeds. */
  async body(command: string, args: Json = {}): Promise<Record<string, never>> {
    const response = await this.request(command, args);
    assert.equal(response.success, true, `${command}: ${String(response.message)}`);
    return response.body as Record<string, never>;
  }

  /** The message of a response that fails. */
  async refusal(command: string, args: Json = {}): Promise<string> {
    const response = await this.request(command, args);
    assert.equal(response.success, false, `${command}: ${JSON.stringify(response.body)}`);
    return String(response.message);
  }

  /** Sets breakpoints in a cell's text; the lines where they stand, `undefined` where none can. */
  async breakIn(code: string, lines: readonly (number | Json)[]): Promise<(number | undefined)[]> {
    const { sourcePath } = await this.body("dumpCell", { code });
    return this.breakAt(sourcePath, lines);
  }

  async breakAt(path: string, lines: readonly (number | Json)[]): Promise<(number | undefined)[]> {
    const breakpoints = lines.map((line) => (typeof line === "number" ? { line } : line));
    const body = await this.body("setBreakpoints", { source: { path }, breakpoints });
    const set = body.breakpoints as unknown as { verified: boolean; line: number }[];
    return set.map(({ verified, line }) => (verified ? line : undefined));
  }

  /** The next event of that kind, each once. */
  async event(kind: string): Promise<Json> {
    const found = await this.kernel.seen((message) => {
      const { msg_type } = message.header;
      const at = this.kernel.published.indexOf(message);
      return at >= this.#heard && msg_type === "debug_event" && message.content.event === kind;
    }, `the event ${kind}`);
    this.#heard = this.kernel.published.indexOf(found) + 1;
    return found.content.body as Json;
  }

  /** Waits for a stop: where it is, as `name:line`, and why. */
  async stopped(): Promise<string> {
    const { reason } = await this.event("stopped");
    const [top] = await this.frames();
    return `${top?.name}:${top?.line} ${String(reason)}`;
  }

  async frames(): Promise<Frame[]> {
    return (await this.body("stackTrace", { threadId: 1 })).stackFrames as unknown as Frame[];
  }

  /** `continue`, `next`, `stepIn`, `stepOut` */
  async go(command = "continue"): Promise<void> {
    await this.body(command, { threadId: 1 });
  }

  /** The variables of a scope of the innermost frame, as `name = value`; undefined when there is no such scope. */
  async scope(name: string, frame = 0): Promise<Record<string, string> | undefined> {
    const found = await this.scopeLines(name, frame);
    return found && Object.fromEntries(found.map((line) => [line.name, line.value]));
  }

  async scopeLines(name: string, frame = 0): Promise<Line[] | undefined> {
    const frameId = (await this.frames())[frame]?.id;
    const scopes = (await this.body("scopes", { frameId })).scopes as unknown as Line[];
    const scope = scopes.find((each) => each.name === name);
    return scope && this.unfold(scope);
  }

  async unfold({ variablesReference }: { variablesReference: number }, page: Json = {}): Promise<Line[]> {
    return (await this.body("variables", { variablesReference, ...page })).variables as unknown as Line[];
  }

  async evaluate(expression: string, frame?: number): Promise<string> {
    const frameId = frame === undefined ? undefined : (await this.frames())[frame]?.id;
    return (await this.body("evaluate", { expression, frameId, context: "repl" })).result as unknown as string;
  }

  execute(code: string): Promise<Answer> {
    return this.kernel.execute(code);
  }

  close(): void {
    this.kernel.close();
  }
}
