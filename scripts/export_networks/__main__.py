"""Command line: export_networks [DIRECTORY] [NAME…]."""

import argparse
import logging
import sys
import tempfile
import warnings
from pathlib import Path

import onnx
import torch

from .catalogue import NETWORKS, Network, declare_torchvision_operators
from .quantize import quantize

OPSET = {"torchscript": 17, "dynamo": 18}
VARIANTS = ["resnet18-qdq", "resnet18-qoperator", "resnet18-dynamic-batch", "resnet18-external"]


def randomise(model: torch.nn.Module):
    """Makes no two tensors of a fresh network equal: an exporter stores equal ones only once."""
    for parameter in model.parameters():
        parameter.add_(0.02 * torch.randn_like(parameter))
    for name, buffer in model.named_buffers():
        if name.endswith("running_mean"):
            buffer.normal_(0, 0.1)
        elif name.endswith("running_var"):
            buffer.uniform_(0.5, 1.5)


def export(network: Network, path: Path, exporter: str, dynamic_batch: bool = False):
    """Writes one network; the weights depend on nothing but the seed."""
    torch.manual_seed(0)
    # The fused attention of inference has no ONNX form.
    torch.backends.mha.set_fastpath_enabled(False)
    model = network.make().eval()
    with torch.no_grad():
        randomise(model)
    inputs = tuple(make() for make in network.inputs.values())
    names = list(network.inputs)
    options: dict = {"opset_version": OPSET[exporter]}
    if exporter == "torchscript":
        options["dynamo"] = False
        if dynamic_batch:
            options["dynamic_axes"] = {name: {0: "batch"} for name in names + network.outputs}
    else:
        options.update(dynamo=True, external_data=False, verbose=False)
        if dynamic_batch:
            options["dynamic_shapes"] = [{0: torch.export.Dim("batch")} for _ in names]
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        draft = Path(folder) / path.name
        with torch.no_grad():
            torch.onnx.export(
                model, inputs, str(draft), input_names=names, output_names=network.outputs, **options
            )
        draft.rename(path)


def write(name: str, folder: Path, force: bool):
    """Writes all files of one name."""
    for path, make in recipes(name, folder):
        if path.exists() and not force:
            print(f"{path}: exists", file=sys.stderr)
            continue
        make(path)
        print(f"{path}: {path.stat().st_size} bytes", file=sys.stderr)


def recipes(name: str, folder: Path):
    """Each file of a name with the function that writes it."""
    if name in NETWORKS:
        for exporter in OPSET:
            suffix = "" if exporter == "torchscript" else ".dynamo"
            yield folder / f"{name}{suffix}.onnx", lambda path, e=exporter: export(NETWORKS[name], path, e)
    elif name == "resnet18-dynamic-batch":
        for exporter in OPSET:
            suffix = "" if exporter == "torchscript" else ".dynamo"
            yield (
                folder / f"{name}{suffix}.onnx",
                lambda path, e=exporter: export(NETWORKS["resnet18"], path, e, dynamic_batch=True),
            )
    elif name == "resnet18-external":
        yield folder / f"{name}.onnx", lambda path: with_external_data(source("resnet18", folder), path)
    else:
        form = {"resnet18-qdq": "QDQ", "resnet18-qoperator": "QOperator"}[name]
        yield folder / f"{name}.onnx", lambda path: quantize(source("resnet18", folder), path, form)


def source(name: str, folder: Path) -> Path:
    """The file of a network, written first where it is missing."""
    path = folder / f"{name}.onnx"
    if not path.exists():
        export(NETWORKS[name], path, "torchscript")
    return path


def with_external_data(origin: Path, path: Path):
    """Writes a copy whose weights lie in a second file."""
    data = path.with_suffix(".onnx.data")
    data.unlink(missing_ok=True)
    onnx.save_model(
        onnx.load(origin), path, save_as_external_data=True, location=data.name, size_threshold=1024
    )


def main():
    parser = argparse.ArgumentParser(prog="export-networks", description=__doc__)
    parser.add_argument("directory", nargs="?", default="networks", type=Path)
    parser.add_argument("names", nargs="*", metavar="NAME", help="default: all")
    parser.add_argument("--force", action="store_true", help="write files that exist again")
    parser.add_argument("--list", action="store_true", help="name the networks and leave")
    arguments = parser.parse_args()
    known = list(NETWORKS) + VARIANTS
    if arguments.list:
        print("\n".join(known))
        return
    if unknown := [name for name in arguments.names if name not in known]:
        parser.error(f"found {', '.join(unknown)}, expected names of --list")
    warnings.filterwarnings("ignore")
    logging.disable(logging.WARNING)
    library = declare_torchvision_operators()
    arguments.directory.mkdir(parents=True, exist_ok=True)
    for name in arguments.names or known:
        write(name, arguments.directory, arguments.force)
    del library


if __name__ == "__main__":
    main()
