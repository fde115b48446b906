"""Run the experiments of papers at full size, and update the numbers and figures on their pages.

Where an experiment's card compares methods, that is what is run.

Each page, ``docs/experiments/NAME.md``, is written by hand except between its two markers, where a
table holds the numbers of the run. The folder ``docs/experiments/NAME/`` beside it holds
``result.json``, or ``comparison.json`` and ``comparison.csv``, and the figures that the page shows.

    python -m docs.make_experiments [NAME …] [--set KEY=VALUE …]

The pages show runs at full size, which need the paper's data sets: see ``retrograde data``. All
experiments together take about half an hour on two cores.
"""

import argparse
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, TypeAlias

from docs import comparisons, searches
from docs.shrinking import shrink
from engine.data.datasets import BUILT_IN, SURFACE
from engine.experiments.experiment import Experiment
from engine.experiments.files import load_experiment, override
from engine.experiments.rival import is_of_strategies
from engine.experiments.strategies import STRATEGIES
from engine.experiments.tasks import task_of
from engine.files import write_together, write_whole
from engine.output.comparisons import comparison_to_json, table_to_csv
from engine.output.files import to_json, write_figures
from engine.output.findings import findings
from engine.output.strategies import strategies_to_csv, strategies_to_json
from engine.plots.base import AnyPlot
from engine.plots.scenes import every_plot
from engine.runs.events import RunStarted
from engine.runs.records import RunRecord
from engine.runs.run import optimize

FOLDER: Final = Path(__file__).parent / "experiments"
SHOWN: Final[dict[str, tuple[str, ...]]] = {
    "toy": ("loss_surface", "naive_reversal", "learning_curves"),
    "schedules": ("learning_rates", "losses", "learning_curves", "initial_scales"),
    "initial-hypergradient": ("mean_hypergradient",),
    "pixel-penalties": ("penalty_pictures", "weight_pictures", "losses"),
    "learned-data": ("learned_pictures", "losses"),
    "weight-sharing": ("sharing", "comparison", "losses"),
    "real-time": ("real_time", "real_time_losses", "same_budget"),
    "task-interactions": ("interactions", "comparison", "losses"),
    "hyper-representation": ("episode_accuracy", "representations", "representation", "episode"),
    "chaos": ("sweep_loss", "sweep_hypergradient", "lyapunov_exponent"),
    "hoag": ("l2_penalties", "distance_by_seconds", "distance_by_iterations", "inner_iterations"),
    "hoag-per-input": ("losses", "l2_penalties", "inner_iterations"),
    "inputs-pruned": ("input_penalties", "input_weights", "comparison", "losses"),
    "weights-on-the-past": ("forecasts", "weights_by_age", "forecast_errors"),
    "kernel-ridge": ("fitted_curve", "losses", "kernel_widths"),
    "hyper-cleaning": ("example_weights", "final_accuracy", "trusted", "detection"),
    "forward-or-reverse": (
        "time_by_hyperparameters",
        "memory_by_iterations",
        "memory_by_hyperparameters",
        "time_by_iterations",
    ),
    "with-or-without": ("objective_by_runs", "test_by_runs", "objective_by_seconds"),
    "race": ("validation_by_runs", "stopped_curves", "objective_by_runs", "validation_by_seconds"),
    "six-ways": ("hypergradient_l2_penalties", "error_by_option", "error_by_iterations"),
}
"""The figures of each page."""

MARKED: Final = re.compile(r"(?<=<!-- numbers -->\n).*?(?=<!-- end of numbers -->)", re.DOTALL)
_LONGEST_LIST: Final = 12
_Found: TypeAlias = tuple[str, Mapping[str, AnyPlot], dict[str, bytes]]
"""A page's numbers, the plots that there are by their keys, and files to be kept by their names."""


def run(experiment: Experiment) -> RunRecord:
    """Run an experiment to its end."""
    record: RunRecord | None = None
    for event in optimize(experiment, threads=os.cpu_count()):
        if isinstance(event, RunStarted):
            record = RunRecord(event)
        elif record:
            record.add(event)
    assert record is not None, "a run begins before it ends"
    return record


def table(record: RunRecord, command: str) -> str:
    """The numbers of a run as Markdown, with the command that produced them."""
    done, seeds = record.meta_iterations, record.experiment.meta.seeds
    seconds, unit = sum(step.seconds for step in done), STRATEGIES[_strategy(record)].unit
    of_each = ("seconds per hypergradient, of one run", f"{seconds / len(done) / seeds:.2f}")
    rows = [
        ("data", _data(record.experiment)),
        ("elementary parameters", f"{record.parameters:,}"),
        (f"{unit}s", f"{len(done):,}"),
        (f"seconds per {unit}", f"{seconds / len(done):{'.2f' if seconds > len(done) else '.2g'}}"),
        *([("training runs averaged in each", f"{seeds:,}"), of_each] if seeds > 1 else []),
        *_reversed([step.reversed_exactly for step in done]),
        *_rows(findings(record)),
    ]
    lines = [f"| {name} | {value} |" for name, value in rows]
    return "\n".join([f"`{command}`", "", "| | |", "| --- | --- |", *lines, ""])


def _strategy(record: RunRecord) -> str:
    return record.experiment.meta.optimizer


def _reversed(told: Sequence[bool | None]) -> list[tuple[str, str]]:
    """How many training runs came back bit for bit; nothing where none was to."""
    if None in told:
        return []
    return [("reversed bit for bit", f"{sum(map(bool, told)):,} of {len(told):,}")]


def _rows(found: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    for name, value in found.items():
        title = f"{above}: {name}" if above else name
        if isinstance(value, Mapping):
            yield from _rows(value, title)
        elif isinstance(value, list):
            if len(value) <= _LONGEST_LIST and not isinstance(value[0], list):
                yield title, ", ".join(_number(item) for item in value)
        else:
            yield title, _number(value)


def _data(experiment: Experiment) -> str:
    """The data set, and the number of examples in each part."""
    data = experiment.data
    title, episodes = BUILT_IN[data.source or ""].title, experiment.episodes
    if data.source == SURFACE:
        return title
    if task_of(experiment).name == "episodes":
        others = BUILT_IN[episodes.test_source].title if episodes.test_source else "the last one"
        return f"{title}; held out: {others}; {episodes.ways}-way, {episodes.shots}-shot"
    amounts = f"{data.train} training, {data.validation} validation, {data.test} test"
    noise = f" and {data.noise_inputs} inputs of noise" if data.noise_inputs else ""
    return f"{title}{noise}: {amounts}"


def _number(value: Any) -> str:
    if value is None:
        return "—"
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _run(experiment: Experiment, command: str) -> _Found:
    record = run(experiment)
    every = {plot.key: plot for plot in every_plot(record)}
    return table(record, command), every, {"result.json": to_json(record).encode()}


def _compare(experiment: Experiment, command: str) -> _Found:
    if is_of_strategies(experiment.compares):
        return _search(experiment, command)
    record = comparisons.compared(experiment)
    files = {
        "comparison.json": comparison_to_json(record).encode(),
        "comparison.csv": table_to_csv(record).encode(),
    }
    return comparisons.comparison_table(record, command), comparisons.plots_of(record), files


def _search(experiment: Experiment, command: str) -> _Found:
    record = searches.searched(experiment)
    files = {
        "comparison.json": strategies_to_json(record).encode(),
        "comparison.csv": strategies_to_csv(record).encode(),
    }
    return searches.searches_table(record, command), searches.plots_of(record), files


def main() -> None:
    """Run the experiments asked for and rewrite their pages."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("names", nargs="*", metavar="NAME", choices=[*SHOWN, []])
    parser.add_argument("--set", nargs="*", default=[], metavar="KEY=VALUE", dest="changes")
    options = parser.parse_args()
    changes = dict(change.split("=", 1) for change in options.changes)
    for name in options.names or SHOWN:
        experiment = override(load_experiment(name), changes)
        command = " ".join(["python -m docs.make_experiments", name, *_set(options.changes)])
        numbers, every, files = (_compare if experiment.compares else _run)(experiment, command)
        page = FOLDER / f"{name}.md"
        before, after = MARKED.split(page.read_text(encoding="utf-8"))
        write_whole(page, f"{before}{numbers}{after}".encode())
        write_together(FOLDER / name, files)
        shown = [every[key] for key in SHOWN[name]]
        for path in write_figures(shown, FOLDER / name, ["png"]):
            write_whole(path, shrink(path.read_bytes()))
            print(path)


def _set(changes: list[str]) -> list[str]:
    return ["--set", *changes] if changes else []


if __name__ == "__main__":
    main()
