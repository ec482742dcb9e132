"""Section 5 of the page: searches held to latencies on two machines, and networks that are best on one of them."""
import json
import pathlib
import sqlite3
import sys
import tempfile

import common

MACHINES = ["ethos-u55-256", "dpu-b4096"]
SHARES = [0.3, 0.5, 0.7]


def study(folder: pathlib.Path, name: str, lines: dict) -> dict:
    """Runs a study: its JSON, and its epochs."""
    path = folder / f"{name}.yaml"
    path.write_text("".join(f"{key}: {value}\n" for key, value in lines.items()))
    command = [str(common.binary()), "search", str(path), "--json", "--quiet"]
    print("$", " ".join(command), file=sys.stderr, flush=True)
    run = common.measure(command)
    found = json.loads(run["output"])
    with sqlite3.connect(folder / f"{name}.sqlite") as store:
        epochs = [json.loads(row[0]) for row in store.execute("SELECT payload FROM search_epoch ORDER BY epoch")]
    return {"trials": found["trials"], "epochs": epochs, "cpu_seconds": run["cpu_seconds"] / len(found["trials"])}


def images(folder: pathlib.Path) -> pathlib.Path:
    """CIFAR-10 at half its resolution as an archive that the program reads."""
    import lzma

    import numpy

    arrays = {}
    source = common.data() / "datasets" / "cifar10-jpegdecoded"
    for part, name in [("train", "data_batch_1"), ("test", "test_batch")]:
        records = numpy.frombuffer(lzma.open(source / f"{name}.bin.xz").read(), numpy.uint8).reshape(-1, 3073)[:4000]
        pixels = records[:, 1:].reshape(-1, 3, 16, 2, 16, 2).mean((3, 5)).round().astype(numpy.uint8)
        arrays |= {f"x_{part}": pixels, f"y_{part}": records[:, 0].astype(numpy.int64)}
    path = folder / "cifar16.npz"
    numpy.savez(path, **arrays)
    return path


def pairs(trials: list[dict]) -> list[list[float]]:
    return [[t["latency_s"], t["quality"]] for t in trials if t["quality"] is not None]


def measure(size: dict) -> dict:
    search = f"{{name: xnas, one-shot: {{epochs: {size['study_epochs']}, batch: 32, finalists: 2, price-rate: 0.05}}}}"
    folder = pathlib.Path(tempfile.mkdtemp(prefix="studies-"))
    tables = common.data() / "nb201" / "nb201_accuracy.csv.gz"
    looked_up = f"{{method: table, file: {tables}, column: c10_val200_mean}}"
    trained = {"dataset": f"{{name: {images(folder)}, training: {size['study_training']}, validation: 1000}}",
               "estimator": "{epochs: 3, batch: 32, learning-rate: 0.05}"}
    result = {"size": size, "machines": {}, "table": {}}
    # The same 300 cells on both machines, since random search does not look at results.
    for machine in MACHINES:
        found = study(folder, f"table-{machine}", {
            "hardware": machine, "objective": "{latency: {}}", "strategy": "{name: random}",
            "estimator": looked_up, "budget": "{trials: 300}"})
        result.setdefault("looked_up_seconds", found["cpu_seconds"])
        result["table"][machine] = [[t["text"], t["latency_s"], t["quality"]] for t in found["trials"]]
    for machine in MACHINES:
        most = max(latency for _, latency, _ in result["table"][machine])
        rows = []
        for share in SHARES:
            found = study(folder, f"xnas-{machine}-{round(100 * share)}", {
                "hardware": machine, "objective": f"{{latency: {{target: {share * most:.6g} s}}}}", "strategy": search,
                **trained, "budget": f"{{trials: {size['trials']}}}"})
            last = found["epochs"][-1]
            price = last["prices"][0]
            rows.append({
                "share": share, "target": price["target"], "expected": price["expected"], "price": price["price"],
                "determination": price["determination"], "found": found["trials"][0]["text"],
                "latency": found["trials"][0]["latency_s"], "entropy": last["entropy"], "wiped": sum(
                    not alive for choice in last["is_present"] for alive in choice),
                "regret": max(last["regrets"]), "regret_bound": max(last["regret_bounds"]),
                "trials": pairs(found["trials"])})
        chance = study(folder, f"random-{machine}", {
            "hardware": machine, "objective": "{latency: {}}", "strategy": "{name: random}", **trained,
            "budget": f"{{trials: {size['trials'] * len(SHARES)}}}"})
        result.setdefault("trained_seconds", chance["cpu_seconds"])
        result["machines"][machine] = {"most": most, "rows": rows, "random": pairs(chance["trials"])}
    return result


def hypervolume(points: list[list[float]], most: float) -> float:
    """The share of the rectangle up to the largest latency and no accuracy at all that latencies and accuracies dominate."""
    total, reached = 0.0, 0.0
    front = sorted(points)
    for place, (latency, quality) in enumerate(front):
        reached = max(reached, quality)
        end = min(most, front[place + 1][0] if place + 1 < len(front) else most)
        total += reached * max(0.0, end - min(latency, most))
    return total / most


def section(found: dict) -> str:
    import page
    rows, volumes = [], []
    for machine, results in found["machines"].items():
        for row in results["rows"]:
            rows.append([
                machine, f"{1e6 * row['target']:.1f}", f"{1e6 * row['expected']:.1f}",
                f"{100 * (row['expected'] / row['target'] - 1):+.1f} %", row["found"], f"{1e6 * row['latency']:.1f}",
                f"{100 * (row['latency'] / row['target'] - 1):+.1f} %", f"{row['price']:.3f}",
                f"{row['determination']:.3f}", f"{row['regret']:.0f} / {row['regret_bound']:.0f}"])
        searched = [point for row in results["rows"] for point in row["trials"]]
        volumes.append([
            machine, len(searched), f"{hypervolume(searched, results['most']):.3f}",
            f"{hypervolume(results['random'], results['most']):.3f}"])
    held = page.table(
        ["machine", "target, µs", "E[c]", "off by", "found", "its latency", "off by", "price", "R² of the table",
         "regret / its bound"], rows)
    volume = page.table(["machine", "trained networks", "XNAS, three targets", "random"], volumes)
    ends = [row for results in found["machines"].values() for row in results["rows"]]
    near = sum(abs(row["expected"] / row["target"] - 1) <= 0.05 for row in ends)
    below = sum(row["expected"] < row["target"] for row in ends)
    over = sum(row["latency"] > row["target"] for row in ends) or "none"
    size = found["size"]
    first, second = found["table"]
    best = {}
    for machine, cells in found["table"].items():
        limit = 0.5 * max(latency for _, latency, _ in cells)
        best[machine] = (max((c for c in cells if c[1] <= limit), key=lambda c: c[2]), limit)
    lines = []
    for machine, other in ((first, second), (second, first)):
        (cell, latency, quality), limit = best[machine]
        there = next(c for c in found["table"][other] if c[0] == cell)
        (rival, _, better), allowed = best[other]
        lines.append([machine, cell, f"{100 * quality:.2f} %", f"{latency / limit:.2f}", other, f"{there[1] / allowed:.2f}",
                      f"{rival} ({100 * better:.2f} %)"])
    winners = page.table(
        ["best on", "cell", "accuracy", "latency by the limit", "on the other", "latency by its limit", "best there"], lines)
    return f"""## 5. Searches held to a machine

`benchmarks/search/run machines`. XNAS on two machines at 30, 50 and 70 % of the largest latency in the space: {size['study_training']} images of
CIFAR-10 at 16 × 16 pixels, four nodes, {size['study_epochs']} epochs of search, costs from a table fitted to 200 simulations, dual ascent after a warm-up
of 15 %, then the repair; one seed. The regret bound is the one that the run stands by, cost included.

{held}
Targets are held from one side. Where the price is 0 in the end, the target does not bind: cheap operations earn the most
without it. E[c] ends within 5 % of the target in {near} of {len(rows)} searches and below it in {below}; of the networks after the repair {over}
exceed their target.

Networks trained (3 epochs) and simulated in equal number; share of the rectangle up to the largest latency that accuracies
dominate (XNAS has trained a search network besides):

{volume}
A trial whose accuracy is looked up takes {1000 * found['looked_up_seconds']:.1f} ms of processor time with everything that
is not training (strategy, store, compilation and simulation, its share of the start), one that is trained
{1000 * found['trained_seconds']:.0f} ms: {100 * found['looked_up_seconds'] / found['trained_seconds']:.1f} %, of which
strategy and store are a part.

The best of 300 random cells by validation accuracy (table of NAS-Bench-201) within half of the largest latency of each
machine:

{winners}"""
