import { existsSync, readFileSync } from "node:fs";
import { ValueError } from "../../errors.js";
import { assertPath } from "../../files/arguments.js";
import { checkOptions, oneOf, show } from "../../tensor/arguments.js";
import type { EpochRecord, Observer, StepRecord } from "../observer.js";
import { LogFile } from "./log-file.js";

/** What {@link csv} writes. */
export interface CsvOptions {
  /** A row an epoch, with what was validated, or a row a step. Default "epoch". */
  readonly every?: "epoch" | "step";
  /** Adds to a file that is there, which must have the same columns. Default false: the file begins anew. */
  readonly append?: boolean;
}

type Row = readonly (readonly [column: string, value: number])[];

/**
 * An observer that writes a run to a file of comma-separated values (RFC 4180), numbers in full: as Keras's `CSVLogger`. The file
 * begins with the first run that it sees; later ones with the same observer add to it. A run that goes on, in another process as well,
 * goes on in its file: rows of steps that it makes again are taken off first. Throws ValueError at once, and during the run FileError
 * when it cannot be written, ValueError for another run's columns.
 */
export function csv(path: string, options: CsvOptions = {}): Observer {
  assertPath("csv", path, "file");
  checkOptions("csv", options, ["every", "append"]);
  const { every = "epoch", append = false } = options;
  oneOf("csv: every", every, ["epoch", "step"]);
  let file: LogFile | undefined;
  let head: string | undefined;
  let muted = false;
  const write = (row: Row): void => {
    if (muted) return;
    const columns = line(row.map(([column]) => quoted(column)));
    if (head === undefined) {
      head = columns;
      file?.add(head);
    } else if (head !== columns) {
      const hint = "Give this run a file of its own.";
      throw new ValueError({
        what: `csv: ${path}`,
        expected: `columns ${show(head.trim())}`,
        got: show(columns.trim()),
        hint,
      });
    }
    file?.add(line(row.map(([, value]) => String(value))));
  };
  return {
    onStart({ resumed, rehearsal, firstStep }): void {
      muted = rehearsal;
      if (muted) return;
      const goesOn = resumed && existsSync(path);
      if (file === undefined) {
        file = new LogFile("csv", path, append || goesOn);
        if (append || goesOn) head = firstLine(path);
      }
      if (goesOn) {
        file.flush();
        file.cut(lengthUpTo(readFileSync(path, "utf8"), firstStep));
      }
    },
    onStep(record): void {
      if (every === "step") write(stepRow(record));
    },
    onEpoch(record): void {
      if (every === "epoch") write(epochRow(record));
    },
    onEnd: () => file?.flush(),
  };
}

function stepRow({ step, epoch, loss, metrics, ...rest }: StepRecord): Row {
  const { learningRate, gradientNorm, elapsed, throughput } = rest;
  return Object.entries({ step, epoch, loss, ...metrics, learningRate, gradientNorm, elapsed, throughput });
}

function epochRow({ epoch, step, loss, metrics, validation, elapsed }: EpochRecord): Row {
  const held = Object.entries(validation === undefined ? {} : { loss: validation.loss, ...validation.metrics });
  const named = held.map(([name, value]) => [`validation ${name}`, value] as const);
  return [...Object.entries({ epoch, step, loss, ...metrics }), ...named, ["elapsed", elapsed]];
}

function line(cells: readonly string[]): string {
  return `${cells.join(",")}\r\n`;
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The bytes of a file without the rows at its end that are of later steps, or that were not written to their end. */
function lengthUpTo(text: string, step: number): number {
  const lines = text.split("\r\n").slice(0, -1);
  const column = lines[0]?.split(",").indexOf("step") ?? -1;
  const isLater = (row: string) => Number(row.split(",")[column]) > step;
  while (lines.length > 1 && isLater(lines.at(-1)!)) lines.pop();
  return Buffer.byteLength(lines.map((row) => `${row}\r\n`).join(""));
}

function firstLine(path: string): string | undefined {
  const text = readFileSync(path, "utf8");
  const end = text.indexOf("\n");
  return end < 0 ? undefined : text.slice(0, end + 1);
}
