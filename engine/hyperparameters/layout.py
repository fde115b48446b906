"""One vector of what is free.

Meta-optimization moves one unconstrained vector. A `Layout` knows which stretch of it belongs to
which kind, in which domain (a learning rate moves by its logarithm, a decay by its logit), and how
finely a kind is set: one value for everything, or one for each iteration, group, or both.
"""

from collections.abc import Collection, Mapping
from functools import cached_property
from types import MappingProxyType

import numpy as np

from engine.arrays import Floats
from engine.errors import InputError
from engine.groups import ParameterGroup
from engine.hyperparameters.constraints import CONSTRAINTS
from engine.hyperparameters.domains import DOMAINS
from engine.hyperparameters.extents import Sizes
from engine.hyperparameters.kinds import KINDS
from engine.hyperparameters.settings import Setting
from engine.hyperparameters.values import Hyperparameters


class Layout:
    """Which stretch of the free vector holds what.

    Args:
        settings: one for each kind.
        iterations: T.
        groups: the G parameter groups.
        kinds: those that the run has.
        starts: where those kinds start whose start the task says.
        least: of some kinds, how low their free values may go, where that is more than the least
            of the kind's range.
        ranges: of some kinds, a closed range within that of the kind.

    Attributes:
        free: the free kinds, in the order in which the vector holds them.

    Raises:
        InputError: a kind is free that the run does not have; or an initial value has the wrong
            shape, lies outside its domain or does not meet its constraint.
    """

    def __init__(
        self,
        settings: Mapping[str, Setting],
        iterations: int,
        groups: tuple[ParameterGroup, ...],
        kinds: Collection[str],
        starts: Mapping[str, Floats] | None = None,
        least: Mapping[str, float] = MappingProxyType({}),
        ranges: Mapping[str, tuple[float, float]] = MappingProxyType({}),
    ) -> None:
        self._starts = starts or {}
        self._least, self._ranges = least, ranges
        self._settings = settings
        self._sizes = Sizes(iterations, groups)
        for kind, setting in settings.items():
            for field, sentence in KINDS[kind].problems(setting).items():
                raise InputError(field, sentence)
            if setting.free and kind not in kinds:
                raise InputError(f"hyperparameters.{kind}.free", KINDS[kind].missing)
        self._kinds = tuple(kind for kind in KINDS if kind in kinds)
        self.free: tuple[str, ...] = tuple(kind for kind in self._kinds if settings[kind].free)
        self._initial = {kind: self._checked_initial(kind) for kind in self._kinds}
        self._always_there = set(self.free)

    @property
    def iterations(self) -> int:
        """T."""
        return self._sizes.iterations

    def shape(self, kind: str) -> tuple[int, ...]:
        """The shape in which a kind's own values are kept, before they are spread out."""
        if kind in self._starts:
            return self._starts[kind].shape
        return KINDS[kind].extent.shape(self._settings[kind].granularity, self._sizes)

    @cached_property
    def spans(self) -> dict[str, slice]:
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

    def freed(self, settings: Mapping[str, Setting], vector: Floats) -> tuple["Layout", Floats]:
        """The layout once other kinds are free, and where they are in it.

        A kind that stays free stays where it is, to the bit; one that becomes fixed keeps its
        values; one that becomes free starts from its own, or the nearest ones that it may have.

        Args:
            settings: the same as those of this layout but for what is free.
            vector: (N,) where the free hyperparameters are.

        Returns:
            The new layout, and the new vector of its size.
        """
        own = {kind: self._own_values(kind, vector) for kind in self._kinds}
        layout = Layout(
            settings,
            self.iterations,
            self._sizes.groups,
            self._kinds,
            own,
            self._least,
            self._ranges,
        )
        layout._always_there |= self._always_there
        moved = layout.project(layout.initial_vector())
        for kind in self.free:
            if kind in layout.spans:
                moved[layout.spans[kind]] = vector[self.spans[kind]]
        return layout, moved

    @property
    def always_there(self) -> tuple[str, ...]:
        """The kinds that are free, or were."""
        return tuple(kind for kind in self._kinds if kind in self._always_there)

    def going_on(
        self, settings: Mapping[str, Setting], own: Mapping[str, Floats], there: Collection[str]
    ) -> "Layout":
        """The layout that `freed` led to, of a run that goes on.

        Args:
            settings: as they are now.
            own: its `own_values` then.
            there: what was `always_there`.
        """
        layout = Layout(
            settings,
            self.iterations,
            self._sizes.groups,
            self._kinds,
            own,
            self._least,
            self._ranges,
        )
        layout._always_there |= set(there)
        return layout

    def values(self, vector: Floats) -> Hyperparameters:
        """All hyperparameters, the free ones taken from the vector, spread out to full shape.

        A kind that has always been fixed, where it makes no difference, is left out.
        """
        own = {kind: self._own_values(kind, vector) for kind in self._kinds}
        return Hyperparameters(
            {
                kind: KINDS[kind].extent.spread(values, self._sizes)
                for kind, values in own.items()
                if kind in self._always_there or not np.all(values == KINDS[kind].neutral)
            }
        )

    def limits(self, kind: str) -> tuple[float, float]:
        """How low and how high the coordinates of a kind may go."""
        domain = self._settings[kind].domain
        low, high = KINDS[kind].limits(domain)
        least, greatest = self._ranges.get(kind, (low, high))
        ends = np.array([max(low, least, self._least.get(kind, low)), min(high, greatest)])
        lowest, highest = DOMAINS[domain].to_coordinate(ends)
        return float(lowest), float(highest)

    def project(self, vector: Floats) -> Floats:
        """Move the coordinates whose values left their kind's range, or its constraint, back."""
        projected = vector.copy()
        for kind, span in self.spans.items():
            setting, limits = self._settings[kind], self.limits(kind)
            own = vector[span].reshape(self.shape(kind))
            if setting.constraint is not None and CONSTRAINTS[setting.constraint].comes_first:
                own = np.clip(_constrained(own, setting), *limits)
            else:
                own = _constrained(np.clip(own, *limits), setting)
            projected[span] = own.ravel()
        return projected

    def range(self) -> tuple[Floats, Floats]:
        """(N,) how low and how high every coordinate may go."""
        ends = np.zeros((2, self.size))
        for kind, span in self.spans.items():
            ends[:, span] = np.array(self.limits(kind))[:, None]
        return ends[0], ends[1]

    def pull_back(self, vector: Floats, gradient: Mapping[str, Floats]) -> Floats:
        """Turn a gradient with respect to full-shape values into one for the free vector.

        Args:
            vector: (N,) where the gradient was taken.
            gradient: derivatives by every full-shape value, of the free kinds at least.

        Returns:
            (N,) derivatives by the coordinates.
        """
        pulled = np.zeros(self.size)
        for kind, span in self.spans.items():
            gathered = self.own(kind, gradient[kind])
            slope = DOMAINS[self._settings[kind].domain].slope(vector[span])
            pulled[span] = gathered.ravel() * slope
        return pulled

    def slopes(self, vector: Floats) -> Floats:
        """(N,) how fast each free value moves with its coordinate."""
        slopes = np.zeros(self.size)
        for kind, span in self.spans.items():
            slopes[span] = DOMAINS[self._settings[kind].domain].slope(vector[span])
        return slopes

    def own_values(self, vector: Floats) -> dict[str, Floats]:
        """The values of every kind as they are set, before they are spread out to full shape."""
        return {kind: self._own_values(kind, vector) for kind in self._kinds}

    def own(self, kind: str, gradient: Floats) -> Floats:
        """Derivatives by a kind's own values, of those by full-shape ones."""
        return KINDS[kind].extent.gather(gradient, self.shape(kind))

    def spread(self, kind: str, own: Floats) -> Floats:
        """A kind's own values at full shape."""
        return KINDS[kind].extent.spread(own, self._sizes)

    def _own_values(self, kind: str, vector: Floats) -> Floats:
        if kind not in self.spans:
            return self._initial[kind]
        domain = DOMAINS[self._settings[kind].domain]
        return domain.to_value(vector[self.spans[kind]]).reshape(self.shape(kind))

    def _checked_initial(self, kind: str) -> Floats:
        setting, shape = self._settings[kind], self.shape(kind)
        initial: Floats = np.array(setting.initial, dtype=np.float64)
        if kind in self._starts and not initial.ndim:
            return _constrained(self._starts[kind], setting)
        if kind in self._starts:  # one after the other: files have no more than two axes
            if initial.size != np.prod(shape):
                raise InputError(
                    f"hyperparameters.{kind}.initial",
                    f"expected one number or shape {shape}, found shape {initial.shape}.",
                )
            initial = initial.reshape(shape)
        if initial.ndim == 1 and setting.granularity == "iteration":
            initial = initial[:, None]
        try:
            filled = np.broadcast_to(initial, shape).copy()
        except ValueError:
            raise InputError(
                f"hyperparameters.{kind}.initial",
                f"expected one number or shape {shape}, found shape {initial.shape}.",
            ) from None
        if not np.allclose(filled, _constrained(filled, setting), rtol=1e-9, atol=1e-12):
            words = CONSTRAINTS[setting.constraint or ""].words.format(bound=setting.bound)
            raise InputError(f"hyperparameters.{kind}.initial", f"expected values that {words}.")
        return filled


def _constrained(values: Floats, setting: Setting) -> Floats:
    """The nearest values that meet a setting's constraint, if it has one and is free.

    It holds in each row of a matrix.
    """
    if setting.constraint is None or not setting.free:
        return values
    constraint, bound = CONSTRAINTS[setting.constraint], setting.bound or 0.0
    length = values.shape[-1] if constraint.has_bound else values.size
    rows = [constraint.project(row, bound) for row in values.reshape(-1, length)]
    return np.reshape(rows, values.shape)
