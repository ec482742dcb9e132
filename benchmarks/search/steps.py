"""Steps of a search network beside PyTorch's: the same network, batch and arithmetic, in turns, by processor time."""
import json
import subprocess
import sys

SHAPE = {"batch": 64, "channels": 16, "cells": 1, "extent": 16}
PEER = '''
import json, sys, time
import torch, torch.nn as nn, torch.nn.functional as F
batch, channels, cells, extent, steps = map(int, sys.argv[1:])
torch.set_num_threads(1)
torch.manual_seed(1)

def bn(c): return nn.BatchNorm2d(c, affine=False, track_running_stats=False)
def conv(i, o, k, s=1): return nn.Sequential(nn.ReLU(), nn.Conv2d(i, o, k, s, k // 2, bias=False), bn(o))

class Mixed(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.ops = nn.ModuleList([nn.Identity(), conv(c, c, 1), conv(c, c, 3),
                                  nn.AvgPool2d(3, 1, 1, count_include_pad=False)])
    def forward(self, x, w): return sum(u * op(x) for u, op in zip(w, self.ops))

class Cell(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.edges = nn.ModuleList(Mixed(c) for _ in range(6))
    def forward(self, x, w):
        nodes, edge = [x], 0
        for target in range(1, 4):
            terms = []
            for source in range(target):
                terms.append(self.edges[edge](nodes[source], w[edge]))
                edge += 1
            nodes.append(sum(terms))
        return nodes[3]

class Reduction(nn.Module):
    def __init__(self, i, o):
        super().__init__()
        self.a, self.b = conv(i, o, 3, 2), conv(o, o, 3)
        self.s = nn.Sequential(nn.AvgPool2d(2), nn.Conv2d(i, o, 1, bias=False))
    def forward(self, x): return self.b(self.a(x)) + self.s(x)

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, channels, 3, 1, 1, bias=False), bn(channels))
        self.stages = nn.ModuleList(nn.ModuleList(Cell(channels << s) for _ in range(cells)) for s in range(3))
        self.reductions = nn.ModuleList(Reduction(channels << s, channels << s + 1) for s in range(2))
        self.fc = nn.Linear(channels << 2, 10)
    def forward(self, x, w):
        x, cell = self.stem(x), 0
        for s, stage in enumerate(self.stages):
            if s: x = self.reductions[s - 1](x)
            for part in stage:
                x = part(x, w[cell])
                cell += 1
        return self.fc(F.relu(x).mean((2, 3)))

net = Net()
optimizer = torch.optim.SGD(net.parameters(), 0.01, momentum=0.9, nesterov=True, weight_decay=3e-4)
x, y = torch.randn(batch, 3, extent, extent), torch.arange(batch) % 10
def mixtures(grad): return [[[torch.full((batch, 1, 1, 1), 0.2, requires_grad=grad) for _ in range(4)] for _ in range(6)]
                            for _ in range(3 * cells)]
best = [float("inf")] * 2
for _ in range(steps):
    w, start = mixtures(False), time.process_time()
    optimizer.zero_grad()
    F.cross_entropy(net(x, w), y).backward()
    optimizer.step()
    best[0] = min(best[0], time.process_time() - start)
    for p in net.parameters(): p.requires_grad_(False)
    w, start = mixtures(True), time.process_time()
    torch.autograd.grad(F.cross_entropy(net(x, w), y), [u for c in w for e in c for u in e])
    best[1] = min(best[1], time.process_time() - start)
    for p in net.parameters(): p.requires_grad_(True)
print(json.dumps({"weights_seconds": best[0], "rewards_seconds": best[1], "version": torch.__version__}))
'''


def measure(program) -> dict:
    """Both in turns, three times; the least of each."""
    def peer() -> dict | None:
        arguments = [str(SHAPE[key]) for key in ("batch", "channels", "cells", "extent")]
        run = subprocess.run([sys.executable, "-c", PEER, *arguments, "10"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        if run.returncode != 0:
            print("no PyTorch for this Python: left out", file=sys.stderr)
            return None
        return json.loads(run.stdout)

    options = [text for key, value in SHAPE.items() for text in (f"--{key}", str(value))]
    ours, theirs = [], []
    for _ in range(3):
        ours.append(program("steps", *options, "--steps", "10")["rows"])
        theirs.append(peer())
    keys = ("weights_seconds", "rewards_seconds")
    rows = [{"network": run["network"], **{key: min(r[place][key] for r in ours) for key in keys}}
            for place, run in enumerate(ours[0])]
    theirs = [run for run in theirs if run]
    return {"shape": SHAPE, "rows": rows, "pytorch": theirs and {
        "version": theirs[0]["version"], **{key: min(run[key] for run in theirs) for key in keys}}}


def section(found: dict) -> str:
    import page
    shape, peer = found["shape"], found["pytorch"]
    rows = [[r["network"], *cells(r)] for r in found["rows"]]
    if peer:
        rows.append([f"PyTorch {peer['version']}, whole", *cells(peer)])
    table = page.table(["search network", "weights, ms", "rewards, ms", "steps a second"], rows)
    ratio = "" if not peer else (
        f"\nOne core does {(peer['weights_seconds'] + peer['rewards_seconds']) / total(found['rows'][0]):.2f} times as many "
        "steps as PyTorch does.\n")
    return f"""## 6. Speed

`benchmarks/search/run steps`, least processor time of ten steps in each of three turns, one thread. NAS-Bench-201's search
network, {shape['channels']} channels, {shape['cells']} cell a stage, {shape['batch']} images of {shape['extent']} ×
{shape['extent']}; a step is one of the weights and one of the rewards, the latter for each sample:

{table}{ratio}"""


def total(row: dict) -> float:
    return row["weights_seconds"] + row["rewards_seconds"]


def cells(row: dict) -> list[str]:
    return [f"{1000 * row['weights_seconds']:.1f}", f"{1000 * row['rewards_seconds']:.1f}", f"{1 / total(row):.1f}"]
