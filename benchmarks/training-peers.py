"""One training step of a workload in PyTorch, timed; the peer side of benchmarks/training."""

import argparse
import json
import os
import time

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("workload", choices=["resnet20", "darts", "vit", "convnet", "matching", "gcn"])
parser.add_argument("--mode", choices=["eager", "channels-last"], default="eager")
parser.add_argument("--runs", type=int, default=4)
parser.add_argument("--threads", type=int, default=2)
arguments = parser.parse_args()
os.environ["OMP_NUM_THREADS"] = os.environ["MKL_NUM_THREADS"] = str(arguments.threads)

import torch
import torch.nn.functional as F
from torch import nn

torch.set_num_threads(arguments.threads)
torch.manual_seed(0)
channels_last = arguments.mode == "channels-last"


class ResidualBlock(nn.Module):
    def __init__(self, inputs, channels, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, channels, 3, stride, 1, bias=False)
        self.conv2 = nn.Conv2d(channels, channels, 3, 1, 1, bias=False)
        self.norm1, self.norm2 = nn.BatchNorm2d(channels), nn.BatchNorm2d(channels)
        self.padding = (channels - inputs) // 2

    def forward(self, x):
        y = self.norm2(self.conv2(F.relu(self.norm1(self.conv1(x)), inplace=True)))
        if self.padding:
            x = F.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, self.padding, self.padding))
        return F.relu(y + x, inplace=True)


class SmallResNet(nn.Module):
    def __init__(self, depth=3):
        super().__init__()
        self.conv, self.norm, blocks, inputs = nn.Conv2d(3, 16, 3, 1, 1, bias=False), nn.BatchNorm2d(16), [], 16
        for stage in range(3):
            for block in range(depth):
                blocks.append(ResidualBlock(inputs, 16 << stage, 2 if stage and not block else 1))
                inputs = 16 << stage
        self.blocks, self.head = nn.Sequential(*blocks), nn.Linear(64, 10)

    def forward(self, x):
        return self.head(self.blocks(F.relu(self.norm(self.conv(x)), inplace=True)).mean((2, 3)))


class ConvNet(nn.Module):
    def __init__(self, width=128):
        super().__init__()
        layers, inputs = [], 3
        for _ in range(3):
            layers += [nn.Conv2d(inputs, width, 3, padding=1), nn.GroupNorm(width, width), nn.ReLU(), nn.AvgPool2d(2)]
            inputs = width
        self.features, self.head = nn.Sequential(*layers), nn.Linear(width * 16, 10)

    def forward(self, x):
        return self.head(self.features(x).flatten(1))


class EncoderLayer(nn.Module):
    def __init__(self, features=192, heads=3):
        super().__init__()
        self.heads = heads
        self.norm1, self.norm2 = nn.LayerNorm(features), nn.LayerNorm(features)
        self.qkv, self.project = nn.Linear(features, 3 * features), nn.Linear(features, features)
        self.wide, self.narrow = nn.Linear(features, 4 * features), nn.Linear(4 * features, features)

    def forward(self, x):
        batch, tokens, features = x.shape
        parts = self.qkv(self.norm1(x)).view(batch, tokens, 3, self.heads, features // self.heads)
        q, k, v = parts.permute(2, 0, 3, 1, 4)
        mixed = F.softmax(q @ k.transpose(-1, -2) * (features // self.heads) ** -0.5, -1) @ v
        x = x + self.project(mixed.transpose(1, 2).reshape(batch, tokens, features))
        return x + self.narrow(F.gelu(self.wide(self.norm2(x))))


class VisionTransformer(nn.Module):
    def __init__(self, features=192, depth=12):
        super().__init__()
        self.patch = nn.Conv2d(3, features, 4, 4)
        self.token = nn.Parameter(torch.zeros(1, 1, features))
        self.position = nn.Parameter(torch.randn(1, 65, features) * 0.02)
        self.layers = nn.Sequential(*[EncoderLayer(features) for _ in range(depth)])
        self.norm, self.head = nn.LayerNorm(features), nn.Linear(features, 10)

    def forward(self, x):
        x = self.patch(x).flatten(2).transpose(1, 2)
        x = torch.cat([self.token.expand(x.shape[0], -1, -1), x], 1) + self.position
        return self.head(self.norm(self.layers(x)[:, 0]))


def plain_norm(channels):
    return nn.BatchNorm2d(channels, affine=False)


class FactorizedReduce(nn.Module):
    def __init__(self, inputs, channels):
        super().__init__()
        self.a = nn.Conv2d(inputs, channels // 2, 1, 2, bias=False)
        self.b = nn.Conv2d(inputs, channels // 2, 1, 2, bias=False)
        self.norm = plain_norm(channels)

    def forward(self, x):
        x = F.relu(x)
        return self.norm(torch.cat([self.a(x), self.b(x[:, :, 1:, 1:])], 1))


def separable(c, kernel, stride, dilation=1):
    return [nn.ReLU(), nn.Conv2d(c, c, kernel, stride, dilation * (kernel // 2), dilation, groups=c, bias=False),
            nn.Conv2d(c, c, 1, bias=False), plain_norm(c)]


class MixedEdge(nn.Module):
    def __init__(self, c, stride):
        super().__init__()
        self.operations = nn.ModuleList([
            nn.Sequential(nn.MaxPool2d(3, stride, 1), plain_norm(c)),
            nn.Sequential(nn.AvgPool2d(3, stride, 1, count_include_pad=False), plain_norm(c)),
            nn.Identity() if stride == 1 else FactorizedReduce(c, c),
            nn.Sequential(*separable(c, 3, stride), *separable(c, 3, 1)),
            nn.Sequential(*separable(c, 5, stride), *separable(c, 5, 1)),
            nn.Sequential(*separable(c, 3, stride, 2)), nn.Sequential(*separable(c, 5, stride, 2)),
        ])

    def forward(self, x, weights):
        return sum(weights[i] * operation(x) for i, operation in enumerate(self.operations))


class SearchCell(nn.Module):
    def __init__(self, before, last, c, reduces, reduced):
        super().__init__()
        def unit(inputs):
            return nn.Sequential(nn.ReLU(), nn.Conv2d(inputs, c, 1, bias=False), plain_norm(c))
        self.first, self.second = FactorizedReduce(before, c) if reduced else unit(before), unit(last)
        self.edges = nn.ModuleList(
            MixedEdge(c, 2 if reduces and j < 2 else 1) for node in range(4) for j in range(2 + node))
        self.reduces = reduces

    def forward(self, a, b, weights):
        states, edge = [self.first(a), self.second(b)], 0
        for _ in range(4):
            count = len(states)
            states.append(sum(self.edges[edge + j](states[j], weights[edge + j]) for j in range(count)))
            edge += count
        return torch.cat(states[-4:], 1)


class SearchNetwork(nn.Module):
    def __init__(self, width=16, cells=8):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 3 * width, 3, padding=1, bias=False), nn.BatchNorm2d(3 * width))
        before = last = 3 * width
        c, reduced, self.cells = width, False, nn.ModuleList()
        for index in range(cells):
            reduces = index in (cells // 3, 2 * cells // 3)
            c = 2 * c if reduces else c
            self.cells.append(SearchCell(before, last, c, reduces, reduced))
            reduced, before, last = reduces, last, 4 * c
        self.head = nn.Linear(last, 10)
        self.alpha = nn.ParameterList([nn.Parameter(1e-3 * torch.randn(14, 8)) for _ in range(2)])

    def forward(self, x):
        weights = [F.softmax(alpha, -1) for alpha in self.alpha]
        a = b = self.stem(x)
        for cell in self.cells:
            a, b = b, cell(a, b, weights[1 if cell.reduces else 0])
        return self.head(b.mean((2, 3)))


def graph_step():
    nodes, edges, features, hidden, classes = 2708, 10556, 1433, 256, 7
    sources, targets = torch.randint(0, nodes, (edges,)), torch.randint(0, nodes, (edges,))
    index = torch.cat([torch.stack([targets, sources]), torch.arange(nodes).repeat(2, 1)], 1)
    degree = torch.bincount(index[0], minlength=nodes).float()
    values = (degree[index[0]] * degree[index[1]]).rsqrt().clamp(max=1)
    adjacency = torch.sparse_coo_tensor(index, values, (nodes, nodes)).coalesce().to_sparse_csr()
    x, y = torch.randn(nodes, features), torch.randint(0, classes, (nodes,))
    w1, w2 = (torch.randn(features, hidden) * 0.02).requires_grad_(), (torch.randn(hidden, classes) * 0.05).requires_grad_()
    b1, b2 = torch.zeros(hidden, requires_grad=True), torch.zeros(classes, requires_grad=True)
    optimizer = torch.optim.SGD([w1, w2, b1, b2], lr=1e-3, momentum=0.9)

    def step():
        optimizer.zero_grad(set_to_none=True)
        h = F.relu(adjacency @ (x @ w1) + b1)
        F.cross_entropy(adjacency @ (h @ w2) + b2, y).backward()
        optimizer.step()
    return step


def matching_step():
    network, x, y = ConvNet(), torch.randn(256, 3, 32, 32), torch.randint(0, 10, (256,))
    images, labels = torch.randn(10, 3, 32, 32), torch.arange(10) % 10
    if channels_last:
        network, x = network.to(memory_format=torch.channels_last), x.contiguous(memory_format=torch.channels_last)
        images = images.contiguous(memory_format=torch.channels_last)
    images.requires_grad_()
    parameters, momentum = list(network.parameters()), torch.zeros_like(images)

    def distance(a, b):
        if a.dim() == 1:
            return torch.zeros(())
        a, b = a.flatten(1), b.flatten(1)
        return (1 - (a * b).sum(-1) / (a.norm(dim=-1) * b.norm(dim=-1) + 1e-6)).sum()

    def step():
        real = [g.detach() for g in torch.autograd.grad(F.cross_entropy(network(x), y), parameters)]
        found = torch.autograd.grad(F.cross_entropy(network(images), labels), parameters, create_graph=True)
        gradient, = torch.autograd.grad(sum(distance(a, b) for a, b in zip(real, found)), images)
        with torch.no_grad():
            momentum.mul_(0.5).add_(gradient)
            images.sub_(0.1 * momentum)
    return step


def training_step(network, batch, is_trained=lambda name: True):
    x, y = torch.randn(batch, 3, 32, 32), torch.randint(0, 10, (batch,))
    if channels_last:
        network, x = network.to(memory_format=torch.channels_last), x.contiguous(memory_format=torch.channels_last)
    trained = [p for name, p in network.named_parameters() if is_trained(name)]
    optimizer = torch.optim.SGD(trained, lr=1e-4, momentum=0.9)

    def step():
        optimizer.zero_grad(set_to_none=True)
        F.cross_entropy(network(x), y).backward()
        optimizer.step()
    return step


step = {
    "resnet20": lambda: training_step(SmallResNet(), 128),
    "convnet": lambda: training_step(ConvNet(), 256),
    "vit": lambda: training_step(VisionTransformer(), 64),
    "darts": lambda: training_step(SearchNetwork(), 32),
    "matching": matching_step,
    "gcn": graph_step,
}[arguments.workload]()
step()
wall, processor = [], []
for _ in range(arguments.runs):
    start, busy = time.perf_counter(), time.process_time()
    step()
    wall.append(time.perf_counter() - start)
    processor.append(time.process_time() - busy)
print(json.dumps({"wall_seconds": min(wall), "processor_seconds": min(processor), "torch": torch.__version__}))
