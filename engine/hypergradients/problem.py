"""What every method starts from: a training run whose hypergradient is wanted, checked once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from engine.arithmetic.fixed_point import round_decays
from engine.arrays import Floats
from engine.derivatives.oracle import Oracle
from engine.errors import InputError
from engine.groups import ParameterGroup, partition


@dataclass(frozen=True, eq=False)
class Problem:
    """A training run, and through its oracle the objective to differentiate.

    Attributes:
        oracle: derivatives of the training loss and of the objective.
        w0: (P,) initial elementary parameters.
        v0: (P,) initial velocity.
        learning_rates: (T, G) α.
        decays: (T, G) γ, already rounded to n/2¹⁶.
        groups: the G parameter groups.
        rates_per_group: whether learning rates were given a value a group, or one for all.
        decays_per_group: the same of decays.
        team: threads that may share the arithmetic of one training run.
        buffer_memory: bytes of the information buffer to keep in memory; what comes beyond goes to
            a temporary file. None: all of it.
    """

    oracle: Oracle
    w0: Floats
    v0: Floats
    learning_rates: Floats
    decays: Floats
    groups: tuple[ParameterGroup, ...]
    rates_per_group: bool = True
    decays_per_group: bool = True
    team: int = 1
    buffer_memory: int | None = None

    @property
    def iterations(self) -> int:
        """T, the number of training iterations."""
        return len(self.learning_rates)

    @property
    def trajectory_bytes(self) -> int:
        """Bytes of w and v of every iteration in float64: 16·P·T."""
        return 16 * self.w0.size * self.iterations

    @property
    def entropy_bits(self) -> float:
        """Sum over iterations and parameters of log₂(1/γ): what no buffer can do without."""
        sizes = np.array([group.size for group in self.groups])
        return float(-(np.log2(self.decays) @ sizes).sum()) + 0.0


def entropy_curve(decays: Floats, groups: Sequence[ParameterGroup]) -> Floats:
    """(T + 1,) the entropy bound in bits after each number of iterations.

    Args:
        decays: (T, G) γ.
        groups: the G parameter groups.
    """
    sizes = np.array([group.size for group in groups])
    return np.concatenate([[0.0], np.cumsum(-np.log2(round_decays(decays)) @ sizes)])


def make_problem(
    oracle: Oracle,
    w0: ArrayLike,
    *,
    learning_rates: ArrayLike,
    decays: ArrayLike,
    groups: Sequence[Any] | None = None,
    v0: ArrayLike | None = None,
    team: int = 1,
    buffer_memory: int | None = None,
) -> Problem:
    """Check the arguments of a training run.

    Raises:
        InputError: naming the argument and what was expected.
    """
    start = _vector("w0", w0)
    velocity = np.zeros_like(start) if v0 is None else _vector("v0", v0)
    if velocity.shape != start.shape:
        raise InputError("v0", f"expected {start.size} values like w0, found {velocity.size}.")
    parts = partition(groups, start.size)
    rates, rates_per_group = _schedule("learning_rates", learning_rates, len(parts))
    kept, decays_per_group = _schedule("decays", decays, len(parts))
    if len(rates) != len(kept):
        raise InputError(
            "decays", f"expected {len(rates)} iterations like learning_rates, found {len(kept)}."
        )
    if np.any(kept <= 0) or np.any(kept > 1):
        raise InputError("decays", "expected values in (0, 1].")
    return Problem(
        oracle,
        start,
        velocity,
        rates,
        round_decays(kept),
        parts,
        rates_per_group,
        decays_per_group,
        team,
        buffer_memory,
    )


def as_floats(name: str, values: ArrayLike) -> Floats:
    """Make an array of floats of an argument.

    Raises:
        InputError: it is not made of finite numbers.
    """
    try:
        array = np.array(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise InputError(name, "expected an array of numbers.") from None
    if not np.all(np.isfinite(array)):
        raise InputError(name, "expected finite numbers.")
    return array


def _vector(name: str, values: ArrayLike) -> Floats:
    vector = as_floats(name, values)
    if vector.ndim != 1:
        raise InputError(name, f"expected a vector, found shape {vector.shape}.")
    return vector


def _schedule(name: str, values: ArrayLike, groups: int) -> tuple[Floats, bool]:
    schedule = as_floats(name, values)
    if schedule.ndim == 1:
        return np.repeat(schedule[:, None], groups, axis=1), False
    if schedule.ndim != 2 or schedule.shape[1] != groups:
        raise InputError(name, f"expected shape (T,) or (T, {groups}), found {schedule.shape}.")
    return schedule, True
