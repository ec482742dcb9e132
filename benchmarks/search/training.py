"""Section 4 of the page: a table of 125 trained cells, and what searches in the same space find in it."""
import random
import statistics

EPOCHS = (1, 2, 3, 4, 5, 8, 10)


def ranks(values: list[float]) -> list[float]:
    """Places in ascending order, equal values at the mean of theirs."""
    order = sorted(range(len(values)), key=lambda i: values[i])
    places = [0.0] * len(values)
    start = 0
    while start < len(order):
        end = start
        while end + 1 < len(order) and values[order[end + 1]] == values[order[start]]:
            end += 1
        for place in range(start, end + 1):
            places[order[place]] = (start + end) / 2
        start = end + 1
    return places


def spearman(left: list[float], right: list[float]) -> float:
    return statistics.correlation(ranks(left), ranks(right))


def interval(count: int, statistic, resamples: int = 500) -> tuple[float, float]:
    """The 95 % bootstrap interval of a statistic of places."""
    chance = random.Random(1)
    values = []
    for _ in range(resamples):
        try:
            values.append(statistic([chance.randrange(count) for _ in range(count)]))
        except statistics.StatisticsError:
            continue
    values.sort()
    return values[int(0.025 * len(values))], values[int(0.975 * len(values))]


def correlation(estimates: list[float], truth: list[float]) -> str:
    def of(places):
        return spearman([estimates[i] for i in places], [truth[i] for i in places])
    low, high = interval(len(truth), of)
    return f"{of(range(len(truth))):.3f} [{low:.3f}, {high:.3f}]"


def difference(first: list[float], second: list[float], truth: list[float]) -> str:
    def of(places):
        real = [truth[i] for i in places]
        return spearman([first[i] for i in places], real) - spearman([second[i] for i in places], real)
    low, high = interval(len(truth), of)
    return f"{of(range(len(truth))):+.3f} [{low:+.3f}, {high:+.3f}]"


def undecided(run: dict) -> dict:
    """The last epoch in which a mixture was undecided, or the only one that there is."""
    return next((epoch for epoch in reversed(run["epochs"]) if epoch["entropy"] > 0), run["epochs"][-1])


def percentiles(found: dict):
    """What share of all 125 cells a cell is better than, by test accuracy, in percent; equal ones count half."""
    accuracy = {cell: row["test_accuracy"] for row in found["table"]["rows"] for cell in row["cells"]}

    def percentile(cell: str) -> float:
        mine = accuracy[cell]
        return 100 * sum((other < mine) + (other == mine) / 2 for other in accuracy.values()) / len(accuracy)
    return percentile


def section(found: dict) -> str:
    import page
    rows = found["table"]["rows"]
    truth = [row["test_accuracy"] for row in rows]
    size = found["size"]
    accuracy = {cell: row["test_accuracy"] for row in rows for cell in row["cells"]}
    all_cells = sorted(accuracy.values())
    last = len(rows[0]["training_loss"])
    speeds = []
    for epochs in (e for e in EPOCHS if e <= last):
        tse = [-sum(row["training_loss"][:epochs]) for row in rows]
        newest = [-row["training_loss"][epochs - 1] for row in rows]
        early = [row["validation_accuracy"][epochs - 1] for row in rows]
        losses = [-sum(row["validation_loss"][:epochs]) for row in rows]
        speeds.append([
            epochs, correlation(tse, truth), correlation(newest, truth), correlation(early, truth),
            correlation(losses, truth), difference(newest, early, truth)])
    speed_table = page.table(
        ["epochs", "TSE", "TSE-E, E = 1", "validation accuracy", "sum of validation losses", "TSE-E less validation accuracy"],
        speeds)
    spread = (f"{100 * all_cells[0]:.1f} % to {100 * all_cells[-1]:.1f} %, median {100 * statistics.median(all_cells):.1f} %")

    middle = statistics.median(all_cells)
    noise = 100 * (middle * (1 - middle) / size["test"]) ** 0.5

    percentile = percentiles(found)
    methods: dict[str, list[dict]] = {}
    for row in found["methods"]["rows"]:
        methods.setdefault(row["method"], []).append(row)
    method_rows = []
    for name, runs in methods.items():
        places = [percentile(run["found"]) for run in runs]
        before = [undecided(run) for run in runs]
        ends = [run["epochs"][-1] for run in runs]
        bound = ends[0]["regret_bound"]
        method_rows.append([
            name, ", ".join(run["found"] for run in runs), f"{statistics.mean(places):.0f} ± {statistics.stdev(places):.0f}",
            ", ".join(str(len(run["epochs"])) for run in runs),
            f"{statistics.mean(epoch['entropy'] for epoch in before):.2f}",
            f"{statistics.mean(epoch['wiped'] for epoch in before):.1f}",
            f"{100 * statistics.mean(end['clipped'] for end in ends):.1f} %",
            "–" if bound is None else f"{max(end['regret'] for end in ends):.0f} / {bound:.0f}"])
    method_table = page.table(
        ["method", "found, by seed", "percentile", "epochs", "entropy in the end", "wiped, of 15", "clipped",
         "regret / its bound"], method_rows)
    count = len(next(iter(methods.values())))
    clipped = [run["epochs"][-1]["clipped"] for runs in methods.values() for run in runs if run["epochs"][-1]["clipped"] > 0]
    wiped = max(undecided(run)["wiped"] for runs in methods.values() for run in runs)
    deviations = [statistics.stdev([percentile(run["found"]) for run in runs]) for runs in methods.values()]
    typical = statistics.mean(d * d for d in deviations) ** 0.5
    # The difference of two means that chance exceeds once in twenty times.
    resolved = 2 * typical * (2 / count) ** 0.5
    expected = 100 * statistics.mean(statistics.mean((o < v) + (o == v) / 2 for o in all_cells) for v in all_cells)
    inherited = found["inherited"]["rows"]
    real = [accuracy[row["cell"]] for row in inherited]
    shared = [["validation accuracy", correlation([row["accuracy"] for row in inherited], real), "–"]]
    for batches in (20, 50, 100):
        tse = [-sum(row["losses"][:batches]) for row in inherited]
        shared.append([f"TSE over {batches} batches", correlation(tse, real),
                       difference(tse, [row["accuracy"] for row in inherited], real)])
    seconds = sum(row["accuracy_seconds"] for row in inherited), sum(row["losses_seconds"] for row in inherited)
    shared_table = page.table(["estimate", "Spearman's ρ [95 %]", "less validation accuracy"], shared)
    return f"""## 4. Real trainings

`benchmarks/search/run training`. CIFAR-10 at 16 × 16 pixels (JPEG-decoded copy): {size['training']} images to train on,
{size['validation']} for validation, {size['test']} to test with, batches of 32; cells of three nodes, so 125 of them ({len(rows)} functions, each trained once),
8 channels, one cell a stage. This is far smaller than the papers' set-ups, made to fit one core: one
training for each function, so that the table's own noise (about {noise:.1f} points of accuracy from
the test images alone) is in every figure. Test accuracy after {last} epochs: {spread}.

Early estimates against the test accuracy, Spearman's ρ with 95 % bootstrap intervals over functions; training and
validation figures of one and the same run:

{speed_table}
Ways of learning mixtures in the same search network, half of the images for weights and half for mixtures,
{size['search_epochs']} epochs, {count} seeds; percentile of the found cell among all 125 by test accuracy (a cell drawn at random: {expected:.0f} on
average; nothing but skips: {percentile("111"):.0f}; nothing but 3 × 3 convolutions: {percentile("333"):.0f}). A search with a limit of skips ends when it is exceeded.
Entropy and wiped operations are those of the last epoch in which a mixture was undecided: in the very last round the
rule of XNAS leaves one operation on each edge.

{method_table}
Of the rewards, {100 * min(clipped):.0f} to {100 * max(clipped):.0f} % reach the bound; before the last epoch the theory's rate wipes at most {wiped} of 15 operations: the rule is a
safe and late pruner, as section 1 says, and what a leaner network saves is in section 6. Percentiles of one method
scatter by {typical:.0f} over seeds, so that differences between methods of less than {resolved:.0f} mean nothing.

Weights shared by single paths ({size['shared_epochs']} epochs), then for every function the accuracy with inherited weights
({seconds[0]:.0f} s in all) or the losses of its own training from there ({seconds[1]:.0f} s for 100 batches):

{shared_table}"""
