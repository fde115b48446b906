"""How well forecasts do on the learning curves of recorded runs, whose ends are known.

Of each run the elementary learning curves (at most ten of them, evenly spaced), and its
meta-learning curve, are forecast from their first 10, 20 and 30 %. On elementary curves, one after
the other, the rule of Domhan, Springenberg and Hutter (2015), section 3.2, decides what to stop.
"""

from collections.abc import Generator, Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeAlias

import numpy as np

from engine.errors import InputError
from engine.forecasting.curve_sets import CurveSet
from engine.forecasting.forecast import forecast
from engine.forecasting.foreseen import Foreseen
from engine.forecasting.models import USUAL
from engine.forecasting.replayed import BAND, LEVELS, Balance, balance_of, replay
from engine.forecasting.stopping import Rule
from engine.runs.finished_curves import curves_of

if TYPE_CHECKING:
    from engine.library.library import Library
    from engine.library.stored_run import StoredRun
    from engine.runs.records import RunRecord

KNOWN: Final = (0.1, 0.2, 0.3)
"""The shares of curves that are known."""
_MOST: Final = 10
_FEWEST: Final = 10  # meta-iterations of a meta-learning curve
_LEAST: Final = 3  # values to forecast from
_RULE: Final = Rule(patience=1, least=_LEAST)

Kind: TypeAlias = Literal["elementary learning curves", "meta-learning curves"]


class Score(NamedTuple):
    """How forecasts did of curves of one kind, as far as they were known.

    Attributes:
        kind: of the curves.
        known: the share of each that was known.
        forecasts: how many there are.
        error: root mean square of predicted minus true end, each in parts of its curve's range.
        inside: the share of ends in the 90 % band.
    """

    kind: Kind
    known: float
    forecasts: int
    error: float
    inside: float


class Accuracy(NamedTuple):
    """What a library's runs tell of forecasts.

    Attributes:
        runs: how many have curves that are forecast.
        left_out: how many have none, as those that go on, in real time, or of one meta-iteration.
        scores: by kind and known share; those without a forecast are left out.
        balance: what the rule would have decided on elementary curves, over all runs.
    """

    runs: int
    left_out: int
    scores: tuple[Score, ...]
    balance: Balance


class _Ends(NamedTuple):
    """Of one forecast: (predicted − true end) / range, and whether the end is in the band."""

    miss: float
    is_inside: bool


def library_accuracy(
    library: "Library", model: str = USUAL, seed: int = 0, most: int = _MOST
) -> Generator[tuple[int, int], None, Accuracy]:
    """Forecast what a library keeps.

    Args:
        library: any.
        model: of the forecasts; a name of `engine.forecasting.models.FORECASTERS`.
        seed: of the forecasts.
        most: elementary curves of a run, at most.

    Yields:
        How many runs are done, of how many; also between curves.

    Raises:
        InputError: there is no such model; or the library cannot be read.
    """
    stored = [*library]
    told: dict[tuple[Kind, float], list[_Ends]] = {}
    balances: list[Balance] = []
    used = 0
    for done, run in enumerate(stored):
        yield done, len(stored)
        sets = _sets_of(run, most)
        used += bool(sets)
        for kind, curves in sets.items():
            found: dict[tuple[int, int], Foreseen | None] = {}
            for place in range(curves.count):
                found |= _forecasts(curves, place, model, seed)
                yield done, len(stored)
            for known, n in _looks(curves).items():
                ends = _ends(curves, found, n)
                told.setdefault((kind, known), []).extend(ends)
            if kind == "elementary learning curves":
                looks = sorted({*_looks(curves).values()})
                balances.append(balance_of(curves, replay(curves, found, _RULE, looks)))
    scores = tuple(_score(*key, ends) for key, ends in sorted(told.items()) if ends)
    return Accuracy(used, len(stored) - used, scores, _sum(balances))


def _sets_of(run: "StoredRun", most: int) -> dict[Kind, CurveSet]:
    """The curves of a run whose ends are known."""
    if run.state == "running":
        return {}
    try:
        record = run.record
    except InputError:  # it is damaged
        return {}
    found: dict[Kind, CurveSet] = {}
    try:
        curves = curves_of(record)
        chosen = np.unique(np.linspace(0, curves.count - 1, min(most, curves.count)).astype(int))
        names = tuple(curves.names[place] for place in chosen)
        found["elementary learning curves"] = replace(
            curves, names=names, values=curves.values[chosen]
        )
    except InputError:  # it has fewer than two
        pass
    if (whole := _meta_curve(record)) is not None:
        found["meta-learning curves"] = whole
    return {kind: curves for kind, curves in found.items() if _looks(curves)}


def _meta_curve(record: "RunRecord") -> CurveSet | None:
    """A run's objective over its meta-iterations, if it went to its end step by step."""
    is_whole = record.finished is not None and record.finished.outcome == "completed"
    values = np.array([done.objective for done in record.meta_iterations])
    if record.is_one_run or record.tries or not is_whole or len(values) < _FEWEST:
        return None
    if not np.isfinite(values[-1]):
        return None
    name = record.experiment.name
    return CurveSet(
        name, name, "loss", (name,), np.where(np.isfinite(values), values, np.nan)[None]
    )


def _looks(curves: CurveSet) -> dict[float, int]:
    """How many points are known at each share; those of too few are left out."""
    found = {share: round(share * curves.points) for share in KNOWN}
    return {share: n for share, n in found.items() if _LEAST <= n < curves.points}


def _forecasts(
    curves: CurveSet, place: int, model: str, seed: int
) -> dict[tuple[int, int], Foreseen | None]:
    found: dict[tuple[int, int], Foreseen | None] = {}
    for n in _looks(curves).values():
        values = curves.values[place, :n]
        if np.isfinite(values).sum() < _LEAST:
            found[place, n] = None
            continue
        try:
            made = forecast(values, curves.points, seed=seed, model=model, quantity=curves.quantity)
            found[place, n] = made.at_the_horizon(LEVELS)
        except InputError as error:
            if error.field == "model":
                raise
            found[place, n] = None
    return found


def _ends(
    curves: CurveSet, found: Mapping[tuple[int, int], Foreseen | None], n: int
) -> list[_Ends]:
    ends = []
    for place in range(curves.count):
        made, truth = found[place, n], float(curves.truths[place])
        reach = float(np.nanmax(curves.values[place]) - np.nanmin(curves.values[place]))
        if made is not None and reach > 0:
            low, high = made.bands[BAND]
            ends.append(_Ends((float(made.mean[-1]) - truth) / reach, low <= truth <= high))
    return ends


def _score(kind: Kind, known: float, ends: list[_Ends]) -> Score:
    misses = np.array([one.miss for one in ends])
    inside = float(np.mean([one.is_inside for one in ends]))
    return Score(kind, known, len(ends), float(np.sqrt(np.mean(misses**2))), inside)


def _sum(balances: Iterable[Balance]) -> Balance:
    """Over runs; what is lost of the best has no sum."""
    every = [*balances]
    return Balance(
        sum(one.trained for one in every),
        sum(one.total for one in every),
        sum(one.stopped for one in every),
        sum(one.winners for one in every),
        sum(one.wrong for one in every),
        0.0,
    )
