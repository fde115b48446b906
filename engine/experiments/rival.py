"""A strategy to be compared with others, with its settings; and the texts that stand for one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from engine.errors import InputError
from engine.experiments.experiment import Meta
from engine.experiments.help_texts import read_texts
from engine.experiments.strategies import MOVERS, STRATEGIES
from engine.sentences import shown

CONTENDING: Final = tuple(
    name for name, one in STRATEGIES.items() if one.shows in ("descent", "updates", "trials")
)
"""Strategies that look for an optimum; the others go along a line, or stay."""
_COMMON: Final = ("step", "iterations", "seeds")
"""Fields of `Meta` that are no constants of one strategy, and may be set for it all the same."""

_STOPPING: Final = "stopping"
"""A setting that is no field of `Meta`: whether what will not win is stopped early."""

_WORDS: Final = {
    "step": "step {}",
    "iterations": "{} meta-iterations",
    "seeds": "{} seeds averaged",
    "trials_by": "by {}",
    "trials_spread": "spread {}",
    "trials_at_once": "{} at once",
    "trials_warm": "{}",
    "grid_points": "{} points a side",
    _STOPPING: "stopped early: {}",
}
"""What people call a setting with its value, in few words; of others it is the field's label."""


@dataclass(frozen=True)
class Rival:
    """A strategy with settings of its own.

    Attributes:
        strategy: its name in the catalogue.
        settings: fields of `engine.experiments.experiment.Meta`, each with its value as TOML text;
            "stopping" is `stopping.when`.
    """

    strategy: str
    settings: tuple[tuple[str, str], ...] = ()

    @property
    def name(self) -> str:
        """What people call it: "Adam, step 0.1"."""
        words = [_in_words(field, value) for field, value in self.settings]
        return ", ".join([STRATEGIES[self.strategy].title, *words])

    @property
    def text(self) -> str:
        """What stands for it: "adam:step=0.1"."""
        return ":".join([self.strategy, *(f"{field}={value}" for field, value in self.settings)])

    def changes(self) -> dict[str, str]:
        """Its settings by the dotted names of an experiment's fields."""
        names = {_STOPPING: "stopping.when"}
        return {names.get(field, f"meta.{field}"): value for field, value in self.settings}


_SWITCHED: Final = {"trials_warm": {"true": "warm", "false": "cold"}}
"""What people call the two values of a switch."""


def _in_words(field: str, value: str) -> str:
    if (field, value) in _SPELLED:
        return _SPELLED[field, value]
    value = _SWITCHED.get(field, {}).get(value, value)
    if field in _WORDS:
        return _WORDS[field].format(value)
    label = str(read_texts("fields.toml")[f"meta.{field}"]["label"])
    if label[1:2].isalpha():  # a word, not a symbol
        label = label[:1].lower() + label[1:]
    return f"{label} {value}"


_SPELLED: Final = {
    (_STOPPING, "automatic"): "stopped early",
    (_STOPPING, "off"): "never stopped",
}
"""Settings that are called otherwise with some values."""


def is_of_strategies(texts: Sequence[str]) -> bool:
    """Whether texts, of those that a card compares, stand for strategies and not for methods."""
    return bool(texts) and texts[0].strip().partition(":")[0] in CONTENDING


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
    own += [_STOPPING] if STRATEGIES[name].may_stop else []
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


def _fields_of(strategy: str) -> tuple[str, ...]:
    kind = STRATEGIES[strategy]
    movers = MOVERS.values() if kind.moved_by else ()
    constants = (*kind.constants, *(field for mover in movers for field in mover.constants))
    return (*(one for one in _COMMON if one != "step" or kind.uses_step), *constants)
