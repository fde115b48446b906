"""What plots say while, or after, a meta-iteration is not done."""

from functools import cache

import pytest
from experiments_for_tests import events_of, record_of, tiny

from engine.experiments.files import load_experiment, override
from engine.plots import plots
from engine.plots.scenes import every_plot
from engine.runs.events import Event, MetaIterationDone, MetaIterationStarted, TrainingProgress
from engine.runs.moments import Moment
from engine.runs.records import RunRecord

GOES_ASTRAY = override(
    load_experiment("toy"),
    {"training.iterations": "12", "meta.iterations": "3", "meta.step": "0.05"},
)
"""The second training ends at the ceiling of the surface, and the third diverges."""


@cache
def diverged() -> RunRecord:
    return record_of(events_of(GOES_ASTRAY))


def captions(record: RunRecord) -> dict[str, str]:
    return {plot.key: plot.caption for plot in plots(record)}


def until(kind: type[Event], count: int) -> RunRecord:
    """A run of a tiny experiment up to an event."""
    told: list[Event] = []
    for event in events_of(tiny()):
        told.append(event)
        count -= isinstance(event, kind)
        if not count:
            return record_of(told)
    raise AssertionError("there is no such event")


def test_plots_over_meta_iterations_say_up_to_which_they_go_while_the_next_is_under_way() -> None:
    held = captions(until(MetaIterationStarted, 3))
    for key in ("losses", "hypergradient"):
        assert held[key].endswith("up to meta-iteration 1, the last done")
    between = captions(until(MetaIterationDone, 2))
    assert not any("the last done" in caption for caption in between.values())
    whole = captions(record_of(events_of(tiny())))
    assert not any("the last done" in caption for caption in whole.values())


def test_memory_says_which_meta_iteration_is_drawn_if_it_is_not_the_one_it_tells_of() -> None:
    before, trained = until(MetaIterationStarted, 2), until(TrainingProgress, 1)
    assert "drawn" not in captions(before)["memory"], "the curve is still that of the last one"
    assert "drawn" not in captions(trained)["memory"], "nothing is told of another"
    caption = captions(diverged())["memory"]
    assert caption.startswith("meta-iteration 1: reversed bit for bit")
    assert caption.endswith("; drawn: meta-iteration 2")


def test_a_moment_of_the_past_knows_nothing_of_what_came_after() -> None:
    assert not any(
        "the last done" in caption or "drawn" in caption
        for caption in captions(diverged().at(Moment(0, 3))).values()
    )


def test_the_surface_after_a_divergence_says_that_it_is_of_the_last_done_and_at_the_ceiling() -> (
    None
):
    (surface,) = [plot for plot in every_plot(diverged()) if plot.key == "loss_surface"]
    assert surface.caption == (
        "meta-iteration 1, the last done, after 12 iterations: "
        "loss 800, the surface's ceiling, which is flat"
    )


@pytest.mark.parametrize("index", [0, 1])
def test_what_is_said_of_a_moment_does_not_depend_on_how_far_the_run_is(index: int) -> None:
    from engine.plots.strategies import standing_of

    run = until(MetaIterationDone, 2)
    assert standing_of(run, index) == ""
    assert standing_of(run, index, is_latest=True) == "the last done"
    whole = record_of(events_of(tiny()))
    for is_latest in (False, True):
        expected = "before the last meta-step" if index + 1 == len(whole.meta_iterations) else ""
        assert standing_of(whole, index, is_latest=is_latest) == expected
