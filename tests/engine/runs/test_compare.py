"""Methods side by side on one training run."""

from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Any

import numpy as np
import pytest
from clusters_for_tests import local_cluster
from experiments_for_tests import FIXED, tiny

from engine.errors import DivergedError, InputError
from engine.experiments.contenders import Contender, contender_of
from engine.experiments.experiment import Experiment
from engine.hyperparameters.values import Hyperparameters
from engine.methods import Truncated
from engine.runs import compare as comparing
from engine.runs.compare import compare
from engine.runs.comparison import (
    STUDIES,
    ComparisonFinished,
    ComparisonRecord,
    ComparisonStarted,
    Measurement,
    PointMeasured,
    PointProgress,
    likeness,
)
from engine.runs.replicates import differentiate

EVERY = (
    "stored-trajectory",
    "checkpointed:snapshots=2",
    "truncated:last=3",
    "forward",
    "implicit-cg",
    "finite-differences",
)
FREE = {
    **FIXED,
    "hyperparameters.l2_penalties.free": "true",
    "hyperparameters.l2_penalties.initial": "0.01",
    "hyperparameters.learning_rates.free": "true",
}


def small(**changes: str) -> Experiment:
    return tiny({**FREE, **changes})


def record_of(events) -> ComparisonRecord:
    record = None
    for event in events:
        if isinstance(event, ComparisonStarted):
            record = ComparisonRecord(event)
        elif record:
            record.add(event)
    assert record is not None
    return record


def numbers(record: ComparisonRecord) -> list[object]:
    """All that methods found, but for the time that they took."""
    return [
        (
            {kind: array.tobytes() for kind, array in found.gradient.items()},
            found.missing,
            found.likeness,
            found.memory,
            found.failure,
        )
        for _, found in sorted(record.measured.items())
    ]


def of(record: ComparisonRecord, text: str) -> Measurement:
    found = record.of(contender_of(text))
    assert found is not None
    return found


@pytest.fixture(scope="module")
def record() -> ComparisonRecord:
    return record_of(compare(small(), EVERY))


# What methods find


def test_exact_methods_agree_and_the_reference_comes_first(record: ComparisonRecord) -> None:
    assert record.contenders[0] == record.reference == Contender("exact-reversal")
    for text in EVERY[:2] + EVERY[3:4]:
        found = of(record, text).likeness
        assert found is not None
        assert found.relative_error < 1e-9
        assert found.cosine > 1 - 1e-12


def test_approximate_methods_differ_and_the_referee_tells_its_own_error(
    record: ComparisonRecord,
) -> None:
    truncated = of(record, "truncated:last=3").likeness
    assert truncated is not None
    assert 1e-3 < truncated.relative_error < 2
    referee = of(record, "finite-differences")
    assert referee.own_error is not None
    assert referee.likeness is not None
    assert referee.likeness.relative_error < 10 * referee.own_error + 1e-9


def test_what_a_method_does_not_give_is_named_and_the_rest_is_compared(
    record: ComparisonRecord,
) -> None:
    implicit = of(record, "implicit-cg")
    assert implicit.missing == ("learning_rates",)
    assert implicit.gradient.keys() == {"l2_penalties"}
    assert implicit.by_kind is not None
    assert implicit.by_kind.keys() == {"l2_penalties"}
    assert implicit.solution is not None
    assert 0 < implicit.solution.stationarity < 1


def test_a_comparison_finds_what_the_method_finds_by_itself(record: ComparisonRecord) -> None:
    experiment = small()
    found = of(record, "forward")
    own = small(method="forward")
    task = comparing.make_task(experiment)
    layout = comparing.make_layout(experiment, task)
    values = layout.values(layout.initial_vector())
    steps = differentiate(task, own, (experiment.meta.seed, 0, 0), values)
    while True:
        try:
            next(steps)
        except StopIteration as stop:
            alone = stop.value
            break
    for kind, array in found.gradient.items():
        whole = alone.hypergradient[kind]
        same = whole if whole.shape == array.shape else layout.own(kind, whole)
        assert same.tobytes() == array.tobytes()


def test_memory_and_cost_are_those_of_the_method(record: ComparisonRecord) -> None:
    exact, stored = of(record, "exact-reversal"), of(record, "stored-trajectory")
    assert exact.memory is not None
    assert stored.memory is not None
    assert exact.memory.held_bytes < stored.memory.held_bytes
    assert exact.cost is not None
    iterations = record.experiment.training.iterations
    assert (exact.cost.gradients, exact.cost.products) == (iterations, iterations)
    assert exact.cost.seconds > 0


# What is varied


def test_the_error_of_truncation_vanishes_where_all_is_undone(record: ComparisonRecord) -> None:
    along = record.along("option", contender_of("truncated:last=3"))
    assert [x for x, _ in along] == [1, 2, 5, 8]
    assert along[-1][1].likeness is not None
    assert along[-1][1].likeness.relative_error < 1e-9


def test_each_length_of_training_has_its_own_reference(record: ComparisonRecord) -> None:
    along = record.along("iterations", Contender("stored-trajectory"))
    assert [x for x, _ in along] == [1, 2, 4, 8, 16]
    assert all(one.likeness and one.likeness.relative_error < 1e-9 for _, one in along)


def test_ever_more_hyperparameters_are_one_kind_ever_finer_and_another_with_it() -> None:
    fields = {"training.iterations": "6", "hyperparameters.l2_penalties.free": "false"}
    both = {f"hyperparameters.{kind}.free": "true" for kind in ("learning_rates", "decays")}
    record = record_of(compare(small(**fields, **both), ["forward"], ["hyperparameters"]))
    counts = [x for x, _ in record.along("hyperparameters", Contender("forward"))]
    assert counts == [1, 2, 4, 6, 12, 24]  # T is 6, and there are two groups


def test_tangents_grow_with_the_number_of_hyperparameters_and_reversal_does_not(
    record: ComparisonRecord,
) -> None:
    forward = record.along("hyperparameters", Contender("forward"))
    exact = record.along("hyperparameters", Contender("exact-reversal"))
    assert [x for x, _ in forward] == [x for x, _ in exact]
    assert forward[0][0] == 1
    assert forward[-1][0] > 10

    def products(pairs) -> list[int]:
        return [one.cost.products for _, one in pairs]

    assert products(forward)[-1] > 5 * products(forward)[0]
    assert len({*products(exact)}) == 1


@pytest.mark.parametrize("study", STUDIES[1:])
def test_a_study_that_is_not_wanted_is_left_out(study: str) -> None:
    others = [one for one in STUDIES[1:] if one != study]
    found = record_of(compare(small(), ["truncated"], others))
    assert study not in {point.study for point in found.points}
    assert found.is_over


def test_a_schedule_of_its_own_length_is_not_trained_longer() -> None:
    listed = small(
        **{
            "hyperparameters.learning_rates.granularity": "iteration",
            "hyperparameters.learning_rates.initial": str([0.1] * 8),
        }
    )
    found = record_of(compare(listed, ["truncated"], ["iterations"]))
    assert {point.study for point in found.points} == {"methods"}


def test_options_that_exclude_what_is_varied_give_way() -> None:
    text = "checkpointed:megabytes=0.01"
    found = record_of(compare(small(), [text], ["option"]))
    along = found.along("option", contender_of(text))
    assert [x for x, _ in along] == [1, 2, 5, 8]
    assert not any(one.failure for _, one in along)


# Failures


def test_a_method_that_fails_says_so_and_the_others_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = comparing.differentiate

    def failing(task, experiment, *rest):
        if experiment.method == "forward":
            raise DivergedError(3, "weights", "the gradient is not finite")
        return honest(task, experiment, *rest)

    monkeypatch.setattr(comparing, "differentiate", failing)
    found = record_of(compare(small(), ["forward", "stored-trajectory"], []))
    assert "not finite" in of(found, "forward").failure
    assert of(found, "stored-trajectory").likeness is not None
    assert found.is_over


def test_all_fail_where_training_diverges() -> None:
    events = [*compare(small(**{"hyperparameters.learning_rates.initial": "2000.0"}), None, [])]
    found = record_of(iter(events))
    assert all(one.failure for one in found.measured.values())
    assert isinstance(events[-1], ComparisonFinished)
    assert events[-1].failures == len(found.measured)


def test_bad_questions_are_refused_before_any_training() -> None:
    with pytest.raises(InputError, match="expected some of methods, iterations"):
        next(compare(small(), None, ["nonsense"]))
    with pytest.raises(InputError, match="expected a free one"):
        next(compare(tiny(FIXED)))
    with pytest.raises(InputError, match="expected some of exact-reversal"):
        next(compare(small(), ["nonsense"]))


@pytest.mark.parametrize("wrong", [[3], [None], [Contender("nope")], "truncated", 3])
def test_what_are_no_methods_is_refused_in_one_sentence(wrong: Any) -> None:
    with pytest.raises(InputError, match=r"^methods: expected .*found"):
        next(compare(small(), wrong))


@pytest.mark.parametrize("wrong", [None, "option", 3])
def test_what_are_no_studies_is_refused_in_one_sentence(wrong: Any) -> None:
    with pytest.raises(InputError, match=r"^studies: expected a list of studies, found"):
        next(compare(small(), ["forward"], wrong))


def test_a_method_that_is_named_twice_is_measured_once_whatever_it_is_told_as_usual() -> None:
    named = ["truncated", "truncated:last=10", Truncated(), Contender("truncated")]
    found = record_of(compare(small(), named, []))
    assert [one.method for one in found.contenders] == ["exact-reversal", "truncated"]


def test_a_hypergradient_that_is_not_finite_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = comparing.differentiate

    def broken(task, experiment, *rest):
        found = yield from honest(task, experiment, *rest)
        if experiment.method != "forward":
            return found
        nowhere = {kind: array * np.nan for kind, array in found.hypergradient.items()}
        return found._replace(hypergradient=Hyperparameters(nowhere))

    monkeypatch.setattr(comparing, "differentiate", broken)
    found = record_of(compare(small(), ["forward"], []))
    assert "its hypergradient is not finite" in of(found, "forward").failure
    assert of(found, "forward").likeness is None


def test_a_series_that_diverges_fails_with_its_step() -> None:
    named = [f"implicit-{name}:step=1e9" for name in ("neumann", "fixed-point")]
    found = record_of(compare(small(), named, []))
    for text in named:
        assert "diverges with the step 1e+09" in of(found, text).failure


# Events


def test_progress_is_told_and_closing_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparing, "_SECONDS_BETWEEN_EVENTS", 0.0)
    events = compare(small(), ["stored-trajectory"], [])
    told = [next(events) for _ in range(30)]
    phases = {event.phase for event in told if isinstance(event, PointProgress)}
    assert phases == {"training", "reversing"}
    events.close()
    with pytest.raises(StopIteration):
        next(events)


def test_the_same_is_measured_once() -> None:
    events = [*compare(small(), ["stored-trajectory"], ["iterations"])]
    found = record_of(iter(events))
    same = [
        index
        for index, point in enumerate(found.points)
        if point.contender.method == "stored-trajectory"
        and point.experiment.training.iterations == 8
    ]
    assert len(same) == 2
    assert found.measured[same[0]] is found.measured[same[1]]
    assert sum(isinstance(event, PointMeasured) for event in events) == len(found.points)


# Elsewhere


@contextmanager
def processes() -> Iterator[Executor]:
    with ProcessPoolExecutor(2, get_context("spawn")) as pool:
        yield pool


@contextmanager
def dask_cluster() -> Iterator[Executor]:
    with local_cluster() as cluster, cluster.get_client() as client:
        yield client.get_executor(pure=False)


EXECUTORS = {"threads": lambda: ThreadPoolExecutor(2), "processes": processes, "dask": dask_cluster}


@pytest.mark.parametrize(
    "where",
    [
        "threads",
        pytest.param("processes", marks=pytest.mark.long),
        pytest.param("dask", marks=pytest.mark.long),
    ],
)
def test_any_executor_gives_the_same_table(where: str, record: ComparisonRecord) -> None:
    with EXECUTORS[where]() as executor:
        elsewhere = record_of(compare(small(), EVERY, executor=executor))
    assert numbers(elsewhere) == numbers(record)


def test_likeness_of_nothing_and_of_opposites() -> None:
    up, down, none = np.array([1.0, 2.0]), np.array([-1.0, -2.0]), np.zeros(2)
    assert likeness([up], [up]).relative_error == 0
    assert likeness([up], [down]).cosine == pytest.approx(-1)
    assert np.isnan(likeness([none], [up]).cosine)
    assert likeness([none], [none]).relative_error == 0
    assert likeness([up], [none]).relative_error == np.inf
    assert likeness([none], [up]).relative_error == 1
