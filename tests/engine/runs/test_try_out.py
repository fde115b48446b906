import numpy as np
import pytest
from experiments_for_tests import (
    DIVERGES_AT_ONCE,
    done,
    events_of,
    tiny,
    tiny_with_everything_free,
)
from measures_for_tests import judged

from engine.errors import DivergedError
from engine.experiments.files import load_experiment, override
from engine.experiments.tasks import task_of
from engine.hypergradients.result import Progress
from engine.plots.try_outs import learning_curves
from engine.runs import try_out as trying
from engine.runs.layouts import make_layout
from engine.runs.try_out import TryOut, compare, try_out
from engine.tasks.catalogue import make_task

KINDS = task_of(tiny()).measures(tiny())


def finish(steps) -> tuple[list[Progress], TryOut]:
    told = []
    while True:
        try:
            told.append(next(steps))
        except StopIteration as stop:
            return told, stop.value


def initial(experiment):
    layout = make_layout(experiment, make_task(experiment))
    return layout.values(layout.initial_vector())


@pytest.mark.parametrize("new_seed", ["true", "false"])
def test_it_comes_to_what_the_run_came_to(new_seed) -> None:
    experiment = tiny_with_everything_free({"meta.new_seed": new_seed})
    for step in done(events_of(experiment)):
        told, outcome = finish(try_out(experiment, step.hyperparameters, step.index))
        assert outcome.measures == step.measures
        np.testing.assert_array_equal(outcome.learning_curve, step.learning_curve)
        assert sum(progress.iterations for progress in told) == told[-1].iteration == 8
        assert outcome.kinds[0].unit == "nats"


def test_the_task_is_made_once_for_all_schedules(monkeypatch) -> None:
    made = []
    monkeypatch.setattr(trying, "make_task", lambda e: made.append(e) or make_task(e))
    trying._task_of.cache_clear()
    experiment = tiny({"data.seed": "5"})
    changed = override(experiment, {"hyperparameters.learning_rates.initial": "0.2"})
    for one in (experiment, changed):
        finish(try_out(one, initial(one)))
    assert len(made) == 1
    other = tiny({"data.seed": "6"})
    finish(try_out(other, initial(other)))
    assert len(made) == 2
    trying._task_of.cache_clear()


def test_training_that_diverges_says_so() -> None:
    experiment = override(load_experiment("regression"), DIVERGES_AT_ONCE)
    with pytest.raises(DivergedError):
        finish(try_out(experiment, initial(experiment)))


def outcome(*losses) -> TryOut:
    return TryOut(judged(*losses), np.array([3.0, 2.0]), KINDS)


def test_less_loss_and_more_accuracy_are_better() -> None:
    compared = compare(outcome(0.4, 0.5, 0.5, 0.8), outcome(0.3, 0.6, 0.5, 0.9))
    assert [one.verdict for one in compared] == ["better", "worse", "the same", "better"]
    assert [one.change for one in compared] == pytest.approx([-0.25, 0.2, 0.0, 0.1])
    assert compared[3].measure.title == "test accuracy"


def test_what_was_not_measured_is_left_out_and_a_missing_run_has_no_verdict() -> None:
    compared = compare(outcome(0.4, 0.5, None, None), None)
    assert [one.measure.part for one in compared] == ["training", "validation"]
    assert all(one.after is None and one.verdict is None for one in compared)
    assert compare(None, None) == []


def test_the_curves_of_both_are_one_plot() -> None:
    plot = learning_curves(outcome(1.0, 1.0, 1.0, None), outcome(1.0, 1.0, 1.0, None))
    assert [line.name for line in plot.lines] == ["original", "edited"]
    assert plot.y_title == "training loss (nats)"
    assert learning_curves(None, None).lines == ()
