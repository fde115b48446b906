"""How well forecasts did on recorded runs: a table, a sentence, and numbers as JSON and CSV."""

from typing import Final

from engine.library.accuracy import Accuracy
from engine.output.compared import csv_text, json_text

_COLUMNS: Final = ("curves", "known", "forecasts", "error", "inside")


def headers() -> list[str]:
    """What stands above the columns."""
    return ["Curves", "Known", "Forecasts", "Error", "In the 90 % band"]


def rows(found: Accuracy) -> list[list[str]]:
    """A row for each kind of curve and share that was known.

    The error is a root mean square, in parts of the range of each curve.
    """
    return [
        [
            one.kind,
            f"{one.known:.0%}",
            f"{one.forecasts:,}",
            f"{one.error:.3f}",
            f"{one.inside:.0%}",
        ]
        for one in found.scores
    ]


def sentence(found: Accuracy) -> str:
    """How many runs there are, and what stopping on them would have saved and cost."""
    if not found.scores:
        return "No recorded run has curves that are long enough to be forecast."
    runs = "1 run" if found.runs == 1 else f"{found.runs:,} runs"
    told = (
        f"Of {runs}; {found.left_out:,} without such curves." if found.left_out else f"Of {runs}."
    )
    balance = found.balance
    if not balance.total:
        return told
    right = balance.stopped - balance.wrong
    return (
        f"{told} Stopping where beating the best is less than 5 % likely: {right:,} stopped "
        f"rightly and {balance.wrong:,} wrongly (of {balance.winners:,} that won), "
        f"{balance.saved:.0%} saved."
    )


def accuracy_files(found: Accuracy) -> dict[str, bytes]:
    """The numbers, by the names of files: ``accuracy.json`` and ``accuracy.csv``."""
    scores = [dict(zip(_COLUMNS, one, strict=True)) for one in found.scores]
    balance = found.balance
    result = {
        "runs": found.runs,
        "left_out": found.left_out,
        "forecasts": scores,
        "stopped": balance.stopped,
        "wrong": balance.wrong,
        "winners": balance.winners,
        "saved": balance.saved,
        "sentence": sentence(found),
    }
    table = csv_text(_COLUMNS, scores)
    return {"accuracy.json": json_text(result).encode(), "accuracy.csv": table.encode()}
