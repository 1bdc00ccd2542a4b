/**
 * Variables of tfjs as TensorFlow's own: each value lies in a resource, which operations change in place and which keeps its
 * identity, so that a compiled function may read and write it. tfjs sees a tensor whose number is asked for when needed.
 */
import { type Tensor, type TensorInfo, Variable } from "@tensorflow/tfjs-core";
import { ShapeError, ValueError } from "../errors.js";
import { Attr, type Attribute, typeAttribute } from "./attributes.js";
import type { Binding } from "./binding.js";
import { theEngine } from "./engine.js";
import type { NodeBackend } from "./node-backend.js";
import { makesResource, readsResource, resourceShapes } from "./resources.js";

/** With this name a resource belongs to its handles, and ends with the last of them (resource_handle.h: ANONYMOUS_NAME). */
const anonymous = "cd2c89b7-88b7-44c8-ad83-06c2a9158347";

/** Element types that a resource variable can have. */
const held: ReadonlySet<string> = new Set(["float32", "int32", "bool", "complex64"]);

/** The value of one variable, in the place of what tfjs-node knows of a tensor's data. */
export class Cell {
  readonly values = null;
  refCount = 0;
  #read: number | undefined;
  readonly #binding: Binding;
  readonly #variable: WeakRef<Variable>;
  readonly #backend: NodeBackend;

  constructor(
    backend: NodeBackend,
    readonly shape: number[],
    readonly dtype: number,
    /** The number of the resource's handle. */
    readonly resource: number,
    variable: Variable,
  ) {
    this.#backend = backend;
    this.#binding = backend.binding;
    this.#variable = new WeakRef(variable);
    cells.set(resource, new WeakRef(this));
    resourceShapes.set(resource, shape);
  }

  /** The number of a tensor with the present value. */
  get id(): number {
    this.#read ??= this.#binding.executeOp(
      readsResource,
      [typeAttribute("dtype", this.dtype)],
      [this.resource],
      1,
    )[0]!.id;
    reading.add(this);
    return this.#read;
  }

  /** Lets go of the value that was read last: it would keep TensorFlow from changing the variable in place. */
  forget(): void {
    if (this.#read === undefined) return;
    this.#binding.deleteTensor(this.#read);
    this.#read = undefined;
    reading.delete(this);
  }

  /**
   * To be called before the resource is changed. Tensors that share the variable's data keep the old value. What was read is
   * let go of, unless it is among the `inputs` of the change: then {@link forget} is due after it.
   */
  beforeWrite(inputs: readonly number[] = []): void {
    this.setApart();
    if (this.#read !== undefined && !inputs.includes(this.#read)) this.forget();
  }

  /** Gives tensors that share the variable's data the present value for themselves. */
  setApart(): void {
    const variable = this.#variable.deref();
    if (this.refCount > 1 && variable !== undefined) this.#detach(variable);
  }

  /** Ends the variable. */
  end(): void {
    this.forget();
    cells.delete(this.resource);
    resourceShapes.delete(this.resource);
    this.#binding.deleteTensor(this.resource);
  }

  #detach(variable: Variable): void {
    const { shape, dtype, id, refCount } = this;
    this.#read = undefined;
    reading.delete(this);
    const { tensorMap } = this.#backend;
    tensorMap.replace(variable.dataId, { shape, dtype, id, values: null, refCount });
    theEngine().disposeTensor(variable);
    this.refCount = 0;
    settle(this.#backend, variable, this);
  }
}

/** Cells by the number of their resource. */
const cells = new Map<number, WeakRef<Cell>>();

/** The cell that a resource belongs to; undefined when its variable has ended. */
export function cellOfResource(resource: number): Cell | undefined {
  return cells.get(resource)?.deref();
}

/** Cells whose value was read and is still there. */
const reading = new Set<Cell>();

/** Lets go of all values that were read: a trace ends, and what it read has no values. */
export function forgetReads(): void {
  for (const cell of [...reading]) cell.forget();
}

/**
 * Before a trace: what was read outside is not what it reads, and tensors of others that share a variable's data get data of
 * their own, so that a traced change cannot touch them.
 */
export function setApart(): void {
  forgetReads();
  for (const cell of cells.values()) cell.deref()?.setApart();
}

/** The cell of a variable; undefined where a backend of tfjs, or no resource, holds it. */
export function cellOf(variable: TensorInfo): Cell | undefined {
  const backend = theEngine().backend as Partial<NodeBackend>;
  const data: unknown = backend.tensorMap?.has(variable.dataId) ? backend.tensorMap.get(variable.dataId) : undefined;
  return data instanceof Cell ? data : undefined;
}

/** Makes every variable that tfjs makes from now on, and its `assign`, use resources where the native backend computes. */
export function installVariables(backend: NodeBackend): void {
  const engine = theEngine();
  const { makeVariable } = engine;
  engine.makeVariable = (initial, trainable, name, dtype) => {
    const variable = makeVariable.call(engine, initial, trainable, name, dtype);
    if (engine.backend === backend && held.has(variable.dtype)) {
      const value = backend.getInputTensorIds([variable])[0]!;
      const type = backend.getDTypeInteger(variable.dtype);
      const resource = makeResource(backend.binding, variable.shape, type, value);
      engine.disposeTensor(variable);
      settle(backend, variable, new Cell(backend, variable.shape, type, resource, variable));
    }
    return variable;
  };
  const { assign } = Variable.prototype;
  Variable.prototype.assign = function (this: Variable, value: Tensor) {
    const cell = cellOf(this);
    if (cell === undefined) return assign.call(this, value);
    if (value.dtype !== this.dtype) {
      throw new ValueError({ what: "assign", expected: `${this.dtype} as the variable has`, got: value.dtype });
    }
    if (value.shape.length !== this.shape.length || value.shape.some((size, axis) => size !== this.shape[axis])) {
      throw new ShapeError({ what: "assign", expected: `[${this.shape}]`, got: `[${value.shape}]` });
    }
    change("AssignVariableOp", [typeAttribute("dtype", cell.dtype)], [this], [value]);
  };
}

/** Whether TensorFlow can change this variable in place: {@link changeInPlace}. */
export function isInPlace(variable: Variable): boolean {
  return cellOf(variable) !== undefined;
}

/**
 * Runs one of TensorFlow's operations that change variables in place, e.g. `ResourceApplyAdam`: their resources come first, then
 * the tensors. All are of the type of the first variable, which must be {@link isInPlace}. `flags`: attributes that are bools.
 */
export function changeInPlace(
  operation: string,
  variables: readonly Variable[],
  tensors: readonly Tensor[],
  flags: readonly { readonly name: string; readonly value: boolean }[] = [],
): void {
  const attributes = flags.map(({ name, value }) => ({ name, type: Attr.BOOL, value }));
  change(operation, [typeAttribute("T", cellOf(variables[0]!)!.dtype), ...attributes], variables, tensors);
}

function change(
  operation: string,
  attributes: readonly Attribute[],
  variables: readonly Variable[],
  tensors: readonly Tensor[],
): void {
  const backend = theEngine().backend as NodeBackend;
  // First the numbers: to take one may read the old value of a variable.
  const ids = backend.getInputTensorIds(tensors);
  const cells = variables.map((variable) => cellOf(variable)!);
  for (const cell of cells) cell.beforeWrite(ids);
  backend.binding.executeOp(operation, attributes, [...cells.map(({ resource }) => resource), ...ids], 0);
  for (const cell of cells) cell.forget();
}

function makeResource(binding: Binding, shape: readonly number[], dtype: number, value: number): number {
  const attributes = [
    typeAttribute("dtype", dtype),
    { name: "shape", type: Attr.SHAPE, value: shape },
    { name: "shared_name", type: Attr.STRING, value: anonymous },
    { name: "container", type: Attr.STRING, value: "" },
  ];
  const resource = binding.executeOp(makesResource, attributes, [], 1)[0]!.id;
  binding.executeOp("AssignVariableOp", [typeAttribute("dtype", dtype)], [resource, value], 0);
  return resource;
}

/** Gives the variable data of its own, held by the cell. */
function settle(backend: NodeBackend, variable: Variable, cell: Cell): void {
  variable.dataId = {};
  backend.tensorMap.set(variable.dataId, cell);
  theEngine().incRef(variable, backend);
}
