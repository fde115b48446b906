"""What a comparison of strategies leaves behind: its numbers as JSON and CSV, and its figures."""

import csv
import io
import json
from pathlib import Path
from typing import Any

from engine.experiments.files import to_toml
from engine.experiments.rival import Rival
from engine.figures.figure import FORMATS
from engine.files import write_together
from engine.output.files import unwritable, without_nan, write_figures
from engine.plots.strategy_plots import strategy_plots
from engine.plots.strategy_words import cells_of, outcome_of
from engine.runs.strategies_compared import Step, StrategiesRecord, best_so_far

_COLUMNS = (
    "strategy",
    "objective",
    "low",
    "high",
    "test",
    "accuracy",
    "in_time",
    "runs",
    "seconds",
    "to_match",
    "note",
)


def write_searches(record: StrategiesRecord, folder: Path | str) -> list[Path]:
    """Write what a comparison has told so far as numbers, the table, and the experiment.

    Raises:
        InputError: the folder cannot be written to.

    Returns:
        The files written.
    """
    folder = Path(folder)
    contents = {
        "comparison.json": strategies_to_json(record).encode(),
        "comparison.csv": strategies_to_csv(record).encode(),
        "experiment.toml": to_toml(record.experiment).encode(),
    }
    try:
        write_together(folder, contents)
    except OSError as error:
        raise unwritable(folder, error) from None
    return [folder / name for name in contents]


def write_strategies(record: StrategiesRecord, folder: Path | str) -> list[Path]:
    """Write all that a comparison has told: numbers, the table, the experiment, every figure.

    Raises:
        InputError: the folder cannot be written to.

    Returns:
        The files written.
    """
    written = write_searches(record, folder)
    try:
        return written + write_figures(strategy_plots(record), Path(folder), FORMATS)
    except OSError as error:
        raise unwritable(Path(folder), error) from None


def strategies_to_json(record: StrategiesRecord) -> str:
    """The numbers: a list ``strategies``, each with what it came to and its ``searches``."""
    result = {
        "experiment": record.experiment.name,
        "objective": record.experiment.meta.objective,
        "iterations": record.experiment.training.iterations,
        "budget": record.budget,
        "seconds": record.seconds,
        "complete": record.is_over,
        "strategies": [
            {
                "name": rival.strategy,
                "settings": dict(rival.settings),
                **outcome_of(record, rival)._asdict(),
                "searches": _searches(record, rival),
            }
            for rival in record.rivals
        ],
    }
    return json.dumps(without_nan(result), indent=2, allow_nan=False) + "\n"


def strategies_to_csv(record: StrategiesRecord) -> str:
    """The table of strategies, a row each; cells of what is not known are empty."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for rival in record.rivals:
        row: dict[str, Any] = outcome_of(record, rival)._asdict()
        row |= {"strategy": rival.text, "note": cells_of(record, rival)[-1]}
        writer.writerow(["" if row[name] is None else row[name] for name in _COLUMNS])
    return text.getvalue()


def _predicted(step: Step) -> dict[str, float | int] | None:
    """What a trial that was stopped was predicted to come to; None of others."""
    found = step.trial.prediction if step.trial else None
    return found.table if found else None


def _searches(record: StrategiesRecord, rival: Rival) -> list[dict[str, Any]]:
    """Every search of a strategy, step by step."""
    found = []
    for place, search in enumerate(record.searches):
        steps = record.steps.get(place)
        if search.rival == rival and steps:
            best = best_so_far(steps)
            found.append(
                {
                    "seed": search.seed,
                    "runs": best.runs.tolist(),
                    "seconds": best.seconds.tolist(),
                    "objective": [step.objective for step in steps],
                    "best_so_far": best.objective.tolist(),
                    "test_of_best": best.test.tolist(),
                    "accuracy_of_best": best.accuracy.tolist(),
                    "best_validation_accuracy": best.validation.tolist(),
                    "predicted": [_predicted(step) for step in steps],
                    "failure": record.failures.get(place, ""),
                }
            )
    return found
