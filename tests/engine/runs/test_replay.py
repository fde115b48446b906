import numpy as np
import pytest
from experiments_for_tests import done, events_of, tiny_with_everything_free
from hypothesis import given
from hypothesis import strategies as st

from engine.experiments.files import load_experiment, override
from engine.runs.moments import Moment, iteration_at
from engine.runs.replay import Replay, replay_key
from engine.tasks.catalogue import make_task

EXPERIMENT = tiny_with_everything_free({"meta.new_seed": "true"})
T = EXPERIMENT.training.iterations


def replay_of(meta_iteration: int) -> Replay:
    used = done(events_of(EXPERIMENT))[meta_iteration].hyperparameters
    return Replay(make_task(EXPERIMENT), EXPERIMENT, replay_key(EXPERIMENT, meta_iteration), used)


@pytest.mark.parametrize("meta_iteration", [0, 2])
def test_a_replay_fills_the_buffer_as_the_run_did_and_ends_with_its_losses(
    meta_iteration: int,
) -> None:
    told = done(events_of(EXPERIMENT))[meta_iteration]
    replay = replay_of(meta_iteration)
    for step in range(2 * T + 1):
        replay.seek(iteration_at(Moment(meta_iteration, step), T))
        assert replay.buffer_bytes == told.buffer_curve[step]
        if step == T:
            assert make_task(EXPERIMENT).measure(replay.w, told.hyperparameters) == told.losses


@given(st.lists(st.integers(0, T), max_size=12))
def test_wherever_it_goes_an_iteration_has_the_same_bits(places: list[int]) -> None:
    replay, straight = replay_of(1), replay_of(1)
    seen = []
    for iteration in range(T + 1):
        straight.seek(iteration)
        seen.append((straight.w, straight.buffer_bytes))
    for place in places:
        replay.seek(place)
        assert replay.iteration == place
        np.testing.assert_array_equal(replay.w, seen[place][0])
        assert replay.buffer_bytes == seen[place][1]


def test_two_weights_can_be_replayed_too() -> None:
    experiment = override(
        load_experiment("regression"),
        {
            "data.source": "curved surface",
            "model.kind": "two weights",
            "model.loss": "cross-entropy",
            "training.iterations": "10",
            "meta.objective": "training",
            "meta.iterations": "1",
            "hyperparameters.learning_rates.initial": "0.01",
            "hyperparameters.initial_scales.initial": "1.0",
        },
    )
    (only,) = done(events_of(experiment))
    replay = Replay(
        make_task(experiment), experiment, replay_key(experiment, 0), only.hyperparameters
    )
    start = replay.w
    replay.seek(10)
    assert not np.array_equal(replay.w, start)
    replay.seek(0)
    np.testing.assert_array_equal(replay.w, start)
