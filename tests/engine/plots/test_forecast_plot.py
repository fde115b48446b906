"""The plot of a curve from anywhere with its forecast."""

import numpy as np

import engine
from engine.plots.forecast_plot import forecast_plot

CURVE = np.array([0.31, 0.45, 0.52, 0.58, 0.6, 0.63, 0.64, 0.66, 0.66, 0.67])


def test_what_was_measured_and_what_is_predicted_are_two_lines() -> None:
    made = engine.forecast(CURVE, 30)
    plot = forecast_plot(made, best=0.7)
    measured, predicted, best = plot.lines
    np.testing.assert_array_equal(measured.y, CURVE)
    assert predicted.dash == "dashed"
    assert "predicted" in predicted.name
    assert (predicted.x[0], predicted.x[-1]) == (10, 30)
    low, high = made.band()
    assert predicted.low is not None
    assert predicted.high is not None
    np.testing.assert_array_equal(predicted.low, low[9:])
    np.testing.assert_array_equal(predicted.high, high[9:])
    np.testing.assert_array_equal(best.y, [0.7, 0.7])


def test_epochs_are_called_as_the_file_calls_them() -> None:
    measured, predicted = forecast_plot(engine.forecast(CURVE, 30), first=0).lines
    assert (measured.x[0], measured.x[-1], predicted.x[-1]) == (0, 9, 29)
