#!/usr/bin/env python3
"""Losses and weights of 50 training steps of five networks, and gradients of gradient matching, by PyTorch.

usage: networks.py            (needs the package torch; writes Tests/Goldens/*.csv)

The networks are written twice, here and in Tests/TrainingTests/Goldens, with the same names of weights; weights and
data come from the same formulas. PyTorch computes in double precision, so that the files hold the truth.
"""
import math
import pathlib

import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
FOLDER = pathlib.Path(__file__).parents[2] / "Tests/Goldens"
STEPS = 50


def wave(shape, phase, scale=1.0):
    count = math.prod(shape)
    # The formula gives single-precision numbers on both sides.
    return (torch.arange(count) * 0.7 + phase).sin().mul(scale).float().double().reshape(shape)


def values(shapes):
    """Weights by name: waves within the bounds of the layer, scales around 1, shifts around 0."""
    result = {}
    for index, name in enumerate(sorted(shapes)):
        shape, phase = shapes[name], 0.37 * index
        if name.endswith("running_mean"):
            result[name] = torch.zeros(shape)
        elif name.endswith("running_var"):
            result[name] = torch.ones(shape)
        elif sum(extent > 1 for extent in shape) < 2:
            start = 1 if name.endswith(".weight") else 0
            result[name] = start + wave(shape, phase, 0.2)
        else:
            result[name] = wave(shape, phase, 1 / math.sqrt(math.prod(shape[1:])))
        result[name] = result[name].float().double()
    return result


class Parameters:
    """Shapes of a network's weights, noted while it is built, then the weights themselves."""

    def __init__(self, build):
        self.shapes, self.tensors = {}, None
        build(self)
        self.tensors = values(self.shapes)
        self.trained = [n for n in sorted(self.tensors) if "running" not in n]
        for name in self.trained:
            self.tensors[name].requires_grad_()

    def __call__(self, name, *shape):
        if self.tensors is None:
            self.shapes[name] = shape
            return torch.zeros(shape)
        return self.tensors[name]

    def batch_norm(self, x, name, affine=True):
        channels = x.shape[1]
        weight = self(f"{name}.weight", channels) if affine else None
        bias = self(f"{name}.bias", channels) if affine else None
        mean, variance = self(f"{name}.running_mean", channels), self(f"{name}.running_var", channels)
        return F.batch_norm(x, mean, variance, weight, bias, training=True, momentum=0.1)

    def conv(self, x, channels, kernel, name, stride=1, padding=None, groups=1, dilation=1, bias=False):
        weight = self(f"{name}.weight", channels, x.shape[1] // groups, kernel, kernel)
        b = self(f"{name}.bias", channels, 1, 1).flatten() if bias else None
        padding = (kernel - 1) // 2 * dilation if padding is None else padding
        return F.conv2d(x, weight, b, stride, padding, dilation, groups)

    def linear(self, x, features, name):
        return F.linear(x, self(f"{name}.weight", features, x.shape[-1]), self(f"{name}.bias", features))

    def layer_norm(self, x, name):
        features = x.shape[-1]
        return F.layer_norm(x, (features,), self(f"{name}.weight", features), self(f"{name}.bias", features), 1e-6)


def resnet(p, x):
    x = F.relu(p.batch_norm(p.conv(x, 16, 3, "conv1"), "bn1"))
    for stage in range(3):
        name, channels = f"layer{stage + 1}.0", 16 << stage
        stride = 2 if stage else 1
        y = F.relu(p.batch_norm(p.conv(x, channels, 3, f"{name}.conv1", stride), f"{name}.bn1"))
        y = p.batch_norm(p.conv(y, channels, 3, f"{name}.conv2"), f"{name}.bn2")
        if stage:
            more = channels - x.shape[1]
            x = F.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, more // 2, more - more // 2))
        x = F.relu(y + x)
    return p.linear(x.mean((2, 3)), 10, "fc")


def edge(p, x, name):
    """One mixed edge of a search cell: operations weighted by the softmax of their strengths."""
    c = x.shape[1]
    strengths = p(f"{name}.alpha", 6).softmax(0)
    separable = p.conv(p.conv(F.relu(x), c, 3, f"{name}.sep.depthwise", groups=c), c, 1, f"{name}.sep.pointwise")
    dilated = p.conv(p.conv(F.relu(x), c, 3, f"{name}.dil.depthwise", groups=c, dilation=2), c, 1, f"{name}.dil.pointwise")
    results = [
        torch.zeros_like(x), p.batch_norm(F.max_pool2d(x, 3, 1, 1), f"{name}.max.bn", affine=False),
        p.batch_norm(F.avg_pool2d(x, 3, 1, 1, count_include_pad=False), f"{name}.avg.bn", affine=False), x,
        p.batch_norm(separable, f"{name}.sep.bn", affine=False), p.batch_norm(dilated, f"{name}.dil.bn", affine=False),
    ]
    return sum(strength * result for strength, result in zip(strengths, results))


def cell(p, x):
    s = p.batch_norm(p.conv(x, 8, 3, "stem"), "stem.bn")
    first = edge(p, s, "edge0")
    second = edge(p, s, "edge1") + edge(p, first, "edge2")
    return p.linear(torch.cat([first, second], 1).mean((2, 3)), 5, "fc")


def vit(p, x):
    features, heads = 24, 3
    x = p.conv(x, features, 4, "conv_proj", stride=4, padding=0, bias=True).flatten(2).transpose(1, 2)
    batch, tokens = x.shape[:2]
    x = torch.cat([p("class_token", 1, 1, features).expand(batch, -1, -1), x], 1)
    x = x + p("encoder.pos_embedding", 1, tokens + 1, features)
    for layer in range(2):
        name = f"encoder.layers.{layer}"
        y = p.linear(p.layer_norm(x, f"{name}.ln_1"), 3 * features, f"{name}.self_attention.in_proj")
        q, k, v = (part.reshape(batch, tokens + 1, heads, -1).transpose(1, 2) for part in y.chunk(3, -1))
        y = F.scaled_dot_product_attention(q, k, v).transpose(1, 2).reshape(batch, tokens + 1, features)
        x = p.linear(y, features, f"{name}.self_attention.out_proj") + x
        y = p.linear(p.layer_norm(x, f"{name}.ln_2"), 4 * features, f"{name}.mlp.0")
        x = x + p.linear(F.gelu(y), features, f"{name}.mlp.3")
    return p.linear(p.layer_norm(x, "encoder.ln")[:, 0], 1000, "heads.head")


def unet(p, x):
    def double(x, channels, name):
        for part in ("double_conv1", "double_conv2"):
            x = F.relu(p.batch_norm(p.conv(x, channels, 3, f"{name}.{part}.0"), f"{name}.{part}.1"))
        return x

    width, depth = 4, 2
    x = double(x, width, "inc")
    shortcuts = []
    for level in range(1, depth + 1):
        shortcuts.append(x)
        x = double(F.max_pool2d(x, 2), width << level, f"down{level}")
    for level in range(1, depth + 1):
        channels = width << (depth - level)
        weight = p(f"up{level}.up.weight", x.shape[1], channels, 2, 2)
        x = F.conv_transpose2d(x, weight, p(f"up{level}.up.bias", channels, 1, 1).flatten(), stride=2)
        x = double(torch.cat([shortcuts.pop(), x], 1), channels, f"up{level}")
    return p.conv(x, 3, 1, "outc", bias=True)


def edges(nodes=30):
    """A graph of chords: sources, targets and symmetric normalisation, with loops."""
    pairs = sorted({(i, (i * j + 3) % nodes) for i in range(nodes) for j in (1, 5)} | {(i, i) for i in range(nodes)})
    pairs = sorted(set(pairs) | {(b, a) for a, b in pairs})
    source, target = torch.tensor([a for a, _ in pairs]), torch.tensor([b for _, b in pairs])
    degree = torch.bincount(target, minlength=nodes).double()
    return source, target, (degree[source] * degree[target]).rsqrt().float().double()


def gcn(p, x):
    source, target, weight = edges()
    for layer, features in (("layer1", 16), ("layer2", 4)):
        h = x @ p(f"{layer}.weight", x.shape[1], features)
        x = torch.zeros_like(h).index_add(0, target, h[source] * weight[:, None]) + p(f"{layer}.bias", features)
        if layer == "layer1":
            x = F.relu(x)
    return x


def train(name, network, shape, labels, make_optimizer):
    x = wave(shape, 0.1, 1.5)
    parameters = Parameters(lambda p: network(p, x))
    optimizer = make_optimizer(parameters)
    lines = ["kind,name,value"]
    for step in range(STEPS):
        loss = F.cross_entropy(network(parameters, x), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        lines.append(f"loss,{step + 1},{loss.item():.9g}")
    for weight, tensor in sorted(parameters.tensors.items()):
        flat = tensor.detach().flatten()
        lines.append(f"norm,{weight},{flat.norm().item():.9g}")
        lines.append(f"first,{weight},{flat[0].item():.9g}")
        lines.append(f"last,{weight},{flat[-1].item():.9g}")
    (FOLDER / f"{name}.csv").write_text("\n".join(lines) + "\n")


def sgd(rate, decay=0.0):
    def make(p):
        weights = [p.tensors[n] for n in p.trained if sum(e > 1 for e in p.shapes[n]) >= 2]
        others = [p.tensors[n] for n in p.trained if sum(e > 1 for e in p.shapes[n]) < 2]
        groups = [{"params": weights, "weight_decay": decay}, {"params": others, "weight_decay": 0}]
        return torch.optim.SGD(groups, lr=rate, momentum=0.9)
    return make


def adam(rate):
    return lambda p: torch.optim.Adam([p.tensors[n] for n in p.trained], lr=rate)


def matching():
    """The gradient, with respect to synthetic images, of the distance between gradients (Zhao et al. 2021)."""
    def network(p, x):
        x = p.conv(x, 8, 3, "conv", bias=True)
        x = F.relu(F.group_norm(x, 8, p("norm.weight", 8), p("norm.bias", 8)))
        return p.linear(F.avg_pool2d(x, 2).flatten(1), 5, "fc")

    real, synthetic = wave((4, 3, 8, 8), 0.1, 1.5), wave((3, 3, 8, 8), 0.9, 1.2).requires_grad_()
    p = Parameters(lambda p: network(p, real))
    weights = [p.tensors[n] for n in p.trained]
    goal = torch.autograd.grad(F.cross_entropy(network(p, real), torch.tensor([0, 3, 1, 4])), weights)
    found = torch.autograd.grad(
        F.cross_entropy(network(p, synthetic), torch.tensor([2, 0, 1])), weights, create_graph=True)
    distance = 0
    for name, a, b in zip(p.trained, found, goal):
        if len(p.shapes[name]) > 1 and name.endswith("weight"):
            a, b = a.flatten(1), b.flatten(1)
            distance = distance + (1 - (a * b).sum(1) / (a.norm(dim=1) * b.norm(dim=1) + 1e-6)).sum()
        distance = distance + ((a - b) ** 2).sum()
    gradient, = torch.autograd.grad(distance, synthetic)
    lines = ["kind,name,value", f"loss,1,{distance.item():.9g}"]
    lines += [f"gradient,{index},{value:.9g}" for index, value in enumerate(gradient.flatten().tolist())]
    (FOLDER / "matching.csv").write_text("\n".join(lines) + "\n")


def labels(count, classes, shape=None):
    return (torch.arange(count) * 7 % 11 % classes).reshape(shape or (count,))


FOLDER.mkdir(exist_ok=True)
train("resnet", resnet, (8, 3, 16, 16), labels(8, 10), sgd(0.005, 5e-4))
train("cell", cell, (6, 3, 12, 12), labels(6, 5), sgd(0.02, 3e-4))
train("vit", vit, (4, 3, 16, 16), labels(4, 10), adam(1e-3))
train("unet", unet, (2, 3, 16, 16), labels(512, 3, (2, 16, 16)), sgd(0.05))
train("gcn", gcn, (30, 12), labels(30, 4), adam(0.01))
matching()
