/**
 * TensorFlow.js as the rest of the library sees it: the only door to `@tensorflow/tfjs`. Importing it registers the native
 * backend, which loads TensorFlow at the first operation, not before.
 */
export * from "@tensorflow/tfjs";
