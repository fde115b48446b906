"""The size at which an experiment runs: the one for fetched data, or the one for data that ship.

The TOML of an experiment may end in tables ``[[full_size]]``, each with what is different on data
that have to be fetched. The first of them whose data are available is used; without any, the
experiment stays as it is. Either way its description says so.
"""

from collections.abc import Mapping
from typing import Any

from engine.data.datasets import BUILT_IN
from engine.data.published import LIBRARY, is_at_hand
from engine.errors import InputError
from engine.sentences import shown


def at_its_size(tables: Mapping[str, Any], *, stand_in: bool = False) -> dict[str, Any]:
    """The tables of an experiment without ``full_size``, at the size that there are data for.

    Args:
        tables: of an experiment, as its TOML has them.
        stand_in: use the data that ship, even if others are available.

    Raises:
        InputError: ``full_size`` is not a list of tables that each name data to be fetched.
    """
    base = {key: table for key, table in tables.items() if key != "full_size"}
    variants = tables.get("full_size", [])
    if not isinstance(variants, list) or not all(isinstance(one, dict) for one in variants):
        raise InputError("full_size", "expected tables, each under [[full_size]].")
    sources = [_source_of(variant) for variant in variants]
    if not variants:
        return base
    for source, variant in zip(sources, variants, strict=True):
        if not stand_in and is_at_hand(source) and _is_held_out_set_at_hand(variant):
            return _saying(f"On {_in_words(source)}, at full size.", _over(base, variant))
    sentence = f"On {_in_words(_data_of(base))}"
    if not stand_in:
        wanted = " or ".join(_in_words(source) for source in sources)
        sentence += f"; for full size, fetch {wanted} (File > Data sets…)"
    return _saying(f"{sentence}.", base)


def _source_of(variant: Mapping[str, Any]) -> str:
    """The data set that a variant is for."""
    data = variant.get("data")
    source = data.get("source") if isinstance(data, dict) else None
    if not isinstance(source, str) or source not in LIBRARY:
        expected = f"expected one of {', '.join(LIBRARY)}"
        raise InputError("full_size.data.source", f"{expected}, found {shown(source)}.")
    return source


def _is_held_out_set_at_hand(variant: Mapping[str, Any]) -> bool:
    """Whether the other set that a variant may need is available, or it needs none."""
    episodes = variant.get("episodes")
    source = episodes.get("test_source") if isinstance(episodes, dict) else None
    return source not in LIBRARY or is_at_hand(str(source))


def _data_of(tables: Mapping[str, Any]) -> Any:
    data = tables.get("data")
    return data.get("source") or data.get("file") if isinstance(data, dict) else None


def _in_words(source: Any) -> str:
    """A data set as part of a sentence."""
    if not isinstance(source, str) or source not in BUILT_IN:
        return "its own data"
    title = BUILT_IN[source].title
    if title.split()[0][1:].islower():  # no name of its own
        title = title[0].lower() + title[1:]
    return title if source in LIBRARY else f"{title}, which ship with Retrograde"


def _over(base: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Tables with changes laid over them; where both have a table, the same inside it."""
    merged = dict(base)
    for key, change in changes.items():
        below = merged.get(key)
        if isinstance(below, dict) and isinstance(change, dict):
            merged[key] = _over(below, change)
        else:
            merged[key] = change
    if "source" in changes:
        for other in ("file", "labels", "target"):
            merged.pop(other, None)
    return merged


def _saying(sentence: str, tables: Mapping[str, Any]) -> dict[str, Any]:
    """Tables whose description ends in a sentence."""
    before = tables.get("description", "")
    if not isinstance(before, str):  # its own field says what is wrong with it
        return dict(tables)
    return {**tables, "description": f"{before} {sentence}".lstrip()}
