import numpy as np
import pytest
from experiments_for_tests import (
    done,
    events_of,
    of_kind,
    record_of,
    tiny,
    tiny_with_everything_free,
)

from engine.hypergradients.binomial import schedule
from engine.plots import Plot, plots
from engine.runs.events import RunStarted
from engine.runs.moments import Moment

EXPERIMENT = tiny_with_everything_free({"meta.iterations": "4"})
T = EXPERIMENT.training.iterations


@pytest.mark.parametrize("index", range(4))
@pytest.mark.parametrize("step", [0, 3, T, T + 2, 2 * T])
def test_a_moment_shows_what_was_known_then(index: int, step: int) -> None:
    record = record_of(events_of(EXPERIMENT))
    then, told = record.at(Moment(index, step)), done(events_of(EXPERIMENT))[index]
    assert len(then.meta_iterations) == index + 1
    assert then.current is told.hyperparameters
    assert then.following is told.next_hyperparameters
    iteration = step if step <= T else 2 * T - step
    assert then.learning_curve == told.learning_curve[:iteration].tolist()
    assert then.buffer_curve == told.buffer_curve[: step + 1].tolist()
    assert then.finished is None
    assert record.finished is not None
    assert len(record.meta_iterations) == 4


def test_there_is_no_moment_beyond_what_is_done() -> None:
    with pytest.raises(IndexError):
        record_of(events_of(EXPERIMENT)).at(Moment(4, 0))


def test_arrows_of_a_schedule_point_where_the_next_meta_step_went() -> None:
    record = record_of(events_of(EXPERIMENT))
    now, later = (plots(record.at(Moment(index, T)))[0] for index in (1, 2))
    assert isinstance(now, Plot)
    assert isinstance(later, Plot)
    strong = [line for line in now.lines if not line.faint]
    for line, after in zip(strong, (n for n in later.lines if not n.faint), strict=True):
        np.testing.assert_array_equal(line.towards, after.y)
    assert all(line.came_from is None for line in now.lines)


def test_live_arrows_of_a_schedule_come_from_where_it_was_before_the_last_meta_step() -> None:
    events = events_of(EXPERIMENT)
    live = plots(record_of(events))[0]
    assert isinstance(live, Plot)
    strong, last = [line for line in live.lines if not line.faint], done(events)[-1]
    for group, line in enumerate(strong):
        np.testing.assert_array_equal(
            line.came_from, last.hyperparameters["learning_rates"][:, group]
        )
        np.testing.assert_array_equal(line.y, last.next_hyperparameters["learning_rates"][:, group])
    assert all(line.towards is None for line in live.lines)
    assert "the last meta-step" in live.caption
    begun = plots(record_of(of_kind(events, RunStarted)))[0]
    assert isinstance(begun, Plot)
    assert all(line.came_from is None for line in begun.lines)


def test_curves_between_the_first_and_the_current_one_stay_the_same_while_more_come() -> None:
    long = record_of(events_of(tiny_with_everything_free({"meta.iterations": "25"})))

    def names(index: int) -> list[str]:
        (curves,) = [p for p in plots(long.at(Moment(index, T))) if p.key == "learning_curves"]
        return [line.name for line in curves.lines]

    assert names(0) == ["first", "current"]
    assert names(24) == ["first", *(f"meta-iteration {n}" for n in (8, 16)), "current"]
    assert names(20) == ["first", *(f"meta-iteration {n}" for n in (8, 16)), "current"]
    assert names(4) == ["first", *(f"meta-iteration {n}" for n in (1, 2, 3)), "current"]


def test_snapshots_are_where_the_method_keeps_a_state() -> None:
    kept = {"method": '"checkpointed"', "hypergradient.snapshots": "3"}
    record = record_of(events_of(tiny({**kept, "training.iterations": "10"})))
    planned = [action.start for action in schedule(10, 3) if action.does == "keep"]
    assert record.snapshots == (0, *planned[:2])
    for method in ("stored-trajectory", "exact-reversal", "forward"):
        assert record_of(events_of(tiny({"method": f'"{method}"'}))).snapshots == ()
