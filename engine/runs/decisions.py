"""Decisions to stop, replayed on finished curves: the events that tell of it, and their record.

See `engine.forecasting.replayed`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from engine.arrays import Floats
from engine.errors import InputError
from engine.forecasting.curve_sets import CurveSet, looks
from engine.forecasting.foreseen import Foreseen
from engine.forecasting.models import FORECASTERS, USUAL
from engine.forecasting.replayed import Balance, Decision, balance_of, calibration, replay
from engine.forecasting.stopping import Rule
from engine.runs.events import Preparing
from engine.sentences import listed, shown

THRESHOLDS: Final = (0.005, 0.01, 0.02, 0.03, 0.05, 0.07, *(n / 20 for n in range(2, 11)))
"""With which the decisions are replayed besides."""


@dataclass(frozen=True)
class Replayed:
    """What is replayed.

    Attributes:
        curves: which.
        rule: decides.
        every: points between two looks at a curve.
        model: of the forecasts; a name of `engine.forecasting.models.FORECASTERS`.
        seed: of the forecasts.
    """

    curves: CurveSet
    rule: Rule = field(default_factory=Rule)
    every: int = 10
    model: str = USUAL
    seed: int = 0

    @property
    def looks(self) -> tuple[int, ...]:
        """After which points a curve is looked at."""
        return tuple(looks(self.curves.points, self.every).tolist())


def checked(asked: Replayed) -> Replayed:
    """The same, if it can be replayed.

    Raises:
        InputError: it cannot be; the field and what was expected.
    """
    rule, most = asked.rule, asked.curves.points
    if not 0 < rule.threshold < 1:
        wanted = "expected a number between 0 and 1"
        raise InputError("threshold", f"{wanted}, found {shown(rule.threshold)}.")
    for name, value, least, largest in (
        ("patience", rule.patience, 1, most),
        ("least", rule.least, 3, most),
        ("every", asked.every, 1, most - 1),
    ):
        if not least <= value <= largest:
            wanted = f"expected a whole number from {least} to {largest:,}"
            raise InputError(name, f"{wanted}, found {shown(value)}.")
    if asked.model not in FORECASTERS:
        raise InputError(
            "model", f"expected one of {listed([*FORECASTERS])}, found {shown(asked.model)}."
        )
    if not asked.looks:
        raise InputError("every", f"expected a look before the last point, found {asked.every}.")
    return asked


@dataclass(frozen=True)
class DecisionsStarted:
    """It begins."""

    replayed: Replayed


@dataclass(frozen=True)
class CurveStarted:
    """A curve is forecast from here; `index` is its place in the set."""

    index: int


@dataclass(frozen=True)
class CurveProgress:
    """Some forecasts of a curve are made.

    Attributes:
        index: its place in the set.
        points: from which the last one was made.
    """

    index: int
    points: int


@dataclass(frozen=True)
class CurvesProgress:
    """So many curves are forecast, elsewhere."""

    done: int


@dataclass(frozen=True)
class CurveForecast:
    """All forecasts of a curve are there.

    Attributes:
        index: its place in the set.
        forecasts: by points; None where nothing can be said, as of too few values.
    """

    index: int
    forecasts: Mapping[int, Foreseen | None]


@dataclass(frozen=True)
class DecisionsFinished:
    """All curves are forecast."""


DecisionsEvent: TypeAlias = (
    Preparing
    | DecisionsStarted
    | CurveStarted
    | CurveProgress
    | CurvesProgress
    | CurveForecast
    | DecisionsFinished
)


class DecisionsRecord:
    """Collects the events of one replay, and decides on the curves that are forecast so far.

    Attributes:
        asked: what is replayed; a rule may be put in its place, and looks that are known.
        done: how many curves are forecast.
        current: the place of the one that is forecast now; None between two.
        is_over: whether all are.
    """

    def __init__(self, started: DecisionsStarted) -> None:
        self.asked = started.replayed
        self.done = 0
        self.current: int | None = None
        self.is_over = False
        self._known: dict[tuple[int, int], Foreseen | None] = {}
        self._found: dict[object, tuple[Decision, ...]] = {}

    @property
    def experiment(self) -> None:
        """None: curves may come from anywhere."""

    def add(self, event: DecisionsEvent) -> None:
        """Take in what happened."""
        match event:
            case CurveStarted():
                self.current = event.index
            case CurveForecast():
                self._known |= {(event.index, n): one for n, one in event.forecasts.items()}
                self.done, self.current = event.index + 1, None
                self._found = {}
            case DecisionsFinished():
                self.is_over, self.current = True, None
            case _:
                pass

    def can_be(self, asked: Replayed) -> bool:
        """Whether something else can be asked without another forecast."""
        known = self.asked
        if (asked.curves, asked.model, asked.seed) != (known.curves, known.model, known.seed):
            return False
        places = range(self.done)
        return all((place, n) in self._known for place in places for n in asked.looks)

    @property
    def curves(self) -> CurveSet:
        """Those that are replayed."""
        return self.asked.curves

    @property
    def forecasts(self) -> int:
        """How many forecasts there are."""
        return sum(one is not None for one in self._known.values())

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """On the curves that are forecast."""
        return self._decided(self.asked.rule)

    @property
    def balance(self) -> Balance:
        """What they come to."""
        return balance_of(self.curves, self.decisions)

    def balances(self) -> list[tuple[float, Balance]]:
        """The thresholds, and what decisions would come to with each."""
        rule = self.asked.rule
        every = sorted({*THRESHOLDS, rule.threshold})
        made = (self._decided(rule._replace(threshold=one)) for one in every)
        return [(one, balance_of(self.curves, each)) for one, each in zip(every, made, strict=True)]

    def calibration(self) -> Floats:
        """(levels, looks) see `engine.forecasting.replayed.calibration`."""
        return calibration(self.curves, self._known, self.asked.looks, self.done)

    def forecast(self, curve: int, points: int) -> Foreseen | None:
        """One of the forecasts that are there."""
        return self._known[curve, points]

    def _decided(self, rule: Rule) -> tuple[Decision, ...]:
        looks, key = self.asked.looks, (rule, self.asked.every)
        if key not in self._found:
            self._found[key] = replay(self.curves, self._known, rule, looks, self.done)
        return self._found[key]
