"""How near one column of numbers comes to another: the statistics that the pages of agreement share."""

import math


def geometric_mean(values: list[float]) -> float:
    return math.exp(sum(map(math.log, values)) / len(values))


def median(values: list[float]) -> float:
    ordered, middle = sorted(values), len(values) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def errors(predicted: list[float], measured: list[float]) -> list[float]:
    """Absolute relative errors."""
    return [abs(p / m - 1) for p, m in zip(predicted, measured)]


def mape(predicted: list[float], measured: list[float]) -> float:
    return sum(errors(predicted, measured)) / len(measured)


def kendall(left: list[float], right: list[float]) -> float | None:
    """Kendall's tau-b; None where one column is constant."""
    def sign(value: float) -> int:
        return (value > 0) - (value < 0)
    total = ties = other = 0
    for i in range(len(left)):
        for j in range(i):
            a, b = sign(left[i] - left[j]), sign(right[i] - right[j])
            total, ties, other = total + a * b, ties + (a != 0), other + (b != 0)
    return total / math.sqrt(ties * other) if ties and other else None


def row(predicted: list[float], measured: list[float]) -> dict:
    """Everything that a page prints of one pair of columns."""
    ratios = [p / m for p, m in zip(predicted, measured)]
    return {
        "n": len(ratios), "ratio": geometric_mean(ratios), "mape": mape(predicted, measured),
        "median_error": median(errors(predicted, measured)), "within_2x": sum(0.5 <= r <= 2 for r in ratios),
        "tau": kendall(predicted, measured),
    }


HEADING = "| set | n | ratio (geometric mean) | MAPE | median error | within 2× | Kendall τ |"
RULE = "|---|--:|--:|--:|--:|--:|--:|"


def line(title: str, values: dict) -> str:
    tau = "–" if values["tau"] is None else f"{values['tau']:.3f}"
    return (
        f"| {title} | {values['n']} | {values['ratio']:.2f} | {100 * values['mape']:.1f} % | "
        f"{100 * values['median_error']:.1f} % | {values['within_2x']} | {tau} |"
    )
