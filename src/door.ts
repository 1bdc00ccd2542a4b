/**
 * The one place where kernel and library meet. It imports nothing, and both sides find each other by `Symbol.for`, not by
 * module state: the notebook's copy of the library may differ from the kernel's.
 */

/** MIME type → content: text for `text/*` and `image/svg+xml`, base64 for binary images, a JSON value for `+json`. */
export type MimeBundle = Record<string, unknown>;

/** A bundle with per-MIME metadata, e.g. `{ "image/png": { width: 640, height: 360 } }` in CSS pixels. */
export interface Rendered {
  readonly data: MimeBundle;
  readonly metadata: Record<string, unknown>;
}

/** Deno's convention: any object with this method displays itself. Returns a MIME bundle or a {@link Rendered}. */
export const displaySymbol: unique symbol = Symbol.for("Jupyter.display") as never;

/** Something that displays itself as the last expression of a cell. */
export interface Displayable {
  [displaySymbol](): MimeBundle | Rendered | Promise<MimeBundle | Rendered>;
}

/** A message of a Jupyter comm: JSON data, metadata, binary buffers. */
export interface CommMessage {
  readonly data: unknown;
  readonly metadata?: Record<string, unknown>;
  readonly buffers?: readonly Uint8Array[];
}

/** One open Jupyter comm (Jupyter messaging protocol, "Custom messages"). */
export interface Comm {
  readonly id: string;
  send(message: CommMessage): void;
  close(message?: CommMessage): void;
  onMessage(listener: (message: CommMessage) => void): void;
  onClose(listener: (message: CommMessage) => void): void;
}

/** What a notebook offers to the code that runs in it. All calls belong to the cell in whose async context they are made. */
export interface Host {
  /** Show a bundle as output of the current cell. With a display id it can be updated later. */
  display(rendered: Rendered, displayId?: string): void;
  /** Replace, wherever it is shown, the output with that display id. */
  update(displayId: string, rendered: Rendered): void;
  /** What the notebook shows for a value that is the last expression of a cell. */
  render(value: unknown): Promise<Rendered>;
  /** Publish a message of any type to all clients. Throws TypeError for content that JSON cannot hold. */
  broadcast(
    type: string,
    content: Record<string, unknown>,
    extra?: { readonly metadata?: Record<string, unknown>; readonly buffers?: readonly Uint8Array[] },
  ): void;
  /** Clear the cell's output, at once or with the next output (`wait`). */
  clear(wait: boolean): void;
  /**
   * Aborts when the user presses Stop, also after the cell that began the work is over. Long-running code takes it when it
   * begins, watches it and stops at the next good point, within 100 ms; see {@link Host.closing} where that takes longer.
   */
  readonly signal: AbortSignal;
  /** Work after the signal fired that puts things in order: the interrupted cell ends after it, unless the user presses again. */
  closing<T>(work: () => Promise<T>): Promise<T>;
  /**
   * Run synchronous code that must not be torn in the middle (a training step): an interrupt waits for its end; a second
   * interrupt does not.
   */
  shield<T>(work: () => T): T;
  /** Called after running code was torn by an interrupt, to put back into order what it may have left half done. */
  onTorn(recover: () => void): void;
  /** Ask the user for a line of text; rejects where the front end has no input. */
  input(prompt: string, password?: boolean): Promise<string>;
  /** Open a comm to the front end, e.g. for a widget. */
  openComm(target: string, message: CommMessage, id?: string): Comm;
  /** Take the comms that front ends open to a target; without a taker they are closed. The latest taker counts. */
  onComm(target: string, take: (comm: Comm, message: CommMessage) => void): void;
}

/** Where the kernel puts the {@link Host} on `globalThis`. */
export const hostSymbol: unique symbol = Symbol.for("nabla.host") as never;

/** The notebook this code runs in, or undefined in a plain script. */
export function host(): Host | undefined {
  return (globalThis as { [hostSymbol]?: Host })[hostSymbol];
}
