from functools import cache

import numpy as np
import pytest
from experiments_for_tests import done, events_of, record_of, tiny

from engine.experiments.experiment import Experiment
from engine.experiments.files import load_experiment, override
from engine.plots import MapPlot, PicturePlot
from engine.plots.scenes import scenes
from engine.plots.stage import Scene, Stage
from engine.runs.moments import Moment
from engine.runs.records import RunRecord
from engine.tasks.networks import NetworkTask
from engine.tasks.surface import START, surface

T = 6
FEW = {"training.iterations": str(T), "meta.iterations": "3"}


def on(source: str, **changes: str) -> Experiment:
    return override(tiny(), {"data.source": source, **FEW, **changes})


TWO_WEIGHTS = override(
    tiny(),
    {
        "data.source": "curved surface",
        "model.kind": "two weights",
        "meta.objective": "training",
        "hyperparameters.learning_rates.initial": "0.01",
        "hyperparameters.initial_scales.initial": "1.0",
        **FEW,
    },
)


@cache
def record(experiment: Experiment) -> RunRecord:
    return record_of(events_of(experiment))


def trained(experiment: Experiment, moment: Moment) -> tuple[NetworkTask, np.ndarray]:
    """The task, and its parameters at a moment."""
    scene = Scene(Stage(experiment), record(experiment), moment)
    assert isinstance(scene.stage.task, NetworkTask)
    return scene.stage.task, scene.parameters()


def test_points_in_the_plane_have_decision_regions_that_agree_with_the_network() -> None:
    experiment = on("blobs")
    (regions,) = scenes(Stage(experiment), record(experiment), Moment(2, T))
    assert isinstance(regions, MapPlot)
    task, w = trained(experiment, Moment(2, T))
    for row, column in [(0, 0), (80, 30), (160, 160)]:
        place = np.array([[regions.x[column], regions.y[row]]])
        assert int(regions.values[row, column]) == task.network.outputs(w, place).argmax()
    assert regions.class_names == task.data.class_names
    assert regions.caption.startswith(
        f"meta-iteration 2, before the last meta-step, after {T} iterations: "
    )
    assert sum(len(points.x) for points in regions.points) == len(task.split.train.targets)
    x = np.concatenate([points.x for points in regions.points])
    assert regions.x.min() < x.min() < x.max() < regions.x.max()
    assert ((regions.values % 1) >= 0).all()


@pytest.mark.parametrize(("scaling", "added"), [("each feature", ", scaled"), ("none", "")])
def test_axes_of_decision_regions_say_if_features_are_scaled(scaling: str, added: str) -> None:
    experiment = override(on("moons"), {"data.scaling": scaling})
    (regions,) = scenes(Stage(experiment), record(experiment), Moment(0, T))
    assert isinstance(regions, MapPlot)
    assert (regions.x_label, regions.y_label) == (f"x{added}", f"y{added}")


def test_scenes_go_backwards_as_they_came() -> None:
    experiment = on("moons")
    stage = Stage(experiment)
    forwards = [scenes(stage, record(experiment), Moment(1, step))[0] for step in range(T + 1)]
    for step in range(T, 2 * T + 1):
        (back,) = scenes(stage, record(experiment), Moment(1, step))
        np.testing.assert_array_equal(back.values, forwards[2 * T - step].values)


def test_weights_of_images_have_their_shape_and_the_names_of_their_classes() -> None:
    experiment = on("digits")
    (weights,) = scenes(Stage(experiment), record(experiment), Moment(0, T))
    assert isinstance(weights, PicturePlot)
    assert [picture.name for picture in weights.pictures] == [str(digit) for digit in range(10)]
    _, w = trained(experiment, Moment(0, T))
    third = weights.pictures[3].values
    np.testing.assert_array_equal(third.ravel(), w[: 64 * 10].reshape(64, 10)[:, 3])
    assert third.shape == (8, 8)
    assert weights.limits[1] == -weights.limits[0] == max(np.abs(w[:640]))


def test_hidden_units_are_numbered_and_no_more_than_fit_are_shown() -> None:
    experiment = on("digits", **{"model.kind": "dense network", "model.hidden": "[40]"})
    (weights,) = scenes(Stage(experiment), record(experiment), Moment(0, T))
    assert [picture.name for picture in weights.pictures] == [f"unit {i + 1}" for i in range(16)]


def test_the_path_over_the_surface_begins_at_the_start_and_is_retraced() -> None:
    stage, run = Stage(TWO_WEIGHTS), record(TWO_WEIGHTS)
    half_way = scenes(stage, run, Moment(2, T // 2))[0]
    whole = scenes(stage, run, Moment(2, T))[0]
    back = scenes(stage, run, Moment(2, 2 * T))[0]
    assert [line.name for line in half_way.paths] == [f"meta-iteration {n}" for n in (0, 1, 2)]
    assert len({line.colour for line in half_way.paths}) == 3, "each can be told from the others"
    for index, line in enumerate(whole.paths):
        loss = run.meta_iterations[index].losses.training
        assert surface(line.x[-1], line.y[-1]) == loss, "each ends where its training did"
    path, trodden = whole.paths[-1], half_way.paths[-1]
    np.testing.assert_allclose((path.x[0], path.y[0]), START, atol=1e-12)
    assert (len(path.x), len(trodden.x)) == (T + 1, T // 2 + 1)
    np.testing.assert_array_equal(trodden.y, path.y[: T // 2 + 1])
    retraced = back.paths[-1]
    assert retraced.name == "retraced exactly"
    np.testing.assert_array_equal(retraced.x, path.x[::-1])
    assert whole.values[5, 7] == surface(whole.x[7], whole.y[5])
    assert run.meta_iterations[2].losses.training == surface(path.x[-1], path.y[-1])


def test_of_many_meta_iterations_a_handful_of_paths_are_shown_pale() -> None:
    many = override(TWO_WEIGHTS, {"meta.iterations": "12"})
    shown = scenes(Stage(many), record(many), Moment(11, T))[0]
    assert isinstance(shown, MapPlot)
    *earlier, last = shown.paths
    assert (len(earlier), last.name, last.faint) == (4, "meta-iteration 11", False)
    assert all(line.faint for line in earlier)


def test_naive_reversal_leaves_the_path_that_exact_reversal_retraces() -> None:
    _, shown = scenes(Stage(TWO_WEIGHTS), record(TWO_WEIGHTS), Moment(2, T))
    assert isinstance(shown, MapPlot)
    assert shown.key == "naive_reversal"
    paths = {line.name: np.stack([line.x, line.y]) for line in shown.paths}
    there, exact = paths["training"], paths["undone exactly"]
    np.testing.assert_array_equal(exact, there[:, ::-1])
    assert there.shape == (2, 47)
    half = paths["undone in 16 bits (leaves the map)"]
    assert half.shape[1] < 47, "it is drawn until it leaves the picture"
    inside = (half[0] >= shown.x[0]) & (half[0] <= shown.x[-1])
    assert inside.all()
    single = paths["undone in 32 bits"]
    assert 1e-6 < np.linalg.norm(single[:, -1] - START) < 0.1
    assert shown.caption.startswith("the paper's example, not this run: start missed by ")
    assert "; this run's by " in shown.caption
    assert len(shown.caption) < 135, "two rows of a plot in the window that it is drawn for"
    assert "missed by 68 (16 bits), 0.00084 (32 bits), 0 (exactly);" in shown.caption


@pytest.mark.parametrize("source", ["iris", "wine"])
def test_other_data_have_no_scenes(source: str) -> None:
    experiment = on(source)
    assert scenes(Stage(experiment), record(experiment), Moment(0, T)) == []
    assert done(events_of(experiment))


def test_penalties_by_weight_are_shown_in_the_shape_of_the_images() -> None:
    from engine.plots import plots

    changes = {"meta.iterations": "1", "training.iterations": "3"}
    experiment = override(load_experiment("pixel-penalties"), changes)
    run = record(experiment)
    (shown,) = [plot for plot in plots(run) if plot.key == "penalty_pictures"]
    assert isinstance(shown, PicturePlot)
    assert len(shown.pictures) == 10
    seventh = shown.pictures[7].values
    expected = np.log10(run.current["l2_penalties"][:640].reshape(64, 10)[:, 7])
    np.testing.assert_allclose(seventh.ravel(), expected)
    assert shown.limits[0] <= seventh.min() <= seventh.max() <= shown.limits[1]
