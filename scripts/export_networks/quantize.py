"""Static int8 quantisation with ONNX Runtime on random calibration images, in both forms of ONNX."""

from pathlib import Path

import numpy
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static


class RandomImages(CalibrationDataReader):
    def __init__(self, name: str, shape: tuple[int, ...], count: int):
        random = numpy.random.default_rng(0)
        self.batches = iter([{name: random.standard_normal(shape, dtype=numpy.float32)} for _ in range(count)])

    def get_next(self):
        return next(self.batches, None)


def quantize(source: Path, target: Path, form: str):
    """Writes `source` with int8 weights and activations; `form` is "QDQ" or "QOperator"."""
    quantize_static(
        source,
        target,
        RandomImages("input", (1, 3, 224, 224), count=2),
        quant_format=QuantFormat[form],
        activation_type=QuantType.QInt8 if form == "QDQ" else QuantType.QUInt8,
        weight_type=QuantType.QInt8,
        per_channel=form == "QDQ",
    )
