import csv
import io
import itertools
import math
import re

import numpy as np
import pytest
from experiments_for_tests import (
    DIVERGES_AFTER_ONE,
    FIXED,
    done,
    events_of,
    finished,
    record_of,
    run,
    tiny,
    tiny_with_everything_free,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.arrays import Floats
from engine.experiments.files import load_experiment, override
from engine.hyperparameters.kinds import KINDS
from engine.plots import (
    PALETTE,
    Line,
    Plot,
    bytes_in_words,
    plots,
    saving_in_words,
    table,
    to_csv,
)
from engine.runs.events import MetaIterationDone, RunFinished, RunStarted
from engine.runs.records import RunRecord

EVERYWHERE = [name for name, kind in KINDS.items() if not kind.is_set_by_entry]
ALWAYS = ["losses", "learning_curves", "memory", "hypergradient"]


def lines(record: RunRecord) -> dict[str, dict[str, Line]]:
    """All lines of all plots, by the plot's key and the line's name."""
    return {plot.key: {line.name: line for line in plot.lines} for plot in plots(record)}


def assert_line(line: Line, y: object) -> None:
    np.testing.assert_array_equal(line.y, np.asarray(y, float))
    np.testing.assert_array_equal(line.x, np.arange(len(line.y)))


# The lines hold the numbers of the events


def test_schedules_hold_the_first_and_the_latest_values() -> None:
    events = events_of(tiny_with_everything_free())
    drawn, end = lines(record_of(events)), finished(events).hyperparameters
    first = done(events)[0].hyperparameters
    assert list(drawn["learning_rates"]) == [
        "weights, first",
        "biases, first",
        "weights",
        "biases",
    ]
    for index, group in enumerate(("weights", "biases")):
        assert_line(drawn["learning_rates"][group], end["learning_rates"][:, index])
        assert_line(drawn["learning_rates"][f"{group}, first"], first["learning_rates"][:, index])
    assert list(drawn["decays"]) == ["all groups, first", "all groups"]
    assert_line(drawn["decays"]["all groups"], end["decays"][:, 0])


def test_scales_and_penalties_hold_their_way_over_meta_iterations() -> None:
    events = events_of(tiny({"hyperparameters.initial_scales.free": "true"}))
    drawn = lines(record_of(events))
    told = [*(step.hyperparameters for step in done(events)), finished(events).hyperparameters]
    penalties = [values["l2_penalties"][0] for values in told]
    assert_line(drawn["l2_penalties"]["all groups"], penalties)
    assert_line(
        drawn["initial_scales"]["all groups"], [values["initial_scales"][0] for values in told]
    )


@pytest.mark.parametrize("granularity", ["one", "group"])
def test_initial_scales_stand_beside_the_usual_ones_of_their_layers(granularity: str) -> None:
    changes = {
        "data.source": "digits",
        "model.kind": "dense network",
        "model.hidden": "[9, 9]",
        "meta.iterations": "1",
        "hyperparameters.initial_scales.free": "true",
        "hyperparameters.initial_scales.granularity": granularity,
    }
    drawn = lines(record_of(events_of(tiny(changes))))["initial_scales"]
    usual = {name: line for name, line in drawn.items() if name.startswith("1/")}
    assert list(usual) == ["1/√64", "1/√9"]
    np.testing.assert_allclose(usual["1/√64"].y, 1 / 8)
    np.testing.assert_allclose(usual["1/√9"].y, 1 / 3)
    np.testing.assert_array_equal(usual["1/√9"].x, [0, 1])
    first = drawn["layer 1 weights"].colour if granularity == "group" else "reference"
    assert usual["1/√64"].colour == first
    assert usual["1/√9"].colour == "reference", "two layers have as many inputs"


def test_two_weights_have_no_usual_scale() -> None:
    changes = {"hyperparameters.initial_scales.free": "true", "meta.iterations": "1"}
    toy = override(load_experiment("toy"), changes)
    assert list(lines(record_of(events_of(toy)))["initial_scales"]) == ["all groups"]


@pytest.mark.parametrize("granularity", ["one", "group"])
def test_what_is_the_same_in_all_iterations_is_drawn_over_meta_iterations(granularity: str) -> None:
    changes = {
        "hyperparameters.decays.free": "true",
        "hyperparameters.decays.granularity": granularity,
    }
    record = record_of(events_of(tiny(changes)))
    drawn = {plot.key: plot for plot in plots(record)}["decays"]
    assert (drawn.x_label, drawn.y_label) == ("meta-iteration", "momentum decay γ")
    for index, line in enumerate(drawn.lines):
        moved = [record.initial, *(done.next_hyperparameters for done in record.meta_iterations)]
        assert line.y.tolist() == [step["decays"][0, index] for step in moved]
        assert line.towards is None, "an arrow would say nothing more"


def test_axes_name_one_of_a_kind_and_its_symbol() -> None:
    drawn = {plot.key: plot for plot in plots(record_of(events_of(tiny_with_everything_free())))}
    assert drawn["learning_rates"].y_label == "learning rate α"
    assert drawn["initial_scales"].y_label == "initial scale"
    assert drawn["l2_penalties"].y_label == "L2 penalty λ"


def test_pale_lines_say_whose_past_they_are() -> None:
    drawn = lines(record_of(events_of(tiny_with_everything_free())))["learning_rates"]
    assert {name: line.before for name, line in drawn.items() if line.faint} == {
        "weights, first": "weights",
        "biases, first": "biases",
    }


def test_penalties_by_weight_are_a_profile_over_weights() -> None:
    events = events_of(tiny_with_everything_free())
    drawn = lines(record_of(events))["l2_penalties"]
    assert_line(drawn["first"], done(events)[0].hyperparameters["l2_penalties"])
    assert_line(drawn["current"], finished(events).hyperparameters["l2_penalties"])


@pytest.mark.parametrize("part", ["training", "validation", "test"])
def test_losses_hold_every_meta_iteration_and_the_final_judgement(part: str) -> None:
    events = events_of(tiny())
    judged = [*(step.losses for step in done(events)), finished(events).losses]
    assert_line(
        lines(record_of(events))["losses"][part], [getattr(losses, part) for losses in judged]
    )


def test_an_empty_part_has_no_line() -> None:
    events = events_of(tiny({"data.test": "0"}))
    assert list(lines(record_of(events))["losses"]) == ["training", "validation"]


def test_learning_curves_are_the_first_and_the_latest() -> None:
    events = events_of(tiny())
    drawn = lines(record_of(events))["learning_curves"]
    assert_line(drawn["first"], done(events)[0].learning_curve)
    assert_line(drawn["current"], done(events)[-1].learning_curve)


def test_memory_holds_buffer_trajectory_and_entropy_bound() -> None:
    events = events_of(tiny())
    drawn, last = lines(record_of(events))["memory"], done(events)[-1]
    up_and_down = [*range(8), *range(8, -1, -1)]
    without_zero = [math.nan if held == 0 else held for held in last.buffer_curve]
    assert_line(drawn["bit buffer"], without_zero)
    trajectory = [16 * 15 * steps or math.nan for steps in up_and_down]
    assert_line(drawn["full trajectory (float64)"], trajectory)
    bound = [last.entropy_bytes[steps] or math.nan for steps in up_and_down]
    assert_line(drawn["entropy bound"], bound)
    assert max(trajectory[1:-1]) == last.memory.trajectory_bytes


def test_the_hypergradient_is_its_norm() -> None:
    events = events_of(tiny())
    norms = [step.hypergradient_norm for step in done(events)]
    assert_line(lines(record_of(events))["hypergradient"]["hypergradient"], norms)


def test_the_memory_s_caption_names_the_meta_iteration_that_it_tells_of() -> None:
    events = [event for event in run(tiny()) if not isinstance(event, RunFinished)]
    ends = [n for n, event in enumerate(events) if isinstance(event, MetaIterationDone)]
    half = record_of(events[: ends[0] + 4])
    assert half.buffer_curve != half.meta_iterations[0].buffer_curve.tolist(), (
        "the next one goes on"
    )
    for record, name in (
        (half, "meta-iteration 0"),  # what is drawn says that it is the last one that is done
        (record_of(events), "meta-iteration 2"),
    ):
        [memory] = [plot for plot in plots(record) if plot.key == "memory"]
        assert memory.caption.startswith(f"{name}: reversed bit for bit")


def test_captions_say_whether_reversal_was_exact() -> None:
    [memory] = [plot for plot in plots(record_of(events_of(tiny()))) if plot.key == "memory"]
    assert "reversed bit for bit\N{NO-BREAK SPACE}✓" in memory.caption


# Which plots there are


@pytest.mark.parametrize(
    "free", [c for n in range(5) for c in itertools.combinations(EVERYWHERE, n)], ids="+".join
)
def test_only_free_kinds_have_a_plot_besides_learning_rates(free: tuple[str, ...]) -> None:
    changes = {f"hyperparameters.{kind}.free": "true" for kind in free}
    events = events_of(tiny({**FIXED, "meta.iterations": "1", **changes}))
    keys = [plot.key for plot in plots(record_of(events))]
    assert keys == [kind for kind in EVERYWHERE if kind in (*free, "learning_rates")] + ALWAYS


@pytest.mark.parametrize(
    "experiment", [tiny_with_everything_free(), tiny(DIVERGES_AFTER_ONE)], ids=["all", "diverging"]
)
def test_plots_can_be_drawn_after_any_event(experiment: object) -> None:
    record: RunRecord | None = None
    for event in run(experiment):  # type: ignore[arg-type]
        if isinstance(event, RunStarted):
            record = RunRecord(event)
        if not record:
            continue
        record.add(event)
        for plot in plots(record):
            low, high = plot.x_range
            assert low < high
            names = [line.name for line in plot.lines]
            assert len(names) == len(set(names))
            for line in plot.lines:
                assert line.x.shape == line.y.shape
                assert np.all((line.x >= low) & (line.x <= high))
                assert line.colour == "reference" or 0 <= line.colour < len(PALETTE)
            assert table(plot)[0] == [plot.x_title, *names]


# Their numbers as text


def read_csv(text: str) -> tuple[list[str], Floats]:
    header, *rows = csv.reader(io.StringIO(text))
    numbers = [[float(cell) if cell else math.nan for cell in row] for row in rows]
    return header, np.array(numbers).reshape(len(rows), len(header))


def plot_of(*several: Line) -> Plot:
    return Plot("key", "Title", "x, in steps", 'y "quoted"', several, (0, 1))


columns = st.lists(st.floats(allow_nan=True), max_size=20)


@settings(deadline=None)
@given(st.lists(columns, max_size=4), st.data())
def test_csv_reads_back_to_the_same_floats(several: list[list[float]], data: st.DataObject) -> None:
    drawn = []
    for number, ys in enumerate(several):
        places = st.lists(
            st.integers(-50, 50), min_size=len(ys), max_size=len(ys), unique=True
        ).map(sorted)
        xs = np.array(data.draw(places), float)
        drawn.append(Line(f"line, {number}", xs, np.array(ys, float)))
    header, numbers = read_csv(to_csv(plot_of(*drawn)))
    assert header == ["x, in steps", *(line.name for line in drawn)]
    assert np.all(np.diff(numbers[:, 0]) > 0)
    for column, line in zip(numbers.T[1:], drawn, strict=True):
        here = np.isin(numbers[:, 0], line.x)
        expected = np.where(np.isnan(line.y), np.nan, line.y)
        assert column[here].tobytes() == expected.tobytes()
        assert np.all(np.isnan(column[~here]))


def test_the_ends_of_a_band_have_columns_of_their_own() -> None:
    x, y = np.arange(2.0), np.array([1.0, 2.0])
    header, rows = table(plot_of(Line("mean", x, y, low=y - 0.5, high=y + 0.25)))
    assert header[1:] == ["mean", "mean, low", "mean, high"]
    assert rows == [[0.0, 1.0, 0.5, 1.25], [1.0, 2.0, 1.5, 2.25]]


def test_csv_of_a_run_holds_the_numbers_of_its_lines() -> None:
    for plot in plots(record_of(events_of(tiny()))):
        header, numbers = read_csv(to_csv(plot))
        assert header == [plot.x_title, *(line.name for line in plot.lines)]
        for column, line in zip(numbers.T[1:], plot.lines, strict=True):
            np.testing.assert_array_equal(column[: len(line.y)], line.y)


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "0 B"),
        (7, "7 B"),
        (999, "999 B"),
        (1000, "1 kB"),
        (1536, "1.54 kB"),
        (2_500_000, "2.5 MB"),
        (3e9, "3 GB"),
        (4e12, "4 TB"),
        (999_999, "1 MB"),
        (1.2e15, "1200 TB"),
    ],
)
def test_bytes_are_told_in_words(count: float, words: str) -> None:
    assert bytes_in_words(count) == words


def test_a_buffer_is_compared_with_the_trajectory() -> None:
    assert saving_in_words(100, 15_000, 8) == "150 × less than in float64; 100 bits per parameter"
    assert saving_in_words(0, 15_000, 8) == "no bits dropped; replaces a trajectory of 15 kB"


def test_a_large_saving_is_told_without_an_exponent() -> None:
    assert "e+" not in saving_in_words(10, 1_234_560, 8)


def test_memory_of_a_method_that_does_not_reverse_shows_no_buffer() -> None:
    stored = record_of(events_of(tiny({"method": "stored-trajectory"})))
    [memory] = [plot for plot in plots(stored) if plot.key == "memory"]
    assert [line.name for line in memory.lines] == ["full trajectory (float64)"]
    kept = bytes_in_words(stored.meta_iterations[-1].memory.trajectory_bytes)
    assert memory.caption == f"stored trajectory: no bit buffer; every state is kept, {kept}"


def test_the_caption_of_memory_has_what_is_drawn_and_all_that_is_held() -> None:
    carried = record_of(events_of(tiny({"method": "forward"})))
    [memory] = [plot for plot in plots(carried) if plot.key == "memory"]
    assert isinstance(memory, Plot)
    [drawn] = [line for line in memory.lines if line.name == "kept by the method"]
    held = bytes_in_words(carried.meta_iterations[-1].memory.held_bytes)
    kept = bytes_in_words(np.nanmax(drawn.y))
    assert memory.caption.startswith(f"forward: {held} held, {kept} of it from step to step; ")


def test_it_is_the_buffer_whose_saving_is_told() -> None:
    reversed_ = record_of(events_of(tiny()))
    [memory] = [plot for plot in plots(reversed_) if plot.key == "memory"]
    assert re.search(r"; buffer [\d.,]+ × less than in float64; ", memory.caption)
