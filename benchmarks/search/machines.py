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
    folder = pathlib.Path(tempfile.mkdtemp(prefix="studies-"))
    tables = common.data() / "nb201" / "nb201_accuracy.csv.gz"
    looked_up = f"{{method: table, file: {tables}, column: c10_val200_mean}}"
    search = f"{{name: xnas, one-shot: {{epochs: {size['study_epochs']}, batch: 32, finalists: {size['trials']}}}}}"
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
        for form, seeds in (("absolute", size["study_seeds"]), ("one-sided-absolute", 1)):
            for share in SHARES:
                for seed in range(1, seeds + 1):
                    rows.append(held(study(folder, f"{form}-{machine}-{round(100 * share)}-{seed}", {
                        "hardware": machine, "seed": seed,
                        "objective": f"{{latency: {{target: {share * most:.6g} s}}, form: {form}}}",
                        "strategy": search, **trained, "budget": f"{{trials: {size['trials']}}}"}))
                        | {"form": form, "share": share, "seed": seed})
        chance = []
        for seed in range(1, size["study_seeds"] + 1):
            found = study(folder, f"random-{machine}-{seed}", {
                "hardware": machine, "seed": seed, "objective": "{latency: {}}", "strategy": "{name: random}", **trained,
                "budget": f"{{trials: {size['trials'] * len(SHARES)}}}"})
            result.setdefault("trained_seconds", found["cpu_seconds"])
            chance.append(pairs(found["trials"]))
        result["machines"][machine] = {"most": most, "rows": rows, "random": chance}
    return result


def held(found: dict) -> dict:
    """What a search under a target ended with, and how its expected latency came there."""
    last = found["epochs"][-1]
    price = last["prices"][0]
    return {
        "target": price["target"], "expected": [epoch["prices"][0]["expected"] for epoch in found["epochs"]],
        "prices": [epoch["prices"][0]["price"] for epoch in found["epochs"]],
        "determination": price["determination"], "found": found["trials"][0]["text"],
        "latency": found["trials"][0]["latency_s"], "regret": max(last["regrets"]),
        "regret_bound": max(last["regret_bounds"]), "trials": pairs(found["trials"])}


def hypervolume(points: list[list[float]], most: float) -> float:
    """The share of the rectangle up to the largest latency and no accuracy at all that latencies and accuracies dominate."""
    total, reached = 0.0, 0.0
    front = sorted(points)
    for place, (latency, quality) in enumerate(front):
        reached = max(reached, quality)
        end = min(most, front[place + 1][0] if place + 1 < len(front) else most)
        total += reached * max(0.0, end - min(latency, most))
    return total / most


def off(row: dict, place: int = -1) -> float:
    """By which share of the target the expected latency of an epoch misses it."""
    return row["expected"][place] / row["target"] - 1


def counted(holds: list[bool]) -> str:
    return f"{sum(holds)} of {len(holds)}"


def soft(cells: list[list], form) -> str:
    """The best of the cells at each target in turn."""
    most = max(latency for _, latency, _ in cells)
    return ", ".join(max(cells, key=lambda cell: form(cell[2], cell[1] / (share * most)))[0] for share in SHARES)


def section(found: dict) -> str:
    import page
    ends, ways, volumes, sides = [], [], [], {"absolute": [], "one-sided-absolute": []}
    for machine, results in found["machines"].items():
        for row in results["rows"]:
            sides[row["form"]].append(row)
            ends.append([
                machine, row["form"].replace("-absolute", "").replace("absolute", "two-sided"), row["seed"],
                f"{1e6 * row['target']:.1f}", f"{1e6 * row['expected'][-1]:.1f}",
                f"{100 * off(row):+.1f} %", row["found"], f"{1e6 * row['latency']:.1f}",
                f"{100 * (row['latency'] / row['target'] - 1):+.1f} %", f"{row['prices'][-1]:.3f}",
                f"{row['determination']:.3f}", f"{row['regret']:.0f} / {row['regret_bound']:.0f}"])
            count = len(row["expected"])
            ways.append([
                machine, ends[-1][1], row["seed"], f"{1e6 * row['target']:.1f}"]
                + [f"{100 * off(row, round(part * count) - 1):+.1f} %" for part in (0.1, 0.25, 0.5, 0.75, 1)])
        searched = [
            hypervolume([p for row in results["rows"] if row["form"] == "absolute" and row["seed"] == seed
                         for p in row["trials"]], results["most"])
            for seed in range(1, found["size"]["study_seeds"] + 1)]
        chance = [hypervolume(points, results["most"]) for points in results["random"]]
        volumes.append([
            machine, len(results["random"][0]), ", ".join(f"{v:.3f}" for v in searched), ", ".join(f"{v:.3f}" for v in chance)])
    held = page.table(
        ["machine", "target held from", "seed", "target, µs", "E[c]", "off by", "found", "its latency", "off by", "price",
         "R² of the table", "regret / its bound"], ends)
    convergence = page.table(
        ["machine", "target held from", "seed", "target, µs", "a tenth", "a quarter", "half", "three quarters", "the end"], ways)
    volume = page.table(["machine", "trained networks", "XNAS, three targets, by seed", "random, by seed"], volumes)
    pairs_ahead = [
        hypervolume([p for row in results["rows"] if row["form"] == "absolute" and row["seed"] == seed + 1
                     for p in row["trials"]], results["most"]) > hypervolume(points, results["most"])
        for results in found["machines"].values() for seed, points in enumerate(results["random"])]
    qualities = [q for results in found["machines"].values() for points in results["random"] for _, q in points]
    found_qualities = [q for row in sides["absolute"] for _, q in row["trials"]]
    two, one = sides["absolute"], sides["one-sided-absolute"]
    forms = page.table(
        ["machine", "Q (c/c₀)^−0.07", "Q − 0.1 max(0, c/c₀ − 1)", "Q − 0.1 abs(c/c₀ − 1)"],
        [[machine, soft(cells, lambda q, r: q * r ** -0.07), soft(cells, lambda q, r: q - 0.1 * max(0, r - 1)),
          soft(cells, lambda q, r: q - 0.1 * abs(r - 1))] for machine, cells in found["table"].items()])
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
CIFAR-10 at 16 × 16 pixels, four nodes, {size['study_epochs']} epochs of search, marginal costs from a table fitted to 200 simulations, what a
mixture costs as a whole put right by 32 simulations of drawn cells in each epoch, damped dual ascent after a warm-up of 15 %, then
the repair. `form: absolute` holds the target from both sides, every other form from above. E[c] is the mean over the last epoch's steps.
The regret bound is the one that the run stands by, cost included.

{held}
Held from both sides, E[c] ends within 5 % of the target in {counted([abs(off(r)) <= 0.05 for r in two])} searches, and the network after the repair is
within 10 % in {counted([abs(r["latency"] / r["target"] - 1) <= 0.1 for r in two])}; held from above, E[c] ends within 5 % in {counted([abs(off(r)) <= 0.05 for r in one])} and below the target in
{counted([off(r) < 0 for r in one])}: in this space and with so little training cheap operations win by themselves, and the target does not bind. After the
repair {counted([r["latency"] > r["target"] * 1.000001 for r in two + one])} networks exceed their target.

How far E[c] was from the target after a tenth of the epochs (before the price), a quarter, half and three quarters of them, and in the end:

{convergence}
Networks trained (3 epochs) and simulated in equal number; share of the rectangle up to the largest latency that accuracies
dominate (XNAS has trained a search network besides):

{volume}
XNAS is ahead in {counted(pairs_ahead)} pairs. Its cells lie at three latencies, those of chance at all of them, and after three epochs the
best of chance's cells have {100 * max(qualities):.0f} % of the validation images right, XNAS's {100 * max(found_qualities):.0f} %.

Which of the 300 cells of the table below a scalar form prefers at each of the three targets: with MnasNet's soft form the
target decides nothing.

{forms}
A trial whose accuracy is looked up takes {1000 * found['looked_up_seconds']:.1f} ms of processor time with everything that
is not training (strategy, store, compilation and simulation, its share of the start), one that is trained
{1000 * found['trained_seconds']:.0f} ms: {100 * found['looked_up_seconds'] / found['trained_seconds']:.1f} %, of which
strategy and store are a part.

The best of 300 random cells by validation accuracy (table of NAS-Bench-201) within half of the largest latency of each
machine:

{winners}"""
