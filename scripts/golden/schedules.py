#!/usr/bin/env python3
"""Learning rates by PyTorch, for Tests/TrainingTests/Schedules.swift (needs the package torch)."""
import torch
from torch.optim import lr_scheduler as s


def rates(make, steps):
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    schedule = make(optimizer)
    found = []
    for _ in range(steps):
        found.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        schedule.step()
    return found


def warm(optimizer, warmup, after):
    first = s.LinearLR(optimizer, 1 / warmup, 1.0, warmup - 1)
    return s.SequentialLR(optimizer, [first, after], [warmup])


# 12 steps: 4 epochs of 3.
for name, make in [
    ("step", lambda o: s.MultiStepLR(o, [3, 9], 0.2)),
    ("cosine", lambda o: s.CosineAnnealingLR(o, 12, 0.1)),
    ("linear", lambda o: s.LinearLR(o, 1.0, 0.25, 12)),
    ("oneCycle", lambda o: s.OneCycleLR(o, 1.0, total_steps=12)),
    ("warm", lambda o: warm(o, 4, s.CosineAnnealingLR(o, 8, 0))),
]:
    print(name, [round(r, 9) for r in rates(make, 12)])
