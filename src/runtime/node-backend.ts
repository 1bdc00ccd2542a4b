/** tfjs-node's backend, in types. They lie apart from `tfjs-node.ts`, whose types lead to 180 files. */
import type { BackendValues, DataId, DataType, KernelBackend, Tensor, TensorInfo } from "@tensorflow/tfjs-core";
import type { Binding } from "./binding.js";
import type { Ward } from "./orphans.js";
import type { Metadata } from "./tensors.js";

/** What tfjs-node knows of a tensor's data. */
export interface TensorData {
  shape: number[];
  dtype: number;
  /** The number of the tensor, below 0 while its values wait here. */
  id: number;
  values: BackendValues | null;
  refCount: number;
  /** What frees them when nobody refers to them. */
  ward?: Ward | undefined;
  /** How they are freed; default: their tensor is deleted. */
  end?(): void;
}

/** A backend of tfjs-node's class, with the parts that are private in its types. */
export interface NodeBackend extends KernelBackend {
  readonly binding: Binding;
  tensorMap: {
    get(dataId: DataId): TensorData;
    set(dataId: DataId, data: TensorData): void;
    has(dataId: DataId): boolean;
    delete(dataId: DataId): boolean;
    numDataIds(): number;
    /** Other data in the place of those of an id. */
    replace(dataId: DataId, data: TensorData): void;
  };
  getDTypeInteger(dtype: DataType): number;
  getInputTensorIds(tensors: readonly TensorInfo[]): number[];
  createOutputTensor(metadata: Metadata): Tensor;
  move(dataId: DataId, values: BackendValues, shape: number[], dtype: DataType, refCount: number): void;
}
