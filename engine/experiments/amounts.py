"""How long an experiment is, in words; and what is done where nothing is trained step by step."""

from typing import Any, Final

from engine.experiments.experiment import Experiment
from engine.experiments.rival import is_of_strategies
from engine.experiments.strategies import STRATEGIES
from engine.hypergradients.catalogue import METHODS

SOLVED: Final = "solved exactly"
MINIMISED: Final = "minimised to a tolerance"
"""What becomes of the training loss where nothing is trained."""


def instead_of_training(strategy: str, method: str, minimise_to: Any = None) -> str:
    """What becomes of the training loss where nothing is trained; "" where it is.

    Args:
        strategy: by its name.
        method: likewise.
        minimise_to: what the method is told of a tolerance to minimise to, if it can be told.
    """
    if STRATEGIES[strategy].minimises:
        return MINIMISED
    if "training" not in METHODS[method].phases:
        return SOLVED
    is_told = minimise_to is not None and hasattr(METHODS[method], "minimise_to")
    return MINIMISED if is_told else ""


def instead_in(experiment: Experiment) -> str:
    """The same of an experiment."""
    minimise_to = experiment.hypergradient.minimise_to
    return instead_of_training(experiment.meta.optimizer, experiment.method, minimise_to)


def amount(experiment: Experiment) -> str:
    """How long it is, as in "20 × 100 iterations" or "60 meta-iterations, solved exactly".

    Of one whose card compares, what is compared.
    """
    strategy, iterations = STRATEGIES[experiment.meta.optimizer], experiment.training.iterations
    instead, trained = instead_in(experiment), f"{iterations:,} iterations"
    if experiment.is_one_run:
        return f"{trained}, {strategy.amount(experiment.units)}"
    if experiment.compares:
        what = "strategies" if is_of_strategies(experiment.compares) else "methods"
        return f"{len(experiment.compares)} {what}, {instead or trained}"
    if instead:
        return f"{strategy.most(experiment.units)}, {instead}"
    if strategy.tries:
        return f"{strategy.most(experiment.units)} of {trained}"
    return f"{experiment.units:,} × {trained}"
