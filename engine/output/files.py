"""What a run leaves behind: its numbers, its hyperparameters and its figures, as files."""

import io
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from engine.errors import InputError
from engine.experiments.files import to_toml
from engine.experiments.measures import Measures
from engine.figures.figure import FORMATS, Format, Size, render
from engine.files import write_together, write_whole
from engine.hyperparameters.kinds import KINDS
from engine.hyperparameters.values import Hyperparameters, values_of
from engine.output.findings import findings
from engine.output.reading import digest
from engine.output.scripts import to_python
from engine.plots import (
    AS_THE_PLOT_SAYS,
    AnyPlot,
    Showing,
    over,
    paths_to_csv,
    table_of_paths,
)
from engine.plots.scenes import every_plot
from engine.runs.records import RunRecord


def write_numbers(record: RunRecord, folder: Path | str) -> list[Path]:
    """Write what a run has told so far: experiment.toml, result.json and hyperparameters.npz.

    The experiment is written as the run started; and the file of a problem of one's own, as
    problem.py, as it was then. If settings were changed during the run,
    ``result.json`` says when, and the script ``run.py`` makes the same run again.

    Raises:
        InputError: the folder cannot be written to.

    Returns:
        The files written.
    """
    folder = Path(folder)
    hyperparameters = _hyperparameters(record)
    contents = {
        "experiment.toml": to_toml(record.started_from).encode(),
        "hyperparameters.npz": hyperparameters,
        "result.json": to_json(record, hyperparameters).encode(),
    }
    if record.data.problem:
        contents["problem.py"] = record.data.problem.encode()
    if record.changed:  # an experiment's file has no place for them
        contents["run.py"] = to_python(record.started_from, record.changes).encode()
    try:
        write_together(folder, contents)
    except OSError as error:
        raise unwritable(folder, error) from None
    return [folder / name for name in contents]


def write_run(record: RunRecord, folder: Path | str) -> list[Path]:
    """Write everything a run leaves behind.

    Leaves ``experiment.toml``, ``result.json``, ``hyperparameters.npz``, and every figure of the
    run, scenes at the end of its last training among them, as SVG, PDF and PNG, with its numbers
    as CSV.

    Raises:
        InputError: the folder cannot be written to.

    Returns:
        The files written.
    """
    written = write_numbers(record, folder)
    try:
        return written + write_figures(every_plot(record), Path(folder), FORMATS)
    except OSError as error:
        raise unwritable(Path(folder), error) from None


def write_figures(
    several: Iterable[AnyPlot],
    folder: Path,
    kinds: Iterable[Format],
    size: Size = "page",
    showings: Mapping[str, Showing] = MappingProxyType({}),
) -> list[Path]:
    """Write plots as figures of one size into a folder, each named by its key over its axis.

    Args:
        several: the plots.
        folder: where to.
        kinds: the formats; the numbers in CSV are all of a plot's over the axis that it is shown
            over, however it is shown.
        size: what for.
        showings: how plots are shown, by key; the others as they say themselves.

    Raises:
        OSError: the folder cannot be written to.

    Returns:
        The files written.
    """
    written = []
    formats = tuple(kinds)
    for given in several:
        showing = showings.get(given.key, AS_THE_PLOT_SAYS)
        plot = over(given, showing.across)
        for kind in formats:
            path = folder / f"{plot.key}.{kind}"
            write_whole(path, render(plot, kind, size, showing))
            written.append(path)
            if kind == "csv" and (paths := paths_to_csv(plot)):
                beside = folder / names_of_files(plot, kind)[-1]
                write_whole(beside, paths.encode())
                written.append(beside)
    return written


def names_of_files(plot: AnyPlot, kind: Format, showing: Showing = AS_THE_PLOT_SAYS) -> list[str]:
    """Of one figure in one format; of a map's numbers two: the map, and what lies on it."""
    plot = over(plot, showing.across)
    name = f"{plot.key}.{kind}"
    if kind == "csv" and table_of_paths(plot)[1]:
        return [name, f"{plot.key}_paths.csv"]
    return [name]


def to_json(record: RunRecord, hyperparameters: bytes | None = None) -> str:
    """The numbers of a run as JSON, with those that the paper reports under "findings".

    A part of the data that is empty has a loss of null.

    Args:
        record: the run.
        hyperparameters: the file of them that is written beside, if any.
    """
    finished = record.finished
    result: dict[str, Any] = {
        "experiment": record.experiment.name,
        "outcome": finished.outcome if finished else "unfinished",
        "message": finished.message if finished else "",
        "parameters": record.parameters,
        "iterations": record.iterations,
        "groups": [group.name for group in record.groups],
        "meta_iterations": [
            {
                "index": done.index,
                **_judged(done.measures),
                "hypergradient_norm": done.hypergradient_norm,
                "seconds": done.seconds,
                "reversed_exactly": done.reversed_exactly,
                "memory": {
                    "buffer_bytes": done.memory.buffer_bytes,
                    "file_bytes": done.memory.file_bytes,
                    "working_bytes": done.memory.working_bytes,
                    "trajectory_bytes": done.memory.trajectory_bytes,
                    "entropy_bits": done.memory.entropy_bits,
                },
                **({"predicted": done.prediction.table} if done.prediction else {}),
            }
            for done in record.meta_iterations
        ],
    }
    if record.changed:
        result["changes"] = [
            {"meta_iteration": change.meta_iteration, "settings": dict(change.settings)}
            for change in record.changes
        ]
    if finished and finished.prediction:
        result["predicted"] = finished.prediction.table
    if finished and finished.measures:
        result["final"] = _judged(finished.measures)
    result["findings"] = findings(record)
    if hyperparameters is not None:
        result["hyperparameters_sha256"] = digest(hyperparameters)
    return json.dumps(without_nan(result), indent=2, allow_nan=False) + "\n"


def _judged(measures: Measures) -> dict[str, float | None]:
    """Measures by name; what every file has stands there, and is null where a task has it not."""
    always = ("training_loss", "validation_loss", "test_loss", "test_accuracy")
    return {**dict.fromkeys(always), **measures}


def unwritable(folder: Path, error: OSError) -> InputError:
    """What to say of a folder that refused a file."""
    return InputError(str(folder), f"expected a folder that can be written to: {error.strerror}.")


def without_nan(value: Any) -> Any:
    """The same of JSON's own values: null where a number is not finite."""
    if isinstance(value, dict):
        return {key: without_nan(item) for key, item in value.items()}
    if isinstance(value, list):
        return [without_nan(item) for item in value]
    return None if isinstance(value, float) and not np.isfinite(value) else value


def _hyperparameters(record: RunRecord) -> bytes:
    """Arrays named "initial.learning_rates", "final.…", and "meta_iterations.…" (stacked)."""
    arrays = {}
    sets: dict[str, list[Hyperparameters]] = {
        "initial": [record.initial],
        "final": [record.current],
        "meta_iterations": [done.hyperparameters for done in record.meta_iterations],
    }
    for name, several in sets.items():
        for kind in KINDS:  # those that a run does not have are there, too, and empty
            stacked = np.array(values_of(kind, several))
            arrays[f"{name}.{kind}"] = stacked if name == "meta_iterations" else stacked[0]
    content = io.BytesIO()
    np.savez_compressed(content, allow_pickle=False, **arrays)
    return content.getvalue()
