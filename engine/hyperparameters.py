"""Hyperparameters: their kinds, shapes and domains, which are free, and one vector of those.

Meta-optimization moves one unconstrained vector. A `Layout` knows which stretch of it belongs to
which kind, in which domain (a learning rate moves by its logarithm, a decay by its logit), and how
finely a kind is set: one value for everything, or one for each iteration, group, or both.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Annotated, Final, Literal, NamedTuple

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from engine.errors import InputError
from engine.exact import Floats
from engine.groups import ParameterGroup
from engine.kernels.fixed_point import DECAY_BITS

Kind = Literal[
    "learning_rates", "decays", "initial_scales", "l2_penalties", "training_inputs", "sharing"
]
Domain = Literal["log", "logit", "identity"]
Granularity = Literal["one", "iteration", "group", "iteration and group", "weight", "entry"]
Number = Annotated[float, Field(strict=True)]
Initial = Number | tuple[Number, ...] | tuple[tuple[Number, ...], ...]


class KindInfo(NamedTuple):
    """What a kind of hyperparameter allows.

    Attributes:
        title: what the interface calls it.
        granularities: how finely it can be set.
        domains: the domains it can move in.
        low, high: the closed range that its values stay in.
    """

    title: str
    granularities: tuple[Granularity, ...]
    domains: tuple[Domain, ...]
    low: float
    high: float


_SCHEDULE: tuple[Granularity, ...] = ("one", "iteration", "group", "iteration and group")
KINDS: Final[dict[Kind, KindInfo]] = {
    "learning_rates": KindInfo("learning rates", _SCHEDULE, ("log", "identity"), -2048.0, 2048.0),
    "decays": KindInfo("momentum decays", _SCHEDULE, ("logit", "identity"), 2.0**-DECAY_BITS, 1.0),
    "initial_scales": KindInfo(
        "initial scales", ("one", "group"), ("log", "identity"), 0.0, 1000.0
    ),
    "l2_penalties": KindInfo(
        "L2 penalties", ("one", "group", "weight"), ("log", "identity"), 0.0, 1e6
    ),
    "training_inputs": KindInfo("training inputs", ("entry",), ("identity",), -2048.0, 2048.0),
    "sharing": KindInfo("weight sharing", ("entry",), ("identity",), -2048.0, 2048.0),
}
OF_SOME_TASKS: Final[tuple[Kind, ...]] = ("training_inputs", "sharing")
"""What only some tasks have; the task says where they start, given one number."""


class Transform(NamedTuple):
    """A domain: how its unconstrained coordinate u and the value x go into each other."""

    to_coordinate: Callable[[Floats], Floats]
    to_value: Callable[[Floats], Floats]
    slope: Callable[[Floats], Floats]
    low: float
    high: float


def _logistic(u: Floats) -> Floats:
    return 0.5 * (1.0 + np.tanh(0.5 * u))


DOMAINS: Final[dict[Domain, Transform]] = {
    "log": Transform(np.log, np.exp, np.exp, 0.0, np.inf),
    "logit": Transform(
        lambda x: np.log(x) - np.log1p(-x),
        _logistic,
        lambda u: _logistic(u) * _logistic(-u),
        0.0,
        1.0,
    ),
    "identity": Transform(np.copy, np.copy, np.ones_like, -np.inf, np.inf),
}
"""Slopes are dx/du at u; the limits of log and logit are open."""


class Setting(BaseModel):
    """How one kind of hyperparameter starts, and whether and how it moves.

    Attributes:
        initial: starting value in its own unit: one number for all, or an array of the shape that
            the granularity asks for.
        free: whether meta-optimization changes it.
        granularity: how finely it is set.
        domain: the coordinate it moves in.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    initial: Initial
    free: bool = False
    granularity: Granularity = "one"
    domain: Domain = "log"


@dataclass(frozen=True, eq=False)
class Hyperparameters:
    """The values of all hyperparameters, or a gradient with respect to them; read-only.

    Attributes:
        learning_rates: (T, G) α.
        decays: (T, G) γ.
        initial_scales: (G,) standard deviation of the initial parameters.
        l2_penalties: (1,), (G,) or (P,) λ in Σ λ w²; or (0,) when there is none.
        training_inputs: (N, D) examples that are learned; or (0,) when they are given.
        sharing: (L, n, n) how the n tasks of a network with L layers mix their parameters; or (0,).
    """

    learning_rates: Floats
    decays: Floats
    initial_scales: Floats
    l2_penalties: Floats
    training_inputs: Floats = field(default_factory=lambda: np.zeros(0))
    sharing: Floats = field(default_factory=lambda: np.zeros(0))

    def __post_init__(self) -> None:
        for values in self.arrays().values():
            values.setflags(write=False)

    @property
    def theta(self) -> Floats:
        """(M,) what stands inside the losses: penalties, training inputs and sharing."""
        parts = (self.l2_penalties, self.training_inputs, self.sharing)
        return np.concatenate([part.ravel() for part in parts])

    def arrays(self) -> dict[Kind, Floats]:
        """The values by kind."""
        return {kind: getattr(self, kind) for kind in KINDS}


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
            raise InputError(f"{name}: {sentence}")
        if kind in OF_SOME_TASKS:
            if setting.free and kind not in self._starts:
                raise InputError(f"hyperparameters.{kind}.free: {MISSING[kind]}")
            return self._starts.get(kind, np.zeros(0))
        initial: Floats = np.array(setting.initial, dtype=np.float64)
        if initial.ndim == 1 and setting.granularity == "iteration":
            initial = initial[:, None]
        try:
            return np.broadcast_to(initial, shape).copy()
        except ValueError:
            raise InputError(
                f"hyperparameters.{kind}.initial: expected one number or shape {shape}, "
                f"found shape {initial.shape}."
            ) from None


MISSING: Final[dict[Kind, str]] = {
    "training_inputs": "expected false, because data.learned_per_class asks for none.",
    "sharing": "expected false, because only shared networks share weights.",
}


def setting_problems(kind: Kind, setting: Setting) -> dict[str, str]:
    """What is wrong with a setting whatever the model is: a sentence a dotted field."""
    info, domain = KINDS[kind], DOMAINS[setting.domain]
    prefix = f"hyperparameters.{kind}"
    for name, allowed in (("granularity", info.granularities), ("domain", info.domains)):
        if getattr(setting, name) not in allowed:
            found = getattr(setting, name)
            return {f"{prefix}.{name}": f"expected one of {', '.join(allowed)}, found {found!r}."}
    if kind in OF_SOME_TASKS and not isinstance(setting.initial, float | int):
        return {f"{prefix}.initial": "expected one number."}
    try:
        initial: Floats = np.array(setting.initial, dtype=np.float64)
    except ValueError:
        return {f"{prefix}.initial": "expected rows of the same length."}
    if not np.all((initial >= info.low) & (initial <= info.high)):
        return {f"{prefix}.initial": f"expected {info.low:g} to {info.high:g}."}
    if setting.free and not np.all((initial > domain.low) & (initial < domain.high)):
        limits = f"more than {domain.low:g}"
        if np.isfinite(domain.high):
            limits += f" and less than {domain.high:g}"
        sentence = f"expected {limits}, to be free in the {setting.domain} domain."
        return {f"{prefix}.initial": sentence}
    return {}
