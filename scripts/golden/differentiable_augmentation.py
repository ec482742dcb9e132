#!/usr/bin/env python3
"""Images changed by PyTorch's affine_grid and grid_sample, and gradients, for
Tests/TrainingTests/Learning/DifferentiableAugmentations.swift (needs the package torch)."""
import math

import torch
import torch.nn.functional as F


def wave(shape, phase, scale):
    count = torch.Size(shape).numel()
    return (torch.arange(count, dtype=torch.float64) * 0.7 + phase).sin().mul(scale).reshape(shape).float()


x = wave((2, 3, 5, 6), 0.1, 1).requires_grad_()
seed = wave((2, 3, 5, 6), 0.5, 1)
angles = torch.tensor([0.2, -0.25])
scales = torch.tensor([[1.15, 0.85], [0.9, 1.2]])
c, s, z = angles.cos(), angles.sin(), torch.zeros(2)
rotate = torch.stack([torch.stack([c, -s, z], 1), torch.stack([s, c, z], 1)], 1)
scale = torch.stack([torch.stack([scales[:, 0], z, z], 1), torch.stack([z, scales[:, 1], z], 1)], 1)
b, k, t = torch.tensor([0.3, -0.2]), torch.tensor([1.4, 0.5]), torch.tensor([0.7, 1.3])
shape = lambda v: v.reshape(2, 1, 1, 1)


def color(x):
    x = x + shape(b)
    m = x.mean(1, keepdim=True)
    x = (x - m) * shape(k) + m
    m = x.mean((1, 2, 3), keepdim=True)
    return (x - m) * shape(t) + m


for name, y in [
    ("rotate", F.grid_sample(x, F.affine_grid(rotate, x.shape, align_corners=False), align_corners=False)),
    ("scale", F.grid_sample(x, F.affine_grid(scale, x.shape, align_corners=False), align_corners=False)),
    ("color", color(x)),
]:
    gradient, = torch.autograd.grad((y * seed).sum(), x)
    print(name, [round(v, 5) for v in y.flatten()[::7].tolist()], [round(v, 5) for v in gradient.flatten()[::7].tolist()])
