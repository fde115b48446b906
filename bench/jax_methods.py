"""The methods of `engine.methods` in JAX, each as somebody would write it: jit, and scan."""

from collections.abc import Callable
from math import isqrt
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from bench.jax_reference import Training, contender, joined
from bench.work import Work

Contender = tuple[Callable[[], dict[str, np.ndarray]], Callable[[], int]]
DISTANCE = 1e-3  # of finite differences, relative to what is moved


def make(method: str, work: Work, rounds: int, step: float) -> Contender:
    """What to run, and the bytes that its compiled program sets aside.

    Args:
        method: a name in `engine.methods.METHODS`.
        work: to do.
        rounds: of a truncated or an implicit method.
        step: η of a series or a fixed point.
    """
    if method in ("exact-reversal", "stored-trajectory"):
        run, held = contender(work, "scan", "double")
        return run, lambda: held()[0]
    training = Training(work)
    if method == "checkpointed":
        return _compiled(_checkpointed(training), training, ("w0", *_KINDS))
    if method == "truncated":
        return _compiled(_truncated(training, rounds), training, _KINDS)
    if method == "forward":
        return _forward(training)
    if method == "finite-differences":
        return _finite_differences(training)
    return _compiled(_implicit(training, method, rounds, step), training, ("penalties",))


_KINDS = ("learning_rates", "decays", "penalties")


def _compiled(function: Callable, training: Training, names: tuple[str, ...]) -> Contender:
    given = training.w0, training.learning_rates, training.decays, training.penalties
    compiled = jax.jit(function).lower(*given).compile()

    def run() -> dict[str, np.ndarray]:
        found = jax.block_until_ready(compiled(*given))
        return {
            name: joined(each) if isinstance(each, list) else np.asarray(each)
            for name, each in zip(names, found, strict=True)
        }

    return run, lambda: compiled.memory_analysis().temp_size_in_bytes


def _checkpointed(training: Training) -> Callable:
    """A scan of scans, of which only the states in between are kept: about √T of them."""
    steps = len(training.learning_rates)
    inner = next(size for size in range(isqrt(steps), 0, -1) if steps % size == 0)

    def after_training(w0, learning_rates, decays, penalties):
        @jax.checkpoint
        def stretch(state, given):
            first, rates, kept = given
            return training.train(state, rates, kept, penalties, first), None

        outer = (steps // inner, inner, -1)
        given = (
            inner * jnp.arange(steps // inner),
            learning_rates.reshape(outer),
            decays.reshape(outer),
        )
        (w, _), _ = jax.lax.scan(stretch, training.start(w0), given)
        return training.objective(w)

    return jax.grad(after_training, argnums=(0, 1, 2, 3))


def _truncated(training: Training, last: int) -> Callable:
    first = len(training.learning_rates) - last

    def hypergradient(w0, learning_rates, decays, penalties):
        before = training.train(
            training.start(w0), learning_rates[:first], decays[:first], penalties
        )

        def after_training(learning_rates, decays, penalties):
            w, _ = training.train(before, learning_rates[first:], decays[first:], penalties, first)
            return training.objective(w)

        return jax.grad(after_training, argnums=(0, 1, 2))(learning_rates, decays, penalties)

    return hypergradient


def _after_training(training: Training, scalars: Any) -> jax.Array:
    """The objective as a function of one learning rate, one decay, and perhaps penalties."""
    shape = training.learning_rates.shape
    rates, kept = (jnp.full(shape, scalars[index]) for index in (0, 1))
    penalties = list(scalars[2:]) or training.penalties
    w, _ = training.train(training.start(training.w0), rates, kept, penalties)
    return training.objective(w)


def _scalars(training: Training) -> jax.Array:
    few = [training.learning_rates[0, 0], training.decays[0, 0]]
    return jnp.array([*few, *(training.penalties if training.penalties[0].ndim == 0 else ())])


def _apart(found: np.ndarray) -> dict[str, np.ndarray]:
    parts = {"learning_rates": found[:1], "decays": found[1:2], "penalties": found[2:]}
    return {name: part for name, part in parts.items() if part.size}


def _forward(training: Training) -> Contender:
    """jacfwd: vmap of jvp."""
    at = _scalars(training)
    function = jax.jacfwd(lambda scalars: _after_training(training, scalars))
    compiled = jax.jit(function).lower(at).compile()
    return (
        lambda: _apart(np.asarray(jax.block_until_ready(compiled(at)))),
        lambda: compiled.memory_analysis().temp_size_in_bytes,
    )


def _finite_differences(training: Training) -> Contender:
    """Central ones at two distances, and Richardson's extrapolation."""
    at = np.asarray(_scalars(training))
    function = jax.jit(lambda scalars: _after_training(training, scalars))
    compiled = function.lower(at).compile()

    def quotient(index: int, h: float) -> float:
        moved = h * np.eye(len(at))[index]
        return (float(compiled(at + moved)) - float(compiled(at - moved))) / (2 * h)

    def run() -> dict[str, np.ndarray]:
        compiled(at).block_until_ready()
        distances = DISTANCE * np.maximum(np.abs(at), 0.1)
        found = [(4 * quotient(i, h / 2) - quotient(i, h)) / 3 for i, h in enumerate(distances)]
        return _apart(np.array(found))

    return run, lambda: compiled.memory_analysis().temp_size_in_bytes


def _implicit(training: Training, method: str, rounds: int, step: float) -> Callable:
    """Products with the Hessian are jvp of grad, at the end of training."""
    last = len(training.learning_rates) - 1

    def hypergradient(w0, learning_rates, decays, penalties):
        w, _ = training.train(training.start(w0), learning_rates, decays, penalties)
        right = jax.grad(training.objective)(w)

        def gradient(w, penalties):
            return jax.grad(training.loss)(w, penalties, last)

        def multiply(u):
            return jax.jvp(lambda w: gradient(w, penalties), (w,), (u,))[1]

        def add(some, factor, more):
            return jax.tree.map(lambda one, other: one + factor * other, some, more)

        if method == "implicit-cg":
            q, _ = jax.scipy.sparse.linalg.cg(multiply, right, tol=0.0, maxiter=rounds)
        elif method == "implicit-neumann":

            def one_more(_, state):
                total, term = state
                term = add(term, -step, multiply(term))
                return add(total, 1.0, term), term

            total, _ = jax.lax.fori_loop(1, rounds, one_more, (right, right))
            q = [step * one for one in total]
        else:

            def go_round(_, q):
                return add(add(q, -step, multiply(q)), 1.0, right)

            q = [step * one for one in jax.lax.fori_loop(1, rounds, go_round, right)]
        _, pull = jax.vjp(lambda penalties: gradient(w, penalties), penalties)
        return ([-one for one in pull(q)[0]],)

    return hypergradient


def cholesky(
    inputs: np.ndarray,
    targets: np.ndarray,
    judged: tuple[np.ndarray, np.ndarray],
    penalties: np.ndarray,
) -> Contender:
    """Linear regression with penalties: the minimum, and q, by one factor of jax.hessian's H."""
    from jax.scipy.linalg import cho_factor, cho_solve

    x, y = jnp.asarray(inputs), jnp.asarray(targets)
    judged_x, judged_y = map(jnp.asarray, judged)

    def misfit(w, x, y):
        return jnp.mean((x @ w[:-1] + w[-1] - y) ** 2)

    def loss(w, penalties):
        return misfit(w, x, y) + penalties @ (w * w)

    def hypergradient(penalties):
        start = jnp.zeros_like(penalties)
        factor = cho_factor(jax.hessian(loss)(start, penalties))
        w = start - cho_solve(factor, jax.grad(loss)(start, penalties))
        q = cho_solve(factor, jax.grad(misfit)(w, judged_x, judged_y))
        _, pull = jax.vjp(lambda penalties: jax.grad(loss)(w, penalties), penalties)
        return -pull(q)[0]

    given = jnp.asarray(penalties)
    compiled = jax.jit(hypergradient).lower(given).compile()
    return (
        lambda: {"penalties": np.asarray(jax.block_until_ready(compiled(given)))},
        lambda: compiled.memory_analysis().temp_size_in_bytes,
    )
