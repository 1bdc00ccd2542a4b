/** A module that cannot be imported: who wanted what, what was expected, what was found, and what to do about it. */
export class ImportError extends Error {
  override name = "ImportError";
}
