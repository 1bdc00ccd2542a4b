/** Layers, models and what belongs to them, as users see them: `nn.dense(10)`. */
export { seed } from "../tensor/random.js";
export type { Shape } from "../tensor/shape.js";
export { type CeluOptions, celu } from "./activations/celu.js";
export { type EluOptions, elu } from "./activations/elu.js";
export type { Gated } from "./activations/gated.js";
export { type GeluOptions, gelu } from "./activations/gelu.js";
export { glu } from "./activations/glu.js";
export { hardSigmoid } from "./activations/hard-sigmoid.js";
export { hardSwish } from "./activations/hard-swish.js";
export { type HardTanhOptions, hardTanh } from "./activations/hard-tanh.js";
export { type LeakyReluOptions, leakyRelu } from "./activations/leaky-relu.js";
export { logSigmoid } from "./activations/log-sigmoid.js";
export { logSoftmax } from "./activations/log-softmax.js";
export { mish } from "./activations/mish.js";
export { prelu } from "./activations/prelu.js";
export { relu } from "./activations/relu.js";
export { relu6 } from "./activations/relu6.js";
export { selu } from "./activations/selu.js";
export { sigmoid } from "./activations/sigmoid.js";
export { silu } from "./activations/silu.js";
export { softmax } from "./activations/softmax.js";
export { softplus } from "./activations/softplus.js";
export { softsign } from "./activations/softsign.js";
export { swiglu } from "./activations/swiglu.js";
export { tanh } from "./activations/tanh.js";
export { type Autoencoder, type AutoencoderOptions, autoencoder } from "./architectures/autoencoder.js";
export { type BertOptions, bert } from "./architectures/bert.js";
export { type CharRnnOptions, charRnn } from "./architectures/char-rnn.js";
export { type ContactMapOptions, contactMap } from "./architectures/contact-map.js";
export { type EmbeddingNet, type EmbeddingNetOptions, embeddingNet } from "./architectures/embedding-net.js";
export { type EncoderDecoderOptions, encoderDecoder } from "./architectures/encoder-decoder.js";
export { type ForecasterOptions, forecaster } from "./architectures/forecaster.js";
export { type GptOptions, gpt } from "./architectures/gpt.js";
export { type LenetOptions, lenet } from "./architectures/lenet.js";
export { type MlpOptions, mlp } from "./architectures/mlp.js";
export { type RecurrentClassifierOptions, recurrentClassifier } from "./architectures/recurrent-classifier.js";
export type { RecurrentKind } from "./architectures/recurrent-kinds.js";
export { type ResnetOptions, resnet } from "./architectures/resnet.js";
export { type Seq2seqOptions, seq2seq } from "./architectures/seq2seq.js";
export { type SpectrogramCnnOptions, spectrogramCnn } from "./architectures/spectrogram-cnn.js";
export { type TcnOptions, tcn } from "./architectures/tcn.js";
export { type TransformerOptions, transformer } from "./architectures/transformer.js";
export { type UnetOptions, unet } from "./architectures/unet.js";
export { type Vae, type VaeOptions, vae } from "./architectures/vae.js";
export { type VggOptions, vgg } from "./architectures/vgg.js";
export { type VitOptions, vit } from "./architectures/vit.js";
export { type Attention, type AttentionOptions, attention } from "./attention/attention.js";
export type { BlockOptions, BlockParts } from "./attention/block.js";
export { type CrossAttention, type CrossAttentionOptions, crossAttention } from "./attention/cross-attention.js";
export { type DecoderBlock, type DecoderBlockOptions, decoderBlock } from "./attention/decoder-block.js";
export { type EncoderBlock, type EncoderBlockOptions, encoderBlock } from "./attention/encoder-block.js";
export type { BlockActivation } from "./attention/feed-forward.js";
export type { SightOptions } from "./attention/hiding.js";
export { type Positions, type PositionsKind, type PositionsOptions, positions } from "./attention/positions.js";
export type { RotaryOptions } from "./attention/rotary.js";
export {
  type TransformerBlock,
  type TransformerBlockOptions,
  transformerBlock,
} from "./attention/transformer-block.js";
export { type Captured, type CaptureOptions, capture, captureGradients } from "./capture.js";
export { type Branch, type Concat, concat } from "./concat.js";
export {
  type AdaptivePool,
  adaptiveAveragePool1d,
  adaptiveAveragePool2d,
  adaptiveAveragePool3d,
  adaptiveMaxPool1d,
  adaptiveMaxPool2d,
  adaptiveMaxPool3d,
} from "./convolution/adaptive-pool.js";
export {
  type Conv1dOptions,
  type Conv2dOptions,
  type Conv3dOptions,
  type Convolution,
  conv1d,
  conv2d,
  conv3d,
} from "./convolution/convolution.js";
export {
  type GlobalPool,
  globalAveragePool1d,
  globalAveragePool2d,
  globalAveragePool3d,
  globalMaxPool1d,
  globalMaxPool2d,
  globalMaxPool3d,
} from "./convolution/global-pool.js";
export {
  type Cropping,
  cropping1d,
  cropping2d,
  cropping3d,
  type Ends,
  type SidesOf,
  type ZeroPadding,
  zeroPadding1d,
  zeroPadding2d,
  zeroPadding3d,
} from "./convolution/margins.js";
export {
  averagePool1d,
  averagePool2d,
  averagePool3d,
  maxPool1d,
  maxPool2d,
  maxPool3d,
  type Pool,
  type PoolOptions,
} from "./convolution/pool.js";
export {
  type DepthwiseConvolution,
  type DepthwiseOptions,
  depthwiseConv1d,
  depthwiseConv2d,
  type SeparableConvolution,
  separableConv1d,
  separableConv2d,
} from "./convolution/separable-convolution.js";
export {
  conv1dTranspose,
  conv2dTranspose,
  conv3dTranspose,
  type TransposedConvolution,
  type TransposedOptions,
} from "./convolution/transposed-convolution.js";
export {
  type UpSampling,
  type UpSampling2dOptions,
  upSampling1d,
  upSampling2d,
  upSampling3d,
} from "./convolution/up-sampling.js";
export type { Custom } from "./custom.js";
export { defineLayer, type LayerDefinition, type LayerParts } from "./define-layer.js";
export { type Dense, type DenseOptions, dense } from "./dense.js";
export { alphaDropout } from "./dropout/alpha-dropout.js";
export { dropPath } from "./dropout/drop-path.js";
export { dropout } from "./dropout/dropout.js";
export { gaussianNoise } from "./dropout/gaussian-noise.js";
export { type SpatialDropout1d, spatialDropout1d } from "./dropout/spatial-dropout1d.js";
export { type SpatialDropout2d, spatialDropout2d } from "./dropout/spatial-dropout2d.js";
export type { SameShape } from "./elementwise.js";
export { type Embedding, type EmbeddingOptions, embedding } from "./embedding.js";
export { type Flatten, flatten } from "./flatten.js";
export { freeze, unfreeze } from "./freeze.js";
export { type Beam, type BeamSearchOptions, beamSearch } from "./generation/beam-search.js";
export {
  type EndOptions,
  GenerateInterruptedError,
  type GenerateOptions,
  generate,
  type StreamOptions,
  stream,
} from "./generation/generate.js";
export type { SamplingOptions } from "./generation/sampling.js";
export type { TextCodec } from "./generation/text-codec.js";
export { type TranslateOptions, translate } from "./generation/translate.js";
export { type HeadLayers, type Heads, heads } from "./heads.js";
export * as init from "./initializers/init.js";
export type { Initial } from "./initializers/initial.js";
export type { InitialName } from "./initializers/initial-names.js";
export { type Input, input } from "./input.js";
export type { HeadLoss, JointLoss } from "./joint-loss.js";
export { type LambdaOptions, lambda, type TensorFunction } from "./lambda.js";
export type { Built, given, Layer, yields } from "./layer.js";
export * as losses from "./losses/index.js";
export type { Loss } from "./losses/loss.js";
export type { LossName } from "./losses/names.js";
export { type Masking, type MaskingOptions, masking } from "./masking.js";
export * as metrics from "./metrics/index.js";
export type { Metric } from "./metrics/metric.js";
export type { MetricName } from "./metrics/names.js";
export { type MixtureOptions, mixtureOfExperts } from "./mixture-of-experts.js";
export type { Forward, LayerSummary, Masked, Model, Parameter } from "./module.js";
export { type BatchNormOptions, batchNorm } from "./normalization/batch-norm.js";
export { type GroupNorm, type GroupNormOptions, groupNorm } from "./normalization/group-norm.js";
export { type InstanceNorm, type InstanceNormOptions, instanceNorm } from "./normalization/instance-norm.js";
export { type LayerNormOptions, layerNorm } from "./normalization/layer-norm.js";
export { type RmsNormOptions, rmsNorm } from "./normalization/rms-norm.js";
export { type Permute, permute } from "./permute.js";
export { type Bidirectional, type BidirectionalOptions, bidirectional, type Merge } from "./recurrent/bidirectional.js";
export { type Gru, gru } from "./recurrent/gru.js";
export { type Lstm, type LstmOptions, lstm } from "./recurrent/lstm.js";
export type { RecurrentLayer, RecurrentOptions, RecurrentWeightOptions } from "./recurrent/recurrent.js";
export { type Rnn, type RnnOptions, rnn } from "./recurrent/rnn.js";
export { type L1L2Options, l1, l1l2, l2, type Regularizer } from "./regularizer.js";
export { type Reshape, reshape } from "./reshape.js";
export { type Residual, type ResidualOptions, residual } from "./residual.js";
export type { Scope, Weight, WeightSettings } from "./scope.js";
export { sequential } from "./sequential.js";
export { shared } from "./shared.js";
export type { BiasedWeightOptions, WeightOptions } from "./weight-options.js";
export { copyWeights, setWeights, type Weights, weights } from "./weights.js";
