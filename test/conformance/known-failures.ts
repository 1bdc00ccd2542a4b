/**
 * The specs of tfjs-core that fail on TensorFlow, and why. All of them are run: one that passes, or is gone, must leave this
 * list.
 */

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
    reason: "tfjs's gradient of a mirrored pad forgets what was mirrored",
    specs: ["mirrorPad grad", "mirrorPad gradient with clones"],
  },
  {
    reason: "TensorFlow's words, which these specs want alone, stand in a typed error that names the operation",
    specs: [
      "raggedGather  OutOfBounds",
      "raggedGather  InvalidSplitsNotSorted",
      "raggedGather  InvalidSplitsNegative",
      "raggedGather  InvalidSplitsEmpty",
      "raggedGather  InvalidSplitsTooBig",
      "raggedGather  BadValuesShape",
      "raggedRange  RangeSizeOverflow",
      "raggedRange  InvalidArgsStarts",
      "raggedRange  InvalidArgsLimits",
      "raggedRange  InvalidArgsDeltas",
      "raggedRange  InvalidArgsShapeMismatch",
      "raggedRange  InvalidArgsZeroDelta",
      "sparseFillEmptyRows throw error if negative row",
      "sparseFillEmptyRows throw error if row exceeds number of dense rows",
      "sparseReshape throw error if negative output dim",
      "sparseSegmentMean throw error if segment ids are not increasing",
      "sparseSegmentMean throw error if segment id is out of range",
      "sparseSegmentMean throw error if segment id is out of range and negative",
      "sparseSegmentMean throw error if segment id is negative",
      "sparseSegmentMean throw error if segment id is negative and there is a hole",
      "sparseSegmentSum segments invalid 2",
      "sparseSegmentSum segments invalid 3",
      "sparseSegmentSum segments invalid 4",
      "sparseSegmentSum segments invalid 6",
      "sparseSegmentSum segments invalid 7",
    ],
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
      "greaterEqual should support string comparison",
      "greater should support string comparison",
      "lessEqual should support string comparison",
      "less should support string comparison",
    ],
  },
  {
    reason: "Einsum is more permissive here",
    specs: [
      "einsum 2d matrix calculate trace: duplicate axes not implemented yet",
      "einsum nonexistent dimension throws error",
      "einsum more than two input tensors throws error",
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
