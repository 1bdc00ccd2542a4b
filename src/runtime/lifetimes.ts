/** Tensors live as long as somebody refers to them, without `tidy` and `dispose`. */
import { type Tensor, Variable } from "@tensorflow/tfjs-core";
import { DataStore } from "./data-store.js";
import { theEngine } from "./engine.js";
import type { NodeBackend } from "./node-backend.js";
import { protect, Ward } from "./orphans.js";

/**
 * Makes tensors of this backend end with the last reference to them. A scope frees what it made by itself; only what is left
 * when the outermost one ends, and what is made outside of any, is watched.
 */
export function installLifetimes(backend: NodeBackend): DataStore {
  const store = new DataStore(backend);
  backend.tensorMap = store;
  backend.disposeData = (dataId, force = false) => {
    const data = store.peek(dataId);
    if (data === undefined) return true;
    data.refCount--;
    if (!force && data.refCount > 0) return false;
    store.delete(dataId);
    store.free(data);
    return true;
  };
  const engine = theEngine();
  engine.state.registeredVariables = weakRegistry(engine.state.registeredVariables);
  const { trackTensor, endScope } = engine;
  /** Made in inner scopes, and meant to outlive them. */
  let kept: Tensor[] = [];
  const survived = (tensors: readonly Tensor[]) => {
    for (const tensor of tensors) if (!tensor.isDisposed) store.watch(tensor.dataId);
  };
  engine.trackTensor = (tensor, of) => {
    trackTensor.call(engine, tensor, of);
    if (tensor instanceof Variable) return store.watch(tensor.dataId);
    const { state } = engine;
    if (state.activeScope !== null && state.activeScope !== undefined) return;
    store.watch(tensor.dataId);
    store.relieve();
  };
  engine.endScope = (result) => {
    const { state } = engine;
    const track = state.activeScope?.track ?? [];
    endScope.call(engine, result);
    if (state.scopeStack.length > 0) {
      for (const tensor of track) if (tensor.kept && !tensor.isDisposed) kept.push(tensor);
      return;
    }
    survived(track);
    if (kept.length > 0) {
      survived(kept);
      kept = [];
    }
    store.relieve();
  };
  return store;
}

/** tfjs's registry of variables by their names, which holds them weakly. */
function weakRegistry(before: Record<string, Variable>): Record<string, Variable> {
  const variables = new Map<string, WeakRef<Variable>>();
  const find = (name: string | symbol) => (typeof name === "string" ? variables.get(name)?.deref() : undefined);
  const registry = new Proxy<Record<string, Variable>>(
    {},
    {
      get: (_, name) => find(name),
      has: (_, name) => find(name) !== undefined,
      ownKeys: () => [...variables.keys()].filter((name) => find(name) !== undefined),
      getOwnPropertyDescriptor(_, name) {
        const value = find(name);
        return value && { value, writable: true, enumerable: true, configurable: true };
      },
      set(_, name, variable: Variable) {
        const reference = new WeakRef(variable);
        variables.set(name as string, reference);
        protect(
          new NameWard(variable, () => {
            if (variables.get(name as string) === reference) variables.delete(name as string);
          }),
        );
        return true;
      },
      deleteProperty: (_, name) => variables.delete(name as string) || true,
    },
  );
  return Object.assign(registry, before);
}

/** The entry of a variable in the registry. */
class NameWard extends Ward {
  constructor(
    variable: Variable,
    override readonly free: () => void,
  ) {
    super(variable);
  }
}
