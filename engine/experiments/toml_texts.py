"""TOML texts as tables, once it is known that reading them will not take long."""

import re
import tomllib
from typing import Any, Final

MAX_BYTES: Final = 3_000_000
"""Of a text; most of a large one are numbers of schedules."""

MAX_KEYS: Final = 10_000
"""In a text, however it spells them."""

MAX_LINES_OF_TABLES: Final = 100_000
"""Lines that begin with a bracket: headers of tables, or rows of an array."""

MAX_PARTS: Final = 20
"""Of a dotted key."""

_PART: Final = r"""(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')"""
_LONG_KEY: Final = re.compile(rf"(?<![\w-]){_PART}(?:[ \t]*+\.[ \t]*+{_PART}){{{MAX_PARTS}}}")


def read_toml(text: str) -> dict[str, Any]:
    """The tables of a TOML text.

    Raises:
        ValueError: it is no TOML, or too much of it; the message is the end of a sentence:
            "expected TOML: …".
    """
    if len(text) > MAX_BYTES:
        raise ValueError(f"at most {MAX_BYTES:,} characters are read")
    if text.count("=") > MAX_KEYS:
        raise ValueError(f"at most {MAX_KEYS:,} keys are read")
    if text.count("\n[") > MAX_LINES_OF_TABLES:
        raise ValueError(f"at most {MAX_LINES_OF_TABLES:,} tables are read")
    if _LONG_KEY.search(text):
        raise ValueError(f"a key has at most {MAX_PARTS} parts with dots between them")
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
