"""Arm's own estimates for Ethos-U: total cycles of whole networks by Vela 5.2.0 (ethos-u-vela on PyPI)."""

import agreement

from . import runs

U65 = (
    "clock=1 GHz", "dma.clock=1 GHz", "dma.bus=16 B", "memory.pipe.bandwidth=3750 MB/s", "memory.pipe.latency=500 ns",
    "dma.outstanding=64")

#: What differs from `hwmodels/ethos-u55-256.yaml`: ethos-u-vela's vela.ini and architecture_features.py.
MACHINES = {
    "U55-128": ("array.pixels=2", "scratchpads.sram.capacity=4 MiB"),
    "U55-256": ("scratchpads.sram.capacity=4 MiB",),
    "U65-256": (*U65, "scratchpads.sram.capacity=384 KiB"),
    "U65-512": (*U65, "scratchpads.sram.capacity=512 KiB", "array.columns=16"),
}

#: Total cycles as Vela's summary prints them, int8 with random weights.
PUBLISHED = {
    "mobilenet-v1": {"U55-128": 8.33e6, "U55-256": 6.35e6, "U65-256": 4.54e6, "U65-512": 4.87e6},
    "mobilenet-v2": {"U55-128": 7.89e6, "U55-256": 6.05e6, "U65-256": 4.95e6, "U65-512": 3.26e6},
    "resnet18": {"U55-128": 23.2e6, "U55-256": 16.8e6, "U65-256": 13.6e6, "U65-512": 10.1e6},
    "resnet50": {"U55-128": 52.5e6, "U55-256": 38.1e6, "U65-256": 33.3e6, "U65-512": 25.2e6},
}


def run(workers: int) -> dict:
    rows = [
        {"machine": machine, "network": network, "published": PUBLISHED[network][machine]}
        for machine in MACHINES for network in PUBLISHED]
    results = runs.simulate_all(
        [(row["network"], "ethos-u55-256", MACHINES[row["machine"]]) for row in rows], workers)
    for row, result in zip(rows, results):
        row |= {"ours": result["totals"]["cycles"], "causes": runs.causes(result)}
    sets = []
    for machine in MACHINES:
        chosen = [row for row in rows if row["machine"] == machine]
        sets.append({
            "title": machine,
            "ours": agreement.row([row["ours"] for row in chosen], [row["published"] for row in chosen])})
    sets.append({
        "title": "all", "ours": agreement.row([row["ours"] for row in rows], [row["published"] for row in rows])})
    return {"sets": sets, "rows": rows}


def page(result: dict) -> list[str]:
    lines = [agreement.HEADING, agreement.RULE]
    lines += [agreement.line(entry["title"], entry["ours"]) for entry in result["sets"]]
    lines += [
        "", "| machine | network | Vela, Mcycles | ours | ratio | our causes |", "|---|---|--:|--:|--:|---|"]
    for row in result["rows"]:
        lines.append(
            f"| {row['machine']} | {row['network']} | {row['published'] / 1e6:.2f} | {row['ours'] / 1e6:.2f} | "
            f"{row['ours'] / row['published']:.2f} | {row['causes']} |")
    return lines
