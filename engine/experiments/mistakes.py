"""What is wrong with the fields of an experiment, in sentences a person can act on."""

import difflib
import re
from collections.abc import Mapping
from typing import Final

from pydantic import BaseModel, ValidationError

from engine.experiments.values import names_in, values_at
from engine.sentences import quoted, shown

_EXPECTED: Final = {
    "finite_number": "expected a finite number",
    "model_type": "expected a table",
    "dict_type": "expected a table",
    "missing": "this field is missing",
    "value_error": "{error}",
}
"""By pydantic's name of the problem; for all others the field says what it may hold."""

_WITH_A_COMMA: Final = re.compile(r"[+-]?\d*,\d+(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)
_NEAR: Final = 0.7  # how alike two names are, from 0 to 1, of which one may be meant
_MOST: Final = 100  # problems that are put into words
_BRANCHES: Final = ("int", "float", "constrained-int", "constrained-float")


def sentences_of(
    error: ValidationError, model: type[BaseModel], typed: Mapping[str, str]
) -> dict[str, str]:
    """One sentence for each wrong field, keyed by its dotted name.

    Args:
        error: what is wrong.
        model: of the experiment, whose fields say what they may hold.
        typed: what somebody typed, by dotted name; of other fields the value is named.
    """
    sentences: dict[str, str] = {}
    for problem in error.errors(include_url=False)[:_MOST]:
        path = [part for part in problem["loc"] if not _is_union_branch(part)]
        expected = _EXPECTED.get(problem["type"], "")
        if not expected:
            values = values_at(model, path)
            expected = f"expected {values.words}" if values else "{error}"
        message = problem["msg"].removeprefix("Value error, ")
        found = problem["input"]
        field = ".".join(str(part) for part in path) or "experiment"
        ending = "" if isinstance(found, dict | BaseModel) else f", found {_named(found)}"
        if field in typed:
            ending = f", found {quoted(typed[field])}{_of_the_point(typed[field], expected)}"
        if problem["type"] == "extra_forbidden":
            sentences.setdefault(field, no_such_field(field, model))
            continue
        sentences.setdefault(field, f"{expected.format(error=message)}{ending}.")
    return sentences


def _named(found: object) -> str:
    return "nothing" if found is None else shown(found)


def _of_the_point(text: str, expected: str) -> str:
    """What to say of a number with a decimal comma."""
    if _WITH_A_COMMA.fullmatch(text.strip()) is None or "whole" in expected:
        return ""
    return f"; the decimal point is a point, as in {text.strip().replace(',', '.')}"


def no_such_field(name: str, model: type[BaseModel]) -> str:
    """What to say of a dotted name that no field has, with the nearest that one has."""
    near = difflib.get_close_matches(name, names_in(model), n=1, cutoff=_NEAR)
    hint = f"; did you mean {near[0]}?" if near else "."
    return f"there is no such field{hint}"


def _is_union_branch(part: int | str) -> bool:
    """Whether a step of pydantic's path names an alternative of a type rather than a field."""
    return isinstance(part, str) and ("[" in part or part in _BRANCHES)
