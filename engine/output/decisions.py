"""What replayed decisions leave behind: their numbers as JSON and CSV, and their figures."""

from typing import Any, Final

from engine.forecasting.replayed import LEVELS
from engine.output.compared import ComparisonFiles, csv_text, json_text
from engine.plots.decision_plots import decision_plots
from engine.plots.decision_words import cells_of, headline
from engine.runs.decisions import DecisionsRecord

_COLUMNS: Final = (
    "curve",
    "stopped_at",
    "predicted",
    "low",
    "high",
    "truth",
    "best",
    "probability",
    "right",
    "saved",
    "note",
)


def decisions_to_json(record: DecisionsRecord) -> str:
    """The numbers: the balance, a list ``decisions``, other ``thresholds``, ``calibration``."""
    curves, asked, balance = record.curves, record.asked, record.balance
    shares = record.calibration().tolist()
    result = {
        "curves": curves.title,
        "quantity": curves.quantity,
        "along": curves.along,
        "points": curves.points,
        "model": asked.model,
        "threshold": asked.rule.threshold,
        "patience": asked.rule.patience,
        "least": asked.rule.least,
        "every": asked.every,
        "complete": record.is_over,
        "sentence": f"{headline(record)} {record.curves.remark}".strip(),
        "saved": balance.saved,
        "trained": curves.spent(balance.trained),
        "total": curves.spent(balance.total),
        "stopped": balance.stopped,
        "winners": balance.winners,
        "winners_stopped": balance.wrong,
        "best_lost": balance.lost,
        "decisions": [_row(record, place) for place in range(record.done)],
        "thresholds": [
            {"threshold": one, "saved": each.saved, "winners": each.winners, "wrong": each.wrong}
            for one, each in record.balances()
        ],
        "calibration": {
            "known": [float(curves.x[n - 1]) for n in asked.looks],
            **{f"{level:g}": row for level, row in zip(LEVELS, shares, strict=True)},
        },
    }
    return json_text(result)


def decisions_to_csv(record: DecisionsRecord) -> str:
    """The table, a row a curve; cells of what is not known are empty."""
    return csv_text(_COLUMNS, (_row(record, place) for place in range(record.done)))


DECISION_FILES: Final = ComparisonFiles(decisions_to_json, decisions_to_csv, decision_plots)


def _row(record: DecisionsRecord, place: int) -> dict[str, Any]:
    """A curve and what was decided on it; None of what is not known."""
    curves, one = record.curves, record.decisions[place]
    stopped, verdict, band = one.stopped_at, one.verdict, one.band
    is_stopped = stopped is not None and verdict is not None
    return {
        "curve": curves.names[place],
        "stopped_at": None if stopped is None else float(curves.x[stopped - 1]),
        "predicted": verdict.predicted if is_stopped and verdict else None,
        "low": band[0] if band else None,
        "high": band[1] if band else None,
        "truth": one.truth,
        "best": one.best,
        "probability": verdict.probability if verdict else None,
        "right": None if stopped is None else not one.is_wrong,
        "saved": 0.0 if stopped is None else 1 - stopped / curves.points,
        "note": cells_of(record, place)[-1],
    }
