import {
  backend,
  findBackend,
  getKernelsForBackend,
  type KernelConfig,
  type NamedTensorInfoMap,
  registerKernel,
  type TensorInfo,
} from "@tensorflow/tfjs-core";

/** What this needs of tfjs's own backends. */
interface HostBackend {
  readSync(dataId: object): Float32Array | Int32Array | Uint8Array;
  write(values: Float32Array | Int32Array | Uint8Array, shape: number[], dtype: string): object;
  disposeData(dataId: object, force?: boolean): boolean;
  firstUse: boolean;
}

/**
 * Lets one of tfjs's backends run the operations that it lacks with the kernels of another one; inputs and outputs are copied
 * between the two.
 */
export function lendKernels(from: string, to: string): void {
  const own = new Set(getKernelsForBackend(to).map(({ kernelName }) => kernelName));
  for (const kernel of getKernelsForBackend(from)) {
    if (!own.has(kernel.kernelName)) registerKernel({ ...kernel, backendName: to, kernelFunc: lent(kernel, from) });
  }
}

function lent({ kernelFunc }: KernelConfig, from: string): KernelConfig["kernelFunc"] {
  return ({ inputs, attrs }) => {
    const lender = findBackend(from) as unknown as HostBackend;
    // Its first use would advertise tfjs-node.
    lender.firstUse = false;
    const borrower = backend() as unknown as HostBackend;
    const made: object[] = [];
    const across = (info: TensorInfo): TensorInfo => {
      const values = borrower.readSync(info.dataId).slice();
      const dataId = lender.write(values, info.shape, info.dtype);
      made.push(dataId);
      return { shape: info.shape, dtype: info.dtype, dataId };
    };
    const back = (info: TensorInfo): TensorInfo => {
      const values = lender.readSync(info.dataId).slice();
      made.push(info.dataId);
      return { shape: info.shape, dtype: info.dtype, dataId: borrower.write(values, info.shape, info.dtype) };
    };
    const copies = Object.entries(inputs).map(([name, input]) => {
      // Some kernels take a list of tensors, or leave one out, though the types do not say so.
      return [name, Array.isArray(input) ? input.map(across) : input && across(input)];
    });
    const given = Object.fromEntries(copies);
    const outputs = kernelFunc({
      // Others take nothing but a list.
      inputs: (Array.isArray(inputs) ? Object.values(given) : given) as NamedTensorInfoMap,
      attrs: attrs ?? {},
      backend: lender,
    });
    const result = Array.isArray(outputs) ? outputs.map(back) : back(outputs);
    for (const dataId of new Set(made)) lender.disposeData(dataId, true);
    return result;
  };
}
