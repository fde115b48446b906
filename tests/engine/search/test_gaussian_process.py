"""Optuna's Gaussian process, which needs PyTorch besides, and what is said without that."""

from contextlib import closing
from importlib import util
from typing import Any

import pytest
from experiments_for_tests import events_of

from engine.errors import InputError
from engine.experiments.experiment import Experiment
from engine.experiments.files import load_experiment, override
from engine.experiments.strategies import STRATEGIES
from engine.runs.events import MetaIterationDone, RunFinished
from engine.runs.run import optimize

FREE = {
    "moons": {"meta.trials_by": "kind", "training.iterations": "10"},
    "hoag": {"method": "implicit-cg", "hypergradient.minimise_to": "1e-4"},
}


def searching(name: str, **meta: str) -> Experiment:
    changes = {"meta.optimizer": "gp", "meta.iterations": "13"}
    named = {f"meta.{field}": value for field, value in meta.items()}
    return override(load_experiment(name, stand_in=True), {**FREE[name], **changes, **named})


def proposed(experiment: Experiment) -> list[Any]:
    return [
        (one.objective, *(float(x.sum()) for _, x in one.hyperparameters.items()))
        for one in events_of(experiment)
        if isinstance(one, MetaIterationDone)
    ]


@pytest.fixture
def torch() -> None:
    pytest.importorskip(
        "torch", reason="needs PyTorch: pip install torch==2.13.0, which is a build without CUDA"
    )
    pytest.importorskip("optuna", reason="needs the extra “search”: pip install -e '.[search]'")


@pytest.mark.usefixtures("torch")
@pytest.mark.parametrize("name", FREE)
def test_it_proposes_what_follows_from_seed_and_outcomes(name: str) -> None:
    first = proposed(searching(name))
    assert len(first) == 13
    assert proposed(searching(name)) == first
    assert proposed(searching(name, seed="1")) != first
    assert min(first) < first[0]


@pytest.mark.usefixtures("torch")
def test_it_can_be_stopped_while_it_looks_for_a_proposal() -> None:
    done = 0
    with closing(optimize(searching("moons", iterations="1000"))) as events:
        for event in events:
            done += isinstance(event, MetaIterationDone)
            if done == 12:  # the first ten are random
                break
    assert not any(isinstance(event, RunFinished) for event in events)


@pytest.mark.parametrize(
    ("absent", "sentence"),
    [
        (("torch",), "needs PyTorch: pip install 'retrograde[search]' torch."),
        (("optuna", "torch"), "needs Optuna and PyTorch: pip install 'retrograde[search]' torch."),
    ],
)
def test_what_it_needs_is_said_with_the_command_that_installs_it(
    absent: tuple[str, ...], sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    find = util.find_spec
    monkeypatch.setattr(
        "engine.experiments.strategies.find_spec",
        lambda name: None if name in absent else object() if name == "torch" else find(name),
    )
    assert STRATEGIES["gp"].missing
    with pytest.raises(InputError) as raised:
        searching("moons")
    assert raised.value.field == "meta.optimizer"
    expected = f"expected another strategy, because Gaussian process {sentence}"
    assert raised.value.sentence == expected
