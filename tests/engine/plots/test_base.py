"""What plots say of their lines and axes, for those who draw them."""

from collections.abc import Sequence

import pytest
from experiments_for_tests import events_of, record_of, tiny, tiny_with_everything_free

from engine.plots import Line, Plot, plots
from engine.runs.events import RunStarted
from engine.runs.records import RunRecord

AXES = {
    "training iteration": "iterations",
    "meta-iteration": "meta-iterations",
    "step": "steps",
    "weight": None,
}


def lines_of(record: RunRecord) -> list[Plot]:
    return [plot for plot in plots(record) if isinstance(plot, Plot)]


@pytest.fixture(scope="module")
def whole() -> RunRecord:
    few = {"training.iterations": "4", "meta.iterations": "2"}
    return record_of(events_of(tiny_with_everything_free(few)))


def test_plots_along_the_same_part_of_a_run_say_so(whole: RunRecord) -> None:
    made = lines_of(whole)
    assert {plot.along for plot in made} >= {"iterations", "meta-iterations", "steps"}
    assert all(plot.along == AXES[plot.x_label] for plot in made)


def test_the_points_of_a_line_count_what_its_axis_goes_along(whole: RunRecord) -> None:
    end = len(whole.meta_iterations)  # where the run arrived is judged, but has no hypergradient
    most = {
        "iterations": {whole.iterations},
        "meta-iterations": {end, end + 1},
        "steps": {2 * whole.iterations + 1},
    }
    for plot in lines_of(whole):
        if plot.along:
            assert max(len(line.y) for line in plot.lines) in most[plot.along], plot.key


def test_lines_of_layers_factor_into_layer_and_role(whole: RunRecord) -> None:
    groups = {group.name: group for group in whole.groups}
    factored: Sequence[Line] = [
        line for plot in lines_of(whole) for line in plot.lines if line.factors
    ]
    assert len(factored) > len(groups)
    for line in factored:
        group = groups[line.name]
        assert line.factors == ("layer", str((group.layer or 0) + 1), group.role)


def test_a_plot_is_empty_until_its_first_value_and_says_what_it_waits_for() -> None:
    events = events_of(tiny({"training.iterations": "4", "meta.iterations": "2"}))
    started = next(event for event in events if isinstance(event, RunStarted))
    waiting = {plot.key: plot.caption for plot in lines_of(RunRecord(started)) if plot.is_empty}
    assert waiting["losses"] == "known after the first meta-iteration"
    assert waiting["hypergradient"] == "known after the first meta-iteration"
    assert waiting["learning_curves"] == "known after the first iteration"
    assert all(waiting.values())


def test_no_plot_of_a_run_that_is_over_is_empty(whole: RunRecord) -> None:
    assert not any(plot.is_empty for plot in lines_of(whole))
