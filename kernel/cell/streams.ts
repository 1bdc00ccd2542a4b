import { Console } from "node:console";
import { StringDecoder } from "node:string_decoder";
import { currentContext, throwIfStopped } from "./context.js";
import type { Outlet } from "./outlet.js";

type Done = (error?: Error | null) => void;

/**
 * Sends `console.*` and what is written to `process.stdout` and `process.stderr` to the cell that the writing code belongs
 * to, in order and at once. Before the first cell it goes where it always went.
 */
export function captureOutput(outlet: Outlet): void {
  const stdout = capture(process.stdout, "stdout", outlet);
  const stderr = capture(process.stderr, "stderr", outlet);
  const ours = new Console({
    stdout: { write: stdout } as NodeJS.WritableStream,
    stderr: { write: stderr } as NodeJS.WritableStream,
    colorMode: true,
    ignoreErrors: false,
  });
  const methods = Object.entries(ours).filter(([, method]) => typeof method === "function");
  Object.assign(globalThis.console, Object.fromEntries(methods));
}

function capture(stream: NodeJS.WriteStream, name: "stdout" | "stderr", outlet: Outlet): typeof stream.write {
  const original = stream.write.bind(stream);
  const decoder = new StringDecoder("utf8");
  const write = (chunk: string | Uint8Array, encoding?: BufferEncoding | Done, done?: Done): boolean => {
    const context = currentContext();
    const after = typeof encoding === "function" ? encoding : done;
    if (!context) return original(chunk, typeof encoding === "string" ? encoding : undefined, after);
    throwIfStopped();
    const text = isText(chunk, encoding) ? chunk : decoder.write(bytesOf(chunk, encoding));
    if (text !== "") outlet.post({ type: "stream", cell: context.cell, name, text });
    if (after) process.nextTick(after);
    return true;
  };
  stream.write = write as typeof stream.write;
  return stream.write;
}

type Encoding = BufferEncoding | Done | null | undefined;

/** What needs no decoding. A string in another encoding stands for bytes: `write("w6k=", "base64")` writes é. */
function isText(chunk: string | Uint8Array, encoding: Encoding): chunk is string {
  return typeof chunk === "string" && (typeof encoding !== "string" || /^utf-?8$/i.test(encoding));
}

function bytesOf(chunk: string | Uint8Array, encoding: Encoding): Buffer {
  return typeof chunk === "string" ? Buffer.from(chunk, encoding as BufferEncoding) : Buffer.from(chunk);
}
