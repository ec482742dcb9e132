"""Matrix products on a TensorCore like TPU v4's, beside the published linear fits of measured latencies."""

import itertools
import math
import pathlib
import tempfile

import agreement

from . import runs

#: The fits of yutation/SCALE-SIM_Validation, measured on a TPU v4 (arXiv 2603.22535): µs = a + b × cycles of
#: SCALE-Sim, weight-stationary on 128 × 128, over all M, N and K of a grid.
FITS = [
    ("32…128", range(32, 129, 16), -0.06, 2.76e-3, "2.7 %"),
    ("128…512", range(128, 513, 64), 1.36, 3.14e-4, "12.1 %"),
    ("128…1024", range(128, 1025, 128), 0.78, 3.66e-4, "17.4 %"),
]

MACHINE = "tpu-v4i-like"
OVERRIDES = ("memory.channels=64",)


def scale_sim(m: int, n: int, k: int, array: int = 128) -> int:
    """SCALE-Sim's cycles: folds that do not overlap, less the one it does not count."""
    return math.ceil(k / array) * math.ceil(n / array) * (m + 3 * array - 2) - 1


def run(workers: int) -> dict:
    sizes = sorted({size for _, grid, *_ in FITS for size in itertools.product(grid, repeat=3)})
    with tempfile.TemporaryDirectory() as folder:
        jobs = []
        for size in sizes:
            path = pathlib.Path(folder, "x".join(map(str, size)) + ".csv")
            path.write_text("Layer, M, N, K,\nproduct, {}, {}, {},\n".format(*size))
            jobs.append((str(path), MACHINE, OVERRIDES))
        results = dict(zip(sizes, runs.simulate_all(jobs, workers)))
    sets, examples = [], []
    for title, grid, constant, slope, own in FITS:
        points = list(itertools.product(grid, repeat=3))
        fitted = [constant + slope * scale_sim(*point) for point in points]
        ours = [results[point]["totals"]["latency_seconds"] * 1e6 for point in points]
        peak = [math.prod(point) / (4 * 128 * 128 * 1.05e3) for point in points]
        sets.append({
            "title": title, "fit": f"{constant} + {slope:.2e} · cycles", "fit_error": own,
            "ours": agreement.row(ours, fitted), "peak": agreement.row(peak, fitted)})
        by_ratio = sorted(range(len(points)), key=lambda index: ours[index] / fitted[index])
        chosen = [(extent,) * 3 for extent in (grid[0], grid[len(grid) // 2], grid[-1])]
        for point in chosen + [points[by_ratio[0]], points[by_ratio[-1]]]:
            examples.append({
                "set": title, "size": "×".join(map(str, point)),
                "fit": constant + slope * scale_sim(*point),
                "ours": results[point]["totals"]["latency_seconds"] * 1e6, "causes": runs.causes(results[point])})
    return {"sets": sets, "examples": examples}


def page(result: dict) -> list[str]:
    lines = [agreement.HEADING, agreement.RULE]
    for entry in result["sets"]:
        lines.append(agreement.line(f"{entry['title']}, ours to `{entry['fit']}`", entry["ours"]))
        lines.append(agreement.line(f"{entry['title']}, MACs at peak to the same fit", entry["peak"]))
    lines += ["", "| grid | M×N×K | fit µs | ours µs | ours / fit | our causes |", "|---|---|--:|--:|--:|---|"]
    for example in result["examples"]:
        lines.append(
            f"| {example['set']} | {example['size']} | {example['fit']:.2f} | {example['ours']:.2f} | "
            f"{example['ours'] / example['fit']:.2f} | {example['causes']} |")
    return lines
