"""Few-shot episodes as a task: what is drawn, what is held out, and its hypergradient."""

from typing import Any

import numpy as np
import pytest
from experiments_for_tests import done, events_of, finished
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import InputError
from engine.experiments.experiment import Experiment
from engine.experiments.files import load_experiment, override, parse_experiment, to_toml
from engine.hyperparameters.values import Hyperparameters
from engine.runs.checks import check
from engine.runs.events import MethodProgress, Preparing
from engine.runs.layouts import make_layout
from engine.runs.replicates import differentiate
from engine.runs.run import optimize
from engine.tasks.catalogue import make_task
from engine.tasks.episodes import PRETRAINED, RANDOM, RAW_PIXELS, EpisodesTask
from engine.tasks.pretraining import pretrain

KEY = (0, 0, 0)
_TINY = {
    "episodes.ways": "3",
    "episodes.queries": "2",
    "episodes.batch": "2",
    "episodes.test_queries": "3",
    "episodes.test_number": "10",
    "model.hidden": "[2, 3]",
    "model.activation": "softplus",
    "training.precision": "double",
    "training.iterations": "3",
    "meta.iterations": "2",
    "meta.updates": "2",
}


def tiny(changes: dict[str, str] | None = None) -> Experiment:
    """Two episodes of three digits at a time, T = 3."""
    shipped = load_experiment("hyper-representation", stand_in=True)
    return override(shipped, {**_TINY, **(changes or {})})


def episodes_task(changes: dict[str, str] | None = None) -> EpisodesTask:
    task = make_task(tiny(changes))
    assert isinstance(task, EpisodesTask)
    return task


def start(experiment: Experiment) -> Hyperparameters:
    layout = make_layout(experiment, make_task(experiment))
    return layout.values(layout.initial_vector())


def hypergradient(experiment: Experiment) -> Any:
    """Of one training run."""
    steps = differentiate(make_task(experiment), experiment, KEY, start(experiment))
    while True:
        try:
            next(steps)
        except StopIteration as stop:
            return stop.value


def test_characters_that_are_held_out_are_never_learned_from() -> None:
    task = episodes_task()
    assert all(name.startswith("digits 0 to 5") for name in task.learned_from.names)
    assert all(name.startswith("digits 6 to 9") for name in task.held_out.names)
    assert len(task.learned_from.names) == 4 * 6
    assert len(task.held_out.names) == 2 * 4


@settings(deadline=None, max_examples=20)
@given(st.tuples(*[st.integers(0, 2**40)] * 3), st.tuples(*[st.integers(0, 2**40)] * 3))
def test_each_training_run_has_episodes_of_its_own(
    one: tuple[int, ...], other: tuple[int, ...]
) -> None:
    task = episodes_task()
    first, again, second = (task.drawn(key) for key in (one, one, other))
    np.testing.assert_array_equal(first.train, again.train)
    assert np.array_equal(first.train, second.train) == (one == other)


def test_held_out_episodes_are_the_same_ones_for_everything_that_is_judged() -> None:
    task, values = episodes_task(), start(tiny())
    raw = task.baselines(values)[RAW_PIXELS]
    several = [[*task.held_out_episodes(judged, 10)] for judged in (values, raw)]
    for one, other in zip(*several, strict=True):
        np.testing.assert_array_equal(one.episodes.train, other.episodes.train)
        np.testing.assert_array_equal(one.characters, other.characters)
        assert one.accuracies.shape == (10,)


def test_hypergradients_pass_the_checks_of_every_kind() -> None:
    experiment = tiny({"model.hidden": "[2]", "episodes.ways": "2", "episodes.batch": "1"})
    for kind in check(experiment):
        assert kind.passed, kind


@pytest.mark.parametrize("architecture", ["convolutional representation", "dense representation"])
def test_going_back_through_the_features_once_is_exact(architecture: str) -> None:
    by_method = {
        method: hypergradient(tiny({"model.kind": architecture, "method": method}))
        for method in ("stored-trajectory", "checkpointed", "forward")
    }
    expected = by_method.pop("forward").hypergradient
    for found in by_method.values():
        np.testing.assert_allclose(
            found.hypergradient["representation"], expected["representation"], rtol=1e-8, atol=1e-12
        )
        by_rates = found.hypergradient["learning_rates"].sum()  # forward gives what all share
        assert by_rates == pytest.approx(expected["learning_rates"].sum(), rel=1e-8)


@pytest.mark.parametrize("precision", ["double", "single"])
def test_training_with_momentum_is_reversed_bit_for_bit(precision: str) -> None:
    experiment = tiny(
        {
            "method": "exact-reversal",
            "training.dynamics": "momentum-sgd",
            "training.precision": precision,
            "training.iterations": "20",
            "hyperparameters.decays.initial": "0.8",
            "hyperparameters.initial_scales.initial": "0.1",
        }
    )
    found = hypergradient(experiment)
    assert found.reversed_exactly
    stored = hypergradient(override(experiment, {"method": "stored-trajectory"}))
    tolerance = 1e-6 if precision == "double" else 1e-3
    for kind in ("representation", "learning_rates", "decays", "initial_scales"):
        one, other = found.hypergradient[kind], stored.hypergradient[kind]
        assert np.abs(one - other).max() <= tolerance * np.abs(other).max()


def test_the_same_run_gives_the_same_bits_and_more_updates_go_the_same_way() -> None:
    twice = [[*events_of(tiny())] for _ in range(2)]
    one, again = (finished(events).hyperparameters for events in twice)
    np.testing.assert_array_equal(one["representation"], again["representation"])
    singly = finished(events_of(tiny({"meta.iterations": "4", "meta.updates": "1"})))
    np.testing.assert_array_equal(one["representation"], singly.hyperparameters["representation"])
    steps = done(twice[0])
    assert [step.index for step in steps] == [0, 1]
    np.testing.assert_array_equal(
        steps[0].next_hyperparameters["representation"],
        steps[1].hyperparameters["representation"],
    )


def test_the_outcome_is_compared_with_pixels_a_random_and_a_pretrained_representation() -> None:
    last = finished(events_of(tiny()))
    assert list(last.baselines) == [RAW_PIXELS, RANDOM, PRETRAINED]
    assert last.measures is not None
    for measures in (last.measures, *last.baselines.values()):
        assert 0.0 <= measures["test_accuracy"] <= 1.0
        assert measures["test_accuracy_error"] > 0


def test_what_takes_long_tells_how_far_it_is() -> None:
    changes = {"meta.iterations": "1", "meta.updates": "60", "model.hidden": "[16, 16]"}
    events = [*optimize(tiny(changes))]
    assert any(isinstance(one, MethodProgress) and one.phase == "updating" for one in events)
    told = [one for one in events if isinstance(one, Preparing) and "Pretraining" in one.what]
    assert told
    assert told[-1].total == 60


def test_pretraining_tells_the_characters_apart() -> None:
    task = episodes_task({"model.hidden": "[8, 16]", "model.activation": "ReLU"})
    theta = task.starts({"representation": 1.0})["representation"]
    steps = pretrain(task.representation, theta, task.learned_from, steps=150, batch=64, seed=0)
    while True:
        try:
            next(steps)
        except StopIteration as stop:
            learned = stop.value
            break
    some = task.learned_from.drawings[:3, :60].reshape(180, -1)
    targets = np.repeat(np.arange(3), 60)

    def apart(theta: np.ndarray) -> float:
        """How often a drawing's nearest mean is that of its own character."""
        features = task.representation.features_of(theta, some)
        means = np.array([features[targets == target].mean(axis=0) for target in range(3)])
        nearest = np.linalg.norm(features[:, None] - means, axis=2).argmin(axis=1)
        return float(np.mean(nearest == targets))

    assert apart(learned) > apart(theta) + 0.1


def test_an_experiment_with_episodes_is_written_and_read_back() -> None:
    experiment = tiny()
    assert parse_experiment(to_toml(experiment), "it.toml") == experiment
    assert "[episodes]" not in to_toml(load_experiment("moons"))


@pytest.mark.parametrize(
    ("changes", "field", "expected"),
    [
        ({"episodes.ways": "9"}, "episodes.ways", "at most the 8 characters that are held out"),
        (
            {"data.source": "rotated digits", "episodes.queries": "15"},
            "episodes.queries",
            "at most 14 of the 15 drawings",
        ),
        (
            {"data.source": "rotated digits", "episodes.test_queries": "15"},
            "episodes.test_queries",
            "at most 14 of the 15 drawings",
        ),
        ({"episodes.test_source": '"moons"'}, "episodes.test_source", "expected one of"),
        ({"episodes.test_source": '"rotated digits"'}, "episodes.test_source", "the same size"),
        ({"data.source": "iris"}, "data.source", "expected one of rotated digits"),
    ],
)
def test_episodes_that_cannot_be_drawn_are_refused_in_a_sentence(
    changes: dict[str, str], field: str, expected: str
) -> None:
    with pytest.raises(InputError, match=expected) as caught:
        make_task(tiny(changes))
    assert caught.value.field == field


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"meta.objective": "training"}, "meta.objective"),
        ({"model.hidden": "[]"}, "model.hidden"),
        ({"data.learned_per_class": "1"}, "data.learned_per_class"),
        ({"meta.optimizer": "none"}, "meta.updates"),
        ({"episodes.ways": "1"}, "episodes.ways"),
    ],
)
def test_what_does_not_go_with_episodes_is_refused(changes: dict[str, str], field: str) -> None:
    with pytest.raises(InputError) as caught:
        make_task(tiny(changes))
    assert caught.value.field == field
