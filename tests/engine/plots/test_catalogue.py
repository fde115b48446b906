"""A plot is one entry of the catalogue, and everything that shows plots follows from it."""

import subprocess
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from experiments_for_tests import events_of, record_of, tiny, tiny_with_everything_free

from engine.experiments.experiment import Experiment
from engine.experiments.files import list_experiments, load_experiment, override
from engine.figures.figure import FORMATS
from engine.hyperparameters.kinds import KINDS
from engine.output.files import write_run
from engine.plots import PLOTS, Line, Plot, PlotKind, plots
from engine.plots.catalogue import PLACES
from engine.plots.help_texts import comparison_texts
from engine.plots.hyperparameters import is_schedule
from engine.plots.past import Past
from engine.plots.scenes import every_plot
from engine.plots.stage import Scene
from engine.plots.values import values
from engine.runs.records import RunRecord

FEW = {"training.iterations": "4", "meta.iterations": "2"}
HEAVY = ("numba", "scipy", "autograd", "sklearn", "matplotlib", "PySide6")


def make_toy(what: PlotKind, record: RunRecord) -> Plot:
    """As many points as meta-iterations are done."""
    x = np.arange(float(len(record.meta_iterations)))
    return Plot(what.key, what.title, "meta-iteration", "toy", (Line("toy", x, x),), (0, 9))


def make_toy_scene(what: PlotKind, scene: Scene) -> Plot:
    """The parameters themselves."""
    w = scene.parameters()
    x = np.arange(float(len(w)))
    return Plot(what.key, what.title, "weight", "w", (Line("w", x, w),), (0, len(w)))


TOY = PlotKind("toy", "Toy", "model", "meta-iteration", make_toy)
TOY_SCENE = PlotKind("toy_scene", "Toy scene", "model", "moment", make_toy_scene)


@pytest.fixture
def record() -> RunRecord:
    return record_of(events_of(tiny(FEW)))


# What the catalogue says


def test_each_plot_is_found_by_its_key_and_no_two_are_called_the_same() -> None:
    assert all(key == kind.key for key, kind in PLOTS.items())
    assert len({kind.title for kind in PLOTS.values()}) == len(PLOTS)
    assert {kind.place for kind in PLOTS.values()} == set(PLACES)


def test_every_kind_of_hyperparameter_has_its_plot_by_where_it_enters() -> None:
    pictured = {"training_inputs": "learned_pictures"}
    for kind in KINDS:
        assert pictured.get(kind, kind) in PLOTS
    means = [key for key in PLOTS if key.startswith("mean_hypergradient")]
    assert len(means) == sum(is_schedule(kind) for kind in KINDS)


def test_what_experiments_highlight_is_in_the_catalogue() -> None:
    for experiment in list_experiments().values():
        if experiment.compares:  # plots of a comparison are called after what they show
            shown = {key.split("_")[0] for key in experiment.highlights}
            assert shown <= comparison_texts().keys() | {"hypergradient"}
        else:
            assert set(experiment.highlights) <= PLOTS.keys()


def test_the_catalogue_is_read_without_anything_that_training_or_drawing_needs() -> None:
    code = f"import sys, engine.plots.catalogue; print(set({HEAVY}) & sys.modules.keys())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


SHOWN = [
    tiny_with_everything_free(),
    tiny({"meta.optimizer": "sweep", **FEW}),
    tiny({"meta.optimizer": "none", **FEW}),
    override(load_experiment("toy"), {"training.iterations": "5", "meta.iterations": "1"}),
    override(load_experiment("moons"), FEW),
    override(load_experiment("pixel-penalties", stand_in=True), FEW),
    override(load_experiment("learned-data", stand_in=True), FEW),
]


@pytest.mark.parametrize("experiment", SHOWN, ids=lambda experiment: experiment.name)
def test_plots_come_in_order_and_are_called_what_the_catalogue_calls_them(
    experiment: Experiment,
) -> None:
    made = every_plot(record_of(events_of(experiment)))
    keys = [plot.key for plot in made]
    assert keys == [key for key in PLOTS if key in keys]
    assert {plot.key: plot.title for plot in made} == {key: PLOTS[key].title for key in keys}


# What follows from an entry


def test_a_new_entry_is_among_the_plots_of_a_run(
    monkeypatch: pytest.MonkeyPatch, record: RunRecord
) -> None:
    monkeypatch.setitem(PLOTS, "toy", TOY)
    assert [plot.title for plot in plots(record)][-1] == "Toy"


@pytest.mark.usefixtures("drawn_once")
def test_a_new_entry_is_among_the_figures_and_numbers_of_a_run(
    monkeypatch: pytest.MonkeyPatch, record: RunRecord, tmp_path: Path
) -> None:
    monkeypatch.setitem(PLOTS, "toy", TOY)
    monkeypatch.setitem(PLOTS, "toy_scene", TOY_SCENE)
    write_run(record, tmp_path)
    for key in ("toy", "toy_scene"):
        assert all((tmp_path / f"{key}.{kind}").stat().st_size for kind in FORMATS)
    assert (tmp_path / "toy.csv").read_text().splitlines()[0] == "meta-iteration,toy"


@pytest.mark.parametrize("kind", [TOY, TOY_SCENE], ids=lambda kind: kind.changes)
def test_a_new_entry_can_be_seen_as_it_was_at_each_meta_iteration(
    monkeypatch: pytest.MonkeyPatch, record: RunRecord, kind: PlotKind
) -> None:
    monkeypatch.setitem(PLOTS, kind.key, kind)
    past = Past(record)
    first, second = (past.plot(kind.key, index).lines[0] for index in (0, 1))
    assert first.y.tobytes() != second.y.tobytes()


def test_pale_learning_curves_are_named(record: RunRecord) -> None:
    assert PLOTS["learning_curves"].plot(record).caption == ""
    record.meta_iterations *= 2
    assert PLOTS["learning_curves"].plot(record).caption == "pale: meta-iterations 1, 2"


def test_after_the_last_comes_where_the_last_meta_step_led(record: RunRecord) -> None:
    past, count = Past(record), len(record.meta_iterations)
    assert past.is_judged("losses")
    assert not past.is_judged("decision_regions"), "of the last training nothing is kept"
    assert len(past.plot("losses", count).lines[0].x) == count + 1
    assert record.finished is not None
    record.finished = replace(record.finished, outcome="diverged", measures=None)
    assert past.is_judged("losses"), "the last meta-step led to where training diverges"
    record.finished = None
    assert not past.is_judged("losses"), "it was stopped"


def test_a_schedule_that_is_not_free_promises_no_arrows() -> None:
    kinds = ("learning_rates", "decays")
    by_iteration = {f"hyperparameters.{kind}.granularity": "iteration" for kind in kinds}
    run = record_of(
        events_of(tiny({"hyperparameters.learning_rates.free": "false", **by_iteration}))
    )
    rates, decays = (PLOTS[key].plot(run) for key in kinds)
    assert rates.caption == "not free"
    assert all(line.came_from is None for line in rates.lines)
    assert decays.caption.endswith("arrows: the last meta-step")


def test_an_entry_without_a_plot_for_a_run_is_left_out(
    monkeypatch: pytest.MonkeyPatch, record: RunRecord
) -> None:
    monkeypatch.setitem(PLOTS, "toy", replace(TOY, make=lambda what, record: None))
    assert "toy" not in [plot.key for plot in plots(record)]


@pytest.mark.parametrize("kind", ["training_inputs"])
def test_a_kind_of_many_values_is_shown_by_their_median_and_range(kind: str) -> None:
    experiment = override(load_experiment("learned-data", stand_in=True), FEW)
    run = record_of(events_of(experiment))
    entry = PlotKind(kind, "Any", "hyperparameters", "meta-iteration", partial(values, kind=kind))
    plot = entry.plot(run)
    assert isinstance(plot, Plot)
    [line] = plot.lines
    last = run.current["training_inputs"]
    assert line.y[-1] == np.median(last)
    assert line.band is not None
    assert (line.band[0][-1], line.band[1][-1]) == (last.min(), last.max())
    assert len(line.y) == 3
