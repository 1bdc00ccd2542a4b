/** What the native backend knows of the data of tensors, held as long as somebody refers to them: tfjs's `DataStorage`. */
import type { DataId } from "@tensorflow/tfjs-core";
import { sizeOf, widthOf } from "./dtypes.js";
import { type Counted, theEngine } from "./engine.js";
import { freeMemory } from "./memory.js";
import type { NodeBackend, TensorData } from "./node-backend.js";
import { allWards, collect, protect, release, Ward } from "./orphans.js";
import { deep } from "./trace.js";
import { userLine } from "./user-line.js";

/** So much may become garbage before it is collected, where memory is plenty; and with very little memory. */
const [mostGarbage, leastGarbage] = [256 * 2 ** 20, 32 * 2 ** 20];

/** What TensorFlow and JavaScript spend on a tensor beside its values. */
const overhead = 1024;

/** Data by their id. An id that nobody refers to any more takes its data with it. */
export class DataStore {
  readonly #data = new WeakMap<DataId, TensorData>();
  #count = 0;
  #bytes = 0;
  /** With so many bytes it is time to collect garbage. */
  #limit = mostGarbage;
  /** Whether the lines that make tensors are taken down. */
  isTracking = false;

  constructor(readonly backend: NodeBackend) {}

  /** Bytes of all data; strings, whose size is not known, count nothing. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Data of another backend are fetched from there. */
  get(dataId: DataId): TensorData {
    const data = this.#data.get(dataId);
    if (data !== undefined) return data;
    theEngine().moveData(this.backend, dataId);
    this.watch(dataId);
    return this.#data.get(dataId)!;
  }

  /** Undefined where they are not here. */
  peek(dataId: DataId): TensorData | undefined {
    return this.#data.get(dataId);
  }

  has(dataId: DataId): boolean {
    return this.#data.has(dataId);
  }

  set(dataId: DataId, data: TensorData): void {
    this.#count++;
    this.#bytes += bytesOf(data);
    this.#data.set(dataId, data);
  }

  /** Lets go of the entry, not of what TensorFlow holds. */
  delete(dataId: DataId): boolean {
    const data = this.#data.get(dataId);
    if (data === undefined) return false;
    this.#data.delete(dataId);
    if (data.ward !== undefined) release(data.ward);
    data.ward = undefined;
    this.forget(data);
    return true;
  }

  /** Other data in the place of those of an id. */
  replace(dataId: DataId, data: TensorData): void {
    this.delete(dataId);
    this.set(dataId, data);
    this.watch(dataId);
  }

  numDataIds(): number {
    return this.#count;
  }

  /** These data are freed when nobody refers to their id any more. */
  watch(dataId: DataId): void {
    const data = this.#data.get(dataId);
    if (data === undefined || data.ward !== undefined) return;
    const counted = theEngine().state.tensorInfo.get(dataId);
    if (counted === undefined) return;
    const line = this.isTracking ? makingLine() : undefined;
    data.ward = new DataWard(dataId, this, data, counted, line);
    protect(data.ward);
  }

  /**
   * Collects garbage if much may have gathered, or at once. In a kernel or a scope it does not: there somebody may know a tensor
   * by its number only.
   */
  relieve(atOnce = false): void {
    if (!atOnce && this.#bytes + this.#count * overhead < this.#limit) return;
    const { kernelDepth, scopeStack } = theEngine().state;
    if (kernelDepth > 0 || scopeStack.length > 0) return;
    collect();
    const held = this.#bytes + this.#count * overhead;
    this.#limit = held + Math.max(leastGarbage, Math.min(Math.max(mostGarbage, held / 4), freeMemory() / 4));
  }

  /** What is watched, by the line that made it. */
  lines(): ReadonlyMap<string | undefined, { tensors: number; bytes: number }> {
    const lines = new Map<string | undefined, { tensors: number; bytes: number }>();
    for (const ward of allWards()) {
      if (!(ward instanceof DataWard) || ward.store !== this) continue;
      const sum = lines.get(ward.line) ?? { tensors: 0, bytes: 0 };
      lines.set(ward.line, { tensors: sum.tensors + 1, bytes: sum.bytes + bytesOf(ward.data) });
    }
    return lines;
  }

  /** Takes data out of the sums. */
  forget(data: TensorData): void {
    this.#count--;
    this.#bytes -= bytesOf(data);
  }

  /** Frees what TensorFlow holds of data. */
  free(data: TensorData): void {
    if (data.end !== undefined) data.end();
    else if (data.id !== null && data.id >= 0) this.backend.binding.deleteTensor(data.id);
  }
}

/** Data in TensorFlow, which belong to their id. */
class DataWard extends Ward {
  constructor(
    dataId: DataId,
    readonly store: DataStore,
    readonly data: TensorData,
    readonly counted: Counted,
    /** The line that made them, where it was taken down. */
    readonly line: string | undefined,
  ) {
    super(dataId);
  }

  override free(): void {
    const { store, data } = this;
    store.forget(data);
    discount(data.refCount, this.counted);
    store.free(data);
  }
}

/** tfjs's engine counts so many tensors, which nobody disposed of. */
function discount(tensors: number, { dtype, bytes }: Counted): void {
  const { state } = theEngine();
  state.numTensors -= tensors;
  state.numDataBuffers--;
  // The parts of a complex tensor are tensors of their own.
  if (dtype !== "complex64") state.numBytes -= tensors * bytes;
  if (dtype === "string") state.numStringTensors -= tensors;
}

function bytesOf({ shape, dtype }: TensorData): number {
  return sizeOf(shape) * widthOf(dtype);
}

/** `In[3]:2:5`; empty where no line of the user's is at work. */
function makingLine(): string {
  return userLine(deep(() => new Error("a tensor is made here"))).replace(
    /^at (?:async )?(?:.* \((.*)\)|(.*))$/,
    "$1$2",
  );
}
