/** TensorFlow's status: what a call said, and the typed error that it becomes. */
import { MemoryError, RuntimeError } from "../errors.js";
import type { Pointer } from "./libc.js";
import { freeMemory, inBytes } from "./memory.js";
import type { Native } from "./native.js";

/** `TF_RESOURCE_EXHAUSTED` of tf_status.h. */
const resourceExhausted = 8;

/** What TensorFlow complained about. */
export interface Failure {
  /** A `TF_Code`, not 0. */
  readonly code: number;
  /** Its message, with the names of graph nodes in it. */
  readonly message: string;
}

/** One `TF_Status`, used for every call: TensorFlow is driven by one thread. */
export interface Status {
  readonly pointer: Pointer;
  /** What the last call complained about, if it did; afterwards it is forgotten. */
  take(): Failure | undefined;
  /** Frees it. */
  end(): void;
  /**
   * Throws what the last call complained about, if it did.
   *
   * @param what the operation or the file at fault.
   * @param got what was given to it, made only when there is something to complain about.
   * @throws RuntimeError in TensorFlow's words; MemoryError when it ran out of memory.
   */
  check(what: string, got: () => string): void;
}

/** Makes the status that all calls share. */
export function makeStatus({ tf }: Native): Status {
  const pointer = tf.TF_NewStatus();
  const { TF_GetCode } = tf;
  const take = (): Failure | undefined => {
    const code = TF_GetCode(pointer);
    if (code === 0) return undefined;
    const message = tf.TF_Message(pointer);
    tf.TF_SetStatus(pointer, 0, "");
    return { code, message };
  };
  return {
    pointer,
    take,
    end: () => tf.TF_DeleteStatus(pointer),
    check(what, got) {
      const failure = take();
      if (failure !== undefined) throw asError(failure, what, got());
    },
  };
}

/** The typed error for what TensorFlow complained about. `cause` says where it comes from. */
export function asError(failure: Failure, what: string, got: string, cause?: unknown): RuntimeError | MemoryError {
  const words = shorten(failure.message);
  const options = cause === undefined ? undefined : { cause };
  if (failure.code !== resourceExhausted) {
    return new RuntimeError({ what, expected: "what TensorFlow accepts", got, hint: `TensorFlow: ${words}` }, options);
  }
  return outOfMemory(what, words, options);
}

function outOfMemory(what: string, words: string, options: ErrorOptions | undefined): MemoryError {
  const wanted = /tensor with shape ?\[[^\]]*\](?: and type \w+)?/.exec(words)?.[0] ?? words;
  return new MemoryError(
    {
      what,
      expected: "a result that fits into memory",
      got: `a ${wanted}, with ${inBytes(freeMemory())} free`,
      hint: "Use a smaller batch or a smaller model.",
    },
    options,
  );
}

/** TensorFlow's message without the parts that speak of its own graph nodes, at most 500 characters. */
function shorten(message: string): string {
  const words = message
    .replace(/\{\{function_node [^}]*\}\}/g, "")
    .replace(/\{\{node ([^}]*)\}\}/g, "$1")
    .replace(/\s*; NodeDef: .*$/s, "")
    .replace(/ \[Op:\w*\](?: name:.*)?$/s, "")
    .replace(/\s+/g, " ")
    .trim();
  const short = words.length > 500 ? `${words.slice(0, 500)}…` : words;
  return /[.!?…]$/.test(short) ? short : `${short}.`;
}
