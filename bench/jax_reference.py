"""The same hypergradient in JAX: `jit`, `lax.scan`, with and without checkpoints."""

from collections.abc import Callable
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np

from bench.work import BATCH, TRAINED_ON, Work

jax.config.update("jax_enable_x64", True)


def contenders(work: Work) -> dict[str, tuple[Callable[[], object], Callable[[], int]]]:
    """What to run, and the bytes that each compiled program sets aside while it runs."""
    policies = {
        "JAX, scan": None,
        "JAX, scan, checkpoints": jax.checkpoint,
        "JAX, scan, checkpoints that keep products": partial(
            jax.checkpoint, policy=jax.checkpoint_policies.dots_saveable
        ),
    }
    made = {name: _contender(work, policy, jnp.float64) for name, policy in policies.items()}
    made["JAX single precision, scan"] = _contender(work, None, jnp.float32)
    made["JAX single precision, scan, checkpoints"] = _contender(work, jax.checkpoint, jnp.float32)
    return made


def _contender(
    work: Work, checkpoint: Callable | None, precision: type
) -> tuple[Callable[[], object], Callable[[], int]]:
    network = work.network
    sizes = np.array([group.size for group in network.groups])
    inputs, targets = jnp.asarray(work.inputs, precision), jnp.asarray(work.targets)

    def mean_loss(w, x, y):
        z = x
        for layer in range(len(network.sizes) - 1):
            if layer:
                z = jnp.tanh(z)
            weights, biases = network.groups[2 * layer : 2 * layer + 2]
            matrix = w[weights.span].reshape(network.sizes[layer : layer + 2])
            z = z @ matrix + w[biases.span]
        chosen = jnp.take_along_axis(z, y[:, None], axis=1)[:, 0]
        return jnp.mean(jax.nn.logsumexp(z, axis=1) - chosen)

    def training_loss(w, penalties, t):
        start = t * BATCH % TRAINED_ON
        x = jax.lax.dynamic_slice_in_dim(inputs, start, BATCH)
        y = jax.lax.dynamic_slice_in_dim(targets, start, BATCH)
        return mean_loss(w, x, y) + penalties @ (w * w)

    def after_training(w0, learning_rates, decays, penalties):
        def step(state, schedule):
            w, v = state
            t, rates, kept = schedule
            g = jax.grad(training_loss)(w, penalties, t)
            kept = jnp.repeat(kept, sizes, total_repeat_length=network.size)
            rates = jnp.repeat(rates, sizes, total_repeat_length=network.size)
            v = kept * v - (1 - kept) * g
            return (w + rates * v, v), None

        if checkpoint is not None:
            step = checkpoint(step)
        steps = jnp.arange(len(learning_rates)), learning_rates, decays
        (w, _), _ = jax.lax.scan(step, (w0, jnp.zeros_like(w0)), steps)
        return mean_loss(w, inputs[work.judged], targets[work.judged])

    given = tuple(
        jnp.asarray(array, precision)
        for array in (work.w0, work.learning_rates, work.decays, work.penalties)
    )
    compiled = jax.jit(jax.grad(after_training, argnums=(0, 1, 2, 3))).lower(*given).compile()

    def run() -> dict[str, np.ndarray]:
        gradients = jax.block_until_ready(compiled(*given))
        names = ("w0", "learning_rates", "decays", "penalties")
        return {
            name: np.asarray(found, np.float64)
            for name, found in zip(names, gradients, strict=True)
        }

    return run, lambda: compiled.memory_analysis().temp_size_in_bytes
