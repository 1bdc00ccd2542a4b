/** Layers, models and what belongs to them, as users see them: `nn.dense(10)`. */
export { seed } from "../tensor/random.js";
export type { Shape } from "../tensor/shape.js";
export {
  type AdaptivePool,
  adaptiveAveragePool1d,
  adaptiveAveragePool2d,
  adaptiveAveragePool3d,
  adaptiveMaxPool1d,
  adaptiveMaxPool2d,
  adaptiveMaxPool3d,
} from "./adaptive-pool.js";
export { alphaDropout } from "./alpha-dropout.js";
export { type Autoencoder, type AutoencoderOptions, autoencoder } from "./architectures/autoencoder.js";
export { type CharRnnOptions, charRnn } from "./architectures/char-rnn.js";
export { type ContactMapOptions, contactMap } from "./architectures/contact-map.js";
export { type EmbeddingNet, type EmbeddingNetOptions, embeddingNet } from "./architectures/embedding-net.js";
export { type ForecasterOptions, forecaster } from "./architectures/forecaster.js";
export { type LenetOptions, lenet } from "./architectures/lenet.js";
export { type MlpOptions, mlp } from "./architectures/mlp.js";
export { type RecurrentClassifierOptions, recurrentClassifier } from "./architectures/recurrent-classifier.js";
export type { RecurrentKind } from "./architectures/recurrent-kinds.js";
export { type Seq2seqOptions, seq2seq } from "./architectures/seq2seq.js";
export { type SpectrogramCnnOptions, spectrogramCnn } from "./architectures/spectrogram-cnn.js";
export { type TcnOptions, tcn } from "./architectures/tcn.js";
export { type UnetOptions, unet } from "./architectures/unet.js";
export { type Vae, type VaeOptions, vae } from "./architectures/vae.js";
export { type VggOptions, vgg } from "./architectures/vgg.js";
export { type VitOptions, vit } from "./architectures/vit.js";
export { type Attention, type AttentionOptions, attention } from "./attention.js";
export { type BatchNormOptions, batchNorm } from "./batch-norm.js";
export { type Beam, type BeamSearchOptions, beamSearch } from "./beam-search.js";
export { type BertOptions, bert } from "./bert.js";
export { type Bidirectional, type BidirectionalOptions, bidirectional, type Merge } from "./bidirectional.js";
export type { BlockOptions, BlockParts } from "./block.js";
export { type Captured, type CaptureOptions, capture, captureGradients } from "./capture.js";
export { type CeluOptions, celu } from "./celu.js";
export { type Branch, type Concat, concat } from "./concat.js";
export {
  type Conv1dOptions,
  type Conv2dOptions,
  type Conv3dOptions,
  type Convolution,
  conv1d,
  conv2d,
  conv3d,
} from "./convolution.js";
export { type CrossAttention, type CrossAttentionOptions, crossAttention } from "./cross-attention.js";
export type { Custom } from "./custom.js";
export { type DecoderBlock, type DecoderBlockOptions, decoderBlock } from "./decoder-block.js";
export { defineLayer, type LayerDefinition, type LayerParts } from "./define-layer.js";
export { type Dense, type DenseOptions, dense } from "./dense.js";
export { dropPath } from "./drop-path.js";
export { dropout } from "./dropout.js";
export type { SameShape } from "./elementwise.js";
export { type EluOptions, elu } from "./elu.js";
export { type Embedding, type EmbeddingOptions, embedding } from "./embedding.js";
export { type EncoderBlock, type EncoderBlockOptions, encoderBlock } from "./encoder-block.js";
export { type EncoderDecoderOptions, encoderDecoder } from "./encoder-decoder.js";
export type { BlockActivation } from "./feed-forward.js";
export { type Flatten, flatten } from "./flatten.js";
export { freeze, unfreeze } from "./freeze.js";
export type { Gated } from "./gated.js";
export { gaussianNoise } from "./gaussian-noise.js";
export { type GeluOptions, gelu } from "./gelu.js";
export {
  type EndOptions,
  GenerateInterruptedError,
  type GenerateOptions,
  generate,
  type StreamOptions,
  stream,
} from "./generate.js";
export {
  type GlobalPool,
  globalAveragePool1d,
  globalAveragePool2d,
  globalAveragePool3d,
  globalMaxPool1d,
  globalMaxPool2d,
  globalMaxPool3d,
} from "./global-pool.js";
export { glu } from "./glu.js";
export { type GptOptions, gpt } from "./gpt.js";
export { type GroupNorm, type GroupNormOptions, groupNorm } from "./group-norm.js";
export { type Gru, gru } from "./gru.js";
export { hardSigmoid } from "./hard-sigmoid.js";
export { hardSwish } from "./hard-swish.js";
export { type HardTanhOptions, hardTanh } from "./hard-tanh.js";
export { type HeadLayers, type Heads, heads } from "./heads.js";
export type { SightOptions } from "./hiding.js";
export * as init from "./init.js";
export type { Initial } from "./initial.js";
export type { InitialName } from "./initial-names.js";
export { type Input, input } from "./input.js";
export { type InstanceNorm, type InstanceNormOptions, instanceNorm } from "./instance-norm.js";
export type { HeadLoss, JointLoss } from "./joint-loss.js";
export { type LambdaOptions, lambda, type TensorFunction } from "./lambda.js";
export type { Built, given, Layer, yields } from "./layer.js";
export { type LayerNormOptions, layerNorm } from "./layer-norm.js";
export { type LeakyReluOptions, leakyRelu } from "./leaky-relu.js";
export { logSigmoid } from "./log-sigmoid.js";
export { logSoftmax } from "./log-softmax.js";
export * as losses from "./losses/index.js";
export type { Loss } from "./losses/loss.js";
export type { LossName } from "./losses/names.js";
export { type Lstm, type LstmOptions, lstm } from "./lstm.js";
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
} from "./margins.js";
export { type Masking, type MaskingOptions, masking } from "./masking.js";
export * as metrics from "./metrics/index.js";
export type { Metric } from "./metrics/metric.js";
export type { MetricName } from "./metrics/names.js";
export { mish } from "./mish.js";
export { type MixtureOptions, mixtureOfExperts } from "./mixture-of-experts.js";
export type { Forward, LayerSummary, Masked, Model, Parameter } from "./module.js";
export { type Permute, permute } from "./permute.js";
export {
  averagePool1d,
  averagePool2d,
  averagePool3d,
  maxPool1d,
  maxPool2d,
  maxPool3d,
  type Pool,
  type PoolOptions,
} from "./pool.js";
export { type Positions, type PositionsKind, type PositionsOptions, positions } from "./positions.js";
export { prelu } from "./prelu.js";
export type { RecurrentLayer, RecurrentOptions, RecurrentWeightOptions } from "./recurrent.js";
export { type L1L2Options, l1, l1l2, l2, type Regularizer } from "./regularizer.js";
export { relu } from "./relu.js";
export { relu6 } from "./relu6.js";
export { type Reshape, reshape } from "./reshape.js";
export { type Residual, type ResidualOptions, residual } from "./residual.js";
export { type ResnetOptions, resnet } from "./resnet.js";
export { type RmsNormOptions, rmsNorm } from "./rms-norm.js";
export { type Rnn, type RnnOptions, rnn } from "./rnn.js";
export type { RotaryOptions } from "./rotary.js";
export type { SamplingOptions } from "./sampling.js";
export type { Scope, Weight, WeightSettings } from "./scope.js";
export { selu } from "./selu.js";
export {
  type DepthwiseConvolution,
  type DepthwiseOptions,
  depthwiseConv1d,
  depthwiseConv2d,
  type SeparableConvolution,
  separableConv1d,
  separableConv2d,
} from "./separable-convolution.js";
export { sequential } from "./sequential.js";
export { shared } from "./shared.js";
export { sigmoid } from "./sigmoid.js";
export { silu } from "./silu.js";
export { softmax } from "./softmax.js";
export { softplus } from "./softplus.js";
export { softsign } from "./softsign.js";
export { type SpatialDropout1d, spatialDropout1d } from "./spatial-dropout1d.js";
export { type SpatialDropout2d, spatialDropout2d } from "./spatial-dropout2d.js";
export { swiglu } from "./swiglu.js";
export { tanh } from "./tanh.js";
export type { TextCodec } from "./text-codec.js";
export { type TransformerOptions, transformer } from "./transformer.js";
export { type TransformerBlock, type TransformerBlockOptions, transformerBlock } from "./transformer-block.js";
export { type TranslateOptions, translate } from "./translate.js";
export {
  conv1dTranspose,
  conv2dTranspose,
  conv3dTranspose,
  type TransposedConvolution,
  type TransposedOptions,
} from "./transposed-convolution.js";
export {
  type UpSampling,
  type UpSampling2dOptions,
  upSampling1d,
  upSampling2d,
  upSampling3d,
} from "./up-sampling.js";
export type { BiasedWeightOptions, WeightOptions } from "./weight-options.js";
export { copyWeights, setWeights, type Weights, weights } from "./weights.js";
