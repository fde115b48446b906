"""Calls of the library with odd arguments."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import autograd.numpy as anp
import numpy as np

from engine.errors import DivergedError, InputError
from engine.hypergradients.catalogue import METHODS
from engine.hypergradients.hypergradient import hypergradient
from fuzz.cases import Case, Kind


def _quadratic(w: Any, theta: Any, t: Any) -> Any:
    return 0.5 * anp.sum((w - 1.0) ** 2)


def _judged(w: Any, theta: Any) -> Any:
    return anp.sum(w**4)


def _root(w: Any, *_: Any) -> Any:
    with np.errstate(invalid="ignore", divide="ignore"):
        return anp.sum(anp.sqrt(w))


def _of_theta(w: Any, theta: Any, *_: Any) -> Any:
    return anp.sum(w) if theta is None else anp.sum(w) * anp.sum(theta)


class _Hostile:
    """An argument whose every use fails."""

    def __array__(self, *_: Any, **__: Any) -> Any:
        raise RuntimeError("no\narray")

    def __repr__(self) -> str:
        return "two\nlines" * 200


def _once() -> Iterator[float]:
    yield 0.1


_Make = Callable[[], Any]

_USUAL: dict[str, _Make] = {
    "training_loss": lambda: _quadratic,
    "validation_loss": lambda: _judged,
    "w0": lambda: np.linspace(-1.0, 1.0, 4),
    "learning_rates": lambda: np.full(3, 0.1),
    "decays": lambda: np.full(3, 0.5),
}
_LOSSES: dict[str, _Make] = {
    "no loss": lambda: None,
    "a loss of one argument": lambda: lambda w: 1.0,
    "a vector": lambda: lambda *arguments: arguments[0] * 2.0,
    "a constant": lambda: lambda *_: 1.0,
    "NaN": lambda: lambda *arguments: anp.sum(arguments[0]) * np.nan,
    "a text": lambda: lambda *_: "1",
    "a complex number": lambda: lambda *arguments: anp.sum(arguments[0]) * 1j,
    "a square root": lambda: _root,
    "a steep one": lambda: lambda *arguments: 1e9 * anp.sum(arguments[0] ** 4),
    "one at random": lambda: lambda *arguments: anp.sum(arguments[0]) * np.random.random(),  # noqa: NPY002
    "one of theta": lambda: _of_theta,
}
_ARRAYS: dict[str, _Make] = {
    "None": lambda: None,
    "nothing": list,
    "a number": lambda: 0.25,
    "a whole number": lambda: 3,
    "a text": lambda: "0.1",
    "a long text": lambda: "x\n" * 500,
    "bytes": lambda: b"\0" * 8,
    "NaN": lambda: [0.1, np.nan, 0.1],
    "infinity": lambda: [np.inf] * 3,
    "huge numbers": lambda: np.full(3, 1e308),
    "tiny ones": lambda: np.full(4, 5e-324),
    "large whole ones": lambda: [2**70, 1, 1],
    "too many digits": lambda: [10**400],
    "complex numbers": lambda: np.ones(4, complex),
    "truth": lambda: np.array([True, False, True, True]),
    "objects": lambda: np.array([object(), None, 1.0]),
    "ragged rows": lambda: [[0.1], [0.1, 0.2]],
    "masked": lambda: np.ma.masked_equal([1.0, 2.0, 1.0, 3.0], 2.0),
    "days": lambda: np.array(["2020-01-01"], "datetime64[D]"),
    "records": lambda: np.zeros(3, [("a", float)]),
    "a dictionary": lambda: {"a": 1},
    "a set": lambda: {1.0},
    "a generator": _once,
    "hostile": _Hostile,
    "rows for two groups": lambda: np.full((3, 2), 0.1),
    "rows for none": lambda: np.full((3, 0), 0.1),
    "three dimensions": lambda: np.full((3, 1, 1), 0.1),
    "another length": lambda: np.full(7, 0.5),
    "zeros": lambda: np.zeros(3),
    "negative": lambda: np.full(3, -0.1),
    "out of range": lambda: np.full(4, 2048.0),
    "single precision": lambda: np.full(3, 0.1, np.float32),
    "from behind": lambda: np.linspace(0.0, 0.9, 8)[::-2],
    "a gigabyte that takes no room": lambda: np.broadcast_to(0.1, (2**27, 1)),
    "more than there is": lambda: np.broadcast_to(0.1, (2**40,)),
    "a function": lambda: _quadratic,
}
_OTHERS: dict[str, dict[str, _Make]] = {
    "groups": {
        "two": lambda: [slice(0, 2), slice(2, 4)],
        "one too long": lambda: [slice(0, 9)],
        "overlapping": lambda: [slice(0, 3), slice(2, 4)],
        "with steps": lambda: [slice(0, 4, 2), slice(1, 4, 2)],
        "from behind": lambda: [slice(4, 0, -1)],
        "of texts": lambda: [slice("a", "b")],
        "none": list,
        "a number": lambda: 4,
        "a generator": _once,
        "huge": lambda: [slice(0, 10**30)],
    },
    "method": {
        "stored": lambda: "stored-trajectory",
        "unknown": lambda: "x\n" * 300,
        "a list": list,
        "None": lambda: None,
        "hostile": _Hostile,
    },
    "dynamics": {
        "unknown": lambda: "adam",
        "a list": list,
        "a number": lambda: 1,
        "hostile": _Hostile,
    },
    "schedules": {
        "unknown": lambda: {"x\n" * 300: [0.1]},
        "known": lambda: {"learning_rates": np.full(3, 0.1)},
        "of numbers": lambda: {1: 2},
        "a list": lambda: [1],
    },
    "buffer_memory": {
        "none": lambda: 0,
        "negative": lambda: -1,
        "a fraction": lambda: 0.5,
        "truth": lambda: True,
        "a text": lambda: "1",
        "huge": lambda: 10**30,
        "NaN": lambda: np.nan,
    },
}
ODD: dict[str, dict[str, _Make]] = {
    **dict.fromkeys(("training_loss", "validation_loss"), _LOSSES),
    **dict.fromkeys(("w0", "learning_rates", "decays", "theta", "v0"), _ARRAYS),
    **_OTHERS,
}
"""Odd values of every argument, by what people would call them."""


def _arguments(random: Random) -> Case:
    changed = random.sample(sorted(ODD), random.choice([0, 1, 1, 1, 2, 3]))
    chosen = {name: random.choice(sorted(ODD[name])) for name in changed}
    return {"arguments.json": json.dumps(chosen).encode()}


def _call(path: Path) -> object:
    chosen = json.loads(path.read_text())
    given = {**_USUAL, **{name: ODD[name][odd] for name, odd in chosen.items()}}
    made = {name: make() for name, make in given.items()}
    result = hypergradient(made.pop("training_loss"), made.pop("validation_loss"), **made)
    assert result.gradient.is_finite, "every derivative is finite"
    return result


def _compile() -> None:
    """Everything that is compiled when it is first needed."""
    made = {name: make() for name, make in _USUAL.items()}
    for method in METHODS:
        hypergradient(**made, method=method)
        hypergradient(**made, method=method, groups=_OTHERS["groups"]["two"](), buffer_memory=0)


CALLS = {"library": Kind(_arguments, _call, (InputError, DivergedError), _compile)}
