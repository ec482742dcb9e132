"""Eyeriss: measured latency and power of AlexNet's and VGG-16's convolutions (Chen et al., JSSC 52(1), 2017)."""

import csv

import agreement

from . import runs
from .layers import Layer

MACHINE = "eyeriss"

#: Table VI, batch 3: power in mW, total latency in ms; then the layer's channels, filters and extent.
VGG16 = [
    ("CONV1-1", 247, 76.2, 3, 64, 224), ("CONV1-2", 218, 910.3, 64, 64, 224), ("CONV2-1", 242, 470.3, 64, 128, 112),
    ("CONV2-2", 231, 894.3, 128, 128, 112), ("CONV3-1", 254, 241.1, 128, 256, 56),
    ("CONV3-2", 235, 460.9, 256, 256, 56), ("CONV3-3", 233, 457.7, 256, 256, 56),
    ("CONV4-1", 278, 135.8, 256, 512, 28), ("CONV4-2", 261, 254.8, 512, 512, 28),
    ("CONV4-3", 240, 246.3, 512, 512, 28), ("CONV5-1", 258, 54.3, 512, 512, 14), ("CONV5-2", 236, 53.7, 512, 512, 14),
    ("CONV5-3", 230, 53.7, 512, 512, 14),
]

#: Table VI: the share of zeros in the inputs of each of these layers, in percent.
VGG16_ZEROS = [1.6, 47.7, 24.8, 38.7, 39.7, 58.1, 58.7, 64.3, 74.7, 85.4, 79.4, 87.4, 88.5]


def published() -> list[dict]:
    rows = []
    with open(runs.data("calibration", "eyeriss-alexnet.csv")) as file:
        for line in csv.DictReader(file):
            rows.append({
                "network": "AlexNet", "name": line["layer"], "milliwatts": float(line["power_mw"]),
                "milliseconds": float(line["total_latency_ms"]),
                "layer": Layer(
                    int(line["in_c"]), int(line["in_hw_padded"]), int(line["in_hw_padded"]), int(line["out_c"]),
                    (int(line["kernel"]),) * 2, int(line["stride"]), (int(line["out_hw"]),) * 2,
                    groups=int(line["groups"]), batch=int(line["batch"]))})
    for name, power, latency, channels, filters, extent in VGG16:
        rows.append({
            "network": "VGG-16", "name": name, "milliwatts": power, "milliseconds": latency,
            "layer": Layer(channels, extent, extent, filters, (3, 3), 1, (extent, extent), batch=3)})
    return rows


def run(workers: int) -> dict:
    rows = published()
    results = runs.simulate_layers([row["layer"] for row in rows], MACHINE, (), workers)
    for row, result in zip(rows, results):
        totals = result["totals"]
        # The chip's power: main memory was not measured.
        energy = totals["energy_joules"] - result["energy_by_component"].get("dram", 0)
        row |= {
            "ours_milliseconds": totals["latency_seconds"] * 1e3,
            "ours_milliwatts": energy / totals["latency_seconds"] * 1e3, "causes": runs.causes(result)}
        del row["layer"]
    sets = []
    for network in ("AlexNet", "VGG-16"):
        chosen = [row for row in rows if row["network"] == network]
        for quantity, unit in (("latency", "milliseconds"), ("power", "milliwatts")):
            sets.append({
                "title": f"{network}, {quantity}",
                "ours": agreement.row([row[f"ours_{unit}"] for row in chosen], [row[unit] for row in chosen])})
        total, ours = (sum(row[key] for row in chosen) for key in ("milliseconds", "ours_milliseconds"))
        sets[-2]["total"] = {"published": total, "ours": ours}
    return {"sets": sets, "rows": rows}


def page(result: dict) -> list[str]:
    lines = [agreement.HEADING, agreement.RULE]
    lines += [agreement.line(entry["title"], entry["ours"]) for entry in result["sets"]]
    lines += [
        "", "| network | layer | published ms | ours ms | ratio | published mW | ours mW | ratio | our causes |",
        "|---|---|--:|--:|--:|--:|--:|--:|---|"]
    for row in result["rows"]:
        lines.append(
            f"| {row['network']} | {row['name']} | {row['milliseconds']:.1f} | {row['ours_milliseconds']:.1f} | "
            f"{row['ours_milliseconds'] / row['milliseconds']:.2f} | {row['milliwatts']:.0f} | "
            f"{row['ours_milliwatts']:.0f} | {row['ours_milliwatts'] / row['milliwatts']:.2f} | {row['causes']} |")
    return lines
