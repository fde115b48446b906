"""Losses of one's own have the hypergradients of the built-in model, and of other oracles."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from own_problems_for_tests import PROBLEMS

from engine.errors import InputError
from engine.experiments.experiment import Experiment
from engine.experiments.files import override, parse_experiment, to_toml
from engine.experiments.problems import validate
from engine.hypergradients.catalogue import METHODS
from engine.own import trusted
from engine.own.contents import content_of, read_content
from engine.own.loading import load
from engine.own.proposing import proposed
from engine.runs.checks import check, check_against_differences
from engine.runs.events import MetaIterationDone
from engine.runs.layouts import make_layout
from engine.runs.run import optimize
from engine.tasks.catalogue import make_task

RIDGE = """
import autograd.numpy as np
import numpy
_kept = numpy.load({arrays!r})
_x, _y, _xv, _yv = (_kept[name] for name in ("x", "y", "xv", "yv"))
start = _kept["start"]
groups = {{"weights": slice(0, {size} - 1), "biases": slice({size} - 1, {size})}}
theta = {{"penalties": {{"start": numpy.full(2, 0.03), "domain": "log", "low": 0.0}}}}

def _misfit(w, x, y):
    outputs = np.dot(x, np.reshape(w[:-1], (-1, 1))) + w[-1:]
    return np.sum((outputs - y[:, None]) ** 2) / len(y)

def training_loss(w, theta, t):
    first, last = w[:-1], w[-1:]
    penalties = theta["penalties"]
    penalty = penalties[0] * np.dot(first, first) + penalties[1] * np.dot(last, last)
    return _misfit(w, _x, _y) + penalty

def validation_loss(w, theta):
    return _misfit(w, _xv, _yv)
"""

BUILT_IN = {
    "name": "ridge",
    "data": {"source": "diabetes", "train": 60, "validation": 40, "test": 0},
    "model": {"kind": "linear regression", "loss": "squared"},
    "training": {"iterations": 25},
    "hyperparameters": {
        "learning_rates": {"initial": 0.1, "free": True, "granularity": "iteration and group"},
        "l2_penalties": {"initial": 0.03, "free": True, "granularity": "group"},
        "initial_scales": {"initial": 0.3},
    },
    "meta": {"iterations": 4, "step": 0.1},
}


@pytest.fixture(autouse=True)
def _nothing_trusted_afterwards() -> Iterator[None]:
    before = dict(trusted._GRANTED), set(trusted._HERE)
    yield
    for registry, was in zip((trusted._GRANTED, trusted._HERE), before, strict=True):
        registry.clear()
        registry.update(was)


def opened(text: str, path: str = "/nowhere/mine.py") -> Experiment:
    content = content_of(text, path)
    trusted.grant(content, here=True)
    return proposed(load(content))


def shipped(name: str, **settings: str) -> Experiment:
    content = read_content(PROBLEMS / name)
    trusted.grant(content, here=True)
    changes = {key.replace("__", "."): value for key, value in settings.items()}
    return override(proposed(load(content)), changes)


def done(experiment: Experiment) -> list[MetaIterationDone]:
    return [one for one in optimize(experiment, 1) if isinstance(one, MetaIterationDone)]


@pytest.mark.parametrize("method", ["exact-reversal", "forward", "implicit-cg"])
def test_a_ridge_of_one_s_own_has_the_hypergradients_of_the_built_in_one(
    tmp_path: Path, method: str
) -> None:
    tables = {**BUILT_IN, "method": method}
    if method == "implicit-cg":
        l2 = tables["hyperparameters"]["l2_penalties"]
        tables["hyperparameters"] = {"l2_penalties": l2, "initial_scales": {"initial": 0.3}}
    built_in = validate(tables)
    task = make_task(built_in)
    start, split = task.initial_noise((0, 0, 0)), task.split
    assert start[-1] == 0 or start.size == 11
    arrays = tmp_path / "arrays.npz"
    train, validation = split.train, split.validation
    np.savez(arrays, x=train.inputs, y=train.targets, xv=validation.inputs,
             yv=validation.targets, start=start)  # fmt: skip
    own = opened(RIDGE.format(arrays=str(arrays), size=start.size))
    hyperparameters = {
        **{kind: one.model_dump() for kind, one in built_in.hyperparameters.items()},
        "theta_1": own.hyperparameters["theta_1"].model_dump(),
    }
    hyperparameters["l2_penalties"]["free"] = False
    hyperparameters["l2_penalties"]["granularity"] = "one"
    own = validate(
        {
            **own.model_dump(exclude_none=True),
            "method": method,
            "training": built_in.training.model_dump(exclude_none=True),
            "meta": built_in.meta.model_dump(exclude_none=True),
            "hyperparameters": hyperparameters,
        }
    )
    for mine, theirs in zip(done(own), done(built_in), strict=True):
        expected = theirs.hypergradient["l2_penalties"]
        np.testing.assert_allclose(mine.hypergradient["theta_1"], expected, rtol=1e-12, atol=0)
        if method != "implicit-cg":
            np.testing.assert_allclose(
                mine.hypergradient["learning_rates"],
                theirs.hypergradient["learning_rates"],
                rtol=1e-12,
                atol=1e-15,
            )
        assert mine.measures.validation == pytest.approx(theirs.measures.validation, rel=1e-13)


@pytest.mark.parametrize("name", ["a-template.py", "ridge.py", "smoothing.py"])
def test_what_ships_has_the_hypergradient_of_finite_differences(name: str) -> None:
    experiment = shipped(name, training__iterations="8")
    kinds = {one.kind: one for one in check_against_differences(experiment)}
    assert {"θ₁", "learning rates"} <= kinds.keys()
    assert [one for one in kinds.values() if not one.passed] == []


def test_every_method_that_applies_agrees_on_one() -> None:
    experiment = shipped("ridge.py", training__iterations="12")
    every = [*check(experiment)]
    assert [one for one in every if not one.passed] == []
    named = " ".join(one.what for one in every)
    for method in METHODS:
        assert method in named or method == "implicit-cholesky", method


def test_both_dynamics_take_it() -> None:
    for dynamics, method in (("gradient-descent", "stored-trajectory"),
                             ("momentum-sgd", "checkpointed")):  # fmt: skip
        experiment = override(
            shipped("ridge.py", training__iterations="8"),
            {"method": method, "training.dynamics": dynamics},
        )
        assert [one for one in check_against_differences(experiment) if not one.passed] == []


@pytest.mark.parametrize("optimizer", ["adam", "random", "tpe", "hoag", "real-time"])
def test_strategies_move_its_hyperparameters_within_their_ranges(optimizer: str) -> None:
    experiment = override(
        shipped("ridge.py", training__iterations="20"),
        {"meta.optimizer": optimizer, "meta.iterations": "3", "meta.step": "2.0",
         "meta.random_runs": "2", "method": {"hoag": "implicit-cg",
         "real-time": "forward"}.get(optimizer, "exact-reversal"),
         **({"hypergradient.minimise_to": "1e-6"} if optimizer == "hoag" else {})},
    )  # fmt: skip
    moved = [one.next_hyperparameters["theta_1"] for one in done(experiment)]
    assert len(moved) >= 3
    assert all(np.all((one >= 1e-6) & (one <= 100.0 * (1 + 1e-12))) for one in moved)
    assert np.any(moved[-1] != 0.01)


def test_an_experiment_says_what_its_file_declares_and_is_read_back() -> None:
    experiment = shipped("smoothing.py")
    assert parse_experiment(to_toml(experiment), "mine.toml") == experiment
    assert [one.name for one in experiment.problem.theta] == ["smoothing", "temperatures"]
    assert experiment.hyperparameters["theta_1"].domain == "logit"
    layout = make_layout(experiment, make_task(experiment))
    assert layout.shape("theta_2") == (3,)
    low, high = layout.limits("theta_2")
    assert (np.exp(low), np.exp(high)) == pytest.approx((0.1, 10.0))


def test_the_starting_values_are_multiplied_and_must_stay_in_range() -> None:
    experiment = shipped("ridge.py", hyperparameters__theta_1__initial="3.0")
    task = make_task(experiment)
    layout = make_layout(experiment, task)
    np.testing.assert_allclose(
        layout.values(layout.initial_vector())["theta_1"], np.full(3, 0.03), rtol=1e-15
    )
    beyond = shipped("ridge.py", hyperparameters__theta_1__initial="1e5")
    with pytest.raises(InputError, match=r"hyperparameters\.theta_1\.initial: penalties: expected"):
        make_task(beyond)


def test_seeds_start_as_the_file_draws_them() -> None:
    task = make_task(shipped("smoothing.py"))
    first, again, other = (task.initial_noise((seed, 0, 0)) for seed in (1, 1, 2))
    assert first.tobytes() == again.tobytes() != other.tobytes()


def test_what_an_experiment_declares_must_be_what_the_file_does() -> None:
    experiment = shipped("ridge.py")
    wrong = experiment.problem.model_copy(update={"theta": ()})
    with pytest.raises(InputError, match=r"problem: expected the groups and hyperparameters that"):
        make_task(experiment.model_copy(update={"problem": wrong}))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"meta.step": 0.3', '"meta.steps": 0.3', "line 33 of mine.py: settings, meta.steps: "
         "there is no such field; did you mean meta.step?"),
        ('"meta.step": 0.3', '"data.source": "iris"', "line 33 of mine.py: settings, data.source"),
        ('"meta.step": 0.3', '"meta.step": "much"', "line 33 of mine.py: settings, meta.step: "),
    ],
)  # fmt: skip
def test_settings_that_cannot_be_are_named_by_their_line(old: str, new: str, told: str) -> None:
    text = (PROBLEMS / "ridge.py").read_text().replace(old, new)
    with pytest.raises(InputError) as caught:
        opened(text)
    line = text[: text.index("settings =")].count("\n") + 1
    assert str(caught.value).startswith(told.replace("line 33", f"line {line}"))
