/** A magic that was given what it cannot use, or whose work failed. */
export class MagicError extends Error {
  override name = "MagicError";
}
