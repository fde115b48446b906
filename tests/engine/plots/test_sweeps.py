import dataclasses
import math

import numpy as np
import pytest
from experiments_for_tests import done, events_of, of_kind, record_of, tiny

from engine.experiments.experiment import Experiment
from engine.plots import Line, Plot, plots
from engine.plots.sweeps import chaos_onset
from engine.runs.events import RunStarted
from engine.runs.records import RunRecord

START, STEP, POINTS, T = 0.5, 0.25, 5, 8


def sweep(changes: dict[str, str] | None = None) -> Experiment:
    return tiny(
        {
            "hyperparameters.decays.free": "false",
            "hyperparameters.l2_penalties.free": "false",
            "hyperparameters.learning_rates.initial": repr(START),
            "meta.optimizer": "sweep",
            "meta.step": repr(STEP),
            "meta.iterations": str(POINTS),
            **(changes or {}),
        }
    )


def panels(record: RunRecord) -> dict[str, Plot]:
    return {plot.key: plot for plot in plots(record) if isinstance(plot, Plot)}


def lines(plot: Plot) -> dict[str, Line]:
    return {line.name: line for line in plot.lines}


def with_exponents(exponents: list[float]) -> RunRecord:
    """A sweep of so many points with these exponents."""
    events = events_of(sweep())
    first = done(events)[0]
    record = record_of(of_kind(events, RunStarted))
    assert record.experiment.meta.optimizer == "sweep"
    for index, exponent in enumerate(exponents):
        rates = np.full((T, 1), START * math.exp(STEP * index))
        used = first.hyperparameters.replace(learning_rates=rates)
        record.add(
            dataclasses.replace(
                first, index=index, hyperparameters=used, lyapunov_exponent=exponent
            )
        )
    return record


def test_x_is_the_logarithm_of_the_rate_and_its_range_is_known_beforehand() -> None:
    record = record_of(events_of(sweep()))
    expected = [math.log(START) + STEP * index for index in range(POINTS)]
    shown = panels(record)
    for key in ("sweep_loss", "sweep_hypergradient", "lyapunov_exponent"):
        assert shown[key].x_range == pytest.approx((expected[0], expected[-1]))
        np.testing.assert_allclose(shown[key].lines[0].x, expected)
        assert shown[key].x_title == "log α (learning rate)"
        early = panels(record_of(of_kind(events_of(sweep()), RunStarted)))[key]
        assert early.x_range == shown[key].x_range


def test_losses_are_those_of_the_meta_iterations() -> None:
    events = events_of(sweep())
    loss = lines(panels(record_of(events))["sweep_loss"])
    for part in ("training", "validation", "test"):
        told = [getattr(step.losses, part) for step in done(events)]
        np.testing.assert_array_equal(loss[part].y, told)


def test_the_slope_is_split_by_its_sign_and_agrees_with_finite_differences() -> None:
    fine = sweep({"meta.step": "0.001", "meta.iterations": "3"})
    events = events_of(fine)
    losses = [step.losses.validation for step in done(events)]
    slope = (losses[2] - losses[0]) / 0.002  # type: ignore[operator]
    shown = lines(panels(record_of(events))["sweep_hypergradient"])
    here, other = ("loss falls", "loss rises") if slope < 0 else ("loss rises", "loss falls")
    assert shown[here].y[1] == pytest.approx(abs(slope), rel=1e-4)
    assert np.isnan(shown[other].y).all()


def test_where_training_diverged_is_a_gap_in_every_panel() -> None:
    changes = {
        "hyperparameters.learning_rates.initial": "0.001",
        "model.loss": "squared",
        "meta.step": "6.0",
        "meta.iterations": "3",
    }
    shown = panels(record_of(events_of(sweep(changes))))
    for key in ("sweep_loss", "lyapunov_exponent"):
        assert np.isfinite(shown[key].lines[0].y).tolist() == [True, True, False]
    slopes = np.array([line.y for line in shown["sweep_hypergradient"].lines])
    assert np.isfinite(slopes).any(axis=0).tolist() == [True, True, False]
    assert "diverged at 1 point" in shown["sweep_loss"].caption


def test_losses_over_more_than_two_decades_are_drawn_logarithmically() -> None:
    record = with_exponents([0.0] * 3)
    assert panels(record)["sweep_loss"].log_y is False
    last = record.meta_iterations[-1]
    far = last.measures.replace(training_loss=1000.0 * last.losses.training)
    record.meta_iterations[-1] = dataclasses.replace(last, measures=far)
    assert panels(record)["sweep_loss"].log_y is True


NEUTRAL = math.log(T) / T
CALM, WILD = 1.2 * NEUTRAL, 1.3 * NEUTRAL


@pytest.mark.parametrize(
    ("exponents", "onset"),
    [
        ([CALM] * 10, None),
        ([CALM] * 4 + [WILD] * 6, 4),
        ([CALM, CALM, WILD, CALM, CALM, CALM] + [WILD] * 6, 6),  # one outlier is not chaos
        ([CALM, WILD, CALM, CALM] + [WILD] * 20, 4),  # not even with much chaos after it
        ([CALM] * 4 + [WILD] * 4 + [CALM] + [WILD] * 6, 4),  # nor does one end it
        ([CALM] * 4 + [math.inf] * 6, 4),
        ([CALM] * 4 + [math.nan] * 6, None),
        ([CALM] * 6 + [WILD] * 3, None),  # too few yet
        ([WILD] * 4 + [CALM] * 20, None),
        ([], None),
    ],
    ids=[
        "calm",
        "chaos",
        "outlier",
        "early",
        "a lull",
        "diverged",
        "unknown",
        "soon",
        "past",
        "empty",
    ],
)
def test_chaos_begins_where_the_exponent_comes_to_stay_clearly_above_neutral_growth(
    exponents: list[float], onset: int | None
) -> None:
    found = chaos_onset(with_exponents(exponents))
    if onset is None:
        assert found is None
    else:
        assert found == pytest.approx(math.log(START) + STEP * onset)


def test_every_panel_is_marked_where_chaos_begins() -> None:
    shown = panels(with_exponents([CALM] * 4 + [WILD] * 6))
    for key in ("sweep_loss", "sweep_hypergradient", "lyapunov_exponent"):
        (mark,) = shown[key].marks
        assert mark.x == pytest.approx(math.log(START) + 4 * STEP)
        assert mark.name == f"chaos from log α = {math.log(START) + 4 * STEP:.3g}"
    neutral = lines(shown["lyapunov_exponent"])["neutral growth, ln(T)/T"]
    np.testing.assert_allclose(neutral.y, [NEUTRAL, NEUTRAL])


def test_plots_that_say_nothing_of_a_sweep_are_left_out() -> None:
    keys = [plot.key for plot in plots(record_of(events_of(sweep())))]
    expected = ["sweep_loss", "sweep_hypergradient", "lyapunov_exponent"]
    assert keys == [*expected, "learning_curves", "memory"]
