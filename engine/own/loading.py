"""A person's Python file, run: its losses, its start, its groups and hyperparameters."""

import inspect
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from math import prod
from types import ModuleType
from typing import Any, Final, get_args

import numpy as np

from engine.arrays import Floats
from engine.errors import InputError
from engine.experiments.own_problem import LONGEST_NAME, MOST_GROUPS, OwnGroup, OwnProblem, OwnTheta
from engine.groups import ParameterGroup, partition
from engine.hyperparameters.domains import DOMAINS, Domain
from engine.hyperparameters.own_theta import OWN_THETA
from engine.own.contents import Content
from engine.own.mistakes import Lines, OwnFileError, as_mistake, mistake
from engine.randomness import WEIGHTS, generator
from engine.sentences import one_line, shown

MODULE: Final = "retrograde_own_problem"
"""What the file's module is called while it runs."""
_DOMAINS: Final = get_args(Domain)
_ENTRIES: Final = ("start", "low", "high", "domain", "free")
_MOST_PARAMETERS: Final = 10_000_000


@dataclass(frozen=True, eq=False)
class Theta:
    """One of the hyperparameters that a file declares.

    Attributes:
        name: what the file calls it.
        start: its values at first, of any shape.
        declared: what an experiment says of it.
        free: whether the file proposes to learn it.
    """

    name: str
    start: Floats
    declared: OwnTheta
    free: bool = True


@dataclass(frozen=True, eq=False)
class Loaded:
    """What a file has.

    Attributes:
        content: of the file.
        training_loss: (w, theta, t) → scalar.
        validation_loss: (w, theta) → scalar.
        test_loss: the same; None if it has none.
        start: (P,) the elementary parameters before training, of a random generator.
        groups: the G parameter groups.
        theta: its hyperparameters.
        is_one: whether the losses take θ as one array, and not by names.
        settings: of the experiment that it proposes, by dotted names.
        title, description: of the file's docstring.
        lines: where its names are.
    """

    content: Content
    training_loss: Callable[..., Any]
    validation_loss: Callable[..., Any]
    test_loss: Callable[..., Any] | None
    start: Callable[[np.random.Generator], Any]
    groups: tuple[ParameterGroup, ...]
    theta: tuple[Theta, ...]
    is_one: bool
    settings: Mapping[str, Any]
    title: str
    description: str
    lines: Lines = field(repr=False)

    @property
    def declared(self) -> OwnProblem:
        """What an experiment says of it."""
        return OwnProblem(
            file=self.content.path,
            sha256=self.content.sha256,
            groups=tuple(OwnGroup(name=one.name, start=one.start, stop=one.stop)
                         for one in self.groups),
            theta=tuple(one.declared for one in self.theta),
            tests=self.test_loss is not None,
        )  # fmt: skip

    def starts(self, rng: np.random.Generator) -> Floats:
        """(P,) where training starts, checked.

        Raises:
            OwnFileError: it is no vector of finite numbers in double precision.
        """
        try:
            values = self.start(rng)
        except BaseException as error:
            raise as_mistake(self.content, error) from None
        line = self.lines.of_result("start")
        vector = _floats(self.content, line, "start", values)
        if vector.ndim != 1 or not vector.size:
            found = f"found shape {vector.shape}"
            raise mistake(self.content, line, f"start: expected a vector of numbers, {found}.")
        if vector.size > _MOST_PARAMETERS:
            most = f"expected at most {_MOST_PARAMETERS:,} numbers"
            raise mistake(self.content, line, f"start: {most}, found {vector.size:,}.")
        return vector

    def named(self, theta: Any) -> Any:
        """θ as the losses take it: an array, or arrays by name.

        Args:
            theta: (M,) all of it, or autograd's box of that; None where there is none.
        """
        if not self.theta:
            return None
        parts, place = {}, 0
        for one in self.theta:
            stop = place + one.start.size
            part = theta[place] if one.start.shape == () else theta[place:stop]
            parts[one.name] = part if one.start.ndim < 2 else part.reshape(one.start.shape)
            place = stop
        return next(iter(parts.values())) if self.is_one else parts


@lru_cache(maxsize=1)
def load(content: Content) -> Loaded:
    """Run a file whose content somebody trusted, and look at what it has.

    Raises:
        OwnFileError: it cannot be run, or lacks something; with the line.
    """
    try:
        code = compile(content.code, content.path, "exec", dont_inherit=True)
        module = ModuleType(MODULE)
        module.__file__ = content.path
        sys.modules[MODULE] = module
        exec(code, vars(module))  # what somebody said yes to
        return _looked_at(content, vars(module))
    except BaseException as error:  # sys.exit, too
        raise as_mistake(content, error) from None


def _looked_at(content: Content, names: Mapping[str, Any]) -> Loaded:
    lines = Lines(content.code)
    losses = {
        name: _function(content, lines, names, name, arguments)
        for name, arguments in (
            ("training_loss", ("w", "theta", "t")),
            ("validation_loss", ("w", "theta")),
            ("test_loss", ("w", "theta")),
        )
    }
    if "start" not in names:
        wanted = "expected start, the values of w that training starts from, found none"
        raise mistake(content, None, f"{wanted}.")
    start = names["start"]
    theta, is_one = _theta(content, lines, names.get("theta"))
    title, _, description = str(names.get("__doc__") or "").strip().partition("\n")
    loaded = Loaded(
        content,
        losses["training_loss"],
        losses["validation_loss"],
        losses["test_loss"],
        start if callable(start) else lambda rng: start,
        (),
        theta,
        is_one,
        _settings(content, lines, names.get("settings", {})),
        one_line(title, 100).rstrip(".") or content.name,
        one_line(" ".join(description.split()), 600),
        lines,
    )
    size = loaded.starts(generator(0, 0, 0, WEIGHTS)).size
    groups = _groups(content, lines, names.get("groups"), size)
    return Loaded(**{**vars(loaded), "groups": groups})


def _function(
    content: Content,
    lines: Lines,
    names: Mapping[str, Any],
    name: str,
    arguments: tuple[str, ...],
) -> Any:
    wanted = f"{name}({', '.join(arguments)})"
    if name not in names:
        if name == "test_loss":
            return None
        raise mistake(content, None, f"expected a function {wanted}, found none.")
    function, line = names[name], lines.of(name)
    if not callable(function):
        found = f"found {type(function).__name__}"
        raise mistake(content, line, f"expected a function {wanted}, {found}.")
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        return function
    try:
        signature.bind(*arguments)
    except TypeError:
        raise mistake(
            content,
            line,
            f"expected a function {wanted}, found {name}{one_line(str(signature), 80)}.",
        ) from None
    return function


def _groups(content: Content, lines: Lines, given: Any, size: int) -> tuple[ParameterGroup, ...]:
    line = lines.of("groups")
    if given is None:
        return (ParameterGroup("all parameters", 0, size),)
    wanted = "groups: expected slices by names, as in {'weights': slice(0, 8)}"
    if not isinstance(given, Mapping) or not given or len(given) > MOST_GROUPS:
        raise mistake(content, line, f"{wanted}, found {shown(given)}.")
    for name in given:
        _check_name(content, line, "groups", name)
    try:
        parts = partition([*given.values()], size)
    except InputError as error:
        raise mistake(content, line, f"{error.field}: {error.sentence}") from None
    return tuple(
        ParameterGroup(name, part.start, part.stop) for name, part in zip(given, parts, strict=True)
    )


def _theta(content: Content, lines: Lines, given: Any) -> tuple[tuple[Theta, ...], bool]:
    line = lines.of("theta")
    if given is None:
        return (), False
    if not isinstance(given, Mapping):
        return (_one_theta(content, line, "theta", given),), True
    if len(given) > len(OWN_THETA):
        most = f"expected at most {len(OWN_THETA)} names, found {len(given)}"
        raise mistake(content, line, f"theta: {most}; one name may stand for an array.")
    for name in given:
        _check_name(content, line, "theta", name)
    return tuple(_one_theta(content, line, name, one) for name, one in given.items()), False


def _one_theta(content: Content, line: int | None, name: str, given: Any) -> Theta:
    def refuse(sentence: str) -> OwnFileError:
        return mistake(content, line, f"theta, {name}: {sentence}")

    entries = given if isinstance(given, Mapping) else {"start": given}
    for key in entries:
        if key not in _ENTRIES:
            raise refuse(f"expected {', '.join(_ENTRIES)}, found {shown(key)}.")
    if "start" not in entries:
        raise refuse("expected start, its values at first, found none.")
    start = _floats(content, line, f"theta, {name}", entries["start"])
    if not start.size or start.ndim > 8:
        raise refuse(f"expected at least one number, found shape {start.shape}.")
    domain, free = entries.get("domain", "identity"), entries.get("free", True)
    if domain not in _DOMAINS:
        raise refuse(f"expected the domain {', '.join(_DOMAINS)}, found {shown(domain)}.")
    if not isinstance(free, bool):
        raise refuse(f"expected free to be True or False, found {shown(free)}.")
    ends = {}
    for end in ("low", "high"):
        value = entries.get(end)
        if value is not None and (
            isinstance(value, bool)
            or not isinstance(value, int | float | np.number)
            or not np.isfinite(value)
        ):
            raise refuse(f"expected {end} to be a number or None, found {shown(value)}.")
        ends[end] = None if value is None else float(value)
    declared = OwnTheta(
        name=name,
        shape=start.shape,
        least=float(start.min()),
        greatest=float(start.max()),
        domain=domain,
        **ends,
    )
    if why := out_of_range(start, declared, domain, is_free=free):
        raise refuse(why)
    return Theta(name, start, declared, free)


def out_of_range(values: Floats, declared: OwnTheta, domain: Domain, *, is_free: bool) -> str:
    """Why values cannot be those that a hyperparameter starts from, as a sentence; or ""."""
    low, high = declared.range
    if not low < high:
        return f"expected low to be less than high, found {low:g} and {high:g}."
    if not np.all((values >= low) & (values <= high)):
        found = f"found {values.min():g} to {values.max():g}" if values.size > 1 else (
            f"found {values.min():g}")  # fmt: skip
        return f"expected starting values from {low:g} to {high:g}, {found}."
    transform = DOMAINS[domain]
    if is_free and not np.all((values > transform.low) & (values < transform.high)):
        ends = f"more than {transform.low:g}"
        ends += f" and less than {transform.high:g}" if np.isfinite(transform.high) else ""
        return f"expected starting values of {ends}, to be free in the domain {domain}."
    return ""


def _settings(content: Content, lines: Lines, given: Any) -> Mapping[str, Any]:
    line = lines.of("settings")
    if not isinstance(given, Mapping) or not all(isinstance(name, str) for name in given):
        wanted = "expected values by names, as in {'training.iterations': 100}"
        raise mistake(content, line, f"settings: {wanted}, found {shown(given)}.")
    return dict(given)


def _check_name(content: Content, line: int | None, what: str, name: Any) -> None:
    if not isinstance(name, str) or not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        wanted = f"expected names of 1 to {LONGEST_NAME} characters"
        raise mistake(content, line, f"{what}: {wanted}, found {shown(name)}.")


def _floats(content: Content, line: int | None, what: str, values: Any) -> Floats:
    """An array of double precision, copied."""
    if isinstance(values, int | float) and not isinstance(values, bool):
        values = np.float64(values)
    try:
        array = np.array(values)
    except (ValueError, TypeError):
        array = np.array(None)
    if array.dtype != np.float64:
        kinds = {"i": "whole numbers", "u": "whole numbers", "b": "True and False",
                 "f": "another precision", "c": "complex numbers"}  # fmt: skip
        found = kinds.get(array.dtype.kind, type(values).__name__)
        hint = ": write 0.0 in place of 0" if array.dtype.kind in "iu" else ""
        raise mistake(
            content,
            line,
            f"{what}: expected numbers in double precision (float64), "
            f"found {found} ({array.dtype}){hint}.",
        )
    if not np.isfinite(array).all():
        found = "NaN" if np.isnan(array).any() else "inf"
        raise mistake(content, line, f"{what}: expected finite numbers, found {found}.")
    if prod(array.shape) > _MOST_PARAMETERS:
        raise mistake(content, line, f"{what}: expected at most {_MOST_PARAMETERS:,} numbers.")
    return array
