/**
 * The specs of tfjs-core that fail on TensorFlow, and why. All of them are run: one that passes, or is gone, must leave this
 * list. tfjs-node excludes every one of them too.
 */

/** Kernels that tfjs-node does not have. Specs that fail for the want of one are known to fail. */
export const missingKernels: readonly string[] = [
  "BitwiseAnd",
  "DenseBincount",
  "MaxPoolWithArgmax",
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
    reason: "TensorFlow pads pools and transposed convolutions with 'valid' and 'same' only",
    specs: [
      "avgPool3d x=[1,2,2,2,1] f=[2,2,2] s=1 p=1 roundingMode=floor",
      "avgPool3d x=[1,1,1,1,1] f=[2,2,2] s=1 p=2",
      "avgPool x=[3,3,1] f=[3,3] s=1 p=explicit",
      "avgPool x=[2,2,3] f=[2,2] s=3 p=1 default dimRoundingMode",
      "avgPool x=[2,2,3] f=[1,1] s=2 p=1 dimRoundingMode=floor",
      "avgPool x=[2,2,3] f=[2,2] s=3 p=1 dimRoundingMode=floor",
      "avgPool x=[2,2,3] f=[2,2] s=3 p=1 dimRoundingMode=round",
      "avgPool x=[2,2,3] f=[2,2] s=3 p=1 dimRoundingMode=ceil",
      "avgPool gradient x=[3,3,1] f=[3,3] s=1 p=explicit",
      "conv2dTranspose input=3x3x1,d2=1,f=2,s=2,p=explicit",
      "conv2dTranspose gradient input=[1,3,3,1] f=[2,2,2,1] s=[1,1] p=explicit",
      "maxPool3d x=[1,2,2,2,1] f=[2,2,2] s=1 p=1 roundingMode=floor",
      "maxPool x=[3,3,1] f=[3,3] s=1 p=explicit",
      "maxPool x=[2,2,3] f=[2,2] s=3 p=1 default dimRoundingMode",
      "maxPool x=[2,2,3] f=[1,1] s=2 p=1 dimRoundingMode=floor",
      "maxPool x=[2,2,3] f=[2,2] s=3 p=1 dimRoundingMode=floor",
      "maxPool x=[2,2,3] f=[2,2] s=3 p=1 dimRoundingMode=round",
      "maxPool x=[2,2,3] f=[2,2] s=3 p=1 dimRoundingMode=ceil",
      "maxPoolBackprop gradient x=[3,3,1] f=3 s=1 p=explicit",
      "pool max x=[3,3,1] f=[3,3] s=1 d=1 p=explicit",
      "pool max x=[3,3,1] f=[3,3] s=3 d=1 p=explicit defualt dimRoundingMode",
      "pool max x=[3,3,1] f=[3,3] s=3 d=1 p=explicit dimRoundingMode=floor",
      "pool max x=[3,3,1] f=[3,3] s=3 d=1 p=explicit dimRoundingMode=round",
      "pool max x=[3,3,1] f=[3,3] s=3 d=1 p=explicit dimRoundingMode=ceil",
      "pool max x=[2,2,3] f=[1,1] s=2 p=1 fractional outputs default rounding",
      "pool avg x=[3,3,1] f=[3,3] s=1 d=1 p=explicit",
      "pool avg x=[3,3,1] f=[3,3] s=3 d=1 p=explicit defualt dimRoundingMode",
      "pool avg x=[3,3,1] f=[3,3] s=3 d=1 p=explicit dimRoundingMode=floor",
      "pool avg x=[3,3,1] f=[3,3] s=3 d=1 p=explicit dimRoundingMode=round",
      "pool avg x=[3,3,1] f=[3,3] s=3 d=1 p=explicit dimRoundingMode=ceil",
      "pool avg x=[2,2,3] f=[1,1] s=2 p=1 fractional outputs default rounding",
    ],
  },
  {
    reason: "tfjs-node's fused convolution takes channels last only",
    specs: [
      "fused conv2d basic in NCHW",
      "fused conv2d basic in NCHW with scalar bias",
      "fused conv2d basic in NCHW with 1-D bias",
      "fused conv2d basic in NCHW with bias and multiple batches",
      "fused conv2d basic in NCHW with scalar PReLU actiavation",
      "fused conv2d basic in NCHW with 1-D PReLU actiavation",
      "fused conv2d basic in NCHW with 3-D PReLU actiavation",
      "fused conv2d basic in NCHW with full 3-D PReLU actiavation",
      "fused conv2d im2row in NCHW",
      "fused conv2d im2row in NCHW with scalar bias",
      "fused conv2d im2row in NCHW with 1-D bias",
      "fused conv2d im2row in NCHW with scalar PReLU actiavation weights",
      "fused conv2d im2row in NCHW with 1-D PReLU actiavation weights",
      "fused conv2d im2row in NCHW with 3-D PReLU actiavation weights",
      "fused conv2d im2row in NCHW with full 3-D PReLU actiavation weights",
      "fused conv2d batch in NCHW",
      "fused conv2d batch in NCHW with scalar bias",
      "fused conv2d batch in NCHW with 1-D bias",
      "fused conv2d batch in NCHW with scalar PReLU actiavation weights",
      "fused conv2d batch in NCHW with 1-D PReLU actiavation weights",
      "fused conv2d batch in NCHW with 3-D PReLU actiavation weights",
      "fused conv2d batch in NCHW with full 3-D PReLU actiavation weights",
    ],
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
