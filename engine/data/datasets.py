"""The data sets that Retrograde knows by name."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final
from weakref import WeakValueDictionary

import numpy as np
from numpy.typing import NDArray

from engine.arrays import Floats, Integers
from engine.data.dataset import Dataset, Kind, pixel_names
from engine.data.nile import FIRST_YEAR, FLOWS
from engine.data.published import LIBRARY
from engine.errors import InputError
from engine.randomness import generator

SURFACE: Final = "curved surface"
"""What stands in place of a data set where there are only two weights, and no examples."""

OWN: Final = "own problem"
"""What stands in place of a data set where a Python file has the losses, and what they need."""

_SYNTHETIC_SEED: Final = 20150207


@dataclass(frozen=True)
class BuiltIn:
    """What there is to say of a data set before it is loaded.

    Attributes:
        name: what an experiment calls it.
        title: what a person calls it.
        description: one sentence: how many examples, features and classes.
        kind: whether classes or numbers are predicted, or numbers in the order of time, or there
            are no examples at all, or several tasks with classes of their own.
        characters: of drawings, how many each alphabet has, where that is known.
        values: of a series, how many it has.
    """

    name: str
    title: str
    description: str
    kind: Kind = "classification"
    characters: tuple[int, ...] = ()
    values: int | None = None


BUILT_IN: Final[dict[str, BuiltIn]] = {
    entry.name: entry
    for entry in (
        BuiltIn(
            "digits",
            "Handwritten digits",
            "1,797 images of 8 × 8 pixels (64 features), in 10 classes.",
        ),
        BuiltIn(
            "breast-cancer",
            "Breast cancer",
            "569 tumours, 30 features of their cell nuclei, in 2 classes.",
        ),
        BuiltIn("wine", "Wine", "178 wines, 13 features of their chemistry, in 3 classes."),
        BuiltIn("iris", "Iris", "150 flowers, 4 features of their shape, in 3 classes."),
        BuiltIn(
            "diabetes",
            "Diabetes",
            "442 patients, 10 features; the target is the disease progression after a year.",
            "regression",
        ),
        BuiltIn(
            "nile",
            "Flow of the Nile",
            "100 years of the Nile's flow at Aswan, 1871 to 1970, in 10⁸ m³ a year: a series.",
            "series",
            values=100,
        ),
        BuiltIn(
            "waves",
            "Noisy waves",
            "180 points of a curve (1 feature), blurred by noise; the target is its height.",
            "regression",
        ),
        BuiltIn("moons", "Two moons", "600 points in the plane (2 features), in 2 classes."),
        BuiltIn("spirals", "Three spirals", "600 points in the plane (2 features), in 3 classes."),
        BuiltIn("blobs", "Four blobs", "600 points in the plane (2 features), in 4 classes."),
        BuiltIn(
            SURFACE,
            "Curved surface",
            "No examples: two weights are trained on a curved surface (figure 1 of the paper).",
            "surface",
        ),
        BuiltIn(
            OWN,
            "Your own problem",
            "Losses of your own, in a Python file: File, New problem…",
            "own losses",
        ),
        BuiltIn(
            "rotated digits",
            "Rotated digits",
            "Ten tasks: five samples of handwritten digits (8 × 8), each also rotated by 90°.",
            "several tasks",
            (10, 10, 10, 10, 10),
        ),
        BuiltIn(
            "digit characters",
            "Digits as characters",
            "Two sets of characters: digits 0 to 5, and 6 to 9; 174 drawings (10 × 10) of each.",
            "several tasks",
            (6, 4),
        ),
        BuiltIn(
            "mnist",
            "MNIST digits",
            "70,000 images of 28 × 28 pixels (784 features), in 10 classes.",
        ),
        BuiltIn(
            "mnist-test",
            "MNIST test digits",
            "10,000 images of 28 × 28 pixels (784 features), in 10 classes.",
        ),
        BuiltIn(
            "fashion-mnist",
            "Fashion-MNIST clothes",
            "70,000 images of 28 × 28 pixels (784 features), in 10 classes.",
        ),
        BuiltIn(
            "omniglot-small-1",
            "Five Omniglot alphabets",
            "Ten tasks: the characters of Balinese, Early Aramaic, Greek, Korean and Latin, "
            "each alphabet also rotated by 90°.",
            "several tasks",
        ),
        BuiltIn(
            "omniglot-small-2",
            "Five other Omniglot alphabets",
            "Ten tasks: the characters of Greek, Katakana, Latin, Sanskrit and Tagalog, "
            "each alphabet also rotated by 90°.",
            "several tasks",
        ),
    )
}
"""The data sets that go by a name, in the order to list them; `LIBRARY` says which are fetched."""

_in_use: WeakValueDictionary[str, Dataset] = WeakValueDictionary()


def load_dataset(name: str) -> Dataset:
    """Load a data set by its name; it is shared by all its users.

    One that comes with the program is kept in memory from then on; one that was fetched may take
    half a gigabyte, and is kept as long as somebody uses it.

    Args:
        name: a key of `BUILT_IN`.

    Raises:
        InputError: there is no such data set, it is several tasks, or it is not downloaded.
    """
    if name not in BUILT_IN or name in (SURFACE, OWN):
        raise InputError("data.source", f"expected one of {', '.join(BUILT_IN)}, found {name!r}.")
    if BUILT_IN[name].kind == "several tasks":
        raise InputError(
            "model.kind", f"expected shared networks, because {name} has several tasks."
        )
    if name not in LIBRARY:
        return _load_shipped(name)
    if (dataset := _in_use.get(name)) is None:
        from engine.data.fetched import read_fetched

        dataset = _in_use.setdefault(name, read_fetched(name, BUILT_IN[name].title))
    return dataset


@cache
def _load_shipped(name: str) -> Dataset:
    title = BUILT_IN[name].title
    if name == "digits" and (file := _file_of_scikit_learn("digits.csv.gz")):
        *pixels, digits = np.loadtxt(file, delimiter=",").T
        return _digits(np.array(pixels).T, digits.astype(np.int64))
    if name == "nile":
        years = np.arange(FIRST_YEAR, FIRST_YEAR + len(FLOWS), dtype=np.float64)
        nothing = np.zeros((len(FLOWS), 0))
        flows = np.array(FLOWS, np.float64)
        return Dataset(
            name,
            title,
            nothing,
            flows,
            (),
            (),
            order=years,
            order_name="year",
            target_name="flow (10⁸ m³)",
        )
    if name == "waves":
        return Dataset(
            name, title, *_waves(generator(_SYNTHETIC_SEED)), (), ("x",), target_name="height"
        )
    if name in _SYNTHETIC:
        class_names, sample = _SYNTHETIC[name]
        inputs, targets = sample(generator(_SYNTHETIC_SEED))
        return Dataset(name, title, inputs, targets, class_names, ("x", "y"))
    return _from_scikit_learn(name, title)


def _from_scikit_learn(name: str, title: str) -> Dataset:
    from sklearn import datasets

    if name == "digits":
        return _digits(*datasets.load_digits(return_X_y=True))
    if name == "diabetes":
        table = datasets.load_diabetes(scaled=False)
        return Dataset(name, title, table.data, table.target, (), _strings(table.feature_names))
    load: dict[str, Callable[[], Any]] = {
        "breast-cancer": datasets.load_breast_cancer,
        "wine": datasets.load_wine,
        "iris": datasets.load_iris,
    }
    table = load[name]()
    classes, features = _strings(table.target_names), _strings(table.feature_names)
    return Dataset(name, title, table.data, table.target, classes, features)


def _file_of_scikit_learn(name: str) -> Path | None:
    """Where it keeps a table, without loading it, which takes a second; None if nowhere."""
    found = find_spec("sklearn")
    for place in found.submodule_search_locations or () if found else ():
        file = Path(place) / "datasets" / "data" / name
        if file.is_file():
            return file
    return None


def _digits(inputs: Floats, targets: Integers) -> Dataset:
    shape, names = (8, 8), tuple(map(str, range(10)))
    title = BUILT_IN["digits"].title
    return Dataset("digits", title, inputs / 16.0, targets, names, pixel_names(shape), shape)


def _strings(names: Any) -> tuple[str, ...]:
    return tuple(str(name) for name in names)


_Sample = tuple[NDArray[np.float64], NDArray[np.int64]]


def _moons(random: np.random.Generator) -> _Sample:
    """Two interleaved half circles of radius 1, blurred by 0.15."""
    targets = np.repeat(np.arange(2), 300)
    angles = random.uniform(0.0, np.pi, 600)
    upper = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    inputs = np.where(targets[:, None] == 0, upper, [1.0, 0.5] - upper)
    return inputs + 0.15 * random.standard_normal(inputs.shape), targets


def _spirals(random: np.random.Generator) -> _Sample:
    """Three arms of radius up to 1 that each turn once, blurred by 0.03."""
    targets = np.repeat(np.arange(3), 200)
    radii = np.sqrt(random.uniform(0.01, 1.0, 600))
    angles = 2.0 * np.pi * radii + targets * (2.0 * np.pi / 3.0)
    inputs = np.stack([radii * np.cos(angles), radii * np.sin(angles)], axis=1)
    return inputs + 0.03 * random.standard_normal(inputs.shape), targets


def _blobs(random: np.random.Generator) -> _Sample:
    """Four round clouds of standard deviation 0.6 at the corners of a square of side 3."""
    centres = np.array([[-1.5, -1.5], [-1.5, 1.5], [1.5, -1.5], [1.5, 1.5]])
    targets = np.repeat(np.arange(4), 150)
    return centres[targets] + 0.6 * random.standard_normal((600, 2)), targets


def _waves(random: np.random.Generator) -> tuple[Floats, Floats]:
    """A curve whose waves become shorter from x = 0 to 1, blurred by 0.25."""
    x = random.uniform(0.0, 1.0, 180)
    heights = np.sin(2.0 * np.pi * (x + 2.0 * x**2)) + 0.25 * random.standard_normal(180)
    return x[:, None], heights


_SYNTHETIC: Final[dict[str, tuple[tuple[str, ...], Callable[[np.random.Generator], _Sample]]]] = {
    "moons": (("upper", "lower"), _moons),
    "spirals": (("arm 1", "arm 2", "arm 3"), _spirals),
    "blobs": (("blob 1", "blob 2", "blob 3", "blob 4"), _blobs),
}
