"""Settings that change during a run, by plan or because somebody asks."""

import pickle
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from threading import Thread
from typing import Any

import numpy as np
import pytest
from experiments_for_tests import (
    FIXED,
    assert_same_hyperparameters,
    done,
    events_of,
    finished,
    numbers_of,
    of_kind,
    record_of,
    sentence,
    tiny,
    tiny_with_everything_free,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import InputError
from engine.experiments.changes import Change, changed
from engine.experiments.experiment import Experiment
from engine.plots.scenes import every_plot
from engine.plots.stage import Stage
from engine.runs.changes import Changes
from engine.runs.events import (
    Event,
    MetaIterationDone,
    MetaIterationStarted,
    SettingsChanged,
    TrainingProgress,
)
from engine.runs.moments import Moment
from engine.runs.records import RunRecord
from engine.runs.replay import Replay, replay_key
from engine.runs.run import optimize
from engine.tasks.catalogue import make_task

FREE = {kind: f"hyperparameters.{kind}.free" for kind in ("learning_rates", "decays")}
PENALTIES = "hyperparameters.l2_penalties.free"
ADAM = {"meta.optimizer": "adam", "meta.step": "0.04"}
LONG = tiny({**ADAM, "meta.iterations": "6", "meta.new_seed": "true"})
MANY = tiny_with_everything_free({**ADAM, "meta.iterations": "6", "training.iterations": "4"})


def with_changes(experiment: Experiment, *changes: Change) -> list[Event]:
    return list(optimize(experiment, changes=changes))


def asked(experiment: Experiment, wanted: Mapping[int, Mapping[str, Any]]) -> list[Event]:
    """A run during which somebody asks: while each of these meta-iterations trains."""
    changes, told = Changes(experiment), []
    for event in optimize(experiment, changes=changes):
        told.append(event)
        if isinstance(event, MetaIterationStarted):
            changes.ask(wanted.get(event.meta_iteration, {}))
    return told


# Exactly


@pytest.mark.parametrize(
    "wanted",
    [
        {2: {"meta.step": 0.01}},
        {0: {"meta.iterations": 2}},
        {1: {"meta.iterations": 9}, 7: {"meta.iterations": 8}},
        {1: {FREE["decays"]: False}, 3: {FREE["decays"]: True}},
        {2: {"meta.seeds": 3}},
        {1: {PENALTIES: False, "meta.penalty": 0.0}, 2: {"meta.beta2": 0.5}},
    ],
)
def test_a_run_that_was_changed_comes_out_again_to_the_bit(
    wanted: Mapping[int, Mapping[str, Any]],
) -> None:
    experiment = changed(LONG, {"meta.iterations": 5, "meta.penalty": 0.1})
    first = asked(experiment, wanted)
    again = with_changes(experiment, *record_of(first).changes)
    assert numbers_of(again) == numbers_of(first)
    assert record_of(again).changes == record_of(first).changes
    assert [change.meta_iteration for change in record_of(first).changes] == [k + 1 for k in wanted]
    assert numbers_of(first) != numbers_of(events_of(experiment))


@settings(max_examples=25)
@given(st.data())
def test_any_changes_at_any_boundaries_come_out_again_to_the_bit(data: st.DataObject) -> None:
    what = st.fixed_dictionaries(
        {},
        optional={
            "meta.step": st.floats(1e-4, 0.1),
            "meta.beta1": st.floats(0, 0.99),
            "meta.iterations": st.integers(6, 9),
            "meta.seeds": st.integers(1, 2),
            FREE["learning_rates"]: st.booleans(),
            FREE["decays"]: st.booleans(),
            "hyperparameters.initial_scales.free": st.booleans(),
            PENALTIES: st.booleans(),
        },
    )
    wanted = data.draw(st.dictionaries(st.integers(0, 5), what, max_size=4))
    first = asked(MANY, wanted)
    again = with_changes(MANY, *record_of(first).changes)
    assert numbers_of(again) == numbers_of(first)


def test_a_change_to_what_is_set_already_changes_nothing() -> None:
    told = asked(LONG, {2: {"meta.step": LONG.meta.step}, 3: {PENALTIES: True}})
    assert not of_kind(told, SettingsChanged)
    assert numbers_of(told) == numbers_of(events_of(LONG))


@pytest.mark.parametrize("count", [1, 4])
def test_fewer_meta_iterations_are_the_first_ones_of_more(count: int) -> None:
    short = changed(LONG, {"meta.iterations": count})
    told = asked(LONG, {count - 1: {"meta.iterations": count}})
    assert numbers_of(told) == numbers_of(events_of(short))
    assert finished(told).message == finished(events_of(short)).message


@pytest.mark.parametrize("when", [2, 5])
def test_more_meta_iterations_go_on_where_the_others_ended(when: int) -> None:
    longer = changed(LONG, {"meta.iterations": 8})
    assert numbers_of(asked(LONG, {when: {"meta.iterations": 8}})) == numbers_of(events_of(longer))


def test_what_is_fixed_keeps_its_values_and_the_others_go_on_unmoved_by_it() -> None:
    told = done(asked(LONG, {1: {FREE["decays"]: False}}))
    unchanged = done(events_of(LONG))
    for step in told[3:]:
        np.testing.assert_array_equal(
            step.hyperparameters["decays"], told[2].hyperparameters["decays"]
        )
    for kind in ("learning_rates", "l2_penalties"):  # Adam's memory of them is as it was
        np.testing.assert_array_equal(
            told[2].next_hyperparameters[kind], unchanged[2].next_hyperparameters[kind]
        )
    assert told[2].hypergradient_norm < unchanged[2].hypergradient_norm


def test_what_becomes_free_starts_where_it_is_with_a_step_as_long_as_the_first_one() -> None:
    experiment = tiny({**ADAM, **FIXED, "hyperparameters.learning_rates.free": "true"})
    told = done(asked(experiment, {0: {FREE["decays"]: True}}))
    decays = [step.hyperparameters["decays"][0, 0] for step in told]
    logits = [np.log(decay / (1 - decay)) for decay in decays]
    assert decays[0] == pytest.approx(decays[1], rel=1e-12)
    assert abs(logits[2] - logits[1]) == pytest.approx(experiment.meta.step, rel=1e-4)


def test_a_kind_that_made_no_difference_can_become_free() -> None:
    experiment = tiny(
        {
            "hyperparameters.l2_penalties.free": "false",
            "hyperparameters.l2_penalties.initial": "0.0",
            "hyperparameters.l2_penalties.domain": "identity",
            "hyperparameters.l2_penalties.granularity": "group",
        }
    )
    told = asked(experiment, {0: {PENALTIES: True}, 1: {PENALTIES: False}})
    record = record_of(told)
    assert ["l2_penalties" in step.hyperparameters for step in done(told)] == [False, True, True]
    plot = next(plot for plot in every_plot(record) if plot.key == "l2_penalties")
    np.testing.assert_array_equal(plot.lines[0].y[:2], [0.0, 0.0])


def test_the_seeds_of_a_changed_run_may_be_trained_elsewhere() -> None:
    with ThreadPoolExecutor(2) as executor:
        changes = [Change(1, {"meta.seeds": 3}), Change(2, {"meta.step": 0.2})]
        elsewhere = list(optimize(LONG, executor=executor, changes=changes))
    assert numbers_of(elsewhere) == numbers_of(with_changes(LONG, *changes))


# Told truly


CHANGED = Change(2, {"meta.step": 0.3, FREE["decays"]: False}), Change(4, {"meta.iterations": 5})


@cache
def changed_run() -> tuple[Event, ...]:
    return tuple(with_changes(LONG, *CHANGED))


def test_an_event_comes_before_the_first_meta_iteration_that_a_change_counts_for() -> None:
    told = [type(event) for event in changed_run() if not isinstance(event, TrainingProgress)]
    assert told.count(SettingsChanged) == 2
    for event, following in zip(changed_run(), changed_run()[1:], strict=False):
        if isinstance(event, SettingsChanged):
            assert isinstance(following, MetaIterationStarted)
            assert following.meta_iteration == event.change.meta_iteration
    assert [event.change for event in of_kind(changed_run(), SettingsChanged)] == [*CHANGED]


def test_a_record_knows_what_it_started_from_what_is_set_now_and_what_was_set_then() -> None:
    record = record_of(changed_run())
    assert record.started_from == LONG
    assert record.changes == CHANGED
    now = changed(changed(LONG, CHANGED[0].settings), CHANGED[1].settings)
    assert record.experiment == now
    assert record.planned == 5
    assert record.free == LONG.free
    then = [record.at(Moment(index, 0)) for index in range(5)]
    assert [one.experiment.meta.step for one in then] == [LONG.meta.step] * 2 + [0.3] * 3
    assert [one.experiment.meta.iterations for one in then] == [6, 6, 6, 6, 5]
    assert [len(one.changes) for one in then] == [0, 0, 1, 1, 2]
    assert {one.planned for one in then} == {5}


def test_every_moment_of_a_changed_run_is_replayed_with_what_was_in_force_then() -> None:
    record, task = record_of(changed_run()), make_task(LONG)
    stage, t = Stage(record.started_from), record.iterations
    for step in record.meta_iterations:
        w = stage.parameters(record, step.index, t)
        assert task.measure(w, step.hyperparameters) == step.measures
        key = replay_key(record.at(Moment(step.index, t)).experiment, step.index)
        replay = Replay(task, record.experiment, key, step.hyperparameters)
        replay.seek(t)
        np.testing.assert_array_equal(replay.w, w)
        replay.seek(0)
        assert replay.buffer_bytes == 0


def test_plots_end_where_the_run_now_ends_and_say_what_was_changed() -> None:
    plots = {plot.key: plot for plot in every_plot(record_of(changed_run()))}
    assert plots["losses"].x_range == (0, 5)
    assert plots["decays"].x_range == (0, 5)  # though they are fixed by now
    assert plots["losses"].caption.endswith("; settings changed at meta-iteration 2, 4")
    record = record_of(changed_run())
    then = {plot.key: plot for plot in every_plot(record.at(Moment(2, 0)))}
    assert then["hypergradient"].caption == (
        "from meta-iteration 2: momentum decays fixed, step size 0.3"
    )
    before = {plot.key: plot for plot in every_plot(record.at(Moment(1, 0)))}
    assert before["hypergradient"].caption == ""


def test_events_of_changes_travel_between_processes() -> None:
    for event in of_kind(changed_run(), SettingsChanged):
        assert pickle.loads(pickle.dumps(event)).change == event.change


# Asked for


def test_who_asks_is_told_from_which_meta_iteration_on() -> None:
    changes = Changes(LONG)
    assert changes.ask({"meta.step": 0.1}) == 0
    assert changes.take(0) is not None
    assert changes.ask({"meta.step": 0.2}) == 1
    assert changes.ask({"meta.beta1": 0.2}) == 1
    assert changes.experiment == changed(LONG, {"meta.step": 0.2, "meta.beta1": 0.2})
    taken = changes.take(1)
    assert taken is not None
    assert taken.change == Change(1, {"meta.step": 0.2, "meta.beta1": 0.2})
    assert changes.take(2) is None


def test_what_cannot_be_done_is_refused_before_anything_changes() -> None:
    changes = Changes(LONG)
    for index in range(4):
        changes.take(index)
    changes.ask({"meta.step": 0.2})
    refused: list[tuple[dict[str, Any], str]] = [
        ({"meta.iterations": 3}, "meta.iterations: expected at least 4, which are done by then"),
        ({"meta.beta1": 0.5, "meta.beta2": 2.0}, "meta.beta2: expected a number"),
        ({"training.iterations": 3}, "training.iterations: expected no change during a run"),
    ]
    for wanted, expected in refused:
        with pytest.raises(InputError) as error:
            changes.ask(wanted)
        assert sentence(error).startswith(expected)
    taken = changes.take(4)
    assert taken is not None
    assert dict(taken.change.settings) == {"meta.step": 0.2}


def test_it_is_too_late_once_the_last_meta_iteration_is_done() -> None:
    changes = Changes(LONG)
    for index in range(7):
        changes.take(index)
    with pytest.raises(InputError) as error:
        changes.ask({"meta.iterations": 9})
    assert "before the last meta-iteration is done" in sentence(error)


@pytest.mark.parametrize(
    ("planned", "expected"),
    [
        (
            [Change(7, {})],
            "changes: expected a meta-iteration from 0 to 6, found 7",
        ),
        ([Change(-1, {})], "changes: expected a meta-iteration from 0 to 6"),
        (
            [Change(3, {"meta.step": 0.1}), Change(2, {"meta.step": 0.1})],
            "changes: expected a meta-iteration from 3 to 6, found 2",
        ),
        (
            [Change(3, {"meta.iterations": 4}), Change(5, {"meta.step": 0.1})],
            "changes: expected a meta-iteration from 3 to 4, found 5",
        ),
        ([Change(3, {"meta.iterations": 2})], "meta.iterations: expected at least 3"),
    ],
)
def test_a_plan_that_cannot_be_carried_out_is_refused_before_training(
    planned: list[Change], expected: str
) -> None:
    with pytest.raises(InputError) as error:
        next(iter(optimize(LONG, changes=planned)))
    assert sentence(error).startswith(expected)


def test_changes_belong_to_the_experiment_that_is_run() -> None:
    with pytest.raises(InputError) as error:
        next(iter(optimize(LONG, changes=Changes(MANY))))
    assert sentence(error) == "changes: expected changes of the experiment that is run."


def test_what_is_asked_must_go_together_with_what_is_planned() -> None:
    penalized = tiny({"meta.iterations": "6"})
    changes = Changes(penalized, [Change(3, {"meta.penalty": 0.5})])
    with pytest.raises(InputError) as error:
        changes.ask({PENALTIES: False})
    assert sentence(error).startswith("meta.penalty: expected 0")


def test_many_threads_may_ask_while_it_runs() -> None:
    changes, steps = Changes(LONG), [round(0.01 * number, 2) for number in range(1, 41)]
    told: list[int] = []

    def ask(several: list[float]) -> None:
        told.extend(changes.ask({"meta.step": step}) for step in several)

    threads = [Thread(target=ask, args=(steps[start::4],)) for start in range(4)]
    events = []
    for event in optimize(LONG, changes=changes):
        events.append(event)
        if isinstance(event, MetaIterationDone) and event.index == 0:
            for thread in threads:
                thread.start()
        if isinstance(event, MetaIterationDone) and event.index == 3:
            for thread in threads:
                thread.join()
    assert len(told) == 40
    assert {change.meta_iteration for change in record_of(events).changes} <= set(told)
    record = record_of(events)
    assert_same_run(record, record_of(with_changes(LONG, *record.changes)))


def assert_same_run(one: RunRecord, other: RunRecord) -> None:
    for ours, theirs in zip(one.meta_iterations, other.meta_iterations, strict=True):
        assert ours.measures == theirs.measures
        assert_same_hyperparameters(ours.next_hyperparameters, theirs.next_hyperparameters)
