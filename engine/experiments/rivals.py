"""Strategies to be compared on one experiment, each with its settings."""

from collections.abc import Iterable
from typing import Final

from engine.errors import InputError
from engine.experiments.experiment import Experiment
from engine.experiments.files import override
from engine.experiments.method_options import MethodOptions
from engine.experiments.rival import CONTENDING, Rival, is_of_strategies, rival_of
from engine.experiments.strategies import STRATEGIES
from engine.hypergradients.forward import Forward
from engine.sentences import shown

__all__ = [
    "CONTENDING",
    "Rival",
    "is_of_strategies",
    "rival_of",
    "rivals_of",
    "run_of",
    "usual_rivals",
]

_WIDE: Final = "7"
"""How far from their start penalties are searched beside HOAG: a factor of 1,100 either way."""


def run_of(rival: Rival, experiment: Experiment, seed: int, iterations: int) -> Experiment:
    """An experiment by another strategy.

    Args:
        rival: the strategy, with its settings.
        experiment: whatever its strategy is.
        seed: of weights, minibatches and the strategy.
        iterations: meta-iterations, or trials, unless the settings say how many.

    Raises:
        InputError: the strategy cannot do it, or a setting is not what it may be.
    """
    kind = STRATEGIES[rival.strategy]
    changes = {
        "meta.optimizer": rival.strategy,
        "meta.seed": str(seed),
        "meta.iterations": str(iterations),
    }
    if kind.shows != "descent":
        changes["meta.updates"] = "1"
    if kind.is_one_run:
        experiment = experiment.model_copy(update={"hypergradient": MethodOptions()})
        changes |= {
            "method": Forward.name,
            "meta.random_runs": "0",
            "meta.new_seed": "false",
        }
    changes |= rival.changes()
    return override(experiment, changes)


def rivals_of(several: Iterable[str | Rival]) -> tuple[Rival, ...]:
    """Rivals of several names; one that is there already is left out.

    Raises:
        InputError: see `rival_of`; or there is none, or it is no list.
    """
    if isinstance(several, str | bytes) or not isinstance(several, Iterable):
        raise InputError("strategies", f"expected a list of strategies, found {shown(several)}.")
    found = tuple(dict.fromkeys(map(rival_of, several)))
    if not found:
        raise InputError("strategies", f"expected some of {', '.join(CONTENDING)}, found none.")
    return found


def usual_rivals(experiment: Experiment) -> tuple[Rival, ...]:
    """Those that an experiment names; or its own, or Adam, and what one would do without it."""
    if is_of_strategies(experiment.compares):
        return rivals_of(experiment.compares)
    own = experiment.meta.optimizer
    if STRATEGIES[own].minimises:
        return _usual_at_minima(experiment)
    takes_derivatives = STRATEGIES[own].shows in ("descent", "updates")
    others = [name for name in CONTENDING if STRATEGIES[name].tries]
    usual = ("random", *(name for name in ("tpe", "cma-es") if not STRATEGIES[name].missing))
    kept = [name for name in others if name in usual or name == own]
    return tuple(Rival(name) for name in (own if takes_derivatives else "adam", *kept))


def _usual_at_minima(experiment: Experiment) -> tuple[Rival, ...]:
    """What Pedregosa (2016) compares HOAG with, and TPE: all go to minima, the grid from the last.

    A grid of many values moves them together, by kind. Who searches penalties without knowing more
    than their start looks some orders of magnitude either way: in a box of the usual size the best
    one may lie at an end.
    """
    by_one = (
        all(experiment.hyperparameters[kind].granularity == "one" for kind in experiment.free)
        and len(experiment.free) == 1
    )
    together = () if by_one else (("trials_by", "kind"),)
    warm = (("trials_warm", "true"),) if experiment.minimises else ()
    logs = all(experiment.hyperparameters[kind].domain == "log" for kind in experiment.free)
    wide = (("trials_spread", _WIDE),) if logs else ()
    several = [
        Rival(experiment.meta.optimizer),
        Rival(experiment.meta.optimizer, (("tolerances", "exact"),)),
        Rival("l-bfgs-b"),
        Rival("grid", (*wide, *together, *warm)),
        Rival("random", wide),
        Rival("tpe", wide),
    ]
    return tuple(one for one in several if not STRATEGIES[one.strategy].missing)
