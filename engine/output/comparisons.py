"""What a comparison of methods leaves behind: its numbers as JSON and CSV, and its figures."""

from pathlib import Path
from typing import Any, Final

from engine.experiments.contenders import Contender
from engine.output.compared import ComparisonFiles, csv_text, json_text
from engine.plots.comparison_words import cells_of
from engine.plots.method_plots import method_plots
from engine.runs.comparison import ComparisonRecord, Measurement

_COLUMNS = (
    "method",
    "options",
    "cosine",
    "relative_error",
    "seconds",
    "held_bytes",
    "gradients",
    "products",
    "tangents",
    "note",
)


def write_comparison(record: ComparisonRecord, folder: Path | str) -> list[Path]:
    """Write all that a comparison has told: numbers, the table, the experiment, every figure.

    Raises:
        InputError: the folder cannot be written to.

    Returns:
        The files written.
    """
    return METHOD_FILES.write(record, folder)


def comparison_to_json(record: ComparisonRecord) -> str:
    """The numbers: a list ``methods``, and a list ``points`` of what was measured besides."""
    rows = [_row(one, record.of(one)) for one in record.contenders]
    points = [
        {"study": point.study, "x": point.x, **_row(point.contender, record.measured[index])}
        for index, point in enumerate(record.points)
        if point.study != "methods" and index in record.measured
    ]
    result = {
        "experiment": record.experiment.name,
        "reference": record.reference.method,
        "parameters": record.parameters,
        "iterations": record.experiment.training.iterations,
        "complete": record.is_over,
        "methods": rows,
        "points": points,
    }
    return json_text(result)


def table_to_csv(record: ComparisonRecord) -> str:
    """The table of methods, a row each; cells of what is not known are empty."""
    rows = []
    for contender in record.contenders:
        row = _row(contender, record.of(contender))
        row["method"] = row["name"]
        row["options"] = " ".join(f"{key}={value}" for key, value in row["options"].items())
        row["note"] = " ".join([*filter(None, (cells_of(record, contender)[-1],)), *row["remarks"]])
        rows.append(row)
    return csv_text(_COLUMNS, rows)


METHOD_FILES: Final = ComparisonFiles(comparison_to_json, table_to_csv, method_plots)


def _row(contender: Contender, found: Measurement | None) -> dict[str, Any]:
    """One method's numbers; null where there is none."""
    likeness = found.likeness if found else None
    cost = found.cost if found else None
    memory = found.memory if found else None
    solution = found.solution if found else None
    return {
        "name": contender.method,
        "options": contender.told,
        "cosine": likeness.cosine if likeness else None,
        "relative_error": likeness.relative_error if likeness else None,
        "by_kind": {
            kind: {"cosine": one.cosine, "relative_error": one.relative_error}
            for kind, one in ((found.by_kind if found else None) or {}).items()
        },
        "not_given": list(found.missing) if found else [],
        "seconds": cost.seconds if cost else None,
        "held_bytes": memory.held_bytes if memory else None,
        "gradients": cost.gradients if cost else None,
        "products": cost.products if cost else None,
        "tangents": cost.tangents if cost else None,
        "stationarity": solution.stationarity if solution else None,
        "residual": solution.residual if solution else None,
        "own_error": found.own_error if found else None,
        "remarks": list(found.remarks) if found else [],
        "failure": found.failure if found else "",
    }
