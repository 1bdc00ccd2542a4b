/** Doubled after so many steps in a row that were finite. */
const growthInterval = 2000;
/** The largest factor, and the first one. */
const largest = 2 ** 15;

/** The state of a {@link LossScale}, as JSON can hold it. */
export type LossScaleState = readonly [factor: number, finite: number];

/**
 * Dynamic loss scaling (arXiv 1710.03740, section 3.2): small gradients would vanish in float16, so the loss is multiplied by a power
 * of two before they are computed, and they are divided by it. Where that is too much, the step is made again with half of it.
 */
export class LossScale {
  factor = largest;
  #finite = 0;

  /** The factor, and for how many steps it has held. */
  get state(): LossScaleState {
    return [this.factor, this.#finite];
  }

  /** Goes on where another was. */
  restore([factor, finite]: LossScaleState): void {
    this.factor = factor;
    this.#finite = finite;
  }

  /** A step was finite. */
  succeeded(): void {
    this.#finite++;
    if (this.#finite < growthInterval) return;
    this.#finite = 0;
    this.factor = Math.min(largest, this.factor * 2);
  }

  /** A step was not; whether it makes sense to make it again with the factor that is now there. */
  failed(): boolean {
    this.#finite = 0;
    if (this.factor === 1) return false;
    this.factor /= 2;
    return true;
  }
}
