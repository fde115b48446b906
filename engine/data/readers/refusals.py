"""How readers refuse a file."""

from engine.errors import InputError


def wrong(origin: str, expected: str, found: str) -> InputError:
    """A refusal.

    Args:
        origin: the file, and the place in it: "iris.csv, line 3".
        expected: what should be there: "a number".
        found: what is.
    """
    return InputError(origin, f"expected {expected}, found {found}.")
