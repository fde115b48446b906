"""Strategies side by side on one experiment, on equal budgets."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
from experiments_for_tests import FIXED, tiny
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import InputError
from engine.experiments.experiment import Experiment
from engine.experiments.files import load_experiment, override
from engine.experiments.rivals import CONTENDING, Rival, rival_of, usual_rivals
from engine.experiments.strategies import STRATEGIES
from engine.runs.compare_strategies import compare_strategies
from engine.runs.strategies_compared import (
    SearchDone,
    Step,
    StrategiesRecord,
    StrategiesStarted,
    band,
    best_so_far,
    value_at,
)

FREE = {
    **FIXED,
    "hyperparameters.learning_rates.free": "true",
    "hyperparameters.decays.free": "true",
    "meta.iterations": "5",
}


def small(**changes: str) -> Experiment:
    return tiny({**FREE, **changes})


def record_of(events: Iterable[Any]) -> StrategiesRecord:
    record = None
    for event in events:
        if isinstance(event, StrategiesStarted):
            record = StrategiesRecord(event)
        elif record:
            record.add(event)
    assert record is not None
    return record


def test_without_a_budget_all_take_what_hypergradients_take() -> None:
    record = record_of(compare_strategies(small(), ["random", "adam", "grid"], seeds=2))
    assert record.is_over
    assert [rival.strategy for rival in record.rivals] == ["random", "adam", "grid"]
    taken = {rival.strategy: [one.runs[-1] for one in record.of(rival)] for rival in record.rivals}
    assert taken["adam"] == [10, 10]  # a gradient and a product for each training iteration
    assert taken["random"] == [10, 10]
    assert taken["grid"] == [9, 9]  # 3 by 3


@pytest.mark.parametrize("budget", [1.0, 6.5])
def test_a_budget_ends_every_search(budget: float) -> None:
    record = record_of(compare_strategies(small(), ["adam", "random"], seeds=1, budget=budget))
    adam, random = ([*record.of(one)[0].runs] for one in record.rivals)
    assert adam[-1] >= budget > adam[-1] - 2
    assert random[-1] == max(1, int(budget))


def test_seconds_end_every_search() -> None:
    record = record_of(compare_strategies(small(), ["adam", "random"], seeds=1, seconds=0.05))
    for rival in record.rivals:
        seconds = record.of(rival)[0].seconds
        assert seconds[-1] >= 0.05
        assert len(seconds) == 1 or seconds[-2] < 0.05


def test_without_hypergradients_there_are_as_many_trials_as_meta_iterations() -> None:
    record = record_of(compare_strategies(small(), ["random"], seeds=1))
    assert record.of(record.rivals[0])[0].runs[-1] == 5


def test_who_searches_changes_no_number() -> None:
    chosen = ["adam", "adam:step=0.5", "real-time", "random:trials_by=kind"]
    here = record_of(compare_strategies(small(), chosen, seeds=2))
    with ThreadPoolExecutor(2) as executor:
        away = record_of(compare_strategies(small(), chosen, seeds=2, executor=executor))
    assert not here.failures
    for place, steps in here.steps.items():
        others = away.steps[place]
        assert [one._replace(seconds=0) for one in steps] == [
            one._replace(seconds=0) for one in others
        ]


def test_every_search_begins_from_the_same_start() -> None:
    record = record_of(compare_strategies(small(), ["adam", "random"], seeds=2))
    adam, random = (record.of(one) for one in record.rivals)
    for one, other in zip(adam, random, strict=True):
        assert one.objective[0] == other.objective[0]
    assert adam[0].objective[0] != adam[1].objective[0]


def test_what_cannot_search_says_why_and_the_others_go_on() -> None:
    experiment = small(**{"hyperparameters.learning_rates.granularity": "iteration"})
    record = record_of(compare_strategies(experiment, ["grid", "random", "real-time"], seeds=1))
    grid, random, real_time = record.rivals
    assert "points along each of" in record.failure_of(grid)
    assert record.of(random)
    assert "real time learns" in record.failure_of(real_time)
    assert not record.of(grid)


def test_a_search_whose_training_diverges_keeps_what_it_found() -> None:
    experiment = small(**{"meta.iterations": "60"})
    record = record_of(compare_strategies(experiment, ["sgd:step=1e6"], seeds=1))
    sgd = record.rivals[0]
    assert record.of(sgd)
    assert record.failure_of(sgd)


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        ({"strategies": ["magic"]}, "strategies"),
        ({"strategies": ["sweep"]}, "strategies"),
        ({"strategies": ["adam:momentum=0.5"]}, "strategies"),
        ({"strategies": ["adam:step"]}, "strategies"),
        ({"strategies": ["adam:step=1:step=2"]}, "strategies"),
        ({"strategies": "adam"}, "strategies"),
        ({"strategies": []}, "strategies"),
        ({"strategies": [3]}, "strategies"),
        ({"seeds": 0}, "seeds"),
        ({"budget": 0}, "budget"),
        ({"seconds": -1.0}, "seconds"),
    ],
)
def test_what_cannot_be_compared_is_refused(arguments: dict[str, Any], field: str) -> None:
    with pytest.raises(InputError) as raised:
        next(compare_strategies(small(), **arguments))
    assert raised.value.field == field


def test_nothing_free_is_refused() -> None:
    with pytest.raises(InputError, match="expected a free one"):
        next(compare_strategies(tiny(FIXED)))


@pytest.mark.parametrize("name", CONTENDING)
def test_a_strategy_is_named_by_its_title_and_stands_for_a_text(name: str) -> None:
    rival = rival_of(name)
    assert (rival.name, rival.text) == (STRATEGIES[name].title, name)


def test_settings_are_named_in_few_words() -> None:
    assert rival_of(" adam:step=0.1 ").name == "Adam, step 0.1"
    assert rival_of("random:trials_by=kind").name == "Random search, by kind"
    assert rival_of("adam:beta1=0.5").name == "Adam, memory β₁ 0.5"
    assert rival_of("adam:step=0.1").text == "adam:step=0.1"


def test_usual_ones_are_the_own_strategy_and_what_one_would_do_without() -> None:
    names = [one.strategy for one in usual_rivals(small(**{"meta.optimizer": "sgd"}))]
    assert names[:2] == ["sgd", "random"]
    assert usual_rivals(small(**{"meta.optimizer": "random"}))[0] == Rival("adam")


losses = st.lists(st.one_of(st.floats(-1e6, 1e6), st.just(float("nan"))), min_size=1, max_size=20)


def steps_of(values: list[float]) -> list[Step]:
    return [
        Step(place + 1.0, 0.5 * (place + 1), value, -value, float("nan"))
        for place, value in enumerate(values)
    ]


@given(losses)
def test_the_best_so_far_never_rises_and_has_its_own_test_loss(values: list[float]) -> None:
    best = best_so_far(steps_of(values))
    for place in range(len(values)):
        known = [value for value in values[: place + 1] if np.isfinite(value)]
        if not known:
            assert np.isnan(best.objective[place])
            continue
        assert best.objective[place] == min(known)
        assert best.test[place] == -min(known)


@given(st.lists(losses, min_size=1, max_size=4))
def test_a_band_encloses_every_search_where_all_are_known(several: list[list[float]]) -> None:
    found = [best_so_far(steps_of(values)) for values in several]
    together = band(found, "runs", "objective")
    assert np.all(np.diff(together.x) > 0)
    assert np.all(together.low <= together.median)
    assert np.all(together.median <= together.high)
    assert np.all(np.diff(together.median) <= 0)
    for one in found:
        own = value_at(one, "runs", "objective", together.x)
        assert np.all((together.low <= own) & (own <= together.high))


def test_the_events_tell_of_every_search_once() -> None:
    events = [*compare_strategies(small(), ["adam", "random"], seeds=2)]
    done = [event.index for event in events if isinstance(event, SearchDone)]
    assert sorted(done) == [0, 1, 2, 3]


def test_beside_hoag_stand_exact_ones_a_warm_grid_and_what_needs_no_hypergradients() -> None:
    experiment = override(load_experiment("hoag", stand_in=True), {"meta.iterations": "12"})
    usual = [rival.text for rival in usual_rivals(experiment)]
    assert usual[:5] == [
        "hoag",
        "hoag:tolerances=exact",
        "l-bfgs-b",
        "grid:trials_spread=7:trials_warm=true",
        "random:trials_spread=7",
    ]
    assert rival_of(usual[3]).name == "Grid, spread 7, warm"
    by_pixel = [one.text for one in usual_rivals(load_experiment("hoag-per-input"))]
    assert "grid:trials_spread=7:trials_by=kind:trials_warm=true" in by_pixel
    trained = override(experiment, {"hypergradient.minimise_to": ""})
    assert "grid:trials_spread=7" in [one.text for one in usual_rivals(trained)]


def test_the_best_penalty_is_well_inside_of_what_is_searched_beside_hoag() -> None:
    """Where a box ends says nothing of who searches well."""
    experiment = load_experiment("hoag", stand_in=True)
    best = 0.680577 - np.log(2 * experiment.data.train)
    start = float(np.log(experiment.hyperparameters["l2_penalties"].initial))
    spreads = [
        float(dict(one.settings)["trials_spread"])
        for one in usual_rivals(experiment)
        if STRATEGIES[one.strategy].tries
    ]
    assert spreads
    assert all(abs(best - start) < 0.6 * spread for spread in spreads)


def test_trials_that_minimise_take_as_many_as_their_evaluations_allow() -> None:
    experiment = override(load_experiment("hoag", stand_in=True), {"meta.iterations": "12"})
    chosen = ["hoag", "grid:trials_warm=true", "grid", "random"]
    record = record_of(compare_strategies(experiment, chosen, seeds=1))
    hoag, warm, cold, random = (record.of(rival)[0] for rival in record.rivals)
    budget = hoag.runs[-1]
    for one in (cold, random):
        assert one.runs[-2] < budget <= one.runs[-1]
    assert len(warm.runs) == 12 > len(cold.runs)
    assert len(random.runs) > budget  # each takes less than training does
