"""The models of the bench in PyTorch, as one writes them there."""

import time

import torch
from examples import inputs, takes_tokens, vocab
from torch import nn
from torch.nn import functional as F


class Block(nn.Module):
    """A block of a ResNet; the shortcut has no weights (option A of the paper)."""

    def __init__(self, channels, filters):
        super().__init__()
        stride = 1 if channels == filters else 2
        self.conv1 = nn.Conv2d(channels, filters, 3, stride, 1, bias=False)
        self.norm1 = nn.BatchNorm2d(filters)
        self.conv2 = nn.Conv2d(filters, filters, 3, 1, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(filters)
        self.missing = filters - channels

    def forward(self, x):
        y = self.norm2(self.conv2(F.relu(self.norm1(self.conv1(x)))))
        if self.missing > 0:
            x = F.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, 0, self.missing))
        return F.relu(x + y)


class Channels(nn.Module):
    """Images [batch, height, width, channels] as PyTorch takes them; a view of the same memory (channels last)."""

    def forward(self, x):
        return x.permute(0, 3, 1, 2)


class Mean(nn.Module):
    def forward(self, x):
        return x.mean((2, 3))


class Recurrent(nn.Module):
    def __init__(self, kind):
        super().__init__()
        self.layer = kind(28, 64, batch_first=True)
        self.head = nn.Linear(64, 10)

    def forward(self, x):
        return self.head(self.layer(x)[0][:, -1])


class Attention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width)
        self.projection = nn.Linear(width, width)

    def forward(self, x, cache=None, at=0):
        batch, time, width = x.shape
        split = self.qkv(x).view(batch, time, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)
        query, key, value = split.unbind(0)
        if cache is None:
            y = F.scaled_dot_product_attention(query, key, value, is_causal=True)
        else:
            cache[0][:, :, at : at + time] = key
            cache[1][:, :, at : at + time] = value
            y = F.scaled_dot_product_attention(query, cache[0][:, :, : at + time], cache[1][:, :, : at + time])
        return self.projection(y.transpose(1, 2).reshape(batch, time, width))


class TransformerBlock(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.norm1 = nn.LayerNorm(width)
        self.attention = Attention(width, heads)
        self.norm2 = nn.LayerNorm(width)
        self.mlp = nn.Sequential(nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width))

    def forward(self, x, cache=None, at=0):
        x = x + self.attention(self.norm1(x), cache, at)
        return x + self.mlp(self.norm2(x))


class Gpt(nn.Module):
    def __init__(self, context, width, heads, layers):
        super().__init__()
        self.context, self.width, self.heads = context, width, heads
        self.tokens = nn.Embedding(vocab, width)
        self.positions = nn.Embedding(context, width)
        self.blocks = nn.ModuleList(TransformerBlock(width, heads) for _ in range(layers))
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, vocab, bias=False)

    def forward(self, tokens, caches=None, at=0):
        x = self.tokens(tokens) + self.positions.weight[at : at + tokens.shape[1]]
        for index, block in enumerate(self.blocks):
            x = block(x, None if caches is None else caches[index], at)
        return self.head(self.norm(x))

    @torch.inference_mode()
    def generate(self, prompt, count):
        """With a cache of keys and values: each token goes through the blocks alone."""
        size = self.width // self.heads
        room = lambda: torch.zeros(1, self.heads, self.context, size)
        caches = [(room(), room()) for _ in self.blocks]
        tokens = list(prompt)
        at, seen = 0, torch.tensor([tokens])
        for _ in range(count):
            logits = self(seen, caches, at)[0, -1]
            at = len(tokens)
            tokens.append(int(torch.multinomial(logits.softmax(-1), 1)))
            seen = torch.tensor([tokens[-1:]])
        return tokens


def network(model):
    if model == "mlp":
        return nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))
    if model == "wide":
        return nn.Sequential(
            nn.Linear(784, 2048), nn.ReLU(), nn.Linear(2048, 2048), nn.ReLU(), nn.Linear(2048, 10)
        )
    if model == "cnn":
        pool = lambda: (nn.ReLU(), nn.MaxPool2d(2))
        convolutions = (nn.Conv2d(1, 16, 3), *pool(), nn.Conv2d(16, 32, 3), *pool())
        return nn.Sequential(Channels(), *convolutions, nn.Flatten(), nn.Linear(800, 10))
    if model == "resnet":
        sizes = [16] * 4 + [32] * 3 + [64] * 3
        blocks = [Block(before, after) for before, after in zip(sizes, sizes[1:])]
        first = (nn.Conv2d(3, 16, 3, 1, 1, bias=False), nn.BatchNorm2d(16), nn.ReLU())
        return nn.Sequential(Channels(), *first, *blocks, Mean(), nn.Linear(64, 10))
    if model in ("lstm", "gru"):
        return Recurrent(nn.LSTM if model == "lstm" else nn.GRU)
    return Gpt(64, 64, 4, 2) if model == "transformer" else Gpt(128, 256, 8, 4)


def initialize(model, net):
    """The first weights that Nabla draws: GPT-2's, He's for convolutions of a ResNet, else Glorot's; no offsets."""
    for name, weight in net.named_parameters():
        if name.endswith("bias") or "bias_" in name:
            nn.init.zeros_(weight)
        elif takes_tokens(model) and weight.ndim > 1:
            nn.init.normal_(weight, std=0.02)
        elif weight.ndim == 4 and model == "resnet":
            nn.init.kaiming_normal_(weight)
        elif weight.ndim > 1:
            nn.init.xavier_uniform_(weight)


class Made:
    def __init__(self, model, x, y, batch, compiled):
        self.net = network(model)
        initialize(model, self.net)
        self.parameters = sum(weight.numel() for weight in self.net.parameters())
        if model in ("cnn", "resnet"):
            self.net = self.net.to(memory_format=torch.channels_last)
        self.optimizer = torch.optim.Adam(self.net.parameters(), 1e-3, fused=True)
        self.x = torch.from_numpy(x).long() if takes_tokens(model) else torch.from_numpy(x)
        self.y, self.size = torch.from_numpy(y).long(), batch
        self.one = (self.x[:batch], self.y[:batch])
        wrap = (lambda f: torch.compile(f, dynamic=False)) if compiled else (lambda f: f)
        self.loss = wrap(lambda x, y: F.cross_entropy(self.net(x).flatten(0, -2), y.flatten()))
        self.infer = wrap(lambda x: self.net(x))

    def learn(self, x, y):
        self.net.train()
        self.optimizer.zero_grad()
        loss = self.loss(x, y)
        loss.backward()
        self.optimizer.step()
        return loss.item()

    def step(self):
        self.learn(*self.one)

    def forward(self):
        self.net.eval()
        with torch.inference_mode():
            self.infer(self.one[0]).numpy()

    def fit(self, steps, ended):
        while steps > 0:
            for indices in torch.randperm(len(self.y)).split(self.size)[:steps]:
                self.learn(self.x[indices], self.y[indices])
                ended()
                steps -= 1


class Side:
    def __init__(self, name):
        self.compiled = name == "compile"
        self.gpt = None
        torch.manual_seed(1)

    def hello(self):
        how = "torch.compile of model and loss" if self.compiled else "eager"
        return f"PyTorch {torch.__version__.split('+')[0]}, {how}, channels last, fused Adam, {torch.get_num_threads()} threads"

    def make(self, model, x, y, batch):
        return Made(model, x, y, batch, self.compiled)

    def generate(self, count):
        """Tokens a second."""
        if self.gpt is None:
            self.gpt = network("gpt").eval()
            initialize("gpt", self.gpt)
            self.gpt.generate([0], 8)
        begin = time.perf_counter()
        self.gpt.generate([0], count)
        return count / (time.perf_counter() - begin)
