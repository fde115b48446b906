"""Finished learning curves to replay decisions on: those that ship, or anybody's."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final, Literal, TypeAlias

import numpy as np

from engine.arrays import Floats, Integers
from engine.errors import InputError
from engine.forecasting.scales import Quantity
from engine.sentences import listed, shown

Along: TypeAlias = Literal["epoch", "training iteration"]

SHIPPED: Final = {
    "digits": "Digits",
    "breast-cancer": "Breast cancer",
    "mnist": "MNIST",
}
"""The sets that ship, by name, with their titles: dense networks with settings drawn at random."""

_FILE: Final = "learning_curves.csv"
_FEWEST: Final = 4  # points: three to forecast from, and one to look to


@dataclass(frozen=True, eq=False)
class CurveSet:
    """Curves of the same length, in the order in which they were trained.

    Attributes:
        name: for folders.
        title: for people.
        quantity: what they are.
        names: of the C curves, each different.
        values: (C, N) by point; NaN: not measured there, but the last of each is.
        along: what is counted along them.
        each: how many of these lie between two points.
        first: where the first point lies.
        remark: what was left out, in a sentence; or empty.
    """

    name: str
    title: str
    quantity: Quantity
    names: tuple[str, ...]
    values: Floats
    along: Along = "epoch"
    each: float = 1.0
    first: float = 1.0
    remark: str = ""

    @property
    def count(self) -> int:
        """C."""
        return len(self.names)

    @property
    def points(self) -> int:
        """N."""
        return int(self.values.shape[1])

    @property
    def x(self) -> Floats:
        """(N,) where the points lie."""
        places: Floats = self.first + self.each * np.arange(self.points, dtype=np.float64)
        return places

    @property
    def truths(self) -> Floats:
        """(C,) where the curves ended."""
        ends: Floats = self.values[:, -1]
        return ends

    def is_better(self, one: float, other: float) -> bool:
        """Whether a value is better than another, of this quantity."""
        return one > other if self.quantity == "accuracy" else one < other

    def spent(self, points: int) -> float:
        """Epochs, or training iterations, that so many points of a curve stand for."""
        return self.each * points


def whole_curves(
    name: str,
    title: str,
    quantity: Quantity,
    curves: Sequence[tuple[str, Floats]],
    along: Along = "epoch",
    each: float = 1.0,
    first: float = 1.0,
    points: int = 0,
) -> CurveSet:
    """The curves that reach the end, of some.

    Args:
        name: for folders.
        title: for people.
        quantity: what they are.
        along: what is counted along them.
        each: how many of these lie between two points.
        first: where the first point lies.
        points: of a curve that reaches the end; 0: those of the longest.
        curves: name and values of each, from the first point; one that stops early, or has no last
            value, says nothing of where it would have ended, and is left out.

    Raises:
        InputError: fewer than two reach the end, they are too short, or no accuracies.
    """
    longest = points or max((len(values) for _, values in curves), default=0)
    kept = [
        (label, np.asarray(values, float))
        for label, values in curves
        if len(values) == longest and np.isfinite(values[-1]) and np.isfinite(values).sum() > 1
    ]
    if len(kept) < 2:
        what = f"{len(kept)} of {len(curves)}"
        wanted = f"at least two learning curves that reach the last {along}"
        raise InputError(title, f"expected {wanted}, found {what}.")
    if longest < _FEWEST:
        raise InputError(title, f"expected curves of at least {_FEWEST} points, found {longest}.")
    values = np.stack([one for _, one in kept])
    values[~np.isfinite(values)] = np.nan
    if quantity == "accuracy" and not (np.nanmin(values) >= 0 and np.nanmax(values) <= 1):
        wrong = float(np.nanmin(values) if np.nanmin(values) < 0 else np.nanmax(values))
        raise InputError(title, f"expected accuracies between 0 and 1, found {shown(wrong)}.")
    lost = len(curves) - len(kept)
    many = "1 curve that ends" if lost == 1 else f"{lost} curves that end"
    remark = f"Without {many} before the others do." if lost else ""
    names = _told_apart([label for label, _ in kept])
    return CurveSet(name, title, quantity, names, values, along, each, first, remark)


@cache
def shipped_curves(name: str, quantity: Quantity = "accuracy") -> CurveSet:
    """A set that ships.

    Raises:
        InputError: there is none of this name.
    """
    if name not in SHIPPED:
        raise InputError("curves", f"expected one of {listed([*SHIPPED])}, found {shown(name)}.")
    text = files("resources").joinpath(_FILE).read_text(encoding="utf-8")
    _, *rows = csv.reader(text.splitlines())
    curves = [
        (f"network {number}", np.array(values, float))
        for data, number, found, *values in rows
        if found == quantity and data.lower().replace(" ", "-") == name
    ]
    return whole_curves(name, SHIPPED[name], quantity, curves)


def looks(points: int, every: int) -> Integers:
    """(n,) the points after which somebody looks: every so many, from three on, but not the last.

    Args:
        points: N, of the curves.
        every: points between two looks.
    """
    found = np.arange(every, points, every, dtype=np.int64)
    return found[found >= _FEWEST - 1]


def _told_apart(names: Sequence[str]) -> tuple[str, ...]:
    """The names, numbered where one occurs twice."""
    found: list[str] = []
    taken = set(names)
    for name in names:
        label, number = name, 2
        while label in found or (label != name and label in taken):
            label, number = f"{name} ({number})", number + 1
        found.append(label)
    return tuple(found)
