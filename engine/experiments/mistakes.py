"""What is wrong with the fields of an experiment, in sentences a person can act on."""

from typing import Final

from pydantic import BaseModel, ValidationError

_EXPECTED: Final = {
    "int_parsing": "expected a whole number",
    "int_type": "expected a whole number",
    "int_from_float": "expected a whole number",
    "float_parsing": "expected a number",
    "float_type": "expected a number",
    "finite_number": "expected a finite number",
    "bool_parsing": "expected true or false",
    "greater_than_equal": "expected at least {ge}",
    "greater_than": "expected more than {gt}",
    "less_than_equal": "expected at most {le}",
    "less_than": "expected less than {lt}",
    "literal_error": "expected {expected}",
    "string_type": "expected text",
    "tuple_type": "expected whole numbers separated by commas",
    "model_type": "expected a table",
    "dict_type": "expected a table",
    "string_pattern_mismatch": "expected a single line of text",
    "missing": "this field is missing",
    "extra_forbidden": "there is no such field",
    "too_long": "expected at most {max_length} of them",
}


def sentences_of(error: ValidationError) -> dict[str, str]:
    """One sentence for each wrong field of an experiment, keyed by its dotted name."""
    sentences: dict[str, str] = {}
    for problem in error.errors():
        field = ".".join(str(part) for part in problem["loc"] if not _is_union_branch(part))
        expected = _EXPECTED.get(problem["type"], "{error}")
        if field in ("data.train", "data.validation", "data.test"):
            expected = "expected a count of examples, at least 0, or a fraction from 0.0 to 1.0"
        context = {"error": problem["msg"].removeprefix("Value error, "), **problem.get("ctx", {})}
        found = problem["input"]
        silent = isinstance(found, dict | BaseModel) or problem["type"] == "extra_forbidden"
        shown = "" if silent else f", found {found!r}"
        sentences.setdefault(field or "experiment", f"{expected.format(**context)}{shown}.")
    return sentences


_BRANCHES: Final = ("int", "float", "constrained-int", "constrained-float")


def _is_union_branch(part: int | str) -> bool:
    """Whether a step of pydantic's path names an alternative of a type rather than a field."""
    return isinstance(part, str) and ("[" in part or part in _BRANCHES)
