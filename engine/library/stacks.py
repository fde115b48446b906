"""Events of one shape, one after another, kept as one: meta-iterations that are soon over.

Where a meta-iteration takes a millisecond, most of what its event holds costs more to write than to
find out. Of events that differ in numbers alone, all numbers stand together: the floats as
"numbers" (n, F), the integers as "integers" (n, I), and each array as one with one axis more,
(n, …). The body is that of one event, in which ``{"numbers": f}`` and ``{"integers": i}`` stand for
their columns.
"""

import json
from collections.abc import Callable
from itertools import chain
from operator import attrgetter, itemgetter
from typing import Any, Final

import numpy as np

from engine.library.codec import INTEGERS, KNOWN, MAPPINGS, NUMBERS, parts_of, tree_of
from engine.library.npy import head_of

_FLOATS: Final = (float, np.float64)
_INTEGERS: Final = (int, np.int64)
_CONSTANTS: Final = (type(None), bool, np.bool_, str)

Leaves = tuple[Any, ...]


class Stack:
    """Events that are kept as one.

    Args:
        first: of them.
        likely: the shape that it may have.

    Raises:
        TypeError: it is not of a kind that can be kept so.

    Attributes:
        shape: of each.
    """

    def __init__(self, first: Any, likely: "Shape | None" = None) -> None:
        leaves = likely.leaves_of(first) if likely is not None else None
        if likely is None or leaves is None:
            likely = Shape(first)
            leaves = likely.leaves_of(first)
        if leaves is None:
            raise TypeError("an event that does not equal itself")
        self.shape, self._rows = likely, [leaves]

    def __len__(self) -> int:
        """How many events."""
        return len(self._rows)

    def add(self, event: Any) -> bool:
        """Take an event if it differs from the first in numbers alone; tells whether it does."""
        leaves = self.shape.leaves_of(event)
        if leaves is None:
            return False
        self._rows.append(leaves)
        return True

    def encoded(self) -> tuple[str, dict[str, bytes]]:
        """The body, and arrays by name as the bytes of ``.npy`` files.

        Raises:
            OverflowError: an integer has more than 64 bits.
        """
        shape, many = self.shape, len(self._rows)
        columns = [*zip(*self._rows, strict=True)]
        npy = {}
        for name, place, kind, size in shape.arrays:
            head = head_of(kind.str, (many, *size))
            npy[name] = head + b"".join([array.tobytes() for array in columns[place]])
        for name, places, kind in (
            (NUMBERS, shape.numbers, np.dtype(np.float64)),
            (INTEGERS, shape.integers, np.dtype(np.int64)),
        ):
            if places:
                table = np.array([columns[place] for place in places], dtype=kind).T
                npy[name] = head_of(kind.str, table.shape) + table.tobytes()
        return shape.body, npy


class Shape:
    """What events of a stack have in common.

    Attributes:
        body: of one of them, JSON text.
        numbers, integers: the places among its leaves of those that are floats, and integers.
        arrays: of each its name, its place among the leaves, its type, and its shape.
    """

    def __init__(self, example: Any) -> None:
        self._kind = type(example)
        self._paths: list[str] = []
        self._mappings: list[str] = []
        self._cells: list[tuple[dict[str, Any], str, str, Any]] = []  # of leaves in the tree
        self._inner: list[tuple[dict[str, Any], str, str, Any]] = []  # of those in mappings
        root: dict[str, Any] = {}
        self._look(example, "", "", root, "")
        self._leaf = _getter(self._paths)
        self._mapping = _getter(self._mappings)
        numbers, integers, constants = list[int](), list[int](), list[int]()
        self.arrays: list[tuple[str, int, np.dtype[Any], tuple[int, ...]]] = []
        for place, (tree, key, path, leaf) in enumerate(chain(self._cells, self._inner)):
            if isinstance(leaf, np.ndarray):
                if leaf.dtype.hasobject or leaf.dtype.names is not None:
                    raise TypeError("an array of its own kind")
                self.arrays.append((path, place, leaf.dtype, leaf.shape))
                tree[key] = {"array": path}
            elif type(leaf) in _FLOATS:
                tree[key] = {NUMBERS: len(numbers)}
                numbers.append(place)
            elif type(leaf) in _INTEGERS:
                tree[key] = {INTEGERS: len(integers)}
                integers.append(place)
            else:
                tree[key] = tree_of(leaf)
                constants.append(place)
        self.numbers, self.integers = tuple(numbers), tuple(integers)
        self.body = json.dumps(root[""], ensure_ascii=False, separators=(",", ":"))
        leaves = self._taken(example, self._mapping(example))
        self._types = tuple(map(type, leaves))
        self._keys = [*map(tuple, self._mapping(example))]
        self._constant = itemgetter(*constants) if constants else _none
        self._constants = self._constant(leaves)
        self._array = [place for _, place, _, _ in self.arrays]
        self._looks = [(kind, size) for _, _, kind, size in self.arrays]

    def leaves_of(self, event: Any) -> Leaves | None:
        """All that an event holds, in the order of places; None of one that is of another shape."""
        if type(event) is not self._kind:
            return None
        try:
            mappings = self._mapping(event)
            leaves = self._taken(event, mappings)
        except AttributeError:  # what was an object in the first is none here
            return None
        if (
            tuple(map(type, leaves)) != self._types
            or [*map(tuple, mappings)] != self._keys
            or self._constant(leaves) != self._constants
        ):
            return None
        arrays = [leaves[place] for place in self._array]
        return leaves if [(one.dtype, one.shape) for one in arrays] == self._looks else None

    def _taken(self, event: Any, mappings: Leaves) -> Leaves:
        return (*self._leaf(event), *chain.from_iterable([one.values() for one in mappings]))

    def _look(self, thing: Any, getter: str, path: str, tree: dict[str, Any], key: str) -> None:
        """Note what there is in a part of an event, and where it stands in the body.

        Args:
            thing: the part.
            getter: the way to it by attributes.
            path: its name.
            tree: where it stands.
            key: the same, in there.
        """
        under, behind = (f"{path}." if path else ""), (f"{getter}." if getter else "")
        name = type(thing).__name__
        if isinstance(thing, MAPPINGS) or type(thing) is dict:
            is_known = isinstance(thing, MAPPINGS)
            self._mappings.append(f"{behind}_values" if is_known else getter)
            inner: dict[str, Any] = dict.fromkeys(thing)
            tree[key] = {"is": name, "of": inner} if is_known else {"map": inner}
            for one, value in thing.items():
                _check_leaf(value)
                self._inner.append((inner, one, under + one, value))
        elif KNOWN.get(name) is type(thing) and not hasattr(thing, "model_dump"):
            tree[key] = {"is": name}
            for one in parts_of(name):
                self._look(getattr(thing, one), behind + one, under + one, tree[key], one)
        else:
            _check_leaf(thing)
            self._paths.append(getter)
            self._cells.append((tree, key, path, thing))


def _check_leaf(thing: Any) -> None:
    if isinstance(thing, tuple) and all(isinstance(one, str) for one in thing):
        return
    if type(thing) not in (*_FLOATS, *_INTEGERS, *_CONSTANTS, np.ndarray):
        raise TypeError(f"a {type(thing).__name__} among others of its kind")


def _getter(paths: list[str]) -> Callable[[Any], Leaves]:
    if not paths:
        return _none
    found = attrgetter(*paths)
    return found if len(paths) > 1 else lambda thing: (found(thing),)


def _none(_: Any) -> Leaves:
    return ()
