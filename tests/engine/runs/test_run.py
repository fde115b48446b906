import math
import re
import time
from contextlib import closing
from dataclasses import replace
from itertools import count, groupby, islice
from statistics import median
from typing import Any

import numpy as np
import pytest
from experiments_for_tests import (
    DIVERGES_AFTER_ONE,
    DIVERGES_AT_ONCE,
    FIXED,
    arrays_in,
    assert_same_hyperparameters,
    done,
    events_of,
    finished,
    of_kind,
    record_of,
    run,
    tiny,
    tiny_with_everything_free,
)
from threadpoolctl import threadpool_info, threadpool_limits

from engine.arithmetic.fixed_point import round_decays
from engine.arrays import Floats
from engine.derivatives.oracle import Oracle
from engine.errors import InputError
from engine.experiments.files import load_experiment, override
from engine.hypergradients.catalogue import METHODS
from engine.hypergradients.exact_reversal import ExactReversal
from engine.hypergradients.problem import Problem
from engine.hypergradients.result import Steps
from engine.runs.events import (
    Event,
    JudgingProgress,
    MetaIterationDone,
    MetaIterationStarted,
    Preparing,
    ResumePoint,
    ReversalProgress,
    RunFinished,
    RunStarted,
    TrainingProgress,
)
from engine.runs.run import optimize
from engine.tasks.networks import NetworkTask

LETTERS = {
    Preparing: "P",
    RunStarted: "S",
    MetaIterationStarted: "M",
    TrainingProgress: "T",
    ReversalProgress: "R",
    MetaIterationDone: "D",
    JudgingProgress: "J",
    RunFinished: "F",
}


def spelled(events: list[Event] | tuple[Event, ...]) -> str:
    """The kinds of the events, a letter each."""
    return "".join(LETTERS[type(event)] for event in events if not isinstance(event, ResumePoint))


class Clock:
    """Stands still but for what is said to take time."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class SlowOracle:
    """Derivatives that take so long, by a clock."""

    def __init__(self, oracle: Oracle, seconds: float, clock: Clock) -> None:
        self._oracle, self._seconds, self._clock = oracle, seconds, clock
        self.theta, self.theta_size = oracle.theta, oracle.theta_size
        self.objective, self.objective_value = oracle.objective, oracle.objective_value

    def gradient(self, w: Floats, t: int) -> tuple[float, Floats]:
        self._clock.now += self._seconds
        return self._oracle.gradient(w, t)

    def gradient_and_products(
        self, w: Floats, t: int, direction: Floats
    ) -> tuple[Floats, Floats, Floats]:
        self._clock.now += self._seconds
        return self._oracle.gradient_and_products(w, t, direction)


def slow_down(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """Make every training iteration, forwards or backwards, take so long, and nothing else any."""
    oracle, clock = NetworkTask.oracle, Clock()

    def slow(*which: Any, **how: Any) -> SlowOracle:
        return SlowOracle(oracle(*which, **how), seconds, clock)

    monkeypatch.setattr(time, "monotonic", clock)
    monkeypatch.setattr(NetworkTask, "oracle", slow)


# The order of events


@pytest.mark.parametrize("seeds", [1, 3])
def test_events_come_in_the_documented_order(seeds: int) -> None:
    events = events_of(tiny({"meta.seeds": str(seeds)}))
    assert re.fullmatch(rf"P+S(M(T+R+){{{seeds}}}D){{3}}J*F", spelled(events))
    assert [event.meta_iteration for event in of_kind(events, MetaIterationStarted)] == [0, 1, 2]
    assert [event.index for event in done(events)] == [0, 1, 2]
    replicates = [event.replicate for event in of_kind(events, TrainingProgress)]
    assert [key for key, _ in groupby(replicates)] == (list(range(seeds)) * 3 if seeds > 1 else [0])


def test_a_slow_run_tells_of_every_iteration_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    slow_down(monkeypatch, 0.018)
    events = run(tiny({"meta.iterations": "1"}))
    assert re.fullmatch(r"P+SMT{8}R{8}DJ{8}F", spelled(events))
    assert [e.iteration for e in of_kind(events, TrainingProgress)] == list(range(1, 9))
    assert [e.iteration for e in of_kind(events, ReversalProgress)] == list(range(7, -1, -1))
    assert [e.iteration for e in of_kind(events, JudgingProgress)] == list(range(1, 9))


def test_two_iterations_of_twelve_milliseconds_share_an_event(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    slow_down(monkeypatch, 0.012)
    events = run(tiny({"meta.iterations": "1"}))
    moved = [e for e in events if isinstance(e, TrainingProgress | ReversalProgress)]
    assert [len(event.buffer_bytes) for event in moved] == [2] * 8
    assert [event.iteration for event in of_kind(events, JudgingProgress)] == [2, 4, 6, 8]


def test_half_of_the_events_of_the_schedules_come_within_fifty_milliseconds_of_work() -> None:
    gaps, last = [], math.nan
    short = override(load_experiment("schedules"), {"meta.iterations": "1"})
    for event in optimize(short, threads=1):
        now = time.process_time()  # other programs do not count
        gaps.append(now - last)
        last = math.nan if isinstance(event, Preparing) else now
    assert median(gap for gap in gaps if not math.isnan(gap)) < 0.05


def test_progress_concatenates_to_the_curves(monkeypatch: pytest.MonkeyPatch) -> None:
    slow_down(monkeypatch, 0.012)
    events = run(tiny({"meta.iterations": "1"}))
    training, reversal = of_kind(events, TrainingProgress), of_kind(events, ReversalProgress)
    assert len(training) > 2
    assert len(reversal) > 2
    [step] = done(events)
    np.testing.assert_array_equal(
        np.concatenate([event.losses for event in training]), step.learning_curve
    )
    bytes_told = [event.buffer_bytes for event in (*training, *reversal)]
    np.testing.assert_array_equal(np.concatenate([[0], *bytes_told]), step.buffer_curve)
    assert len(step.buffer_curve) == 2 * 8 + 1
    assert step.buffer_curve[-1] == 0


def test_a_record_holds_the_curves_that_progress_told() -> None:
    events = events_of(tiny())
    before_it_is_done = events[: spelled(events).index("D")]
    step, record = done(events)[0], record_of(before_it_is_done)
    assert record.learning_curve == step.learning_curve.tolist()
    assert record.buffer_curve == step.buffer_curve.tolist()


def test_events_carry_read_only_arrays() -> None:
    for experiment in (tiny({"meta.seeds": "3"}), tiny_with_everything_free()):
        found = [array for event in events_of(experiment) for array in arrays_in(event)]
        assert len(found) > 50
        assert not any(array.flags.writeable for array in found)


def test_hyperparameters_of_one_meta_iteration_are_what_the_one_before_moved_to() -> None:
    events = events_of(tiny())
    steps, started = done(events), of_kind(events, RunStarted)[0]
    told = [started.initial, *(step.next_hyperparameters for step in steps)]
    used = [*(step.hyperparameters for step in steps), finished(events).hyperparameters]
    for before, after in zip(told, used, strict=True):
        assert_same_hyperparameters(before, after)
    for event, step in zip(of_kind(events, MetaIterationStarted), steps, strict=True):
        assert_same_hyperparameters(event.hyperparameters, step.hyperparameters)


def test_the_entropy_bound_counts_the_bits_that_decays_drop() -> None:
    events = events_of(tiny_with_everything_free())
    for event, step in zip(of_kind(events, MetaIterationStarted), done(events), strict=True):
        decays = round_decays(step.hyperparameters["decays"])
        bits = np.cumsum(-np.log2(decays) @ [12, 3])
        np.testing.assert_allclose(step.entropy_bytes, np.concatenate([[0], bits / 8]))
        np.testing.assert_array_equal(event.entropy_bytes, step.entropy_bytes)
        assert step.memory.entropy_bits == pytest.approx(bits[-1])


# Stopping


def blas_threads() -> list[int]:
    """Threads of every BLAS that is loaded; skips the test if they cannot be counted."""
    pools = [pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"]
    if not pools:
        pytest.skip("no BLAS here lets its threads be counted")
    return pools


def test_a_run_can_be_closed_at_any_event_and_leaves_blas_as_it_was() -> None:
    experiment = tiny({"meta.seeds": "2"})
    with threadpool_limits(2, user_api="blas"):
        before = blas_threads()
        assert set(before) == {2}
        for stop_after in count():
            with closing(optimize(experiment, threads=1)) as events:
                if len(list(islice(events, stop_after))) < stop_after:
                    break
                assert set(blas_threads()) == ({1} if stop_after else {2})
            assert blas_threads() == before


def test_a_run_to_its_end_leaves_blas_as_it_was() -> None:
    with threadpool_limits(2, user_api="blas"):
        before = blas_threads()
        for _ in optimize(tiny(), threads=1):
            pass
        assert blas_threads() == before


def test_data_that_do_not_fit_are_refused_before_training_and_leave_blas_as_it_was() -> None:
    with threadpool_limits(2, user_api="blas"):
        before = blas_threads()
        events: list[Event] = []
        with pytest.raises(InputError, match=r"^data\.source: "):
            events.extend(optimize(tiny({"data.source": "no such data"}), threads=1))
        assert spelled(events).replace("P", "") == ""
        assert blas_threads() == before


def test_hyperparameters_that_do_not_fit_the_model_are_refused_before_training() -> None:
    scales = {
        "hyperparameters.initial_scales.initial": "[1.0, 2.0, 3.0]",
        "hyperparameters.initial_scales.granularity": "group",
    }
    events: list[Event] = []
    with pytest.raises(InputError, match=r"^hyperparameters\.initial_scales\.initial: .*\(2,\)"):
        events.extend(optimize(tiny(scales)))
    assert spelled(events).replace("P", "") == ""


# Divergence


def test_divergence_ends_the_run_after_what_was_done() -> None:
    events = run(tiny(DIVERGES_AFTER_ONE))
    assert re.fullmatch(r"P+SMT+R+DMT*F", spelled(events))
    end = finished(events)
    assert end.outcome == "diverged"
    assert re.match(r"Training diverged at iteration \d+ in (weights|biases): ", end.message)
    assert end.losses is None
    assert_same_hyperparameters(end.hyperparameters, done(events)[0].next_hyperparameters)


def test_what_was_trained_before_divergence_is_told() -> None:
    events = run(override(load_experiment("regression"), DIVERGES_AT_ONCE))
    iteration = re.search(r"at iteration (\d+) in weights", finished(events).message)
    assert iteration is not None
    told = sum(len(event.losses) for event in of_kind(events, TrainingProgress))
    assert told == int(iteration[1]) > 0
    assert not done(events)


def test_divergence_with_the_final_hyperparameters_keeps_all_meta_iterations() -> None:
    events = run(tiny({**DIVERGES_AFTER_ONE, "meta.iterations": "1"}))
    assert len(done(events)) == 1
    assert finished(events).outcome == "diverged"
    assert finished(events).losses is None


def test_decays_that_are_pushed_to_their_edge_do_not_break_the_run() -> None:
    only_decays = {**FIXED, "hyperparameters.decays.free": "true", "meta.step": "1e4"}
    assert finished(run(tiny(only_decays))).outcome in ("completed", "diverged")


def test_a_method_that_finds_nothing_ends_the_run_with_its_own_reason() -> None:
    settings = {"hyperparameters.learning_rates.free": "false", "method": "implicit-neumann"}
    free = {"hyperparameters.l2_penalties.free": "true", "hypergradient.step": "1e9"}
    end = finished(run(tiny({**FIXED, **settings, **free})))
    assert end.message.startswith("The Neumann series diverges with the step 1e+09")
    assert "chaotic" not in end.message
    assert end.divergence is not None
    assert end.divergence.sentence == end.message
    assert not end.divergence.smaller_steps_help


def test_a_hypergradient_that_is_not_finite_ends_the_run_as_diverged(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Spoiled(ExactReversal):
        def run(self, problem: Problem) -> Steps:
            result = yield from super().run(problem)
            spoiled = {kind: full * np.nan for kind, full in result.gradient.schedules.items()}
            return replace(result, gradient=replace(result.gradient, schedules=spoiled))

    monkeypatch.setitem(METHODS, "exact-reversal", Spoiled)
    end = finished(run(tiny()))
    assert end.outcome == "diverged"
    assert "hypergradient" in end.message
    assert end.losses is None


def test_saturated_units_have_a_finite_hypergradient() -> None:
    unscaled = {
        "data.source": "breast-cancer",
        "data.scaling": "none",
        "model.kind": "dense network",
        "model.hidden": "[5]",
        "hyperparameters.initial_scales.initial": "0.5",
        "meta.iterations": "1",
    }
    assert math.isfinite(done(run(tiny(unscaled)))[0].hypergradient_norm)
