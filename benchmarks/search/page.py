"""The page benchmarks/results/search.md, from the figures in search.json beside it."""


def table(header: list[str], rows: list[list]) -> str:
    lines = ["| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
    lines += ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def theory(found: dict) -> str:
    regret = table(
        ["rounds", "bound L √(2 T ln N)", "coins", "turns of 50", "late bloomer", "against the leader"],
        [[r["rounds"], f"{r['bound']:.1f}"] + [f"{r[k]:.1f}" for k in ("coins", "turns", "late_bloomer", "against_the_leader")]
         for r in found["regret"]])
    wipes = table(
        ["gap δ·L", "wiped at t/T", "theory 2/(2+δ)"],
        [[r["gap"], f"{r['share']:.4f}", f"{r['theory']:.4f}"] for r in found["wipeout"]])
    reference = {1: 1448, 2: 4432, 3: 12179, 4: 32880, 5: 88791, 6: 240335}
    bloomers = table(
        ["gap", "expert advice", "softmax gradient", "reference", "ratio"],
        [[int(r["gap"]), r["expert"], r["softmax_gradient"], f"{int(250 * r['gap'] + 1)} / {reference[int(r['gap'])]}",
          f"{r['softmax_gradient'] / r['expert']:.1f}"] for r in found["late_bloomers"]])
    safety, long = found["safety"], found["long_run"]
    return f"""## 1. Expert advice against its theory

`benchmarks/search/run theory`. Regret with 8 experts, rewards in ±1, at the theory's rate (bounds of the reference:
64.5, 203.9, 644.9; its largest measured regrets 30.2, 102.2, 326.5 are those of the late bloomer here):

{regret}
When a constant gap between the best and the worst of two is wiped out:

{wipes}
In {safety['runs']} random runs {safety['wiped']} experts were wiped, the one that was best in hindsight
{safety['best_wiped']} times. After {long['rounds']:,} rounds with the largest rewards the largest logarithm of a weight is
{long['largest_log_weight']:.0f} and all weights are {'finite' if long['is_finite'] else 'NOT finite'}.

Rounds until an operation that fell behind by a gap of logarithms leads again, once it is the better one by 0.2 a round
(8 experts, rate 0.02):

{bloomers}"""


REFERENCE = {
    ("c10", "random"): [93.61, 93.78, 93.91, 94.02], ("c10", "regularized-evolution"): [93.86, 94.10, 94.26, 94.35],
    ("c10", "local-search"): [94.08, 94.30, 94.37, 94.37],
    ("c100", "random"): [70.98, 71.45, 71.86, 72.41], ("c100", "regularized-evolution"): [71.80, 72.60, 73.07, 73.37],
    ("c100", "local-search"): [72.71, 73.24, 73.50, 73.51],
    ("in16", "random"): [45.01, 45.44, 45.76, 46.08], ("in16", "regularized-evolution"): [45.63, 46.08, 46.43, 46.50],
    ("in16", "local-search"): [45.94, 46.40, 46.71, 46.67],
}
# Published figures count a trial for every cell that is asked for.
REFERENCE |= {(name, "local-search, asking again"): values
              for (name, strategy), values in REFERENCE.items() if strategy == "local-search"}
STRATEGIES = ["random", "regularized-evolution", "local-search", "local-search, asking again"]
SETS = {"c10": "CIFAR-10", "c100": "CIFAR-100", "in16": "ImageNet16-120"}


def scatter(queries: list[dict], strategy: str, budgets: list[int]) -> str:
    """How far means lie from the references by the scatter of single runs, and of how many runs that would be typical."""
    squares = []
    for row in queries:
        # Where nearly all runs end with the same cell, two digits say nothing.
        if row["strategy"] == strategy and row["deviation"] > 0.03:
            reference = REFERENCE[row["set"], strategy][budgets.index(row["trials"])]
            squares.append(((row["mean"] - reference) ** 2 - 0.005 ** 2 / 3) / row["deviation"] ** 2)
    mean = max(0, sum(squares) / len(squares))
    alone = mean - 1 / queries[0]["runs"]
    runs = f"{1 / alone:.0f} runs" if alone > 0 else "very many runs"
    return f"{strategy} {mean ** 0.5:.2f} ({runs})"


def tables(found: dict) -> str:
    rows, outside = [], []
    budgets = [50, 100, 200, 500]
    for name in SETS:
        for strategy in STRATEGIES:
            cells = []
            for row in found["queries"]["rows"]:
                if row["set"] != name or row["strategy"] != strategy:
                    continue
                reference = REFERENCE[name, strategy][budgets.index(row["trials"])]
                error = row["deviation"] / row["runs"] ** 0.5
                # References have two digits.
                distance = max(0, abs(row["mean"] - reference) - 0.005)
                if distance > 3 * error:
                    outside.append(f"{strategy} on {SETS[name]} after {row['trials']} ({row['mean']:.3f} against {reference})")
                cells.append(f"{row['mean']:.2f} ± {error:.2f} ({reference:.2f})")
            rows.append([SETS[name], strategy] + cells)
    runs = found["queries"]["rows"][0]["runs"]
    scatters = "; ".join(scatter(found["queries"]["rows"], strategy, budgets) for strategy in STRATEGIES)
    oracle = found["oracle"]
    ends = table(
        ["method", "rounds", "cell", "index", "test accuracy"],
        [[r["method"], r["rounds"], r["cell"], r["index"], f"{r['test']:.2f}"] for r in oracle["ends"]])
    noise = table(
        ["method", "test accuracy, 10 seeds"], [[r["method"], f"{r['mean']:.2f} ± {r['deviation']:.2f}"] for r in oracle["noise"]])
    known = {0: "94.36 @ 9.05", 0.02: "94.31 @ 5.37", 0.05: "93.54 @ 4.14", 0.1: "93.36 @ 3.65", 0.15: "93.22 @ 3.40",
             0.2: "90.94 @ 2.66", 1: "86.80 @ 1.68"}
    sweep = table(
        ["price λ", "cell", "test accuracy @ ms", "reference"],
        [[r["price"], r["cell"], f"{r['test']:.2f} @ {r['latency_ms']:.2f}", known[r["price"]]] for r in oracle["sweep"]])
    aims = {2.5: "90.84 @ 2.42", 3.5: "93.22 @ 3.40", 4.5: "93.88 @ 5.12", 5.5: "94.31 @ 5.37", 6.5: "94.31 @ 5.37",
            7.5: "94.37 @ 7.82"}
    targets = table(
        ["target, ms", "E[c]", "off by", "found", "reference", "after the repair", "best by validation within"],
        [[r["target_ms"], f"{r['expected_ms']:.2f}", f"{100 * (r['expected_ms'] / r['target_ms'] - 1):+.1f} %",
          f"{r['found']['test']:.2f} @ {r['found']['latency_ms']:.2f}", aims[r["target_ms"]],
          f"{r['repaired']['test']:.2f} @ {r['repaired']['latency_ms']:.2f}", f"{r['best_test']:.2f}"]
         for r in oracle["targets"]])
    damped = table(
        ["target, ms", "rewards less", "E[c]", "off by", "price", "after the repair", "off by", "best by validation within"],
        [[r["target_ms"], f"{r['preference']} c/max c", f"{r['expected_ms']:.2f}",
          f"{100 * (r['expected_ms'] / r['target_ms'] - 1):+.1f} %", f"{r['price']:.4f}",
          f"{r['repaired']['test']:.2f} @ {r['repaired']['latency_ms']:.2f}",
          f"{100 * (r['repaired']['latency_ms'] / r['target_ms'] - 1):+.1f} %", f"{r['best_test']:.2f}"]
         for r in oracle["damped"]])
    volumes = {"eyeriss": 738.436, "fpga": 627.279, "gold_6226": 1461.574, "raspi4": 8050.711, "pixel3": 2985.564,
               "titan_rtx_256": 3457.504}
    fronts = table(
        ["device", "distinct points", "hypervolume", "reference", "R² of a sum over edges"],
        [[r["device"], r["points"], f"{r['hypervolume']:.3f}", volumes[r["device"]], f"{r['determination']:.4f}"]
         for r in found["fronts"]["fronts"]])
    additivity = ", ".join(f"{r['device']} {r['determination']:.3f}" for r in found["fronts"]["additivity"])
    shares = {("random", 100): ".924", ("random", 300): ".958", ("pareto-mutation", 100): ".973",
              ("pareto-mutation", 300): ".994"}
    coverage = table(
        ["strategy", "trials", "share of the hypervolume", "reference"],
        [[r["strategy"], r["trials"], f"{r['mean']:.3f} ± {r['deviation']:.3f}", shares.get((r["strategy"], r["trials"]), "–")]
         for r in found["fronts"]["coverage"]])
    swept = {"eyeriss": ".983", "pi5_litert_cifar100_lat_ms": ".980 / .969", "pi5_onnx_cifar100_lat_ms": ".965 / .963",
             "pi5_litert_cifar100_energy_mj": ".977 / .971"}
    sweeps = table(
        ["device", "fitted table", "exact marginals", "reference (table / marginals)"],
        [[r["device"], f"{r['table']:.3f}", f"{r['marginals']:.3f}", swept[r["device"]]] for r in found["fronts"]["sweeps"]])
    return f"""## 2. NAS-Bench-201 without training

`benchmarks/search/run tables`. Searched by validation accuracy, judged by test accuracy: mean ± its standard error over
{runs} runs (reference in parentheses; evolution with a population of 10 and samples of 3).

{table(["set", "strategy"] + [f"{b} trials" for b in budgets], rows)}
Beyond three of our standard errors: {'; '.join(outside) if outside else 'none'}. The references are means over an unknown
number of runs, whose own error is not in these intervals. Root of the mean square of the differences by the scatter of single
runs, and the number of runs of the reference that it would be typical of: {scatters}.
Local search takes the first better neighbour in random order and begins anew at a summit. Whether cells that it saw before cost a
trial again decides little; studies do not pay for a cell twice. The reference's own mean on ImageNet16-120 falls from 200 to 500
trials, so that its error is of the size of the largest difference here. Local optima on CIFAR-10's validation accuracy under changes of
one edge: {found['queries']['optima']} (reference 13).

Mixtures that learn from the exact rewards of the table (references: 9930 after 400 rounds, 6111 after 1000, 333333 at the
theory's rate, 9930 by softmax gradients, 333132 by Adam):

{ends}
With noise of 0.05 on every reward, 400 rounds (references: expert advice 94.26 and 94.02, softmax gradients 93.67 and
94.19, Adam 94.02; no method dominates here):

{noise}
Exact rewards less λ times the latency on Eyeriss by its largest:

{sweep}
Held to a latency on Eyeriss by dual ascent (ρ 0.02, rate 10, 600 rounds), then repaired:

{targets}
The same with damping (κ 1.5, ρ 20 over the search, λ within ±0.5), held from both sides, with rewards as they are and with a
preference for fast cells, against which most targets need a negative price:

{damped}
Fronts of test error and latency, hypervolume up to the largest latency and 90 % error (references to 1e-3; its 19 points of
Eyeriss count equal ones):

{fronts}
R² of other costs: {additivity} (references .836, .715, –).

Share of the hypervolume up to 20 % error on Eyeriss, searched by validation error and judged by test error:

{coverage}
Sixteen prices from 0 to 1, with exact accuracies and costs from a table fitted to 600 cells or exact ones (the
reference's prices are not known):

{sweeps}"""


def interval(value: dict) -> str:
    return f"{value['spearman']:.3f} [{value['low']:.3f}, {value['high']:.3f}]"


def gain(value: dict) -> str:
    return f"{value['difference']:+.3f} [{value['low']:+.3f}, {value['high']:+.3f}]"


def curves(found: dict) -> str:
    known = {"c10": ".895 / .892 / .804", "c100": ".848 / .843 / .845", "in16": ".860 / .822 / .834"}
    top = {"c10": ".549 / .425", "c100": ".468 / .448", "in16": ".405 / .370"}
    cells = table(
        ["set", "TSE-E, E = 1", "test accuracy", "validation accuracy", "reference", "TSE less validation", "TSE less test",
         "best fifth: TSE / validation", "reference"],
        [[SETS[r["set"]], interval(r["tse_e1"]), interval(r["test12"]), interval(r["val12"]), known[r["set"]],
          gain(r["tse_less_val12"]), gain(r["tse_less_test12"]),
          f"{r['top_tse_e1']['spearman']:.3f} / {r['top_val12']['spearman']:.3f}", top[r["set"]]]
         for r in found["nas_bench_201"]])
    names = {1: ".775 / – / .785", 5: ".864 / .900 / .914 / .877", 10: ".904 / .932 / .946 / .916",
             25: ".935 / .964 / .988 / .943"}
    recurrent = table(
        ["epochs", "TSE", "TSE-E", "TSE-EMA 0.999", "TSE-EMA 0.9", "the authors' EMA", "validation loss",
         "sum of validation losses", "reference"],
        [[r["epochs"]] + [interval(r[k]) for k in (
            "tse", "tse_e1", "tse_ema_0.999", "tse_ema_0.9", "tse_ema_official", "val_loss", "sum_of_val_losses")]
         + [names[r["epochs"]]] for r in found["wikitext_2"]])
    return f"""## 3. Training-speed estimates on published curves

`benchmarks/search/run curves`. Spearman's ρ with the test accuracy after 200 epochs, of the 12-epoch runs of 1000 cells of
NAS-Bench-201; 95 % bootstrap intervals (references: TSE / test / validation accuracy, the latter trained on half the data):

{cells}
The best fifth are 200 cells; two tie for its last place on ImageNet16-120, and the other one of them would make .420 / .385.

341 recurrent cells on WikiText-2 against the test loss after 50 epochs (references: TSE / TSE-E / validation loss / sum of
validation losses):

{recurrent}
Training speed needs no images held back, which is its gain over validation accuracy on CIFAR-10; against the accuracy of
the same run it gains little there, and where the target is itself a loss the validation loss is better.
"""


def render(results: dict) -> str:
    import collapse
    import machines
    import steps
    import training
    parts = {"theory": theory, "tables": tables, "curves": curves, "training": training.section,
             "machines": machines.section, "steps": steps.section}
    if "training" in results and "collapse" in results:
        parts["training"] = lambda found: (
            training.section(found) + "\n" + collapse.section(results["collapse"], training.percentiles(found)))
    head = """# What searches find and what they cost

Figures of `benchmarks/search/run`, beside the values that the literature and its public tables give. Tables of
NAS-Bench-201, of its cells' costs and of training curves are public data, not part of this repository.

"""
    return head + "\n".join(parts[name](results[name]) for name in parts if name in results)
