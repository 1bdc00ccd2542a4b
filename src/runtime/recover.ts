/** Putting tfjs's engine back in order after running code was torn out of the middle of it. */
import { theEngine } from "./engine.js";
import { forgetTrace } from "./tracing.js";

/**
 * Call this after an interrupt that ended running code without unwinding it: `finally` and `catch` did not run, so scopes
 * are still open and gradients still recorded. Ends all open scopes, which frees their tensors except the kept ones, and
 * forgets the tape. Outside of a tear it does nothing. Variables and tensors that outlive their scopes are untouched.
 */
export function recover(): void {
  forgetTrace();
  const engine = theEngine();
  const { state } = engine;
  for (const node of state.activeTape ?? []) {
    for (const tensor of node.saved) if (!tensor?.isDisposed) tensor?.dispose();
  }
  state.activeTape = null;
  state.gradientDepth = 0;
  state.kernelDepth = 0;
  state.numDataMovesStack = [];
  state.profiling = false;
  while (state.scopeStack.length > 0) {
    // A tear between two statements of startScope or endScope leaves them apart.
    state.activeScope = state.scopeStack.at(-1);
    engine.endScope();
  }
  state.activeScope = null;
}
