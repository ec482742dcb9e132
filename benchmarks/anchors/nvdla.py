"""NVDLA's own performance spreadsheet, layer by layer (nvdla/hw, perf/NVDLA_OpenSource_Performance.xlsx)."""

import csv

import agreement

from . import runs
from .layers import Layer

MACHINE = "nvdla-large"
#: The spreadsheet's total in cycles at 1 GHz, without a second SRAM.
TOTALS = {"AlexNet": 895443, "GoogLeNet": 1222071, "ResNet50": 7113691}
#: Images that share the weights of fully connected layers; without a second SRAM only AlexNet's sheet has a batch.
BATCH = {"AlexNet": 16, "GoogLeNet": 1, "ResNet50": 1}


def number(cell: str) -> float | None:
    try:
        return float(cell)
    except ValueError:
        return None


def published(network: str) -> list[dict]:
    """The rows that count in the spreadsheet's total without a second SRAM (its right half)."""
    with open(runs.data("nvdla", f"{network}.csv")) as file:
        table = list(csv.reader(file))
    heading = next(index for index, row in enumerate(table) if "Layer attribute" in row)
    last = max(index for index, title in enumerate(table[heading]) if title.startswith("MAX Cycle"))
    column = {title.strip(): index for index, title in reversed(list(enumerate(table[heading])))}
    rows = []
    for row in table[heading + 1:]:
        cycles, kind = number(row[last]), row[column["Layer attribute"]]
        if cycles is None or not kind.startswith(("conv", "fc")):
            continue
        def value(title: str) -> int:
            return int(float(row[column[title]]))
        winograd = next((row[index] for title, index in column.items() if title.startswith("Winograd")), "") == "True"
        pooled = row[column["Pooling after Conv"]] == "True"
        samples = BATCH[network] if kind == "fc" else 1
        name = f"{row[2]} {row[3] if network == 'GoogLeNet' else ''}".strip()
        rows.append({
            "network": network, "name": name, "published": cycles, "pole": row[last + 1], "winograd": winograd,
            "samples": samples,
            "layer": Layer(
                value("#input feature maps C"), value("Input Height H"), value("Input Width W"),
                value("#output feature maps K"), (value("Filter Height R"), value("Filter Width S")),
                value("Vertical  Conv Srtide H"), (value("Height after Conv P"), value("Width after Conv Q")),
                batch=samples, adds="elwise" in kind,
                pooling=(value("Pooling Height D"), value("Vertical pooling  stride F"), value("Height after Pooling A"))
                if pooled else None)})
    return rows


def run(workers: int) -> dict:
    rows = [row for network in TOTALS for row in published(network)]
    results = runs.simulate_layers([row["layer"] for row in rows], MACHINE, (), workers)
    for row, result in zip(rows, results):
        row |= {"ours": result["totals"]["cycles"] / row["samples"], "causes": runs.causes(result)}
        del row["layer"]
    sets = []
    for network, total in TOTALS.items():
        chosen = [row for row in rows if row["network"] == network]
        listed = sum(row["published"] for row in chosen)
        if abs(listed - total) > 1:
            raise SystemExit(f"error: {network}: the rows add up to {listed}, the spreadsheet says {total}")
        sets.append({
            "title": network, "total": {"published": total, "ours": sum(row["ours"] for row in chosen)},
            "ours": agreement.row([row["ours"] for row in chosen], [row["published"] for row in chosen])})
    return {"sets": sets, "rows": rows}


def page(result: dict) -> list[str]:
    lines = ["| network | spreadsheet's cycles | ours | ratio |", "|---|--:|--:|--:|"]
    for entry in result["sets"]:
        total = entry["total"]
        lines.append(
            f"| {entry['title']} | {total['published']:,} | {total['ours']:,.0f} | "
            f"{total['ours'] / total['published']:.2f} |")
    lines += ["", agreement.HEADING, agreement.RULE]
    lines += [agreement.line(entry["title"] + ", layers", entry["ours"]) for entry in result["sets"]]
    lines += [
        "", "| network | layer | spreadsheet | its long pole | ours | ratio | our causes |",
        "|---|---|--:|---|--:|--:|---|"]
    for row in result["rows"]:
        pole = row["pole"] + (", Winograd" if row["winograd"] else "")
        lines.append(
            f"| {row['network']} | {row['name']} | {row['published']:,.0f} | {pole} | {row['ours']:,.0f} | "
            f"{row['ours'] / row['published']:.2f} | {row['causes']} |")
    return lines
