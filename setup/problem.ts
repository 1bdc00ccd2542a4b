import { type Complaint, NablaError } from "../src/errors.js";

/** Something of the machine that set-up cannot mend by itself. The message says what, and the hint is the way out. */
export class SetupProblem extends NablaError {
  override name = "SetupProblem";
  constructor(what: string, expected: string, got: string, hint: string, options?: ErrorOptions) {
    super({ what, expected, got, hint } satisfies Complaint, options);
  }
}

/** The way out when a folder cannot be written. */
export const elsewhere =
  "Set NABLA_HOME to a folder on another disk, or free some space, and run the same command again.";

/** A problem for an error of the file system (full disk, no permission), or the error itself if it is something else. */
export function fileProblem(what: string, folder: string, error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException).code ?? "";
  const got = {
    ENOSPC: "a full disk",
    EDQUOT: "a used-up quota",
    EACCES: "no permission to write there",
    EPERM: "no permission to write there",
    EROFS: "a read-only file system",
    ENOTDIR: "a file in its place",
    EEXIST: "a file in its place",
  }[code];
  if (got === undefined || error instanceof SetupProblem) return error;
  return new SetupProblem(what, `to write into ${folder}`, got, elsewhere, { cause: error });
}
