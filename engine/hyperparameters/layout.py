"""Hyperparameters: their kinds, shapes and domains, which are free, and one vector of those.

Meta-optimization moves one unconstrained vector. A `Layout` knows which stretch of it belongs to
which kind, in which domain (a learning rate moves by its logarithm, a decay by its logit), and how
finely a kind is set: one value for everything, or one for each iteration, group, or both.
"""

from collections.abc import Mapping
from functools import cached_property

import numpy as np

from engine.arrays import Floats
from engine.errors import InputError
from engine.groups import ParameterGroup
from engine.hyperparameters.domains import DOMAINS
from engine.hyperparameters.kinds import (
    KINDS,
    MISSING,
    OF_SOME_TASKS,
    Kind,
    Setting,
    setting_problems,
)
from engine.hyperparameters.values import Hyperparameters


class Layout:
    """Which stretch of the free vector holds what.

    Args:
        settings: one for each kind.
        iterations: T.
        groups: the G parameter groups.
        starts: where those kinds start that only some tasks have, of those that the task has.

    Attributes:
        free: the free kinds, in the order in which the vector holds them.

    Raises:
        InputError: an initial value has the wrong shape or lies outside its domain.
    """

    def __init__(
        self,
        settings: Mapping[Kind, Setting],
        iterations: int,
        groups: tuple[ParameterGroup, ...],
        starts: Mapping[Kind, Floats] | None = None,
    ) -> None:
        self._starts = starts or {}
        self._settings = settings
        self.iterations = iterations
        self.groups = groups
        self.free: tuple[Kind, ...] = tuple(kind for kind in KINDS if settings[kind].free)
        self._initial = {kind: self._checked_initial(kind) for kind in KINDS}

    def shape(self, kind: Kind) -> tuple[int, ...]:
        """The shape in which a kind's own values are kept, before they are spread out."""
        if kind in OF_SOME_TASKS:
            return self._starts[kind].shape if kind in self._starts else (0,)
        granularity = self._settings[kind].granularity
        per_iteration = granularity in ("iteration", "iteration and group")
        per_group = granularity in ("group", "iteration and group")
        groups = len(self.groups) if per_group else 1
        if kind in ("learning_rates", "decays"):
            return (self.iterations if per_iteration else 1, groups)
        if granularity == "weight":
            return (max(group.stop for group in self.groups),)
        return (groups,)

    @cached_property
    def spans(self) -> dict[Kind, slice]:
        """The stretch of the free vector that belongs to each free kind."""
        spans, start = {}, 0
        for kind in self.free:
            stop = start + int(np.prod(self.shape(kind)))
            spans[kind] = slice(start, stop)
            start = stop
        return spans

    @property
    def size(self) -> int:
        """Number of free hyperparameters."""
        return max((span.stop for span in self.spans.values()), default=0)

    def initial_vector(self) -> Floats:
        """(N,) the free hyperparameters' coordinates at the start."""
        pieces = [
            DOMAINS[self._settings[kind].domain].to_coordinate(self._initial[kind]).ravel()
            for kind in self.free
        ]
        return np.concatenate([np.zeros(0), *pieces])

    def values(self, vector: Floats) -> Hyperparameters:
        """All hyperparameters, the free ones taken from the vector, spread out to full shape."""
        return Hyperparameters(
            **{kind: self._spread(kind, self._own_values(kind, vector)) for kind in KINDS}
        )

    def project(self, vector: Floats) -> Floats:
        """Move the coordinates whose values left their kind's range back to its edge."""
        projected = vector.copy()
        for kind, span in self.spans.items():
            domain, info = DOMAINS[self._settings[kind].domain], KINDS[kind]
            low = max(info.low, np.nextafter(domain.low, np.inf))
            high = min(info.high, np.nextafter(domain.high, -np.inf))
            limits = domain.to_coordinate(np.array([low, high]))
            projected[span] = np.clip(vector[span], *limits)
        return projected

    def pull_back(self, vector: Floats, gradient: Hyperparameters) -> Floats:
        """Turn a gradient with respect to full-shape values into one for the free vector.

        Args:
            vector: (N,) where the gradient was taken.
            gradient: derivatives by every full-shape value.

        Returns:
            (N,) derivatives by the coordinates.
        """
        pulled = np.zeros(self.size)
        for kind, span in self.spans.items():
            gathered = getattr(gradient, kind)
            for axis, length in enumerate(self.shape(kind)):
                if length == 1:
                    gathered = gathered.sum(axis=axis, keepdims=True)
            slope = DOMAINS[self._settings[kind].domain].slope(vector[span])
            pulled[span] = gathered.ravel() * slope
        return pulled

    def _own_values(self, kind: Kind, vector: Floats) -> Floats:
        if kind not in self.spans:
            return self._initial[kind]
        domain = DOMAINS[self._settings[kind].domain]
        return domain.to_value(vector[self.spans[kind]]).reshape(self.shape(kind))

    def _spread(self, kind: Kind, own: Floats) -> Floats:
        groups = len(self.groups)
        if kind in ("learning_rates", "decays"):
            return np.broadcast_to(own, (self.iterations, groups)).copy()
        if kind == "initial_scales":
            return np.broadcast_to(own, (groups,)).copy()
        if kind in OF_SOME_TASKS:
            return own.copy()
        unused = kind not in self.spans and not np.any(own)
        return np.zeros(0) if unused else own.copy()

    def _checked_initial(self, kind: Kind) -> Floats:
        setting, shape = self._settings[kind], self.shape(kind)
        for name, sentence in setting_problems(kind, setting).items():
            raise InputError(name, sentence)
        if kind in OF_SOME_TASKS:
            if setting.free and kind not in self._starts:
                raise InputError(f"hyperparameters.{kind}.free", MISSING[kind])
            return self._starts.get(kind, np.zeros(0))
        initial: Floats = np.array(setting.initial, dtype=np.float64)
        if initial.ndim == 1 and setting.granularity == "iteration":
            initial = initial[:, None]
        try:
            return np.broadcast_to(initial, shape).copy()
        except ValueError:
            raise InputError(
                f"hyperparameters.{kind}.initial",
                f"expected one number or shape {shape}, found shape {initial.shape}.",
            ) from None
