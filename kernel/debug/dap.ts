import type { Json } from "../wire/message.js";

/** A `debug_request` that cannot be granted; its text goes into `message` of the response. */
export class DebugError extends Error {
  override name = "DebugError";
}

/** Content of a `debug_request` (Debug Adapter Protocol, "Request"), as far as it could be read. */
export interface DebugRequest {
  readonly seq: number;
  readonly command: string;
  readonly arguments: Arguments;
}

/** Content of a `debug_reply` (Debug Adapter Protocol, "Response"). */
export interface DebugResponse extends Json {
  readonly type: "response";
  readonly request_seq: number;
  readonly success: boolean;
  readonly command: string;
  readonly message?: string;
  readonly body: Json;
}

/** Tells the front end what happened: content of a `debug_event` on iopub. */
export type Announce = (event: string, body: Json) => void;

/** Reads a request; a missing command has a name that no command has, and what is not an object counts as no arguments. */
export function readRequest(content: Json): DebugRequest {
  const command = typeof content.command === "string" && content.command !== "" ? content.command : "(none)";
  return {
    seq: typeof content.seq === "number" ? content.seq : 0,
    command,
    arguments: new Arguments(command, isJson(content.arguments) ? content.arguments : {}),
  };
}

/** The arguments of one request, read by kind. */
export class Arguments {
  readonly #command: string;
  readonly #values: Json;

  constructor(command: string, values: Json) {
    this.#command = command;
    this.#values = values;
  }

  /** Throws DebugError when it is not there. */
  text(name: string): string {
    const value = this.#values[name];
    if (typeof value !== "string") throw this.#wrong(name, "a string", value);
    return value;
  }

  /** An integer of at least `least`; undefined when it is not there. Throws DebugError for anything else. */
  optionalNumber(name: string, least = 0): number | undefined {
    const value = this.#values[name];
    if (value === undefined || value === null) return undefined;
    if (!Number.isSafeInteger(value) || (value as number) < least) {
      throw this.#wrong(name, `an integer from ${least}`, value);
    }
    return value as number;
  }

  /** Throws DebugError when it is not there. */
  number(name: string): number {
    const value = this.optionalNumber(name);
    if (value === undefined) throw this.#wrong(name, "a number", value);
    return value;
  }

  optionalText(name: string): string | undefined {
    const value = this.#values[name];
    return typeof value === "string" ? value : undefined;
  }

  /** Throws DebugError when it is not there. */
  object(name: string): Arguments {
    const value = this.#values[name];
    if (!isJson(value)) throw this.#wrong(name, "an object", value);
    return new Arguments(this.#command, value);
  }

  /** Throws DebugError for anything but a list of objects; a missing list is empty. */
  objects(name: string): Arguments[] {
    const value = this.#values[name] ?? [];
    if (!Array.isArray(value) || !value.every(isJson)) throw this.#wrong(name, "a list of objects", value);
    return value.map((each) => new Arguments(this.#command, each));
  }

  /** Throws DebugError for anything but a list of strings; a missing list is empty. */
  texts(name: string): string[] {
    const value = this.#values[name] ?? [];
    if (!Array.isArray(value) || !value.every((each) => typeof each === "string")) {
      throw this.#wrong(name, "a list of strings", value);
    }
    return value as string[];
  }

  #wrong(name: string, expected: string, value: unknown): DebugError {
    const got = value === undefined ? "nothing" : (JSON.stringify(value)?.slice(0, 80) ?? typeof value);
    return new DebugError(`${this.#command}: expected ${name}, ${expected}, got ${got}`);
  }
}

function isJson(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
