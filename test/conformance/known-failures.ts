/**
 * The specs of tfjs-core that fail on TensorFlow, and why. All of them are run: one that passes, or is gone, must leave this
 * list. tfjs-node excludes every one of them too.
 */

/** Kernels that tfjs-node does not have. Specs that fail for the want of one are known to fail. */
export const missingKernels: readonly string[] = [
  "BitwiseAnd",
  "DenseBincount",
  "RaggedGather",
  "RaggedRange",
  "RaggedTensorToTensor",
  "SearchSorted",
  "SparseFillEmptyRows",
  "SparseReshape",
  "SparseSegmentMean",
  "SparseSegmentSum",
  "StringNGrams",
  "StringSplit",
  "StringToHashBucketFast",
  "Transform",
];

/** Specs by their full names, without the backend's. */
export const knownFailures: readonly { readonly reason: string; readonly specs: readonly string[] }[] = [
  {
    reason: "tfjs takes a 1 × 1 window for the identity, whatever its strides and padding",
    specs: [
      "pool max x=[2,2,3] f=[1,1] s=2 p=1 fractional outputs default rounding",
      "pool avg x=[2,2,3] f=[1,1] s=2 p=1 fractional outputs default rounding",
    ],
  },
  {
    reason: "tfjs divides by the whole window on the way back, but by the part that is not padding on the way there",
    specs: ["avgPool gradient x=[3,3,1] f=[3,3] s=1 p=explicit"],
  },
  {
    reason: "Dilated convolutions can be derived here",
    specs: ["depthwiseConv2d gradients throws error on dilations > 1"],
  },
  { reason: "TensorFlow's maximum of NaN is NaN", specs: ["maxPoolWithArgmax [x=[1,3,3,1] f=[2,2] s=1 ignores NaNs"] },
  {
    reason: "Variables own their memory here, so that compiled functions can write into it",
    specs: ["variable constructor does not dispose", "variable assign does not dispose old data"],
  },
  {
    reason: "TensorFlow 2.21 refuses a window that is larger than its input",
    specs: ["avgPool3d x=[1,1,1,1,1] f=[1,1,3] s=1 p=valid"],
  },
  {
    reason: "oneDNN has no primitive for this shape",
    specs: ["conv2dTranspose input=8x8x8,output=4x4x8,f=8,s=1,inDepth=8,p=same vec4"],
  },
  {
    reason: "TensorFlow has this operation for numbers only",
    specs: [
      "diag bool",
      "greaterEqual should support string comparison",
      "greater should support string comparison",
      "lessEqual should support string comparison",
      "less should support string comparison",
    ],
  },
  {
    reason: "TensorFlow has this operation for floating point only",
    specs: ["leakyrelu int32", "step kernel with int32 tensor"],
  },
  {
    reason: "TensorFlow's einsum is more permissive",
    specs: [
      "einsum 2d matrix calculate trace: duplicate axes not implemented yet",
      "einsum nonexistent dimension throws error",
    ],
  },
  {
    reason: "TensorFlow's ScatterNd wants indices of rank 2",
    specs: [
      "scatterND should work for 2d",
      "scatterND should work for simple 1d",
      "scatterND should work for multiple 1d",
      "scatterND should sum the duplicated indices",
      "scatterND should work for tensorLike input",
    ],
  },
  {
    reason: "TensorFlow keeps NaN: the sign of NaN is NaN",
    specs: ["sign basic", "sign does not propagate NaNs", "sign accepts a tensor-like object"],
  },
  {
    reason: "TensorFlow draws other numbers from an operation's seed on every call",
    specs: ["multinomial creates the same data given the same seed"],
  },
  { reason: "TensorFlow counts every NaN as a value of its own", specs: ["unique 1d tensor with NaN and Infinity"] },
  {
    reason: "TensorFlow's tan differs in the last bit near its poles",
    specs: ["tan numbers exceed float32 precision"],
  },
];
