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

    def percentile(cell: str) -> float:
        mine = accuracy[cell]
        return 100 * sum((other < mine) + (other == mine) / 2 for other in all_cells) / len(all_cells)

    methods: dict[str, list[dict]] = {}
    for row in found["methods"]["rows"]:
        methods.setdefault(row["method"], []).append(row)
    method_rows = []
    for name, runs in methods.items():
        places = [percentile(run["found"]) for run in runs]
        ends = [run["epochs"][-1] for run in runs]
        bound = ends[0]["regret_bound"]
        method_rows.append([
            name, ", ".join(run["found"] for run in runs), f"{statistics.mean(places):.0f} ± {statistics.stdev(places):.0f}",
            f"{statistics.mean(run['epochs'][-2]['entropy'] for run in runs):.2f}",
            f"{statistics.mean(run['epochs'][-2]['wiped'] for run in runs):.1f}",
            f"{100 * statistics.mean(end['clipped'] for end in ends):.1f} %",
            "–" if bound is None else f"{max(end['regret'] for end in ends):.0f} / {bound:.0f}"])
    method_table = page.table(
        ["method", "found, by seed", "percentile", "entropy before the last epoch", "wiped before it, of 15", "clipped", "regret / its bound"],
        method_rows)
    count = len(next(iter(methods.values())))
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
8 channels, one cell a stage. This is far smaller than the papers' set-ups, made to fit a few minutes of one core: one
training for each function, so that the table's own noise (about {100 * (0.35 * 0.65 / size['test']) ** 0.5:.1f} points of accuracy from
the test images alone) is in every figure. Test accuracy after {last} epochs: {spread}.

Early estimates against the test accuracy, Spearman's ρ with 95 % bootstrap intervals over functions; training and
validation figures of one and the same run:

{speed_table}
Ways of learning mixtures in the same search network, half of the images for weights and half for mixtures,
{size['search_epochs']} epochs, {count} seeds (in the last round the rule of XNAS leaves one operation on each edge); percentile of the found cell among all 125 by test accuracy (a cell drawn at random: {expected:.0f} on average; nothing but skips: {percentile("111"):.0f}; nothing but 3 × 3
convolutions: {percentile("333"):.0f}):

{method_table}
Most rewards are far below the bound, so that the theory's rate wipes next to nothing before the last epoch: the rule is a safe
and late pruner, as section 1 says, and it saves no time here; what a leaner network saves is in section 6. In trainings as short as these cells of skips are among the best, so that what is known as collapse
is no loss here, and what holds skips down does not help. With 3 seeds and
one training for each cell, differences between methods of less than some 30 percentiles mean little.

Weights shared by single paths ({size['shared_epochs']} epochs), then for every function the accuracy with inherited weights
({seconds[0]:.0f} s in all) or the losses of its own training from there ({seconds[1]:.0f} s for 100 batches):

{shared_table}"""
