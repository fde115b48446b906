"""Examples as the kernels read them: inputs row by row, or only what of them is not zero."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.kernels.compiling import helper

PANELS = 8
"""In how many panels of columns sparse inputs are kept."""

_WORTH_SPARSE = 0.25  # of the entries not zero; with more, dense products are faster
_FEWEST_COLUMNS = 64

Array = NDArray[Any]


class Examples(NamedTuple):
    """N examples with D features each.

    Attributes:
        inputs: (N, D); (0, D) if they are sparse.
        values, columns: of what is not zero, row by row; empty if the inputs are dense.
        starts: (N, PANELS + 1) where among them a row's share of each panel begins, and the last
            one ends; (0, …) if the inputs are dense.
        classes: (N,) class indices; empty for numbers to predict.
        numbers: (N,) numbers to predict; empty for classes.
    """

    inputs: Array
    values: Array
    columns: Array
    starts: Array
    classes: Array
    numbers: Array

    @property
    def size(self) -> int:
        """N."""
        return self.classes.size + self.numbers.size

    @property
    def are_sparse(self) -> bool:
        """Whether only what is not zero of the inputs is kept."""
        return len(self.starts) > 0


class Rows(NamedTuple):
    """Some of the examples: those ``chosen``, or the ones from ``start`` on if none is.

    Attributes:
        inputs, values, columns, starts, classes, numbers: of the examples.
        chosen: (n,) their indices; empty for n that follow each other.
        start: the first of those.
        shares: (n,) what each example's loss is multiplied by before they are summed.
    """

    inputs: Array
    values: Array
    columns: Array
    starts: Array
    classes: Array
    numbers: Array
    chosen: Array
    start: int
    shares: Array


def make_examples(
    inputs: Array,
    targets: Array,
    precision: type[np.floating[Any]] = np.float64,
    sparse: bool | None = None,
) -> Examples:
    """Examples for the kernels.

    Args:
        inputs: (N, D).
        targets: (N,) class indices, or floats to predict.
        precision: in which to keep the inputs.
        sparse: whether to keep only what of them is not zero; None: if that is faster.
    """
    numbers = targets if targets.dtype.kind == "f" else np.zeros(0)
    classes = np.zeros(0, np.int64) if targets.dtype.kind == "f" else targets
    features = inputs.shape[1]
    values: Array = np.zeros(0)
    columns: Array = np.zeros(0)
    starts: Array = np.zeros((0, PANELS + 1))
    if sparse is None:
        few = np.count_nonzero(inputs) < _WORTH_SPARSE * inputs.size
        sparse = features >= _FEWEST_COLUMNS and bool(few)
    if sparse:
        places, columns = np.nonzero(inputs)
        values = inputs[places, columns]
        edges = features * np.arange(PANELS + 1) // PANELS
        in_order = places * features + columns
        ends = np.arange(len(inputs))[:, None] * features + edges
        starts = np.searchsorted(in_order, ends)
        inputs = inputs[:0]
    return Examples(
        read_only(inputs, precision),
        read_only(values, precision),
        read_only(columns, np.int32),
        read_only(starts, np.int64),
        read_only(classes, np.int64),
        read_only(numbers, np.float64),
    )


def dense(examples: Examples, features: int) -> Array:
    """(N, D) inputs, whichever way they are kept."""
    if not examples.are_sparse:
        return examples.inputs
    inputs = np.zeros((examples.size, features), examples.values.dtype)
    starts = examples.starts[:, 0]
    counts = examples.starts[:, -1] - starts
    inputs[np.repeat(np.arange(examples.size), counts), examples.columns] = examples.values
    return inputs


def with_inputs(examples: Examples, inputs: Array) -> Examples:
    """The same examples with other inputs (N, D), kept in the same precision."""
    kept = examples.values if examples.are_sparse else examples.inputs
    targets = examples.classes if examples.classes.size else examples.numbers
    return make_examples(inputs, targets, kept.dtype.type)


def read_only(array: Array, kind: Any = None) -> Array:
    """A read-only view: kernels are compiled once for each kind of array that they are given."""
    view = np.ascontiguousarray(array, kind).view()
    view.setflags(write=False)
    return view


@helper()
def are_sparse(rows):  # type: ignore[no-untyped-def]
    """Whether only what is not zero of the inputs is kept."""
    return rows.starts.shape[0] > 0


@helper()
def example_of(rows, i):  # type: ignore[no-untyped-def]
    """Which example is row i."""
    return rows.chosen[i] if rows.chosen.size else rows.start + i
