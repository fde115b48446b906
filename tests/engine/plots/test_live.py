"""While a run goes on, only plots are made whose input has changed; told by counting calls."""

from collections import Counter
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from experiments_for_tests import DIVERGES_AFTER_ONE, events_of, tiny, tiny_with_everything_free

from engine.experiments.experiment import Experiment
from engine.plots import PLOTS, AnyPlot, PlotKind, plots
from engine.plots.live import LivePlots
from engine.runs.events import (
    Event,
    MetaIterationDone,
    ReversalProgress,
    RunStarted,
    TrainingProgress,
)
from engine.runs.moments import Moment
from engine.runs.records import RunRecord


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each plot was made."""
    counts: Counter[str] = Counter()

    def counting(kind: PlotKind) -> PlotKind:
        def make(what: PlotKind, source: Any) -> AnyPlot | None:
            counts[what.key] += 1
            return kind.plot(source)

        return replace(kind, make=make)

    for key, kind in PLOTS.items():
        monkeypatch.setitem(PLOTS, key, counting(kind))
    return counts


def follow(record: RunRecord | None, event: Event) -> RunRecord | None:
    if isinstance(event, RunStarted):
        return RunRecord(event)
    if record is not None:
        record.add(event)
    return record


def test_training_and_reversal_make_only_what_changes_with_each_step(made: Counter[str]) -> None:
    live, record = LivePlots(), None
    seen = 0
    for event in events_of(tiny()):
        record = follow(record, event)
        if record is None:
            continue
        made.clear()
        live.plots(record)
        if isinstance(event, TrainingProgress | ReversalProgress):
            seen += 1
            assert set(made) == {key for key, kind in PLOTS.items() if kind.changes == "step"}
            assert {"learning_curves", "memory", "growing"} <= set(made)
    assert seen > 3


def test_what_a_meta_iteration_changes_is_made_when_it_is_done(made: Counter[str]) -> None:
    live, record = LivePlots(), None
    for event in events_of(tiny()):
        record = follow(record, event)
        if record is None:
            continue
        made.clear()
        live.plots(record)
        if isinstance(event, MetaIterationDone):
            assert {"learning_rates", "losses", "hypergradient", "memory"} <= set(made)
            assert set(made.values()) == {1}


def test_a_frame_without_news_makes_nothing(made: Counter[str]) -> None:
    live, record = LivePlots(), None
    for event in events_of(tiny()):
        record = follow(record, event)
    assert record is not None
    shown = live.plots(record)
    made.clear()
    again = live.plots(record)
    assert not made
    assert all(one is other for one, other in zip(shown, again, strict=True))


def test_going_through_the_steps_of_a_moment_makes_only_what_shows_steps(
    made: Counter[str],
) -> None:
    live, record = LivePlots(), None
    for event in events_of(tiny()):
        record = follow(record, event)
    assert record is not None
    live.plots(record.at(Moment(1, 3)))
    made.clear()
    live.plots(record.at(Moment(1, 4)))
    assert set(made) == {"learning_curves", "memory", "growing", "real_time", "real_time_losses"}
    live.plots(record.at(Moment(0, 4)))
    assert {"learning_rates", "losses"} <= set(made)


@pytest.mark.parametrize(
    "experiment",
    [
        tiny_with_everything_free(),
        tiny({"meta.optimizer": "none"}),
        tiny({"meta.optimizer": "sweep"}),
        tiny(DIVERGES_AFTER_ONE),
    ],
    ids=["all free", "samples", "sweep", "diverging"],
)
def test_what_is_kept_is_what_would_be_made_after_every_event(experiment: Experiment) -> None:
    live, record = LivePlots(), None
    for event in events_of(experiment):
        record = follow(record, event)
        if record is None:
            continue
        for kept, new in zip(live.plots(record), plots(record), strict=True):
            assert (kept.key, kept.caption) == (new.key, new.caption)
            for one, other in zip(
                getattr(kept, "lines", ()), getattr(new, "lines", ()), strict=True
            ):
                assert one.name == other.name
                np.testing.assert_array_equal(one.y, other.y)
