"""What is wrong with the fields of an experiment, in sentences a person can act on."""

from typing import Final

from pydantic import BaseModel, ValidationError

from engine.experiments.values import values_at
from engine.sentences import shown

_EXPECTED: Final = {
    "finite_number": "expected a finite number",
    "model_type": "expected a table",
    "dict_type": "expected a table",
    "missing": "this field is missing",
    "extra_forbidden": "there is no such field",
    "value_error": "{error}",
}
"""By pydantic's name of the problem; for all others the field says what it may hold."""

_MOST: Final = 100  # problems that are put into words
_BRANCHES: Final = ("int", "float", "constrained-int", "constrained-float")


def sentences_of(error: ValidationError, model: type[BaseModel]) -> dict[str, str]:
    """One sentence for each wrong field, keyed by its dotted name.

    Args:
        error: what is wrong.
        model: of the experiment, whose fields say what they may hold.
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
        silent = isinstance(found, dict | BaseModel) or problem["type"] == "extra_forbidden"
        ending = "" if silent else f", found {shown(found)}"
        field = ".".join(str(part) for part in path) or "experiment"
        sentences.setdefault(field, f"{expected.format(error=message)}{ending}.")
    return sentences


def _is_union_branch(part: int | str) -> bool:
    """Whether a step of pydantic's path names an alternative of a type rather than a field."""
    return isinstance(part, str) and ("[" in part or part in _BRANCHES)
