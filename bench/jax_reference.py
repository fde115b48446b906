"""The same hypergradient in JAX: `jit`, `lax.scan`, with and without checkpoints."""

from collections.abc import Callable
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np

from bench.work import BATCH, TRAINED_ON, Work

jax.config.update("jax_enable_x64", True)

POLICIES: dict[str, Callable | None] = {
    "scan": None,
    "scan, checkpoints": jax.checkpoint,
    "scan, checkpoints that keep products": partial(
        jax.checkpoint, policy=jax.checkpoint_policies.dots_saveable
    ),
}


def contender(
    work: Work, policy: str, precision_name: str
) -> tuple[Callable[[], object], Callable[[], list[int]]]:
    """What to run, and the bytes that the compiled program sets aside while it runs."""
    checkpoint = POLICIES[policy]
    precision = jnp.float64 if precision_name == "double" else jnp.float32
    network = work.network
    inputs, targets = jnp.asarray(work.inputs, precision), jnp.asarray(work.targets)

    def by_group(vector):
        """A list of matrices and biases: faster in JAX than slices of one vector."""
        return [
            vector[group.span].reshape(
                network.sizes[index // 2 : index // 2 + 2] if index % 2 == 0 else -1
            )
            for index, group in enumerate(network.groups)
        ]

    def mean_loss(w, x, y):
        z = x
        for layer in range(len(network.sizes) - 1):
            if layer:
                z = jnp.tanh(z)
            z = z @ w[2 * layer] + w[2 * layer + 1]
        chosen = jnp.take_along_axis(z, y[:, None], axis=1)[:, 0]
        return jnp.mean(jax.nn.logsumexp(z, axis=1) - chosen)

    def training_loss(w, penalties, t):
        start = t * BATCH % TRAINED_ON
        x = jax.lax.dynamic_slice_in_dim(inputs, start, BATCH)
        y = jax.lax.dynamic_slice_in_dim(targets, start, BATCH)
        return mean_loss(w, x, y) + sum(
            jnp.sum(some * one * one) for some, one in zip(penalties, w, strict=True)
        )

    def after_training(w0, learning_rates, decays, penalties):
        def step(state, schedule):
            w, v = state
            t, rates, kept = schedule
            gradient = jax.grad(training_loss)(w, penalties, t)
            v = [k * old - (1 - k) * g for k, old, g in zip(kept, v, gradient, strict=True)]
            return ([one + r * move for one, r, move in zip(w, rates, v, strict=True)], v), None

        if checkpoint is not None:
            step = checkpoint(step)
        steps = jnp.arange(len(learning_rates)), learning_rates, decays
        (w, _), _ = jax.lax.scan(step, (w0, [jnp.zeros_like(one) for one in w0]), steps)
        return mean_loss(w, inputs[work.judged], targets[work.judged])

    rates, decays = (jnp.asarray(each, precision) for each in (work.learning_rates, work.decays))
    w0, penalties = (by_group(jnp.asarray(each, precision)) for each in (work.w0, work.penalties))
    given = w0, rates, decays, penalties
    compiled = jax.jit(jax.grad(after_training, argnums=(0, 1, 2, 3))).lower(*given).compile()

    def run() -> dict[str, np.ndarray]:
        w0, rates, decays, penalties = jax.block_until_ready(compiled(*given))
        return {
            "w0": _joined(w0),
            "learning_rates": np.asarray(rates, np.float64),
            "decays": np.asarray(decays, np.float64),
            "penalties": _joined(penalties),
        }

    return run, lambda: [compiled.memory_analysis().temp_size_in_bytes]


def _joined(arrays: list[jax.Array]) -> np.ndarray:
    return np.concatenate([np.asarray(each, np.float64).ravel() for each in arrays])
