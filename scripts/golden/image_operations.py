#!/usr/bin/env python3
"""Checksums of images changed by torchvision and Pillow, for Tests/DatasetsTests/ImageOperations.swift
(needs torchvision and pillow)."""
import zlib

import numpy as np
from PIL import Image
from torchvision.transforms.autoaugment import _apply_op
from torchvision.transforms.functional import InterpolationMode


def image(channels, height, width):
    i = np.arange(height * width * channels)
    planes = ((i * 37 + i * i * 11) % 256 * 3 // 4 + 20).astype(np.uint8).reshape(channels, height, width)
    return Image.fromarray(planes[0] if channels == 1 else planes.transpose(1, 2, 0))


def checksum(picture):
    pixels = np.asarray(picture)
    planes = pixels if pixels.ndim == 2 else pixels.transpose(2, 0, 1)
    return zlib.crc32(np.ascontiguousarray(planes).tobytes())


for name, magnitude in [
    ("Identity", 0), ("ShearX", 0.3), ("ShearX", -0.17), ("ShearY", 0.23), ("ShearY", -0.3), ("TranslateX", 3),
    ("TranslateX", -2), ("TranslateY", 4), ("TranslateY", -5), ("Rotate", 17), ("Rotate", -30), ("Brightness", 0.6),
    ("Brightness", -0.45), ("Color", 0.9), ("Color", -0.3), ("Contrast", 0.7), ("Contrast", -0.9), ("Sharpness", 0.8),
    ("Sharpness", -0.5), ("Posterize", 5), ("Solarize", 127.5), ("AutoContrast", 0), ("Equalize", 0), ("Invert", 0),
]:
    sums = [checksum(_apply_op(image(*shape), name, magnitude, InterpolationMode.NEAREST, None))
            for shape in [(3, 32, 28), (1, 28, 28)]]
    print(name, magnitude, sums)
