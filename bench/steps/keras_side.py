"""The models of the bench in Keras 3 on TensorFlow: trained by Keras itself, or by a step of one's own in tf.function."""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["KERAS_BACKEND"] = "tensorflow"

import keras  # noqa: E402
import tensorflow as tf  # noqa: E402
from keras import layers, ops  # noqa: E402
from examples import batches_held, inputs, takes_tokens, vocab  # noqa: E402


def norm(x):
    return layers.BatchNormalization(momentum=0.9, epsilon=1e-5)(x)


def block(x, filters):
    """A block of a ResNet; the shortcut has no weights (option A of the paper)."""
    stride = 1 if x.shape[-1] == filters else 2
    conv = lambda stride: layers.Conv2D(
        filters, 3, stride, padding="same", use_bias=False, kernel_initializer="he_normal"
    )
    y = norm(conv(1)(layers.ReLU()(norm(conv(stride)(x)))))
    if stride == 2:
        x = ops.pad(x[:, ::2, ::2, :], [[0, 0], [0, 0], [0, 0], [0, filters - x.shape[-1]]])
    return layers.ReLU()(x + y)


class Positions(layers.Layer):
    def build(self, shape):
        self.weight = self.add_weight(shape=shape[1:], initializer=keras.initializers.RandomNormal(stddev=0.02))

    def call(self, x):
        return x + self.weight


def gpt(x, width, heads, depth):
    initial = keras.initializers.RandomNormal(stddev=0.02)
    dense = lambda units, **more: layers.Dense(units, kernel_initializer=initial.clone(), **more)
    x = Positions()(layers.Embedding(vocab, width, embeddings_initializer=initial.clone())(x))
    for _ in range(depth):
        y = layers.LayerNormalization(epsilon=1e-5)(x)
        x = x + layers.MultiHeadAttention(heads, width // heads, kernel_initializer=initial.clone())(
            y, y, use_causal_mask=True
        )
        y = layers.LayerNormalization(epsilon=1e-5)(x)
        x = x + dense(width)(dense(4 * width, activation="gelu")(y))
    return dense(vocab, use_bias=False)(layers.LayerNormalization(epsilon=1e-5)(x))


def network(model):
    x = given = keras.Input(inputs[model], dtype="int32" if takes_tokens(model) else "float32")
    if model == "mlp":
        x = layers.Dense(10)(layers.Dense(128, activation="relu")(x))
    elif model == "wide":
        x = layers.Dense(10)(layers.Dense(2048, activation="relu")(layers.Dense(2048, activation="relu")(x)))
    elif model == "cnn":
        for filters in (16, 32):
            x = layers.MaxPooling2D(2)(layers.Conv2D(filters, 3, activation="relu")(x))
        x = layers.Dense(10)(layers.Flatten()(x))
    elif model == "resnet":
        first = layers.Conv2D(16, 3, padding="same", use_bias=False, kernel_initializer="he_normal")
        x = layers.ReLU()(norm(first(x)))
        for filters in [16] * 3 + [32] * 3 + [64] * 3:
            x = block(x, filters)
        x = layers.Dense(10)(layers.GlobalAveragePooling2D()(x))
    elif model in ("lstm", "gru"):
        x = layers.Dense(10)((layers.LSTM if model == "lstm" else layers.GRU)(64)(x))
    else:
        x = gpt(x, 64, 4, 2) if model == "transformer" else gpt(x, 256, 8, 4)
    return keras.Model(given, x)


def loss():
    return keras.losses.SparseCategoricalCrossentropy(from_logits=True)


def trainable(net):
    return sum(int(tf.size(weight)) for weight in net.trainable_variables)


class ByKeras:
    """train_on_batch, predict_on_batch and fit, with jit_compile as Keras chooses ("auto": XLA where all layers allow it)."""

    def __init__(self, model, x, y, batch):
        self.net = network(model)
        self.parameters = trainable(self.net)
        self.net.compile(optimizer=keras.optimizers.Adam(1e-3), loss=loss())
        self.x, self.y, self.size = x, y, batch
        self.one = (tf.constant(x[:batch]), tf.constant(y[:batch]))

    def step(self):
        float(self.net.train_on_batch(*self.one))

    def forward(self):
        self.net.predict_on_batch(self.one[0])

    def fit(self, steps, ended):
        epochs, used = max(1, steps // batches_held), min(steps, batches_held) * self.size
        callback = keras.callbacks.LambdaCallback(on_train_batch_end=lambda batch, logs: ended())
        self.net.fit(self.x[:used], self.y[:used], self.size, epochs, callbacks=[callback])


class ByFunction:
    """A training step of one's own, as TensorFlow's guide writes it, without XLA."""

    def __init__(self, model, x, y, batch):
        net, optimizer, criterion = network(model), keras.optimizers.Adam(1e-3), loss()
        optimizer.build(net.trainable_variables)
        self.parameters = trainable(net)

        @tf.function
        def learn(x, y):
            with tf.GradientTape() as tape:
                value = criterion(y, net(x, training=True))
            optimizer.apply(tape.gradient(value, net.trainable_variables), net.trainable_variables)
            return value

        self.learn, self.infer = learn, tf.function(lambda x: net(x, training=False))
        self.x, self.y, self.size = x, y, batch
        self.one = (tf.constant(x[:batch]), tf.constant(y[:batch]))

    def step(self):
        float(self.learn(*self.one))

    def forward(self):
        self.infer(self.one[0]).numpy()

    def fit(self, steps, ended):
        data = tf.data.Dataset.from_tensor_slices((self.x, self.y))
        data = data.shuffle(len(self.y)).batch(self.size).prefetch(tf.data.AUTOTUNE).repeat().take(steps)
        for x, y in data:
            float(self.learn(x, y))
            ended()


class Side:
    def __init__(self, name):
        self.kind = ByKeras if name == "keras" else ByFunction
        keras.utils.set_random_seed(1)

    def hello(self):
        how = "train_on_batch, predict_on_batch and fit, jit_compile auto" if self.kind is ByKeras else "tf.function"
        return f"Keras {keras.__version__} on TensorFlow {tf.__version__}, {how}"

    def make(self, model, x, y, batch):
        return self.kind(model, x, y, batch)
