"""Which files reports are written to: light to load, so that a wrong name is refused at once."""

from pathlib import Path
from typing import Final

from engine.errors import InputError
from engine.sentences import shown

ENDINGS: Final = (".html", ".pdf")


def checked_path(path: Path | str, field: str = "") -> Path:
    """A path that says which kind of report it is.

    Args:
        path: to check.
        field: what to call it if it is wrong; itself if empty.

    Raises:
        InputError: it does not.
    """
    path = Path(path)
    if path.suffix.lower() not in ENDINGS:
        expected = "expected a file that ends in .html or .pdf"
        found = f", found {shown(path.name)}" if field else ""
        raise InputError(field or str(path), f"{expected}{found}.")
    return path
