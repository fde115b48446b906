"""The values of all hyperparameters of a run, and θ, which is the part of them in the losses."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from engine.arrays import Floats
from engine.errors import InputError
from engine.hyperparameters.kinds import KINDS


class Hyperparameters(Mapping[str, Floats]):
    """Values by kind, or a gradient with respect to them: an immutable mapping of read-only arrays.

    It holds the kinds that a run has, in the catalogue's order: (T, G) schedules, (G,) initial
    scales, and what stands in the losses as the experiment sets it.

    Args:
        values: by the names of their kinds.

    Raises:
        InputError: a name that is no kind's.
    """

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, Floats]) -> None:
        for name in values:
            if name not in KINDS:
                raise InputError(name, f"expected one of {', '.join(KINDS)}.")
        self._values = {kind: values[kind] for kind in KINDS if kind in values}
        for array in self._values.values():
            array.setflags(write=False)

    def __getitem__(self, kind: str) -> Floats:
        return self._values[kind]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __reduce__(self) -> tuple[Any, ...]:
        return Hyperparameters, (self._values,)

    __eq__ = object.__eq__
    __hash__ = object.__hash__

    def replace(self, **changes: Floats) -> "Hyperparameters":
        """The same with other values of some kinds."""
        return Hyperparameters({**self._values, **changes})

    @property
    def theta(self) -> Floats:
        """(M,) what stands in the losses: those kinds one after the other."""
        parts = [self[kind].ravel() for kind in self if KINDS[kind].enters == "loss"]
        return np.concatenate([np.zeros(0), *parts])

    def split_theta(self, theta: Floats) -> dict[str, Floats]:
        """Take a vector like θ apart: the transpose of putting it together.

        Args:
            theta: (M,) such as derivatives by θ.

        Returns:
            By kind, shaped like the values.
        """
        kinds = [kind for kind in self if KINDS[kind].enters == "loss"]
        if not kinds:
            return {}
        stops = np.cumsum([self[kind].size for kind in kinds])
        pieces = np.split(theta, stops[:-1])
        return {
            kind: piece.reshape(self[kind].shape) for kind, piece in zip(kinds, pieces, strict=True)
        }


def mean_hyperparameters(several: Sequence[Hyperparameters]) -> Hyperparameters:
    """Average values or gradients kind by kind."""
    return Hyperparameters(
        {kind: np.mean([one[kind] for one in several], axis=0) for kind in several[0]}
    )


def values_of(kind: str, several: Sequence[Hyperparameters]) -> list[Floats]:
    """The values of one kind in each of several.

    Where it was left out, because it was fixed and made no difference, these are the values that
    make none; all are empty if it was left out everywhere.
    """
    shape = next((one[kind].shape for one in several if kind in one), (0,))
    neutral = KINDS[kind].neutral
    return [one[kind] if kind in one else np.full(shape, neutral or 0.0) for one in several]
