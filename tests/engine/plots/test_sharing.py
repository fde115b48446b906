import csv
import dataclasses
import io

import numpy as np
import pytest
from experiments_for_tests import events_of, finished, record_of, tiny
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from measures_for_tests import judged

from engine.plots import Line, PicturePlot, Plot, plots, table, to_csv
from engine.plots.sharing import correlations
from engine.runs.records import RunRecord

NAMES = ("Greek", "Latin", "Tifinagh")


def sharing_record(*matrices: np.ndarray) -> RunRecord:
    """A record whose current hyperparameters share weights by these matrices."""
    record = record_of(events_of(tiny()))
    record.data = record.data._replace(task_names=NAMES)
    record.current = record.current.replace(sharing=np.array(matrices))
    return record


def pictures(record: RunRecord) -> PicturePlot:
    (plot,) = [plot for plot in plots(record) if plot.key == "sharing"]
    assert isinstance(plot, PicturePlot)
    return plot


def test_mixing_matrices_are_normalised_like_the_correlations_of_random_weights() -> None:
    random = np.random.default_rng(0)
    first, second = random.normal(size=(2, 3, 3))
    shown = pictures(sharing_record(first, second))
    assert [picture.name for picture in shown.pictures] == ["layer 1", "layer 2"]
    assert shown.limits == (-1.0, 1.0)
    weights = second @ random.normal(size=(3, 200_000))
    np.testing.assert_allclose(shown.pictures[1].values, np.corrcoef(weights), atol=0.01)


def test_learning_curves_are_means_over_tasks() -> None:
    alone = record_of(events_of(tiny()))
    several = record_of(events_of(tiny()))
    several.data = several.data._replace(summed=3)
    for one, mean in zip(*(learning_curves(record) for record in (alone, several)), strict=True):
        np.testing.assert_allclose(one.y, 3 * mean.y)


def learning_curves(record: RunRecord) -> tuple[Line, ...]:
    (plot,) = [plot for plot in plots(record) if plot.key == "learning_curves"]
    assert isinstance(plot, Plot)
    return plot.lines


def test_networks_of_their_own_share_nothing_and_one_network_for_all_everything() -> None:
    np.testing.assert_array_equal(correlations(np.eye(4)), np.eye(4))
    np.testing.assert_allclose(correlations(np.full((4, 4), 0.25)), np.ones((4, 4)))


@given(arrays(float, (3, 3), elements=st.floats(-10, 10)))
def test_a_correlation_is_symmetric_and_never_beyond_one(matrix: np.ndarray) -> None:
    shown = correlations(matrix)
    np.testing.assert_array_equal(shown, shown.T)
    known = shown[np.isfinite(shown)]
    assert ((known >= -1) & (known <= 1)).all()


def test_rows_of_the_table_carry_the_names_of_tasks() -> None:
    matrix = np.array([[1.0, 0.0, 0.0], [1.0, 1.0, 0.0], [0.0, 0.0, 2.0]])
    shown = pictures(sharing_record(matrix))
    header, rows = table(shown)
    assert header[:3] == ["picture", "row", "column"]
    assert rows[1][:3] == ["layer 1", "Greek", "Latin"]
    assert rows[1][3] == pytest.approx(1 / np.sqrt(2))
    read = list(csv.reader(io.StringIO(to_csv(shown))))
    assert read[2][:3] == ["layer 1", "Greek", "Latin"]


def test_there_is_no_such_plot_where_nothing_is_shared() -> None:
    keys = [plot.key for plot in plots(record_of(events_of(tiny())))]
    assert "sharing" not in keys
    assert "comparison" not in keys


BASELINES = {
    "separate": judged(0.6, None, 1.3, 0.5),
    "tied": judged(0.9, None, 1.25, 0.6),
}


def compared() -> RunRecord:
    record = record_of(events_of(tiny()))
    last = dataclasses.replace(
        finished(events_of(tiny())), measures=judged(0.5, None, 1.1, 0.7), baselines=BASELINES
    )
    record.add(last)
    return record


def test_the_outcome_stands_beside_its_baselines() -> None:
    (shown,) = [plot for plot in plots(compared()) if plot.key == "comparison"]
    assert isinstance(shown, Plot)
    assert shown.x_names == ("separate", "tied", "learned")
    drawn = {line.name: line.y.tolist() for line in shown.lines}
    assert drawn == {"training": [0.6, 0.9, 0.5], "test": [1.3, 1.25, 1.1]}
    read = list(csv.reader(io.StringIO(to_csv(shown))))
    assert read[1:] == [
        ["separate", "0.6", "1.3"],
        ["tied", "0.9", "1.25"],
        ["learned", "0.5", "1.1"],
    ]


def test_an_objective_that_a_task_does_not_judge_is_not_told_in_the_caption() -> None:
    record = compared()
    record.meta_iterations = [
        dataclasses.replace(done, measures=done.measures.replace(validation_loss=None))
        for done in record.meta_iterations
    ]
    (losses,) = [plot for plot in plots(record) if plot.key == "losses"]
    assert losses.caption.startswith("test loss")
