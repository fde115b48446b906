"""The same training, and its hypergradient, in JAX: `jit`, `lax.scan`, with checkpoints or not."""

from collections.abc import Callable
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np

from bench.work import Work

jax.config.update("jax_enable_x64", True)

POLICIES: dict[str, Callable | None] = {
    "scan": None,
    "scan, checkpoints": jax.checkpoint,
    "scan, checkpoints that keep products": partial(
        jax.checkpoint, policy=jax.checkpoint_policies.dots_saveable
    ),
}


class Training:
    """The work as functions of its hyperparameters, a list of matrices and biases each.

    Such lists are faster in JAX than slices of one vector.

    Attributes:
        w0: initial parameters.
        learning_rates, decays: (T, 8).
        penalties: of all weights, or of groups.
    """

    def __init__(self, work: Work, precision=jnp.float64) -> None:
        self._work = work
        self._inputs = jnp.asarray(work.inputs, precision)
        self._targets = jnp.asarray(work.targets)
        self.learning_rates = jnp.asarray(work.learning_rates, precision)
        self.decays = jnp.asarray(work.decays, precision)
        self.w0 = self._by_group(jnp.asarray(work.w0, precision))
        penalties = jnp.asarray(work.penalties, precision)
        weight_by_weight = penalties.size == work.network.size
        self.penalties = self._by_group(penalties) if weight_by_weight else list(penalties)

    def _by_group(self, vector):
        sizes = self._work.network.sizes
        return [
            vector[group.span].reshape(sizes[index // 2 : index // 2 + 2] if index % 2 == 0 else -1)
            for index, group in enumerate(self._work.network.groups)
        ]

    def mean_loss(self, w, x, y):
        """Cross-entropy."""
        z = x
        for layer in range(len(self._work.network.sizes) - 1):
            if layer:
                z = jnp.tanh(z)
            z = z @ w[2 * layer] + w[2 * layer + 1]
        chosen = jnp.take_along_axis(z, y[:, None], axis=1)[:, 0]
        return jnp.mean(jax.nn.logsumexp(z, axis=1) - chosen)

    def loss(self, w, penalties, t):
        """What is trained at iteration t."""
        size = self._work.batch_size
        start = t * size % self._work.trained_on
        x = jax.lax.dynamic_slice_in_dim(self._inputs, start, size)
        y = jax.lax.dynamic_slice_in_dim(self._targets, start, size)
        return self.mean_loss(w, x, y) + sum(
            jnp.sum(some * one * one) for some, one in zip(penalties, w, strict=True)
        )

    def objective(self, w):
        """What training is judged by."""
        judged = self._work.judged
        return self.mean_loss(w, self._inputs[judged], self._targets[judged])

    def step(self, penalties, state, schedule):
        """One iteration of training, for `lax.scan`."""
        w, v = state
        t, rates, kept = schedule
        gradient = jax.grad(self.loss)(w, penalties, t)
        v = [k * old - (1 - k) * g for k, old, g in zip(kept, v, gradient, strict=True)]
        return ([one + r * move for one, r, move in zip(w, rates, v, strict=True)], v), None

    def start(self, w0):
        """The state before training."""
        return w0, [jnp.zeros_like(one) for one in w0]

    def train(self, state, learning_rates, decays, penalties, first=0, checkpoint=None):
        """Train from a state at iteration ``first``, for as long as there are schedules."""
        step = partial(self.step, penalties)
        if checkpoint is not None:
            step = checkpoint(step)
        steps = first + jnp.arange(len(learning_rates)), learning_rates, decays
        return jax.lax.scan(step, state, steps)[0]


def contender(
    work: Work, policy: str, precision_name: str
) -> tuple[Callable[[], object], Callable[[], list[int]]]:
    """What to run, and the bytes that the compiled program sets aside while it runs."""
    training = Training(work, jnp.float64 if precision_name == "double" else jnp.float32)

    def after_training(w0, learning_rates, decays, penalties):
        start = training.start(w0)
        w, _ = training.train(start, learning_rates, decays, penalties, checkpoint=POLICIES[policy])
        return training.objective(w)

    given = training.w0, training.learning_rates, training.decays, training.penalties
    compiled = jax.jit(jax.grad(after_training, argnums=(0, 1, 2, 3))).lower(*given).compile()

    def run() -> dict[str, np.ndarray]:
        w0, rates, decays, penalties = jax.block_until_ready(compiled(*given))
        return {
            "w0": joined(w0),
            "learning_rates": np.asarray(rates, np.float64),
            "decays": np.asarray(decays, np.float64),
            "penalties": joined(penalties),
        }

    return run, lambda: [compiled.memory_analysis().temp_size_in_bytes]


def joined(arrays: list[jax.Array]) -> np.ndarray:
    """A vector of matrices and biases."""
    return np.concatenate([np.asarray(each, np.float64).ravel() for each in arrays])
