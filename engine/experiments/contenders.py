"""Methods to be compared on one experiment, each with its options."""

from dataclasses import dataclass, field, fields
from typing import Any, Final

from pydantic import ValidationError

from engine.dynamics.catalogue import DYNAMICS
from engine.errors import InputError
from engine.experiments.experiment import Experiment
from engine.experiments.method_options import MethodOptions, make_method, options_of
from engine.experiments.mistakes import sentences_of
from engine.experiments.problems import cannot_undo
from engine.hypergradients.catalogue import METHODS, misfit
from engine.hypergradients.method import Method
from engine.hyperparameters.kinds import KINDS
from engine.sentences import shown

_WORDS: Final = {
    "snapshots": "{} snapshots",
    "megabytes": "{} MB",
    "last": "last {}",
    "terms": "{} terms",
    "iterations": "{} rounds",
    "tolerance": "to {}",
    "minimise_to": "L-BFGS to {}",
    "step": "step {}",
}
"""What people call an option with its value."""


_FEW: Final = ("one", "group")
TAKES_TIME_FOR_EACH: Final = frozenset({"forward", "finite-differences"})
"""Methods that take more time with every hyperparameter."""


@dataclass(frozen=True)
class Contender:
    """A method with its options.

    Attributes:
        method: its name in the catalogue.
        options: what it is told; None of them stand for what is usual.
    """

    method: str
    options: MethodOptions = field(default_factory=MethodOptions)

    @property
    def name(self) -> str:
        """What people call it: "Truncated, last 10"."""
        words = [_in_words(*each) for each in self.told.items()]
        return ", ".join([METHODS[self.method].title, *words])

    @property
    def told(self) -> dict[str, Any]:
        """The options that it has and was given."""
        own = {option: getattr(self.options, option) for option in options_of(self.method)}
        return {option: value for option, value in own.items() if value is not None}

    def told_to(self, option: str, value: Any) -> "Contender":
        """The same with another value of an option."""
        return Contender(self.method, self.options.model_copy(update={option: value}))


def contender_of(what: "str | Method | Contender") -> Contender:
    """A contender of a name with options, as in "truncated:last=10", or of a method.

    Raises:
        InputError: there is no such method or option, or the option's value is not what it may be.
    """
    if isinstance(what, Contender):
        return what
    if isinstance(what, str):
        name, *pairs = what.strip().split(":")
        given = [pair.partition("=") for pair in pairs]
        told = {option.strip(): _number(what, text.strip()) for option, _, text in given}
    else:
        name = what.name
        told = {field.name: getattr(what, field.name) for field in fields(what)}  # type: ignore[arg-type]
        told = {key: value for key, value in told.items() if key in MethodOptions.model_fields}
    if name not in METHODS:
        expected = f"expected some of {', '.join(METHODS)}"
        raise InputError("methods", f"{expected}, found {shown(name)}.")
    for option in told:
        if option not in options_of(name):
            known = ", ".join(options_of(name)) or "none"
            raise InputError("methods", f"expected options of {name} ({known}), found {option!r}.")
    try:
        contender = Contender(name, MethodOptions.model_validate(told))
        make_method(name, contender.options)
    except ValidationError as error:
        option, sentence = next(iter(sentences_of(error, MethodOptions, {}).items()))
        raise InputError(f"methods, {option} of {name}", sentence) from None
    except InputError as error:
        raise InputError(f"methods, {error.field} of {name}", error.sentence) from None
    return contender


def usual_contenders(experiment: Experiment) -> tuple[Contender, ...]:
    """Those that an experiment names, or else those that are worth a look, the exact ones first."""
    if experiment.compares:
        return tuple(map(contender_of, experiment.compares))
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
        free = ", ".join(one.plural for kind, one in KINDS.items() if kind in experiment.free)
        raise InputError("method", f"It gives no derivatives by the {free}.")
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


def _in_words(option: str, value: Any) -> str:
    words = _WORDS.get(option, f"{option} {{}}").format(value)
    return words.removesuffix("s") if value == 1 else words


def _number(what: str, text: str) -> int | float:
    for read in (int, float):
        try:
            return read(text)
        except ValueError:
            continue
    raise InputError("methods", f"expected numbers as options, as in truncated:last=10, in {what}.")
