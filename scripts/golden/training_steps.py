#!/usr/bin/env python3
"""Losses of a few training steps by PyTorch, for Tests/TrainingTests/TrainingSteps.swift (needs the package torch).

The network, its weights and its batch are written twice, here and in the test, from the same formulas.
"""
import torch
import torch.nn.functional as F


def wave(shape, phase, scale):
    count = torch.Size(shape).numel()
    return (torch.arange(count, dtype=torch.float64) * 0.7 + phase).sin().mul(scale).reshape(shape).float()


def steps(make_optimizer, loss, clip=None):
    x = wave((4, 3, 8, 8), 0.1, 1.5)
    p = {
        "conv.weight": wave((6, 3, 3, 3), 0.2, 0.3), "norm.weight": wave((6,), 0.3, 0.5) + 1,
        "norm.bias": wave((6,), 0.4, 0.2), "depthwise.weight": wave((6, 1, 3, 3), 0.5, 0.4),
        "depthwise.bias": wave((6,), 0.6, 0.1), "instance.weight": wave((6,), 0.7, 0.5) + 1,
        "instance.bias": wave((6,), 0.8, 0.2), "fc.weight": wave((5, 24), 0.9, 0.3), "fc.bias": wave((5,), 1.0, 0.1),
    }
    p = {name: tensor.requires_grad_() for name, tensor in p.items()}
    mean, variance = torch.zeros(6), torch.ones(6)
    optimizer = make_optimizer(list(p.values()))
    losses = []
    for _ in range(8):
        y = F.conv2d(x, p["conv.weight"], padding=1)
        y = F.relu(F.batch_norm(y, mean, variance, p["norm.weight"], p["norm.bias"], training=True))
        y = F.max_pool2d(y, 2)
        y = F.conv2d(y, p["depthwise.weight"], p["depthwise.bias"], padding=1, groups=6)
        y = F.gelu(F.group_norm(y, 6, p["instance.weight"], p["instance.bias"]))
        y = F.avg_pool2d(y, 2).flatten(1)
        l = loss(F.linear(y, p["fc.weight"], p["fc.bias"]))
        optimizer.zero_grad()
        l.backward()
        if clip:
            torch.nn.utils.clip_grad_norm_(list(p.values()), clip)
        optimizer.step()
        losses.append(l.item())
    return losses, variance.tolist(), p["conv.weight"].flatten()[:3].tolist()


labels = torch.tensor([0, 3, 1, 4])
soft = wave((4, 5), 0.3, 0.5).softmax(1)
cross = lambda y: F.cross_entropy(y, labels, label_smoothing=0.1)
o = torch.optim
for name, optimizer, loss, clip in [
    ("sgd", lambda p: o.SGD(p, 0.1), cross, None),
    ("nesterov", lambda p: o.SGD(p, 0.1, momentum=0.9, nesterov=True, weight_decay=0.01), cross, None),
    ("adam", lambda p: o.Adam(p, 0.02, weight_decay=0.01), cross, None),
    ("adamw", lambda p: o.AdamW(p, 0.02, weight_decay=0.1), cross, 0.5),
    ("rmsprop", lambda p: o.RMSprop(p, 0.005, momentum=0.5), lambda y: F.cross_entropy(y, soft), None),
    ("mse", lambda p: o.SGD(p, 0.1, momentum=0.9), lambda y: F.mse_loss(y, soft), None),
    ("l1", lambda p: o.SGD(p, 0.1), lambda y: F.l1_loss(y, soft), None),
    ("distillation", lambda p: o.SGD(p, 0.1, momentum=0.5),
     lambda y: F.kl_div((y / 2).log_softmax(1), (soft / 2).softmax(1), reduction="batchmean") * 4, None),
]:
    losses, variance, weights = steps(optimizer, loss, clip)
    print(name, "losses", [round(v, 6) for v in losses], "variance", round(variance[1], 6), "weight", [round(v, 6) for v in weights])
