/**
 * Typed errors of the library. Text: `dense: expected input [..., 64], got [32, 10]. Did you forget flatten()?` — the name
 * of the thing, what was expected, what was got, the way out. It imports nothing.
 */

/** What every error of the library can say about itself. */
export interface Complaint {
  /** The function, layer or option at fault, as the user wrote it: `dense`, `fit: epochs`. */
  readonly what: string;
  readonly expected: string;
  readonly got: string;
  /** A full sentence that says what to do. */
  readonly hint?: string;
}

/** Base of all errors of the library. */
export class NablaError extends Error {
  override name = "NablaError";
  readonly complaint: Complaint;
  constructor(complaint: Complaint, options?: ErrorOptions) {
    const hint = complaint.hint === undefined ? "" : ` ${complaint.hint}`;
    super(`${complaint.what}: expected ${complaint.expected}, got ${complaint.got}.${hint}`, options);
    this.complaint = complaint;
  }
}

/** A tensor or a layer input of the wrong shape. */
export class ShapeError extends NablaError {
  override name = "ShapeError";
}

/** A value out of its range: an option, a label, a size, an unknown name. */
export class ValueError extends NablaError {
  override name = "ValueError";
}

/** Data that cannot be used: empty, ragged, not finite, labels outside the classes. */
export class DataError extends NablaError {
  override name = "DataError";
}

/** Loss or weights became NaN or infinite. The step that made them so was not applied. */
export class NonFiniteError extends NablaError {
  override name = "NonFiniteError";
}

/** More memory asked for than the machine has. Nothing was allocated. */
export class MemoryError extends NablaError {
  override name = "MemoryError";
}

/** The native runtime is missing, broken or refused a call. */
export class RuntimeError extends NablaError {
  override name = "RuntimeError";
}

/** The user stopped the work. What was reached is kept. */
export class InterruptedError extends NablaError {
  override name = "InterruptedError";
}

/** A file or folder that is missing, torn or not what it should be, or a disk that is full. Other files are as they were. */
export class FileError extends NablaError {
  override name = "FileError";
}
