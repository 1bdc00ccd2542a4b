/**
 * What lies in native memory for the sake of an object of JavaScript, and is freed when nobody can reach that object any more.
 *
 * V8 knows nothing of native bytes, and tells of dead objects only when the event loop turns. So it is asked: after every
 * collection of its own, and after those that {@link collect} forces, also in the middle of a loop that never waits.
 */
import { setFlagsFromString } from "node:v8";
import { type Context, createContext, runInContext, Script } from "node:vm";

/** Native memory that belongs to an object. It must not refer to that object. */
export abstract class Ward {
  readonly #owner: WeakRef<object>;

  constructor(owner: object) {
    this.#owner = new WeakRef(owner);
  }

  get isOrphan(): boolean {
    return this.#owner.deref() === undefined;
  }

  /** Frees the memory. Called once, when the owner is gone. */
  abstract free(): void;
}

const wards = new Set<Ward>();

/** From here on the ward is freed when its owner is gone. */
export function protect(ward: Ward): void {
  wards.add(ward);
  listen();
}

/** The owner frees it by itself. */
export function release(ward: Ward): void {
  wards.delete(ward);
}

/** All wards whose owners are, or may be, there. */
export function allWards(): Iterable<Ward> {
  return wards;
}

/** Frees what lost its owner in collections that are over. */
export function freeOrphans(): void {
  for (const ward of wards) {
    if (!ward.isOrphan) continue;
    wards.delete(ward);
    ward.free();
  }
}

/** Collects garbage (10–50 ms), and frees what lost its owner. */
export function collect(): void {
  collector ??= openCollector();
  collector();
  freeOrphans();
}

let collector: (() => void) | undefined;

function openCollector(): () => void {
  setFlagsFromString("--expose-gc");
  let context: Context;
  try {
    context = createContext({}, { microtaskMode: "afterEvaluate" });
  } finally {
    setFlagsFromString("--no-expose-gc");
  }
  const gc = runInContext("gc", context) as () => void;
  const nothing = new Script("0");
  return () => {
    // What a WeakRef was made of or asked for stays until the running job ends (ECMA-262, ClearKeptObjects); V8 takes the end of
    // any queue of microtasks for that, and this context has one of its own.
    nothing.runInContext(context);
    gc();
  };
}

const bell = new FinalizationRegistry<undefined>(() => {
  listening = false;
  freeOrphans();
  if (wards.size > 0) listen();
});

let listening = false;

/** Something that is garbage at once: its end tells that V8 has collected. One bell is cheaper than one for each tensor. */
function listen(): void {
  if (listening) return;
  listening = true;
  bell.register({}, undefined);
}
