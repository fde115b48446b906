"""The horizontal axes of a plot: which there are, and where its points stand over each."""

from pathlib import Path

import numpy as np
import pytest
from experiments_for_tests import events_of, record_of, tiny

from engine.experiments.files import load_experiment, override
from engine.output.files import names_of_files, write_figures
from engine.plots import Plot, Showing, axes_of, each_over_its_axes, over
from engine.plots.catalogue import MEANT, PLOTS
from engine.plots.steady import Steady
from engine.runs.events import MetaIterationDone, RunStarted
from engine.runs.moments import Moment
from engine.runs.records import RunRecord


@pytest.fixture(scope="module")
def record() -> RunRecord:
    return record_of(events_of(tiny({"meta.iterations": "4"})))


def losses(record: RunRecord) -> Plot:
    plot = PLOTS["losses"].plot(record)
    assert isinstance(plot, Plot)
    return plot


def test_over_time_each_point_stands_where_its_meta_steps_were_done(record: RunRecord) -> None:
    plot = losses(record)
    assert axes_of(plot) == ("meta-iterations", "seconds")
    timed = over(plot, "seconds")
    taken = np.cumsum([one.seconds for one in record.meta_iterations])
    for line, before in zip(timed.lines, plot.lines, strict=True):
        np.testing.assert_array_equal(line.x, [0.0, *taken])
        np.testing.assert_array_equal(line.y, before.y)
    assert timed.x_range == (0.0, taken[-1])
    assert timed.x_title == "time of the run (seconds)"
    assert timed.along is None, "it is not read together with meta-iterations"


def test_while_a_run_goes_on_the_axis_of_time_reaches_to_where_it_will_end() -> None:
    done: list[float] = []
    record: RunRecord | None = None
    for event in events_of(tiny({"meta.iterations": "4"})):
        if record is None:
            record = RunRecord(event) if isinstance(event, RunStarted) else None
            continue
        record.add(event)
        if isinstance(event, MetaIterationDone):
            done.append(event.seconds)
            timed = over(losses(record), "seconds")
            assert timed.x_range[1] == pytest.approx(sum(done) * 4 / len(done))


def test_moments_have_the_same_axis_of_time_as_the_end(record: RunRecord) -> None:
    now = losses(record)
    steady = Steady([now])
    for index in (0, 2):
        then = steady.hold(losses(record.at(Moment(index, 0))))
        assert over(then, "seconds").x_range == over(now, "seconds").x_range
        assert over(then, "seconds").lines[0].x.size == index + 1


def test_an_axis_that_a_plot_does_not_have_changes_nothing(record: RunRecord) -> None:
    plot = losses(record)
    assert over(plot, "inner iterations") is plot
    assert over(plot, None) is plot
    assert over(plot, "meta-iterations") is plot
    memory = PLOTS["memory"].plot(record)
    assert axes_of(memory) == ()
    assert over(memory, "seconds") is memory


def test_a_figure_is_named_by_the_axis_that_it_is_shown_over(
    record: RunRecord, tmp_path: Path
) -> None:
    plot, showing = losses(record), Showing(across="seconds")
    written = write_figures([plot], tmp_path, ["csv"], showings={"losses": showing})
    assert [path.name for path in written] == ["losses_by_seconds.csv"]
    assert names_of_files(plot, "csv", showing) == ["losses_by_seconds.csv"]
    assert written[0].read_text().startswith("time of the run (seconds),")
    assert showing.changes(plot) == ["over seconds"]
    assert names_of_files(plot, "csv") == ["losses.csv"]


def test_files_hold_those_others_that_the_catalogue_names(record: RunRecord) -> None:
    keys = [plot.key for plot in each_over_its_axes([losses(record)])]
    assert keys == ["losses", "losses_by_seconds"]
    assert [plot.key for plot in each_over_its_axes([losses(record)], {"other"})] == ["losses"]
    assert MEANT["distance_by_iterations"] == "distance_by_seconds"
    assert all(MEANT[key] == key for key in PLOTS)


def test_at_a_moment_lines_end_with_what_training_used_there() -> None:
    """Bars, schedules and captions of a moment show the same."""
    changed = override(load_experiment("kernel-ridge"), {"meta.iterations": "3"})
    record = record_of(events_of(changed))
    for index, done in enumerate(record.meta_iterations):
        then = record.at(record.last_moment(index))
        line = PLOTS["kernel_widths"].plot(then).lines[0]
        assert line.x[-1] == index
        assert line.y[-1] == done.hyperparameters["kernel_widths"][0]
        assert line.y[-1] == then.current["kernel_widths"][0]
    line = PLOTS["kernel_widths"].plot(record).lines[0]
    assert line.y[-1] == record.current["kernel_widths"][0], "the end is where the run arrived"
    assert len(line.y) == 4
