"""Networks of one layer as ONNX files, written by hand so that no package is needed."""

import dataclasses
import math
import pathlib


@dataclasses.dataclass(frozen=True)
class Layer:
    """A convolution, with what runs behind it: an addition of another tensor, and pooling.

    A kernel as large as the input makes it a matrix product of `batch` rows, as frameworks write it.
    """
    channels: int
    height: int
    width: int
    filters: int
    kernel: tuple[int, int]
    stride: int
    output: tuple[int, int]
    groups: int = 1
    batch: int = 1
    adds: bool = False
    #: Window, stride and extent afterwards of a pooling that follows.
    pooling: tuple[int, int, int] | None = None


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes(out + bytes([value]))


def _text(field: int, value: bytes | str) -> bytes:
    data = value.encode() if isinstance(value, str) else value
    return _varint(field << 3 | 2) + _varint(len(data)) + data


def _integers(name: str, values: list[int]) -> bytes:
    return _text(5, _text(1, name) + b"".join(_number(8, value) for value in values) + _number(20, 7))


def _integer(name: str, value: int) -> bytes:
    return _text(5, _text(1, name) + _number(3, value) + _number(20, 2))


def _value(name: str, shape: list[int]) -> bytes:
    dimensions = b"".join(_text(1, _number(1, extent)) for extent in shape)
    return _text(1, name) + _text(2, _text(1, _number(1, 1) + _text(2, dimensions)))


def _padding(extent: int, kernel: int, stride: int, after: int) -> tuple[int, int]:
    """Elements before and behind an axis, so that it comes out with `after`; a negative end crops."""
    total = (after - 1) * stride + kernel - extent
    before = max(0, total) // 2
    return before, max(0, total - before)


def _external(name: str, shape: list[int], file: str) -> bytes:
    """A float tensor whose values lie in another file, which nobody reads."""
    entry = _text(13, _text(1, "location") + _text(2, file))
    return b"".join(_number(1, extent) for extent in shape) + _number(2, 1) + _text(8, name) + entry + _number(14, 1)


def write(layer: Layer, path: pathlib.Path) -> None:
    """Writes the layer as an ONNX file, with its weights as a file of holes beside it."""
    weights = [layer.filters, layer.channels // layer.groups, *layer.kernel]
    holes = path.with_suffix(".weights")
    with open(holes, "wb") as file:
        file.truncate(4 * math.prod(weights))
    if _is_product(layer):
        shape = [math.prod(weights[1:]), layer.filters]
        path.write_bytes(_product(layer, _external("w", shape, holes.name)))
    else:
        path.write_bytes(_model(layer, _external("w", weights, holes.name)))


def _is_product(layer: Layer) -> bool:
    return layer.output == (1, 1) and layer.kernel == (layer.height, layer.width) and layer.groups == 1


def _product(layer: Layer, weights: bytes) -> bytes:
    node = _text(1, "x") + _text(1, "w") + _text(2, "y") + _text(3, "layer") + _text(4, "MatMul")
    graph = _text(1, node) + _text(2, "layer") + _text(5, weights)
    graph += _text(11, _value("x", [layer.batch, layer.channels * layer.height * layer.width]))
    graph += _text(12, _value("y", [layer.batch, layer.filters]))
    return _number(1, 8) + _text(7, graph) + _text(8, _text(1, "") + _number(2, 13))


def _model(layer: Layer, weights: bytes) -> bytes:
    vertical = _padding(layer.height, layer.kernel[0], layer.stride, layer.output[0])
    horizontal = _padding(layer.width, layer.kernel[1], layer.stride, layer.output[1])
    node = _text(1, "x") + _text(1, "w") + _text(2, "y0") + _text(3, "layer") + _text(4, "Conv")
    node += _integers("kernel_shape", list(layer.kernel)) + _integers("strides", [layer.stride] * 2)
    node += _integers("pads", [vertical[0], horizontal[0], vertical[1], horizontal[1]])
    node += _integer("group", layer.groups)
    nodes, shape = [node], [layer.batch, layer.filters, *layer.output]
    if layer.adds:
        nodes.append(_text(1, f"y{len(nodes) - 1}") + _text(1, "other") + _text(2, f"y{len(nodes)}") + _text(4, "Add"))
    if layer.pooling:
        window, stride, after = layer.pooling
        pads = [_padding(extent, window, stride, after) for extent in layer.output]
        pool = _text(1, f"y{len(nodes) - 1}") + _text(2, f"y{len(nodes)}") + _text(4, "MaxPool")
        pool += _integers("kernel_shape", [window] * 2) + _integers("strides", [stride] * 2)
        pool += _integers("pads", [pads[0][0], pads[1][0], pads[0][1], pads[1][1]])
        nodes.append(pool)
    graph = b"".join(_text(1, node) for node in nodes) + _text(2, "layer")
    graph += _text(11, _value("x", [layer.batch, layer.channels, layer.height, layer.width]))
    graph += _text(5, weights)
    if layer.adds:
        graph += _text(11, _value("other", shape))
    if layer.pooling:
        shape = shape[:2] + [layer.pooling[2]] * 2
    graph += _text(12, _value(f"y{len(nodes) - 1}", shape))
    return _number(1, 8) + _text(7, graph) + _text(8, _text(1, "") + _number(2, 13))
