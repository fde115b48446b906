"""What a comparison of strategies leaves behind: its numbers as JSON and CSV, and its figures."""

from pathlib import Path
from typing import Any, Final

from engine.experiments.rival import Rival
from engine.output.compared import ComparisonFiles, csv_text, json_text
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


def write_strategies(record: StrategiesRecord, folder: Path | str) -> list[Path]:
    """Write all that a comparison has told: numbers, the table, the experiment, every figure.

    Raises:
        InputError: the folder cannot be written to.

    Returns:
        The files written.
    """
    return STRATEGY_FILES.write(record, folder)


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
    return json_text(result)


def strategies_to_csv(record: StrategiesRecord) -> str:
    """The table of strategies, a row each; cells of what is not known are empty."""
    rows = []
    for rival in record.rivals:
        row: dict[str, Any] = outcome_of(record, rival)._asdict()
        rows.append(row | {"strategy": rival.text, "note": cells_of(record, rival)[-1]})
    return csv_text(_COLUMNS, rows)


STRATEGY_FILES: Final = ComparisonFiles(strategies_to_json, strategies_to_csv, strategy_plots)


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
