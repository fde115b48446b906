import pytest
from experiments_for_tests import tiny

from engine.dynamics.catalogue import DYNAMICS
from engine.experiments.experiment import Experiment
from engine.experiments.files import load_experiment, override
from engine.runs.warm_up import warm_up
from engine.tasks.catalogue import make_task


def two_weights() -> Experiment:
    changes = {"data.source": "curved surface", "model.kind": "two weights"}
    return override(tiny(), {**changes, "meta.objective": "training"})


@pytest.mark.parametrize(
    ("experiment", "pieces"),
    [
        (tiny(), 3),
        (two_weights(), 2),
        (load_experiment("weight-sharing", stand_in=True), 3),
    ],
)
def test_what_is_compiled_is_told_piece_by_piece(experiment: Experiment, pieces: int) -> None:
    told = list(warm_up(make_task(experiment), DYNAMICS[experiment.training.dynamics]))
    assert [event.done for event in told] == list(range(pieces))
    assert {event.total for event in told} == {pieces}
    assert all(event.what.startswith("Compiling (first run only): ") for event in told)
