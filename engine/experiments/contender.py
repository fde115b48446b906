"""A method to be compared with others, with its options; and the texts that stand for one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any, Final

from pydantic import ValidationError

from engine.errors import InputError
from engine.experiments.method_options import MethodOptions, make_method, options_of
from engine.experiments.mistakes import sentences_of
from engine.hypergradients.catalogue import METHODS
from engine.hypergradients.method import Method
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

    @property
    def unsaid(self) -> str:
        """What is usual for the options that it was not told: "100 terms"; often nothing."""
        if self.method == "checkpointed":
            return "" if self.told else "√T snapshots"
        usual = {option: getattr(self.way, option) for option in options_of(self.method)}
        words = [
            _in_words(option, value)
            for option, value in usual.items()
            if value is not None and option not in self.told
        ]
        return ", ".join(words)

    @property
    def way(self) -> Method:
        """The method itself, with what is usual for it where it was told nothing.

        Raises:
            InputError: there is no such method, or its options do not go together.
        """
        if self.method not in METHODS:
            expected = f"expected some of {', '.join(METHODS)}"
            raise InputError("methods", f"{expected}, found {shown(self.method)}.")
        try:
            return make_method(self.method, self.options)
        except InputError as error:
            option = error.field.removeprefix("hypergradient.")
            raise InputError(f"methods, {option} of {self.method}", error.sentence) from None

    def told_to(self, option: str, value: Any) -> "Contender":
        """The same with another value of an option; those that exclude it give way."""
        kept = {
            other: given
            for other, given in self.told.items()
            if other != option and _go_together(self.method, {other: given, option: value})
        }
        return Contender(self.method, MethodOptions(**kept, **{option: value}))


def contender_of(what: str | Method | Contender) -> Contender:
    """A contender of a name with options, as in "truncated:last=10", or of a method.

    Raises:
        InputError: there is no such method or option, or the option's value is not what it may be.
    """
    given: Any = what  # by scripts, which may give anything
    if isinstance(what, Contender):
        contender = what
    elif isinstance(what, str):
        name, *pairs = what.strip().split(":")
        contender = _told(name, _options(what, name, pairs))
    elif is_dataclass(given) and not isinstance(given, type):
        told = {one.name: getattr(given, one.name) for one in fields(given)}
        known = {option: told[option] for option in MethodOptions.model_fields if option in told}
        contender = _told(getattr(given, "name", type(given).__name__), known)
    else:
        expected = "expected names, as in truncated:last=10, or methods"
        raise InputError("methods", f"{expected}, found {shown(given)}.")
    _ = contender.way  # refuses what is none
    return contender


def contenders_of(several: Iterable[str | Method | Contender]) -> tuple[Contender, ...]:
    """Contenders of several names or methods; one that is there already is left out.

    Raises:
        InputError: see `contender_of`; or it is no list.
    """
    if isinstance(several, str | bytes) or not isinstance(several, Iterable):
        raise InputError("methods", f"expected a list of methods, found {shown(several)}.")
    by_way: dict[Method, Contender] = {}
    for contender in map(contender_of, several):
        by_way.setdefault(contender.way, contender)
    return tuple(by_way.values())


def _told(name: str, options: Mapping[str, Any]) -> Contender:
    try:
        return Contender(name, MethodOptions.model_validate(options))
    except ValidationError as error:
        option, sentence = next(iter(sentences_of(error, MethodOptions, {}).items()))
        raise InputError(f"methods, {option} of {name}", sentence) from None


def _options(what: str, name: str, pairs: Sequence[str]) -> dict[str, int | float]:
    """Options of a method, each once."""
    told: dict[str, int | float] = {}
    if name not in METHODS:
        return told  # which is refused as such
    own = options_of(name)
    for option, _, text in (pair.partition("=") for pair in pairs):
        option = option.strip()
        if option not in own:
            known = ", ".join(own) or "none"
            raise InputError(
                "methods", f"expected options of {name} ({known}), found {shown(option)}."
            )
        if option in told:
            raise InputError("methods", f"expected {option} once, found it again in {shown(what)}.")
        told[option] = _number(what, text.strip())
    return told


def _go_together(method: str, options: Mapping[str, Any]) -> bool:
    try:
        _ = Contender(method, MethodOptions(**options)).way
    except InputError:
        return False
    return True


def _in_words(option: str, value: Any) -> str:
    number = f"{value:,.0f}" if float(value).is_integer() else str(value)
    words = _WORDS.get(option, f"{option} {{}}").format(number)
    return words.removesuffix("s") if value == 1 else words


def _number(what: str, text: str) -> int | float:
    for read in (int, float):
        try:
            return read(text)
        except ValueError:
            continue
    expected = "expected numbers as options, as in truncated:last=10"
    raise InputError("methods", f"{expected}, found {shown(what)}.")
