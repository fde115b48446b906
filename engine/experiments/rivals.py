"""Strategies to be compared on one experiment, each with its settings; texts that stand for one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from engine.errors import InputError
from engine.experiments.experiment import Experiment, Meta
from engine.experiments.files import override
from engine.experiments.help_texts import read_texts
from engine.experiments.method_options import MethodOptions
from engine.experiments.strategies import MOVERS, STRATEGIES
from engine.hypergradients.forward import Forward
from engine.sentences import shown

CONTENDING: Final = tuple(
    name for name, one in STRATEGIES.items() if one.shows in ("descent", "updates", "trials")
)
"""Strategies that look for an optimum; the others go along a line, or stay."""
_COMMON: Final = ("step", "iterations", "seeds")
"""Fields of `Meta` that are no constants of one strategy, and may be set for it all the same."""


@dataclass(frozen=True)
class Rival:
    """A strategy with settings of its own.

    Attributes:
        strategy: its name in the catalogue.
        settings: fields of `engine.experiments.experiment.Meta`, each with its value as TOML text.
    """

    strategy: str
    settings: tuple[tuple[str, str], ...] = ()

    @property
    def name(self) -> str:
        """What people call it: "Adam, step size 0.1"."""
        texts = read_texts("fields.toml")
        words = []
        for field, value in self.settings:
            what = texts[f"meta.{field}"]
            label = what["label"]
            label = label[:1].lower() + label[1:] if label[1:2].isalpha() else label
            words.append(f"{label} {what.get('choices', {}).get(value, value)}")
        return ", ".join([STRATEGIES[self.strategy].title, *words])

    @property
    def text(self) -> str:
        """What stands for it: "adam:step=0.1"."""
        return ":".join([self.strategy, *(f"{field}={value}" for field, value in self.settings)])

    def run_of(self, experiment: Experiment, seed: int, iterations: int) -> Experiment:
        """An experiment by this strategy.

        Args:
            experiment: whatever its strategy is.
            seed: of weights, minibatches and the strategy.
            iterations: meta-iterations, or trials, unless the settings say how many.

        Raises:
            InputError: the strategy cannot do it, or a setting is not what it may be.
        """
        kind = STRATEGIES[self.strategy]
        changes = {
            "meta.optimizer": self.strategy,
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
        changes |= {f"meta.{field}": value for field, value in self.settings}
        return override(experiment, changes)


def rival_of(what: str | Rival) -> Rival:
    """A strategy of a name with settings, as in "adam:step=0.1".

    Raises:
        InputError: there is no such strategy, or it has no such setting.
    """
    if isinstance(what, Rival):
        return what
    if not isinstance(what, str):
        raise InputError("strategies", f"expected names, as in adam:step=0.1, found {shown(what)}.")
    name, *pairs = what.strip().split(":")
    if name not in CONTENDING:
        expected = f"expected some of {', '.join(CONTENDING)}"
        raise InputError("strategies", f"{expected}, found {shown(name)}.")
    own = [field for field in Meta.model_fields if field in _fields_of(name)]
    settings: dict[str, str] = {}
    for field, equals, value in (pair.partition("=") for pair in pairs):
        field = field.strip()
        if field not in own:
            raise InputError(
                "strategies",
                f"expected settings of {name} ({', '.join(own)}), found {shown(field)}.",
            )
        if field in settings or not equals:
            raise InputError(
                "strategies", f"expected each setting once, with its value, in {shown(what)}."
            )
        settings[field] = value.strip()
    return Rival(name, tuple(settings.items()))


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
    """The experiment's own strategy, or Adam; and what one would do without hypergradients."""
    own = experiment.meta.optimizer
    takes_derivatives = STRATEGIES[own].shows in ("descent", "updates")
    others: Sequence[str] = [name for name in CONTENDING if STRATEGIES[name].tries]
    usual = ("random", *(name for name in ("tpe", "cma-es") if not STRATEGIES[name].missing))
    kept = [name for name in others if name in usual or name == own]
    return tuple(Rival(name) for name in (own if takes_derivatives else "adam", *kept))


def _fields_of(strategy: str) -> tuple[str, ...]:
    kind = STRATEGIES[strategy]
    movers = MOVERS.values() if kind.moved_by else ()
    constants = (*kind.constants, *(field for mover in movers for field in mover.constants))
    return (*(one for one in _COMMON if one != "step" or kind.uses_step), *constants)
