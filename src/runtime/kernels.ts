/** Kernels of our own, in the place of tfjs-node's or beside them. */
import { getKernel, Identity, type KernelConfig, type KernelFunc, Round, type TensorInfo } from "@tensorflow/tfjs-core";
import { convolutions } from "./kernels/convolution.js";
import { convolutions3D } from "./kernels/convolution-3d.js";
import { gather } from "./kernels/gather.js";
import { pools } from "./kernels/pool.js";

/** Kernels that tfjs-node lacks, that read on the host what TensorFlow could do by itself, or that take fewer arguments. */
export const kernels: readonly KernelConfig[] = [...convolutions, ...convolutions3D, gather, ...pools];

/** tfjs-node's kernel as it should be registered, for those that TensorFlow 2.21 does not serve as they expect. */
export function mend(config: KernelConfig): KernelConfig {
  return config.kernelName === Round ? { ...config, kernelFunc: roundOf(config.kernelFunc) } : config;
}

/** TensorFlow 2.21 rounds whole numbers to 0 (`tf.raw_ops.Round(x=tf.constant([5]))`); they are what they are. */
function roundOf(round: KernelFunc): KernelFunc {
  return (args) => {
    const { dtype } = args.inputs.x as TensorInfo;
    const identity = getKernel(Identity, "tensorflow").kernelFunc;
    return dtype === "float32" ? round(args) : identity(args);
  };
}
