"""Dividing a data set into training, validation and test examples, and scaling them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from engine.data.dataset import Dataset, read_only
from engine.errors import InputError
from engine.randomness import generator
from engine.sentences import shown

Scaling = Literal["each feature", "all features", "centre", "none"]

_SPLIT: Final = 0x5B117


@dataclass(frozen=True, eq=False)
class Part:
    """Some of the examples of a data set.

    Attributes:
        inputs: (n, D) float64 features, scaled.
        targets: (n,) int64 class indices, or float64 standardised numbers to predict.

    """

    inputs: NDArray[np.float64]
    targets: NDArray[Any]


@dataclass(frozen=True, eq=False)
class Split:
    """A data set divided into disjoint parts, scaled by what the training part alone says.

    Attributes:
        train: at least one example, unless those to train on come from elsewhere.
        validation: possibly none.
        test: possibly none.
        target_mean: what was subtracted from the targets of a regression; 0 for classification.
        target_scale: what they were divided by then; 1 for classification.
        order: (n,) which examples of the data set these are, the training part's first.

    """

    train: Part
    validation: Part
    test: Part
    target_mean: float
    target_scale: float
    order: NDArray[np.int64]


def split_dataset(
    dataset: Dataset,
    *,
    train: float | int,
    validation: float | int,
    test: float | int,
    scaling: Scaling,
    seed: int,
    fewest: int = 1,
) -> Split:
    """Divide a data set at random, fill what is missing, and scale it.

    The seed alone decides the order in which examples are dealt out: first to the training part,
    then to validation, then to test. So the training part does not depend on the other amounts.

    Args:
        dataset: N examples.
        train: how many examples: an int counts them, a float in [0, 1] is a fraction of N,
            rounded down. At least ``fewest``.
        validation: likewise, possibly none.
        test: likewise, possibly none.
        scaling: "each feature" subtracts the mean over the training part and divides by the
            standard deviation, feature by feature; "all features" has one mean and one standard
            deviation for them all; "centre" subtracts the mean of each feature, and divides by
            nothing; "none" leaves the inputs alone. What is constant is divided by 1. The targets
            of a regression are standardised whatever the scaling.
        seed: at least 0.
        fewest: training examples that there must be; with none of them, nothing can be scaled.

    Raises:
        InputError: naming the field that is out of range, or the data that cannot be scaled.
    """
    if scaling not in get_args(Scaling):
        expected = ", ".join(get_args(Scaling))
        raise InputError("data.scaling", f"expected one of {expected}, found {scaling!r}.")
    if seed < 0:
        raise InputError("data.seed", f"expected a whole number of at least 0, found {seed}.")
    counts = counts_of(dataset.size, train, validation, test)
    if counts[0] < fewest:
        raise InputError(
            "data.train", f"expected at least 1 of the {dataset.size} examples, found {train}."
        )
    if not counts[0] and (scaling != "none" or dataset.kind == "regression"):
        raise InputError("data.scaling", "expected none, because there are no training examples.")
    check_total(counts, dataset.size)
    order = generator(seed, _SPLIT).permutation(dataset.size)[: sum(counts)]
    inputs, targets = dataset.inputs[order], dataset.targets[order]
    if dataset.fill:
        _fill(inputs, counts[0], dataset)
    target_mean, target_scale = 0.0, 1.0
    if scaling == "centre":
        _standardise(inputs, counts[0], 0, dataset.title, divides=False)
    elif scaling != "none":
        _standardise(inputs, counts[0], 0 if scaling == "each feature" else None, dataset.title)
    if dataset.kind == "regression":
        moments = _standardise(targets, counts[0], None, dataset.title)
        target_mean, target_scale = map(float, moments)

    def part(start: int, stop: int) -> Part:
        return Part(read_only(inputs[start:stop]), read_only(targets[start:stop]))

    first, second = counts[0], counts[0] + counts[1]
    return Split(
        train=part(0, first),
        validation=part(first, second),
        test=part(second, len(order)),
        target_mean=target_mean,
        target_scale=target_scale,
        order=read_only(order),
    )


def counts_of(
    size: int, train: float | int, validation: float | int, test: float | int
) -> tuple[int, int, int]:
    """How many of N examples each part has; amounts as in `split_dataset`.

    Raises:
        InputError: an amount is neither a count nor a fraction.
    """
    return (
        _count("data.train", train, size),
        _count("data.validation", validation, size),
        _count("data.test", test, size),
    )


def check_total(counts: Sequence[int], size: int) -> None:
    """Refuse parts that have more examples than there are.

    Raises:
        InputError: naming all three amounts.
    """
    if sum(counts) > size:
        raise InputError(
            "data.train + data.validation + data.test",
            f"expected at most {size} examples, found {sum(counts)}.",
        )


def _count(field: str, amount: float | int, size: int) -> int:
    if isinstance(amount, int) and amount >= 0:
        return amount
    if isinstance(amount, float) and 0.0 <= amount <= 1.0:
        return math.floor(amount * size + 1e-9)
    raise InputError(
        field, f"expected a count of examples or a fraction between 0.0 and 1.0, found {amount}."
    )


def _fill(inputs: NDArray[np.float64], trained: int, dataset: Dataset) -> None:
    """Put the mean or the median of what each feature is in the training part where it is missing.

    Args:
        inputs: (n, D) of which the first ``trained`` decide.
        trained: how many those are.
        dataset: has the names of the features, and says what to fill with.
    """
    for column in np.flatnonzero(np.isnan(inputs).any(axis=0)):
        values = inputs[:, column]
        known = values[:trained][~np.isnan(values[:trained])]
        if not len(known):
            name = shown(dataset.feature_names[column])
            wanted = f"a value of {name} in the training part to fill missing cells with"
            raise InputError(dataset.title, f"expected {wanted}, found none.")
        with np.errstate(over="ignore"):
            filling = np.median(known) if dataset.fill == "median" else known.mean()
        if not np.isfinite(filling):
            expected = f"expected numbers whose {dataset.fill} can be taken without overflow."
            raise InputError(dataset.title, expected)
        values[np.isnan(values)] = filling


def _standardise(
    values: NDArray[np.float64],
    trained: int,
    axis: int | None,
    title: str,
    *,
    divides: bool = True,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Standardise values in place; returns what was subtracted and what they were divided by.

    Args:
        values: (n, …) of which the first ``trained`` decide the mean and standard deviation.
        trained: how many those are.
        axis: 0 to treat features apart, None to treat all values alike.
        title: what a message calls the data.
        divides: whether by the standard deviation; else only the mean is subtracted.
    """
    known = values[:trained]
    least, most = known.min(axis), known.max(axis)
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        mean = np.where(least == most, least, known.mean(axis))
        deviation = known.std(axis)
        is_one = (least == most) | (deviation == 0.0) | (not divides)
        scale = np.where(is_one, 1.0, deviation)
        values -= mean
        values /= scale
    if not (np.isfinite(scale).all() and np.isfinite(values).all()):
        raise InputError(title, "expected numbers that can be standardised without overflow.")
    return mean, scale
