"""Events as text and arrays, and back: what is read equals what was told, to the bit.

The text is JSON. Numbers, texts, true, false and null stand as they are; a list is a tuple. What
else there is stands in an object with one key that says what it is: ``{"array": NAME}`` an array
that is kept beside; ``{"float": "nan"}`` a number that JSON does not have; ``{"map": {…}}`` a
mapping by names; ``{"list": […]}`` a list. An object with ``is`` is one of `KNOWN`, by its name.
"""

import json
import math
import struct
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.experiments.changes import Change
from engine.experiments.experiment import Experiment
from engine.experiments.measures import Measures
from engine.experiments.problems import validate
from engine.groups import ParameterGroup
from engine.hypergradients.result import Cost, Memory, Solution
from engine.hyperparameters.values import Hyperparameters
from engine.runs.budget import Budget, SeedOutcome
from engine.runs.events import (
    Divergence,
    MetaIterationDone,
    MetaIterationStarted,
    ResumePoint,
    ReversalProgress,
    RunFinished,
    RunStarted,
    SettingsChanged,
    TrainingProgress,
)
from engine.runs.predictions import Prediction
from engine.runs.replicates import Reached
from engine.tasks.task import DataShape

KNOWN: Final[dict[str, type[Any]]] = {
    kind.__name__: kind
    for kind in (
        RunStarted,
        SettingsChanged,
        MetaIterationStarted,
        TrainingProgress,
        ReversalProgress,
        ResumePoint,
        MetaIterationDone,
        RunFinished,
        Budget,
        Change,
        Cost,
        DataShape,
        Divergence,
        Experiment,
        Hyperparameters,
        Measures,
        Memory,
        ParameterGroup,
        Prediction,
        Reached,
        SeedOutcome,
        Solution,
    )
}
"""What events are made of, by the names that stand in a library: these do not change."""

MAPPINGS: Final = (Hyperparameters, Measures)
NUMBERS, INTEGERS = "numbers", "integers"
"""The names of two arrays, see `engine.library.stacks`, and of the keys that stand for a column."""

Arrays = dict[str, NDArray[Any]]


class Encoded(NamedTuple):
    """Something told.

    Attributes:
        body: JSON text.
        arrays: that it names.
    """

    body: str
    arrays: Arrays


def encode(told: Any) -> Encoded:
    """An event, or anything that events are made of.

    Raises:
        TypeError: there is something in it that a library does not know.
    """
    arrays: Arrays = {}
    tree = tree_of(told, "", arrays)
    return Encoded(json.dumps(tree, ensure_ascii=False, separators=(",", ":")), arrays)


def decode(body: str, arrays: Mapping[str, NDArray[Any]]) -> Any:
    """What `encode` was given.

    Raises:
        ValueError, KeyError, TypeError: this is nothing that it wrote.
        InputError: an experiment in it is none that this version knows.
    """
    return _thing(json.loads(body), arrays)


def decode_each(body: str, arrays: Mapping[str, NDArray[Any]], many: int) -> Iterator[Any]:
    """The events that are kept as one; see `engine.library.stacks`.

    Raises:
        ValueError, KeyError, TypeError, IndexError: this is nothing that it wrote.
    """
    if any(array.shape[:1] != (many,) for array in arrays.values()):
        raise ValueError(f"expected {many} of each array")
    tree = json.loads(body)
    for row in range(many):
        yield _thing(tree, {name: array[row, ...] for name, array in arrays.items()})


def tree_of(thing: Any, path: str = "", arrays: Arrays | None = None) -> Any:
    """What stands for something in a body.

    Args:
        thing: it.
        path: its name.
        arrays: take those in it, by name.

    Raises:
        TypeError: a library does not know it.
    """
    arrays = {} if arrays is None else arrays
    if thing is None or isinstance(thing, bool | str):
        return thing
    if isinstance(thing, float):
        return float(thing) if math.isfinite(thing) else {"float": _odd(thing)}
    if isinstance(thing, int):
        return int(thing)
    if isinstance(thing, np.ndarray):
        arrays[path] = thing
        return {"array": path}
    if isinstance(thing, np.generic):
        return tree_of(thing.item(), path, arrays)
    under = f"{path}." if path else ""
    name = type(thing).__name__
    if KNOWN.get(name) is type(thing):
        if isinstance(thing, Experiment):
            return {"is": name, "tables": tree_of(thing.model_dump(), under + "tables", arrays)}
        if isinstance(thing, MAPPINGS):
            of = {key: tree_of(value, under + key, arrays) for key, value in thing.items()}
            return {"is": name, "of": of}
        parts = {"is": name}
        for key in parts_of(name):
            parts[key] = tree_of(getattr(thing, key), under + key, arrays)
        return parts
    if isinstance(thing, Mapping):
        return {"map": {key: tree_of(one, under + key, arrays) for key, one in thing.items()}}
    if type(thing) in (tuple, list):
        every = [tree_of(one, f"{under}{place}", arrays) for place, one in enumerate(thing)]
        return every if isinstance(thing, tuple) else {"list": every}
    raise TypeError(f"a library keeps no {name}")


def _thing(tree: Any, arrays: Mapping[str, NDArray[Any]]) -> Any:
    if isinstance(tree, list):
        return tuple(_thing(one, arrays) for one in tree)
    if not isinstance(tree, dict):
        return tree
    if "is" in tree:
        return _known(tree, arrays)
    ((key, content),) = tree.items()
    if key == "array":
        return arrays[content]
    if key == "float":
        return _odd_float(content)
    if key == "map":
        return {name: _thing(one, arrays) for name, one in content.items()}
    if key in (NUMBERS, INTEGERS):
        return arrays[key][content].item()
    if key == "list":
        return [_thing(one, arrays) for one in content]
    raise ValueError(f"{key} is nothing that a library keeps")


def _known(tree: dict[str, Any], arrays: Mapping[str, NDArray[Any]]) -> Any:
    kind = KNOWN[tree["is"]]
    if kind is Experiment:
        return validate(_without_none(_thing(tree["tables"], arrays)))
    if issubclass(kind, MAPPINGS):
        return kind({name: _thing(one, arrays) for name, one in tree["of"].items()})
    make: Callable[..., Any] = kind
    return make(**{name: _thing(one, arrays) for name, one in tree.items() if name != "is"})


@cache
def parts_of(name: str) -> tuple[str, ...]:
    """The fields of one of `KNOWN` that is no mapping."""
    kind = KNOWN[name]
    if is_dataclass(kind):
        return tuple(field.name for field in fields(kind))
    return tuple(kind._fields)


def _odd(number: float) -> str:
    """inf, -inf or nan; and a NaN of other bits by them."""
    bits = struct.pack(">d", number).hex()
    return bits if math.isnan(number) and bits != "7ff8000000000000" else repr(float(number))


def _odd_float(text: str) -> float:
    if text in ("inf", "-inf", "nan"):
        return float(text)
    return float(struct.unpack(">d", bytes.fromhex(text))[0])


def _without_none(tables: Any) -> Any:
    """Tables without the fields that are not set, as files have them."""
    if not isinstance(tables, dict):
        return tables
    return {name: _without_none(one) for name, one in tables.items() if one is not None}
