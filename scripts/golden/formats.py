#!/usr/bin/env python3
"""Bytes of small files by other writers, for Tests/FormatsTests and Tests/DatasetsTests (needs numpy and safetensors)."""
import io

import numpy as np
from safetensors.numpy import save

print("safetensors", list(save(
    {"b": np.arange(3, dtype=np.int64), "a": np.array([[1.5, -2.0]], dtype=np.float32)}, metadata={"who": "\u00e9t\u00e9"})))
file = io.BytesIO()
x = np.arange(2 * 2 * 2 * 3).reshape(2, 2, 2, 3).astype(np.uint8)
np.savez_compressed(file, x_train=x, y_train=np.array([0, 2]), x_test=x[:1], y_test=np.array([[1]]))
print("npz", list(file.getvalue()))
