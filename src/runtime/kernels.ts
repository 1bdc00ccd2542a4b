/** Kernels of our own, in the place of tfjs-node's or beside them. */
import { getKernel, Identity, type KernelConfig, type KernelFunc, Round, type TensorInfo } from "@tensorflow/tfjs-core";
import { activations } from "./kernels/activations.js";
import { convolutions } from "./kernels/convolution.js";
import { convolutions3D } from "./kernels/convolution-3d.js";
import { counts } from "./kernels/counts.js";
import { einsum } from "./kernels/einsum.js";
import { gather } from "./kernels/gather.js";
import { images } from "./kernels/images.js";
import { pools } from "./kernels/pool.js";
import { scatters } from "./kernels/scatter.js";
import { sparse } from "./kernels/sparse.js";
import { strings } from "./kernels/strings.js";

/** Kernels that tfjs-node lacks, that read on the host what TensorFlow could do by itself, or that take fewer arguments. */
export const kernels: readonly KernelConfig[] = [
  ...activations,
  ...convolutions,
  ...convolutions3D,
  ...counts,
  einsum,
  gather,
  ...images,
  ...pools,
  ...scatters,
  ...sparse,
  ...strings,
];

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
