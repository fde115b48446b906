"""Learning curves of our own, to judge forecasts by: small networks with random settings.

Each is the validation accuracy (and the validation loss) of a dense network over 100 epochs of
minibatch descent on scikit-learn's digits and breast cancer, and on MNIST digits where they are
available. Settings are drawn widely, as a random search would: many learn slowly, some start only
after a while, some hardly learn. Curves with an even number are there to choose forecasters by,
those with an odd number to judge them.

    RETROGRADE_DATA=FOLDER python -m bench.learning_curves

writes resources/learning_curves.csv: a row for each curve, with its data set, number (which is its
seed), quantity, and value after every epoch.
"""

import csv
import gzip
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np
from sklearn.datasets import load_breast_cancer, load_digits

import resources
from engine.arrays import Floats, Integers
from engine.randomness import generator

FILE: Final = Path(resources.__file__).with_name("learning_curves.csv")
EPOCHS: Final = 100
COUNTS: Final = {"digits": 40, "breast cancer": 28, "MNIST": 32}
"""How many curves there are of each data set."""

_PARTS: Final = {"digits": (500, 500), "breast cancer": (200, 300), "MNIST": (1000, 1000)}
_LOSSES_OF: Final = 6  # of so many curves two are kept as losses, too
_LOSS_AT_MOST: Final = 1e3


@dataclass(frozen=True)
class Curve:
    """A learning curve.

    Attributes:
        data: the data set.
        number: from 0, and the seed.
        quantity: "accuracy" or "loss", on validation examples.
        values: (EPOCHS,) after every epoch.
    """

    data: str
    number: int
    quantity: str
    values: Floats

    @property
    def is_for_choosing(self) -> bool:
        """Whether forecasters are chosen by it; else they are judged by it."""
        return self.number % 2 == 0


def kept(quantity: str = "accuracy") -> list[Curve]:
    """The curves in the file."""
    with FILE.open(newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))[1:]
    return [
        Curve(data, int(number), found, np.array(values, float))
        for data, number, found, *values in rows
        if found == quantity
    ]


def main() -> None:
    with FILE.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["data", "number", "quantity", *range(1, EPOCHS + 1)])
        for place, (data, count) in enumerate(COUNTS.items()):
            inputs, classes = examples(data)
            for number in range(count):
                accuracies, losses = train(inputs, classes, _PARTS[data], (place, number))
                writer.writerow([data, number, "accuracy", *(f"{one:.4g}" for one in accuracies)])
                if number % _LOSSES_OF < 2:
                    writer.writerow([data, number, "loss", *(f"{one:.4g}" for one in losses)])
            print(f"{data}: {count} curves")


def examples(data: str) -> tuple[Floats, Integers]:
    """(N, D) inputs of about unit size, and (N,) classes.

    Raises:
        SystemExit: MNIST is not there.
    """
    if data == "digits":
        digits = load_digits()
        return digits.data / 16 - 0.3, digits.target
    if data == "breast cancer":
        cancer = load_breast_cancer()
        return (cancer.data - cancer.data.mean(0)) / cancer.data.std(0), cancer.target
    folder = os.environ.get("RETROGRADE_DATA")
    if not folder:
        sys.exit("Set RETROGRADE_DATA to the folder with t10k-images-idx3-ubyte.gz.")
    pixels = _bytes(Path(folder) / "t10k-images-idx3-ubyte.gz", 16).reshape(-1, 784)
    return pixels / 255 - 0.13, _bytes(Path(folder) / "t10k-labels-idx1-ubyte.gz", 8).astype(int)


def _bytes(path: Path, header: int) -> Integers:
    with gzip.open(path) as file:
        return np.frombuffer(file.read()[header:], np.uint8)


def train(
    inputs: Floats, classes: Integers, parts: tuple[int, int], seed: tuple[int, int]
) -> tuple[Floats, Floats]:
    """(EPOCHS,) validation accuracies, and losses, of a network with random settings."""
    rng = generator(*seed)
    order = rng.permutation(len(inputs))
    chosen, rest = order[: parts[0]], order[parts[0] : sum(parts)]
    network = _Network(rng, inputs.shape[1], int(classes.max()) + 1)
    batch = int(2 ** rng.uniform(3, 7))
    accuracies, losses = np.zeros(EPOCHS), np.zeros(EPOCHS)
    for epoch in range(EPOCHS):
        for few in _minibatches(rng.permutation(chosen), batch):
            network.step(inputs[few], classes[few])
        accuracies[epoch], losses[epoch] = network.judged(inputs[rest], classes[rest])
    return accuracies, losses


def _minibatches(order: Integers, size: int) -> Iterator[Integers]:
    for start in range(0, len(order), size):
        yield order[start : start + size]


class _Network:
    """A dense network and its optimizer, with settings drawn at random."""

    def __init__(self, rng: np.random.Generator, features: int, classes: int) -> None:
        hidden = [int(2 ** rng.uniform(3, 6.3)) for _ in range(rng.choice(3, p=[0.15, 0.45, 0.4]))]
        sizes = [features, *hidden, classes]
        scale = np.exp(rng.uniform(np.log(0.1), np.log(2)))
        self.is_relu = rng.random() < 0.5
        self.rate = 10 ** rng.uniform(-2.9, -0.3)
        self.decay = rng.choice([0.0, 0.5, 0.9])
        self.penalty = 10 ** rng.uniform(-6, -2)
        self.slowing = rng.choice([1.0, 1.0, 0.99, 0.97])
        self.smooth = rng.random() < 0.3  # Adam instead of momentum
        if self.smooth:
            self.rate *= 0.03
        self.w = [scale * rng.standard_normal((n, m)) / np.sqrt(n) for n, m in pairwise(sizes)]
        self.b = [np.zeros(m) for m in sizes[1:]]
        self.moved = [np.zeros_like(one) for one in self.w + self.b]
        self.squares = [np.zeros_like(one) for one in self.w + self.b]
        self.steps = 0

    def _forward(self, inputs: Floats) -> list[Floats]:
        values = [inputs]
        for layer, (w, b) in enumerate(zip(self.w, self.b, strict=True)):
            sums = values[-1] @ w + b
            if layer < len(self.w) - 1:
                sums = np.maximum(sums, 0) if self.is_relu else np.tanh(sums)
            values.append(sums)
        top = values[-1] - values[-1].max(1, keepdims=True)
        values[-1] = np.exp(top) / np.exp(top).sum(1, keepdims=True)
        return values

    def step(self, inputs: Floats, classes: Integers) -> None:
        values = self._forward(inputs)
        errors = values[-1].copy()
        errors[np.arange(len(classes)), classes] -= 1
        errors /= len(classes)
        by_w, by_b = [], []
        for layer in range(len(self.w) - 1, -1, -1):
            by_w.insert(0, values[layer].T @ errors + self.penalty * self.w[layer])
            by_b.insert(0, errors.sum(0))
            below = values[layer]
            slope = (below > 0) * 1.0 if self.is_relu else 1 - below**2
            errors = errors @ self.w[layer].T * slope
        self.steps += 1
        for one, moved, squares, by in zip(
            self.w + self.b, self.moved, self.squares, by_w + by_b, strict=True
        ):
            if self.smooth:
                moved += 0.1 * (by - moved)
                squares += 0.001 * (by**2 - squares)
                right = np.sqrt(1 - 0.999**self.steps) / (1 - 0.9**self.steps)
                one -= self.rate * right * moved / (np.sqrt(squares) + 1e-8)
            else:
                moved *= self.decay
                moved += by
                one -= self.rate * moved

    def judged(self, inputs: Floats, classes: Integers) -> tuple[float, float]:
        """Accuracy and cross-entropy; the rate falls by the epoch, where it does."""
        self.rate *= self.slowing
        right = self._forward(inputs)[-1]
        own = np.maximum(right[np.arange(len(classes)), classes], 1e-300)
        accuracy = float(np.mean(right.argmax(1) == classes))
        return accuracy, min(float(np.mean(-np.log(own))), _LOSS_AT_MOST)


if __name__ == "__main__":
    main()
