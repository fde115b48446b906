"""What a person has said may run: contents of Python files, by their hash.

It is kept in the user's data folder.
"""

import json
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from platformdirs import user_data_path

from engine.files import write_whole
from engine.own.contents import Content, content_of
from engine.own.trusted import grant

_SHIPPED: Final = "problems"


def consents_file() -> Path:
    """Where what was said is kept."""
    return user_data_path("retrograde") / "trusted-problems.json"


def may_run(content: Content) -> bool:
    """Whether a content ships with the program, or somebody has said that it may run.

    If so, this process lets it run from now on, in processes of its own.
    """
    if content.sha256 not in _hashes_that_ship() and content.sha256 not in _said():
        return False
    grant(content)
    return True


def note(content: Content) -> None:
    """Somebody has just said that a content may run; it is remembered, if that can be written."""
    grant(content)
    if content.sha256 in _hashes_that_ship():
        return
    said = _said()
    when = datetime.now(UTC).isoformat(timespec="seconds")
    said[content.sha256] = {"file": content.path, "when": when}
    with suppress(OSError):  # then it is asked again
        path = consents_file()
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, json.dumps(said, indent=1).encode())


def problems_that_ship() -> dict[str, str]:
    """The text of each file that ships, by its name."""
    folder = files("resources") / _SHIPPED
    texts = {one.name: one.read_text("utf-8") for one in folder.iterdir() if one.name[-3:] == ".py"}
    return dict(sorted(texts.items()))


@cache
def _hashes_that_ship() -> frozenset[str]:
    return frozenset(content_of(text, name).sha256 for name, text in problems_that_ship().items())


def _said() -> dict[str, Any]:
    """What was said so far; nothing if that cannot be read."""
    try:
        found = json.loads(consents_file().read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
