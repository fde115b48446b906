"""Methods to be compared on one experiment, each with its options."""

from typing import Final

from engine.dynamics.catalogue import DYNAMICS
from engine.errors import InputError
from engine.experiments.contender import Contender, contender_of, contenders_of
from engine.experiments.experiment import Experiment
from engine.experiments.problems import cannot_undo
from engine.experiments.rival import is_of_strategies
from engine.hypergradients.catalogue import METHODS, misfit
from engine.hyperparameters.kinds import KINDS
from engine.sentences import listed

__all__ = [
    "TAKES_TIME_FOR_EACH",
    "Contender",
    "contender_of",
    "given_by",
    "reference_of",
    "run_by",
    "usual_contenders",
]

_FEW: Final = ("one", "group")
TAKES_TIME_FOR_EACH: Final = frozenset({"forward", "finite-differences"})
"""Methods that take more time with every hyperparameter."""


def usual_contenders(experiment: Experiment) -> tuple[Contender, ...]:
    """Those that an experiment names, or else those that are worth a look, the exact ones first."""
    if experiment.compares and not is_of_strategies(experiment.compares):
        return contenders_of(experiment.compares)
    found = []
    for name in METHODS:
        contender = Contender(name)
        try:
            by_it = run_by(experiment, contender)
        except InputError:
            continue
        many = any(by_it.hyperparameters[kind].granularity not in _FEW for kind in by_it.free)
        if not (many and name in TAKES_TIME_FOR_EACH) and name != "implicit-cholesky":
            found.append(contender)
    return tuple(found)


def reference_of(experiment: Experiment) -> Contender:
    """The one that others are held to: exact reversal, or stored states where it does not fit."""
    try:
        run_by(experiment, Contender("exact-reversal"))
    except InputError:
        return Contender("stored-trajectory")
    return Contender("exact-reversal")


def given_by(experiment: Experiment, method: str) -> tuple[str, ...]:
    """The free kinds of hyperparameters that a method finds derivatives by."""
    gives = METHODS[method].gives
    return tuple(
        kind
        for kind, setting in experiment.hyperparameters.items()
        if setting.free and KINDS[kind].enters in gives
    )


def run_by(experiment: Experiment, contender: Contender) -> Experiment:
    """An experiment by another method, with those kinds free that the method gives.

    Raises:
        InputError: the method does not fit the dynamics, or gives nothing of what is free.
    """
    method = METHODS[contender.method]
    if refusal := misfit(method(), DYNAMICS[experiment.training.dynamics]):
        raise refusal
    given = given_by(experiment, contender.method)
    if not given:
        free = [one.plural for kind, one in KINDS.items() if kind in experiment.free]
        raise InputError("method", f"It gives no derivatives by the {listed(free)}.")
    settings = {
        kind: setting.model_copy(update={"free": kind in given})
        for kind, setting in experiment.hyperparameters.items()
    }
    by_it = experiment.model_copy(
        update={
            "method": contender.method,
            "hypergradient": contender.options,
            "hyperparameters": experiment.hyperparameters.replace(settings),
        }
    )
    if refusal := cannot_undo(by_it):
        raise refusal
    return by_it
