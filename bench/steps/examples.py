"""What goes into each model of the bench; the numbers do not matter."""

import numpy as np

# A run over the data set meets so many batches.
batches_held = 16
vocab = 65
# model: shape of one input; tokens where it is one-dimensional and not pixels
inputs = {
    "mlp": (784,),
    "wide": (784,),
    "cnn": (28, 28, 1),
    "resnet": (32, 32, 3),
    "lstm": (28, 28),
    "gru": (28, 28),
    "transformer": (64,),
    "gpt": (128,),
}


def takes_tokens(model):
    return model in ("transformer", "gpt")


def examples(model, batch):
    """Inputs and class indices for `batches_held` batches; what they are does not matter."""
    random = np.random.default_rng(1)
    shape = (batches_held * batch, *inputs[model])
    if takes_tokens(model):
        return random.integers(vocab, size=shape, dtype=np.int32), random.integers(vocab, size=shape, dtype=np.int32)
    return random.random(shape, dtype=np.float32), random.integers(10, size=shape[0], dtype=np.int32)
