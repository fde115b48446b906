import numpy as np
from experiments_for_tests import done, events_of, finished, record_of

from engine.experiments.experiment import Experiment
from engine.experiments.files import load_experiment, override
from engine.plots import PicturePlot, plots
from engine.runs.moments import Moment
from engine.runs.records import RunRecord


def learned(changes: dict[str, str] | None = None) -> Experiment:
    few = {"meta.iterations": "2", "training.iterations": "4", "data.validation": "100"}
    return override(load_experiment("learned-data"), {**few, **(changes or {})})


def pictures(record: RunRecord) -> PicturePlot:
    (plot,) = [plot for plot in plots(record) if plot.key == "learned_pictures"]
    assert isinstance(plot, PicturePlot)
    return plot


def test_learned_inputs_are_pictures_of_their_classes_around_zero() -> None:
    events = events_of(learned())
    shown, inputs = pictures(record_of(events)), finished(events).hyperparameters["training_inputs"]
    assert [picture.name for picture in shown.pictures] == [str(digit) for digit in range(10)]
    np.testing.assert_array_equal(shown.pictures[4].values, inputs[4].reshape(8, 8))
    assert shown.scale == "diverging"
    assert shown.limits[1] == -shown.limits[0] == np.abs(inputs).max()
    losses = finished(events).losses
    assert losses is not None
    assert losses.test_accuracy is not None
    assert shown.caption.endswith(f"test accuracy {losses.test_accuracy:.1%}")


def test_at_a_moment_they_are_what_was_trained_on_then() -> None:
    events = events_of(learned())
    then = pictures(record_of(events).at(Moment(1, 4)))
    inputs = done(events)[1].hyperparameters["training_inputs"]
    np.testing.assert_array_equal(then.pictures[0].values, inputs[0].reshape(8, 8))


def test_of_several_a_class_one_of_each_is_shown_if_not_all_fit() -> None:
    shown = pictures(record_of(events_of(learned({"data.learned_per_class": "2"}))))
    assert [picture.name for picture in shown.pictures] == [f"{digit}, 1" for digit in range(10)]
    inputs = record_of(events_of(learned({"data.learned_per_class": "2"}))).current[
        "training_inputs"
    ]
    np.testing.assert_array_equal(shown.pictures[3].values, inputs[6].reshape(8, 8))


def test_inputs_that_are_no_images_have_no_pictures() -> None:
    features = learned({"data.source": "iris", "data.validation": "50", "data.test": "50"})
    keys = [plot.key for plot in plots(record_of(events_of(features)))]
    assert "learned_pictures" not in keys
