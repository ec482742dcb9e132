"""The part of section 4 on collapse: where weights of mixtures go in long searches, and what changes it."""
import statistics

METHODS = ["XNAS", "GAEA, rate 0.1", "softmax gradient, rate 0.1", "DARTS, Adam 0.01"]
REMEDIES = ["XNAS, at most one skip", "XNAS, auxiliary skip", "XNAS, beta decay", "XNAS on training losses",
            "DARTS on training losses, Adam 0.01"]
BOUNDS = ["XNAS, bound 0.01", "XNAS, bound 0.1", "XNAS", "XNAS without clipping"]
KINDS = {"nothing": [0], "skip": [1], "pooling": [4], "convolutions": [2, 3]}


def measure(program, images: list[str], size: dict) -> dict:
    def methods(names: list[str], epochs: int, *options: str) -> list[dict]:
        chosen = [text for name in names for text in ("--only", name)]
        return program("methods", *images, *chosen, "--epochs", str(epochs), "--seeds", str(size["seeds"]), *options)["rows"]

    few = ["--training", str(size["collapse_training"])]
    return {
        "size": size, "rows": thinned(methods(METHODS + REMEDIES, size["collapse_epochs"], *few)),
        "bounds": methods(BOUNDS, size["search_epochs"])}


def thinned(rows: list[dict]) -> list[dict]:
    """Every tenth of the epochs, the last undecided one and the last."""
    import training
    for row in rows:
        epochs = row["epochs"]
        kept = {max(0, round(len(epochs) * part / 10) - 1) for part in range(1, 11)} | {0}
        row["seconds"] = [epoch["seconds"] for epoch in epochs]
        row["undecided"] = training.undecided(row)
        row["count"] = len(epochs)
        row["epochs"] = [epochs[place] for place in sorted(kept)]
    return rows


def weight(epoch: dict, kind: str) -> float:
    """The weight of a kind of operations, the mean over edges."""
    return statistics.mean(sum(mixture[option] for option in KINDS[kind]) for mixture in epoch["mixtures"])


def weights(rows: list[dict], percentile) -> str:
    import page
    lines = []
    for name in dict.fromkeys(row["method"] for row in rows):
        runs = [row for row in rows if row["method"] == name]
        ends = [row["undecided"] for row in runs]
        cells = [f"{statistics.mean(weight(end, kind) for end in ends):.2f}" for kind in KINDS]
        places = [percentile(row["found"]) for row in runs] if percentile else []
        lines.append([
            name, ", ".join(row["found"] for row in runs)]
            + ([f"{statistics.mean(places):.0f} ± {statistics.stdev(places):.0f}"] if percentile else []) + cells
            + [", ".join(str(row["count"]) for row in runs),
               f"{statistics.mean(end['training_loss'] for end in ends):.2f} / {statistics.mean(end['reward_loss'] for end in ends):.2f}"])
    return page.table(
        ["method", "found, by seed"] + (["percentile"] if percentile else []) + [f"weight of {kind}" for kind in KINDS]
        + ["epochs", "loss of weights' / rewards' images"], lines)


def way(rows: list[dict], name: str) -> str:
    """The weights of one method over epochs, the mean over seeds."""
    import page
    runs = [row for row in rows if row["method"] == name and row["count"] == max(r["count"] for r in rows)]
    count = len(runs[0]["epochs"])
    # In the last epoch of XNAS all is decided; the last undecided one stands for it.
    epochs = [[run["epochs"][place] if place + 1 < count else run["undecided"] for run in runs] for place in range(count)]
    numbers = [1] + [round(runs[0]["count"] * part / 10) for part in range(1, 11)]
    numbers = sorted(set(numbers))[:count]
    return page.table(
        ["weight of"] + [f"epoch {number}" for number in numbers],
        [[kind] + [f"{statistics.mean(weight(epoch, kind) for epoch in place):.2f}" for place in epochs] for kind in KINDS])


def section(found: dict, percentile) -> str:
    import page
    import training
    size = found["size"]
    lines = []
    for name in BOUNDS:
        runs = [row for row in found["bounds"] if row["method"] == name]
        ends = [training.undecided(run) for run in runs]
        places = [percentile(run["found"]) for run in runs]
        lines.append([
            name, f"{100 * statistics.mean(run['epochs'][-1]['clipped'] for run in runs):.1f} %",
            ", ".join(run["found"] for run in runs), f"{statistics.mean(places):.0f} ± {statistics.stdev(places):.0f}",
            f"{statistics.mean(end['entropy'] for end in ends):.2f}", f"{statistics.mean(end['wiped'] for end in ends):.1f}"])
    bounds = page.table(
        ["method", "rewards at the bound", "found, by seed", "percentile", "entropy in the end", "wiped, of 15"], lines)
    times = seconds(found["bounds"])
    if len(times) > 1:
        leaner = "Seconds of an epoch as operations leave the network:\n\n" + page.table(
            ["operations wiped, of 15", "epochs", "seconds of an epoch, least"], times)
    else:
        leaner = ("At none of these bounds is an operation wiped before the last epoch, so that no epoch becomes faster; what a leaner\n"
                  "network saves is in section 6.\n")
    def ends(rows: list[dict], kind: str) -> list[float]:
        names = dict.fromkeys(row["method"] for row in rows)
        return [statistics.mean(weight(row["undecided"], kind) for row in rows if row["method"] == name) for name in names]

    def least(rows: list[dict]) -> float:
        return min(ends(rows, "convolutions"))

    def most(rows: list[dict]) -> float:
        return max(ends(rows, "convolutions"))

    def skips(rows: list[dict]) -> str:
        return f"{min(ends(rows, 'skip')):.2f} to {max(ends(rows, 'skip')):.2f}"

    training_losses = [row for row in found["rows"] if "on training losses" in row["method"]]
    # A search that ended behind its first epochs had no time to collapse.
    validation = [row for row in found["rows"] if "on training losses" not in row["method"] and row["count"] > 1]
    return f"""### Collapse

`benchmarks/search/run collapse`. The same search network for {size['collapse_epochs']} epochs on {size['collapse_training']} images, half of them for weights and half for
mixtures: long enough for weights to know their images by heart. Weights of operations are means over edges in the last
undecided epoch; the percentile is that of the cell found in the table above.

{weights(found["rows"], percentile)}
Over epochs, XNAS and then XNAS on training losses:

{way(found["rows"], "XNAS")}
{way(found["rows"], "XNAS on training losses")}
Rewarded by images that weights do not learn from, mixtures leave convolutions a weight of {least(validation):.2f} to {most(validation):.2f}, and cells are read off from what
is left: weights fit their own images and not the others (the losses in the last column), and operations without weights, above all
the one that computes nothing, do those the least harm. It is a collapse to nothing rather than to skips, whose weight is {skips(validation)} in the end. Auxiliary skips
and a limit of skips do not hold it up; rewards from training losses do ({least(training_losses):.2f} to {most(training_losses):.2f} for convolutions). Of the cells that XNAS finds, those
by training losses are at percentile {place(found["rows"], "XNAS on training losses", percentile):.0f}, those by held-out images at {place(found["rows"], "XNAS", percentile):.0f}.

What the bound L of the rewards does ({size['search_epochs']} epochs and the images of the table; without clipping at the theory's rate for L = 1):

{bounds}
{leaner}"""


def place(rows: list[dict], name: str, percentile) -> float:
    return statistics.mean(percentile(row["found"]) for row in rows if row["method"] == name)


def seconds(rows: list[dict]) -> list[list]:
    """The least time of epochs by how many operations had been wiped before them."""
    times: dict[int, list[float]] = {}
    for row in rows:
        for before, epoch in zip(row["epochs"], row["epochs"][1:]):
            times.setdefault(before["wiped"], []).append(epoch["seconds"])
    return [[wiped, len(values), f"{min(values):.2f}"] for wiped, values in sorted(times.items())]
