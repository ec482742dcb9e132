"""Runs of the simulator for the sanity bounds."""

import concurrent.futures
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import common

from . import layers


def data(*parts: str) -> pathlib.Path:
    """A file of published numbers; $JOULERY_DATA says where they are."""
    path = pathlib.Path(os.environ.get("JOULERY_DATA", common.ROOT.parent / "shared" / "data")).joinpath(*parts)
    if not path.exists():
        sys.exit(f"error: {path} is not there; set JOULERY_DATA to the folder of published numbers")
    return path


def simulate(network: str, machine: str, overrides: tuple[str, ...] = ()) -> dict:
    """The JSON of one run."""
    command = [str(common.binary()), "simulate", network, "--on", machine, "--json", "--quiet"]
    for override in overrides:
        command += ["--set", override]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"error: {' '.join(command)}\n{done.stderr}")
    return json.loads(done.stdout)


def simulate_all(jobs: list[tuple[str, str, tuple[str, ...]]], workers: int) -> list[dict]:
    with concurrent.futures.ThreadPoolExecutor(workers) as pool:
        return list(pool.map(lambda job: simulate(*job), jobs))


def simulate_layers(
    chosen: list[layers.Layer], machine: str, overrides: tuple[str, ...], workers: int
) -> list[dict]:
    """One run for each layer, alone."""
    with tempfile.TemporaryDirectory() as folder:
        jobs = []
        for index, layer in enumerate(chosen):
            path = pathlib.Path(folder, f"{index}.onnx")
            layers.write(layer, path)
            jobs.append((str(path), machine, overrides))
        return simulate_all(jobs, workers)


def causes(run: dict, most: int = 3) -> str:
    """Where the array's cycles went, the largest causes first."""
    total = run["totals"]["cycles"]
    sizes = sorted(run["array_cycles_by_cause"].items(), key=lambda item: -item[1])
    return ", ".join(f"{name} {100 * cycles / total:.0f} %" for name, cycles in sizes[:most] if cycles)
