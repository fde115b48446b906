"""What a field may hold, in words, read from the type and the range that its model gives it."""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Literal, NamedTuple, Union, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt, MaxLen
from pydantic import AfterValidator, BaseModel, RootModel
from pydantic.fields import FieldInfo

from engine.experiments.choices import KeyOf, OneOf

_NOUNS: Final[dict[type, tuple[str, str]]] = {
    int: ("a whole number", "whole numbers"),
    float: ("a number", "numbers"),
    str: ("text", "texts"),
}
_FRACTION: Final = "a fraction from 0.0 to 1.0"  # with a point, which tells 1.0 from one example
_RAISED: Final = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_SMALL, _LARGE = 1e-3, 2.0**53  # powers of two beyond are written as such


@dataclass(frozen=True)
class Values:
    """What a field may hold.

    Attributes:
        words: all of it, as it follows "expected": "a whole number from 1 to 1,000,000".
        range: the range alone, "1 to 1,000,000"; empty if there is none.
        types: of a value in Python; several where it may be one or the other.
        choices: the values, where they are few, and what people call each.
        is_list: whether there may be several of them, in a list.
        is_optional: whether there may be none at all.
    """

    words: str
    range: str = ""
    types: tuple[type, ...] = (str,)
    choices: Mapping[str, str] = field(default_factory=dict)
    is_list: bool = False
    is_optional: bool = False


class Limits(NamedTuple):
    """A range.

    Attributes:
        low, high: its ends.
        is_above, is_below: whether it leaves out the lower, or the upper one.
    """

    low: float = -math.inf
    high: float = math.inf
    is_above: bool = False
    is_below: bool = False

    def in_words(self) -> str:
        """As in "0 to 1", "more than 0 and at most 1"; empty if there are no ends."""
        bounded = math.isfinite(self.low), math.isfinite(self.high)
        if all(bounded) and not self.is_above and not self.is_below:
            return f"{in_digits(self.low)} to {in_digits(self.high)}"
        low = f"{'more than' if self.is_above else 'at least'} {in_digits(self.low)}"
        high = f"{'less than' if self.is_below else 'at most'} {in_digits(self.high)}"
        ends = zip(bounded, (low, high), strict=True)
        return " and ".join(end for is_bounded, end in ends if is_bounded)


def values_at(model: type[BaseModel], path: Sequence[str | int]) -> Values | None:
    """What a field may hold.

    Args:
        model: that the path begins in.
        path: names of fields, keys of tables, and places in lists.

    Returns:
        None if there is no such field, or it is a table.
    """
    annotation: Any = model
    for part in path:
        annotation = _inside(annotation, part)
    if annotation is None or _is_model(annotation):
        return None
    if _is_list_of_models(annotation):
        return Values("a list of tables", is_list=True)
    return values_of(annotation)


def names_in(model: Any) -> Iterator[str]:
    """The dotted names of all fields of a model and of its tables, and of the tables."""
    for part in _parts(model):
        yield part
        for name in names_in(_inside(model, part)):
            yield f"{part}.{name}"


def values_of(annotation: Any) -> Values:
    """What a value of a type may be, where a model has this type for it."""
    kind, marks = _unwrapped(annotation)
    if get_origin(kind) in (Union, UnionType):
        return _either(get_args(kind))
    if get_origin(kind) is Literal:
        return _choice({str(value): str(value) for value in get_args(kind)})
    for mark in marks:
        if entries := _catalogue_of(mark, OneOf):
            return _choice({name: getattr(one, "title", name) for name, one in entries.items()})
    longest = next((mark.max_length for mark in marks if isinstance(mark, MaxLen)), None)
    if get_origin(kind) is tuple:
        return _list(values_of(get_args(kind)[0]), longest)
    if kind is bool:
        return Values("true or false", types=(bool,))
    if kind is str:
        return Values(_text(longest, marks))
    limits = _limits(marks).in_words()
    return Values(_with_limits(_NOUNS[kind][0], limits), limits, (kind,))


def in_digits(value: float) -> str:
    """A number as people write it: 1,000,000; −2,048; 2⁻¹⁶."""
    mantissa, exponent = math.frexp(value)
    if mantissa == 0.5 and not _SMALL < value < _LARGE:
        return f"2{str(exponent - 1).translate(_RAISED)}"
    text = f"{value:,.0f}" if float(value).is_integer() else f"{value:g}"
    return text.replace("-", "−")


def _either(parts: Sequence[Any]) -> Values:
    """A value or none; numbers of one sort or another; or lists of them."""
    every = [values_of(part) for part in parts if part is not NoneType]
    single = [one for one in every if not one.is_list] or every
    words = [one.words for one in single]
    if len(single) > 1:
        words = [_FRACTION if one.range == "0 to 1" else one.words for one in single]
    if len(single) < len(every):
        words.append("a list of them")
    return Values(
        ", or ".join(words),
        single[0].range if len(single) == 1 else "",
        tuple(kind for one in single for kind in one.types),
        single[0].choices,
        is_list=len(single) < len(every),
        is_optional=NoneType in parts,
    )


def _choice(choices: Mapping[str, str]) -> Values:
    *some, last = (repr(value) for value in choices)
    return Values(f"{', '.join(some)} or {last}" if some else last, choices=choices)


def _list(one: Values, longest: int | None) -> Values:
    noun = _NOUNS[one.types[0]][1]
    limits = _with_limits(f"at most {longest} {noun}" if longest else noun, one.range)
    return Values(f"a list of {limits}", limits, one.types, is_list=True)


def _text(longest: int | None, marks: Sequence[Any]) -> str:
    patterns = [mark.pattern for mark in marks if getattr(mark, "pattern", None)]
    may_have_lines = all(re.search(pattern, "two\nlines") for pattern in patterns)
    noun = "text" if may_have_lines else "a single line of text"
    return f"{noun} of at most {longest} characters" if longest else noun


def _with_limits(noun: str, limits: str) -> str:
    if not limits:
        return noun
    joint = "of " if limits.split()[0] in ("at", "more", "less") else "from "
    return f"{noun} {joint}{limits}"


def _catalogue_of(mark: Any, accepts: type[KeyOf] | type[OneOf]) -> Mapping[str, Any]:
    """The catalogue that a mark of a type has values or keys of; empty if it is another mark."""
    is_it = isinstance(mark, AfterValidator) and isinstance(mark.func, accepts)
    return mark.func.catalogue if is_it else {}


def _limits(marks: Sequence[Any]) -> Limits:
    found: dict[str, Any] = {}
    for mark in marks:
        if isinstance(mark, Ge):
            found |= {"low": mark.ge}
        elif isinstance(mark, Gt):
            found |= {"low": mark.gt, "is_above": True}
        elif isinstance(mark, Le):
            found |= {"high": mark.le}
        elif isinstance(mark, Lt):
            found |= {"high": mark.lt, "is_below": True}
    return Limits(**found)


def _unwrapped(annotation: Any) -> tuple[Any, tuple[Any, ...]]:
    """A type without its annotations, and those."""
    if get_origin(annotation) is not Annotated:
        return annotation, ()
    kind, *marks = get_args(annotation)
    return kind, tuple(_flat(marks))


def _flat(marks: Sequence[Any]) -> Iterator[Any]:
    for mark in marks:
        if isinstance(mark, FieldInfo):
            yield from mark.metadata
        else:
            yield mark


def _inside(annotation: Any, part: str | int) -> Any:
    """The type of a field of a model, or of an entry of a table or a list; None of others."""
    kind, _ = _unwrapped(annotation)
    if _is_model(kind) and issubclass(kind, RootModel):
        return _inside(kind.model_fields["root"].annotation, part)
    if _is_model(kind) and part in kind.model_fields:
        info = kind.model_fields[part]
        return Annotated[(info.annotation, *info.metadata)] if info.metadata else info.annotation
    if get_origin(kind) is dict:
        return get_args(kind)[1]
    if get_origin(kind) is tuple and isinstance(part, int):
        return get_args(kind)[0]
    return None


def _parts(annotation: Any) -> list[str]:
    """The names of the fields of a model, or the keys of a table."""
    kind, _ = _unwrapped(annotation)
    if _is_model(kind) and issubclass(kind, RootModel):
        return _parts(kind.model_fields["root"].annotation)
    if _is_model(kind):
        return [*kind.model_fields]
    if get_origin(kind) is dict:
        _, marks = _unwrapped(get_args(kind)[0])
        return [name for mark in marks for name in _catalogue_of(mark, KeyOf)]
    return []


def _is_list_of_models(annotation: Any) -> bool:
    kind, _ = _unwrapped(annotation)
    return get_origin(kind) is tuple and _is_model(_unwrapped(get_args(kind)[0])[0])


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)
