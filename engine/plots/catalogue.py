"""All plots that a run may have, in the order in which they are shown."""

from functools import partial
from typing import Final

from engine.hyperparameters.kinds import KINDS
from engine.plots.at_the_minimum import (
    distance_from_best,
    inner_iterations,
    tolerances,
)
from engine.plots.comparison import comparison
from engine.plots.detection import detection
from engine.plots.episode_accuracy import episode_accuracy
from engine.plots.example_weights import example_weights
from engine.plots.final_accuracy import final_accuracy
from engine.plots.growing import growing
from engine.plots.hypergradient_norm import hypergradient_norm
from engine.plots.hyperparameters import is_schedule
from engine.plots.input_penalties import input_penalties
from engine.plots.input_weights import input_weights
from engine.plots.interactions import interactions
from engine.plots.kind import PLACES, Place, PlotKind
from engine.plots.learned_pictures import learned_pictures
from engine.plots.learning_curves import curve_under_way, learning_curves
from engine.plots.losses import losses, meta_learning_curve
from engine.plots.mean_hypergradient import mean_hypergradient
from engine.plots.memory import memory
from engine.plots.penalty_pictures import penalty_pictures
from engine.plots.real_time import as_learned, curve_meanwhile, losses_meanwhile, same_budget
from engine.plots.representations import representations
from engine.plots.schedule import schedule
from engine.plots.sharing import sharing
from engine.plots.sweep_plots import lyapunov_exponent, sweep_hypergradient, sweep_loss
from engine.plots.trial_curves import trial_curves
from engine.plots.trials import trials_by_place, trials_in_order
from engine.plots.values import values
from engine.plots.weights_by_age import weights_by_age

__all__ = ["MEANT", "PLACES", "PLOTS", "Place", "PlotKind"]

_PICTURED: Final[tuple[str, ...]] = (
    "example_weights",
    "training_inputs",
    "sharing",
    "interactions",
    "representation",
)
"""Kinds whose values are shown by plots of their own."""
_MEANS: Final[dict[str, str]] = {
    "learning_rates": "mean_hypergradient",
    "decays": "mean_hypergradient_decays",
}
"""Keys that files have had for longer than every kind has had its plot."""


def _of_values(kind: str) -> PlotKind:
    """The plot of a kind of hyperparameter."""
    make = partial(schedule if is_schedule(kind) else values, kind=kind)
    title = KINDS[kind].plural
    first = title[0].upper() if title[0].isascii() else title[0]  # a symbol stays what it is
    return PlotKind(kind, first + title[1:], "hyperparameters", "meta-iteration", make)


def _of_mean(kind: str) -> PlotKind:
    """The plot of a schedule's hypergradient, averaged over seeds."""
    return PlotKind(
        _MEANS.get(kind, f"mean_hypergradient_{kind}"),
        f"Mean hypergradient of {KINDS[kind].symbol}",
        "hyperparameters",
        "meta-iteration",
        partial(mean_hypergradient, kind=kind),
    )


_KINDS: Final = (
    *(_of_values(kind) for kind in KINDS if kind not in _PICTURED),
    *(_of_mean(kind) for kind in KINDS if is_schedule(kind)),
    PlotKind(
        "example_weights",
        "Example weights",
        "hyperparameters",
        "meta-iteration",
        example_weights,
        highlight=True,
    ),
    PlotKind(
        "learned_pictures",
        "Learned training inputs",
        "hyperparameters",
        "meta-iteration",
        learned_pictures,
        highlight=True,
    ),
    PlotKind(
        "penalty_pictures",
        "L2 penalties as pictures",
        "hyperparameters",
        "meta-iteration",
        penalty_pictures,
        highlight=True,
    ),
    PlotKind(
        "input_penalties",
        "Penalties of the inputs",
        "hyperparameters",
        "meta-iteration",
        input_penalties,
        highlight=True,
    ),
    PlotKind(
        "sharing", "Weight sharing", "hyperparameters", "meta-iteration", sharing, highlight=True
    ),
    PlotKind(
        "real_time",
        "Learned in real time",
        "hyperparameters",
        "step",
        as_learned,
        highlight=True,
    ),
    PlotKind(
        "real_time_losses",
        "Losses in real time",
        "model",
        "step",
        losses_meanwhile,
        highlight=True,
        goes_on=curve_meanwhile,
    ),
    PlotKind(
        "same_budget",
        "On the same budget",
        "objective",
        "meta-iteration",
        same_budget,
        highlight=True,
    ),
    PlotKind(
        "weights_by_age",
        "Weight by age",
        "hyperparameters",
        "meta-iteration",
        weights_by_age,
        highlight=True,
    ),
    PlotKind(
        "forecast_errors",
        "Errors of forecasts",
        "objective",
        "moment",
        "engine.plots.forecasts:forecast_errors",
        highlight=True,
    ),
    PlotKind(
        "forecasts",
        "One-step forecasts",
        "model",
        "moment",
        "engine.plots.forecasts:forecasts",
        highlight=True,
    ),
    PlotKind(
        "fitted_curve",
        "Fitted curve",
        "model",
        "moment",
        "engine.plots.kernel_fit:fitted_curve",
        highlight=True,
    ),
    PlotKind(
        "residuals",
        "Residuals",
        "model",
        "moment",
        "engine.plots.kernel_fit:residuals",
        highlight=True,
    ),
    PlotKind(
        "interactions",
        "Interactions of classes",
        "hyperparameters",
        "meta-iteration",
        interactions,
        highlight=True,
    ),
    PlotKind(
        "representation",
        "Representation",
        "hyperparameters",
        "moment",
        "engine.plots.representation:representation",
        highlight=True,
    ),
    PlotKind(
        "episode_accuracy",
        "Accuracy on held-out episodes",
        "objective",
        "meta-iteration",
        episode_accuracy,
        highlight=True,
    ),
    PlotKind(
        "episode",
        "One held-out episode",
        "model",
        "moment",
        "engine.plots.episode:episode",
        highlight=True,
    ),
    PlotKind(
        "representations",
        "Representations compared",
        "gradient",
        "meta-iteration",
        representations,
        highlight=True,
    ),
    PlotKind(
        "sweep_loss",
        "Loss along the sweep",
        "hyperparameters",
        "meta-iteration",
        sweep_loss,
        highlight=True,
    ),
    PlotKind(
        "trials_by_place",
        "Best trials",
        "hyperparameters",
        "meta-iteration",
        trials_by_place,
        highlight=True,
    ),
    PlotKind("trials", "Trials", "objective", "meta-iteration", trials_in_order, highlight=True),
    PlotKind(
        "trial_curves",
        "Curves of the trials",
        "model",
        "meta-iteration",
        trial_curves,
        highlight=True,
    ),
    PlotKind(
        "detection",
        "Corrupted labels found",
        "objective",
        "meta-iteration",
        detection,
        highlight=True,
    ),
    PlotKind(
        "distance_by_seconds",
        "Distance from best",
        "objective",
        "meta-iteration",
        distance_from_best,
        highlight=True,
        axes=("distance_by_iterations",),
    ),
    PlotKind(
        "inner_iterations",
        "Inner iterations",
        "model",
        "meta-iteration",
        inner_iterations,
        highlight=True,
    ),
    PlotKind(
        "tolerance",
        "Tolerance",
        "gradient",
        "meta-iteration",
        tolerances,
        highlight=True,
    ),
    PlotKind(
        "losses",
        "Loss after training",
        "objective",
        "meta-iteration",
        losses,
        goes_on=meta_learning_curve,
    ),
    PlotKind(
        "final_accuracy",
        "Accuracy of the final models",
        "gradient",
        "meta-iteration",
        final_accuracy,
        highlight=True,
    ),
    PlotKind("comparison", "Comparison", "gradient", "meta-iteration", comparison, highlight=True),
    PlotKind(
        "sweep_hypergradient",
        "Hypergradient along the sweep",
        "objective",
        "meta-iteration",
        sweep_hypergradient,
        highlight=True,
    ),
    PlotKind(
        "lyapunov_exponent",
        "Lyapunov exponent",
        "model",
        "meta-iteration",
        lyapunov_exponent,
        highlight=True,
    ),
    PlotKind(
        "learning_curves",
        "Elementary learning curve",
        "model",
        "step",
        learning_curves,
        goes_on=curve_under_way,
    ),
    PlotKind("memory", "Memory", "gradient", "step", memory),
    PlotKind("growing", "Hypergradient as it grows", "gradient", "step", growing),
    PlotKind(
        "hypergradient", "Hypergradient norm", "objective", "meta-iteration", hypergradient_norm
    ),
    PlotKind(
        "weight_pictures",
        "Weights as pictures",
        "model",
        "moment",
        "engine.plots.weight_pictures:weight_pictures",
    ),
    PlotKind(
        "input_weights",
        "Weights of the inputs",
        "model",
        "moment",
        input_weights,
        highlight=True,
    ),
    PlotKind(
        "trusted",
        "Trusted least and most",
        "model",
        "moment",
        "engine.plots.trusted:trusted",
        highlight=True,
    ),
    PlotKind(
        "decision_regions",
        "Decision regions",
        "model",
        "moment",
        "engine.plots.decision_regions:decision_regions",
        highlight=True,
    ),
    PlotKind(
        "loss_surface",
        "Loss surface",
        "model",
        "moment",
        "engine.plots.loss_surface:loss_surface",
        highlight=True,
    ),
    PlotKind(
        "naive_reversal",
        "Reversal, naive and exact",
        "gradient",
        "moment",
        "engine.plots.naive_reversal:naive_reversal",
        highlight=True,
    ),
)
NAMED_BY_FILES: Final = frozenset(kind.name for kind in KINDS.values() if kind.multiplies_the_start)
"""Plots whose titles have the names that a problem of one's own gives its hyperparameters."""
PLOTS: Final[dict[str, PlotKind]] = {kind.key: kind for kind in _KINDS}
"""By key. A new plot is a file that makes it, and a line here."""
MEANT: Final[dict[str, str]] = {key: kind.key for kind in _KINDS for key in (kind.key, *kind.axes)}
"""The key of the plot that each key means, be it that of one of its axes."""
