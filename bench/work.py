"""The work that every contender does."""

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.data.readers import read_dataset
from engine.derivatives.models import Network

ITERATIONS, BATCH = 100, 200
TRAINED_ON = 8000


@dataclass(frozen=True)
class Work:
    """A training run and its hyperparameters.

    Attributes:
        network: 784-50-50-50-10, tanh; or another size.
        inputs, targets: examples to train on (8,000), then those to judge by (2,000).
        w0: (P,) initial weights.
        learning_rates, decays: (T, 8).
        penalties: (P,).
        source: where the inputs come from.
        batch_size: examples a minibatch; they follow each other.
        trained_on: how many examples to train on.
    """

    network: Network
    inputs: np.ndarray
    targets: np.ndarray
    w0: np.ndarray
    learning_rates: np.ndarray
    decays: np.ndarray
    penalties: np.ndarray
    source: str
    batch_size: int = BATCH
    trained_on: int = TRAINED_ON

    def batch(self, t: int) -> slice:
        """The examples of training iteration t."""
        start = t * self.batch_size % self.trained_on
        return slice(start, start + self.batch_size)

    @property
    def judged(self) -> slice:
        """The examples to judge by."""
        return slice(self.trained_on, None)

    @property
    def iterations(self) -> int:
        """T."""
        return len(self.learning_rates)


def make_work(iterations: int = ITERATIONS, decay: float | None = None) -> Work:
    """Real digits where there are some, noise of the same shape otherwise.

    Args:
        iterations: T.
        decay: one for all; random ones if left out.
    """
    random = np.random.default_rng(0)
    network = Network((784, 50, 50, 50, 10))
    folder = os.environ.get("RETROGRADE_TEST_DATA")
    if folder:
        digits = read_dataset(Path(folder) / "t10k-images-idx3-ubyte.gz")
        inputs, targets = np.array(digits.inputs), np.array(digits.targets)
    else:
        inputs = random.uniform(size=(10_000, 784)) * (random.uniform(size=(10_000, 784)) < 0.2)
        targets = random.integers(0, 10, 10_000)
    schedule = (iterations, len(network.groups))
    decays = random.uniform(0.4, 0.95, schedule) if decay is None else np.full(schedule, decay)
    return Work(
        network,
        inputs,
        targets,
        0.05 * random.standard_normal(network.size),
        random.uniform(0.1, 0.3, schedule),
        np.round(decays * 65536) / 65536,
        random.uniform(1e-5, 1e-3, size=network.size),
        "10,000 real digits" if folder else "noise of the shape of 10,000 digits",
    )
