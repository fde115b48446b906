"""The learning curves of a finished run, as decisions are replayed on them."""

import numpy as np
import pytest
from experiments_for_tests import FIXED, record_of, run, tiny

from engine.errors import InputError
from engine.runs.finished_curves import curves_of

SEARCH = {
    **FIXED,
    "hyperparameters.learning_rates.free": "true",
    "hyperparameters.learning_rates.initial": "0.02",
    "meta.optimizer": "random",
    "meta.iterations": "5",
    "training.iterations": "40",
}


def test_training_losses_are_those_of_every_meta_iteration() -> None:
    record = record_of(run(tiny({"meta.iterations": "3"})))
    curves = curves_of(record)
    assert curves.names == ("meta-iteration 0", "meta-iteration 1", "meta-iteration 2")
    assert (curves.quantity, curves.along, curves.each) == ("loss", "training iteration", 1)
    expected = [one.learning_curve for one in record.meta_iterations]
    np.testing.assert_array_equal(curves.values, expected)


def test_long_curves_are_means_and_end_where_training_does() -> None:
    record = record_of(run(tiny({"meta.iterations": "2", "training.iterations": "250"})))
    curves = curves_of(record)
    assert (curves.points, curves.each) == (83, 3)
    whole = record.meta_iterations[1].learning_curve
    assert curves.values[1, -1] == pytest.approx(np.mean(whole[-3:]))
    assert curves.spent(curves.points) == pytest.approx(250, rel=0.01)


@pytest.mark.parametrize("when", ["ask", "automatic"])
def test_of_a_search_that_may_stop_trials_those_that_ended_count(when: str) -> None:
    changes = {"stopping.when": when, "stopping.points": "10", "stopping.least": "4"}
    record = record_of(run(tiny(SEARCH | changes)))
    ended = [one for one in record.meta_iterations if one.prediction is None]
    curves = curves_of(record)
    assert curves.names == tuple(f"trial {one.index + 1}" for one in ended)
    np.testing.assert_array_equal(curves.values, [one.judged for one in ended])
    assert curves.x.tolist() == [4.0 * n for n in range(1, 11)]
    lost = len(record.meta_iterations) - len(ended)
    assert bool(curves.remark) == bool(lost)


def test_a_run_with_one_training_run_has_nothing_to_replay() -> None:
    record = record_of(run(tiny({"meta.iterations": "1"})))
    with pytest.raises(InputError, match="expected at least two learning curves"):
        curves_of(record)
