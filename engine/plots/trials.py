"""A search without hypergradients: what its trials came to, and where they were."""

from typing import Final, NamedTuple

import numpy as np

from engine.arrays import Floats, Integers
from engine.groups import ParameterGroup
from engine.hyperparameters.domains import DOMAINS
from engine.hyperparameters.kinds import KINDS
from engine.hyperparameters.values import Hyperparameters
from engine.plots.base import Colour, Line, Plot
from engine.plots.columns import counted, finite
from engine.plots.hyperparameters import setting_of
from engine.plots.kind import PlotKind
from engine.plots.losses import loss_unit
from engine.plots.rings import rings_of
from engine.plots.strategies import after_the_first, course
from engine.plots.time_axis import or_over_time
from engine.plots.words import apart
from engine.runs.records import RunRecord

_MOST_SIDES: Final = 12
"""Beyond, what a kind has by group is drawn as one."""
_BEST_PART: Final = 5
"""One in so many trials counts among the best."""


class _Side(NamedTuple):
    """A hyperparameter, or several together, along which trials differ.

    Attributes:
        name: what it is called.
        kind: of hyperparameter.
        group: the place of its parameter group; None: all of them.
    """

    name: str
    kind: str
    group: int | None = None


def trials_in_order(what: PlotKind, record: RunRecord) -> Plot | None:
    """The objective of each trial, the best so far, and the test loss of that."""
    if not record.tries:
        return None
    done = record.meta_iterations
    label, x, ends = course(record, len(done))
    losses = finite(one.objective for one in done)
    best = _best_so_far(losses)
    tested = finite(one.measures.get("test_loss") for one in done)
    at_best = np.where(best >= 0, tested[best], np.nan) if len(done) else tested
    so_far = np.where(best >= 0, losses[best], np.nan) if len(done) else losses
    name = record.experiment.meta.objective
    lines = [
        Line(f"{name}, each trial", x, losses, 0, "points"),
        *predicted_in(record, x),
        Line(f"{name}, best so far", x, so_far, 0),
    ]
    if np.isfinite(at_best).any():
        lines.append(Line("test, of the best", x, at_best, 2, "dashed"))
    plot = Plot(
        what.key,
        what.title,
        label,
        "loss",
        tuple(lines),
        ends,
        log_y=_are_positive(lines),
        caption=_in_words(record, losses, so_far, at_best),
        y_unit=loss_unit(record),
        along="meta-iterations",
    )
    return or_over_time(plot, record)


def trials_by_place(what: PlotKind, record: RunRecord) -> Plot | None:
    """Where trials were, and which were best: against the one free number, or side by side."""
    if not record.tries or not record.free:
        return None
    sides = _sides(record)
    done = record.meta_iterations
    start = _coordinates(record, sides, record.initial)
    rows = [_coordinates(record, sides, one.hyperparameters) for one in done]
    places = np.array(rows).reshape(len(rows), len(sides))
    losses = finite(one.objective for one in done)
    if len(sides) == 1:
        return _along_one(what, record, sides[0], places[:, 0], losses, float(start[0]))
    return _side_by_side(what, record, sides, places - start, losses)


def _along_one(
    what: PlotKind, record: RunRecord, side: _Side, x: Floats, losses: Floats, start: float
) -> Plot:
    spread = record.experiment.meta.trials_spread
    domain = setting_of(record, side.kind).domain
    symbol = KINDS[side.kind].symbol
    words = {"log": f"ln {symbol}", "logit": f"logit {symbol}", "identity": symbol}[domain]
    objective = record.experiment.meta.objective
    lines = [Line(objective, x, losses, 0, "points"), *predicted_in(record, x)]
    if np.isfinite(losses).any():
        best = int(np.nanargmin(losses))
        lines.append(Line("best", x[best : best + 1], losses[best : best + 1], 1, "squares"))
    return Plot(
        what.key,
        what.title,
        words,
        f"{objective} loss",
        tuple(lines),
        (start - spread, start + spread),
        log_y=_are_positive(lines),
        caption="" if len(x) else after_the_first(record),
        counts_x=False,
        x_unit=KINDS[side.kind].singular,
        y_unit=loss_unit(record),
    )


def _side_by_side(
    what: PlotKind, record: RunRecord, sides: list[_Side], moved: Floats, losses: Floats
) -> Plot:
    x = counted(len(sides))
    lines: list[Line] = []
    known = np.flatnonzero(np.isfinite(losses))
    if known.size:
        order = known[np.argsort(losses[known], kind="stable")]
        count = -(-known.size // _BEST_PART)
        lines.append(_band("all trials", x, moved, "reference"))
        lines.append(_band(f"best {count}" if count > 1 else "best", x, moved[order[:count]], 1))
        if count > 1:
            lines.append(Line("best", x, moved[order[0]], 0, "squares"))
    return Plot(
        what.key,
        what.title,
        "hyperparameter",
        "distance from the start",
        tuple(lines),
        (-0.5, len(sides) - 0.5),
        caption="median and range" if len(losses) else after_the_first(record),
        x_names=tuple(side.name for side in sides),
        y_unit="coordinates",
        y_covers=(-record.experiment.meta.trials_spread, record.experiment.meta.trials_spread),
    )


def predicted_in(record: RunRecord, x: Floats) -> list[Line]:
    """What the trials that were stopped were predicted to come to, in the loss that is shown.

    Args:
        record: of a search.
        x: (n,) where its trials stand.
    """
    found = [
        (place, one.prediction)
        for place, one in zip(x.tolist(), record.meta_iterations, strict=True)
        if one.prediction is not None and one.prediction.quantity.endswith("loss")
    ]
    return rings_of([place for place, _ in found], [each for _, each in found])


def _band(name: str, x: Floats, rows: Floats, colour: Colour) -> Line:
    low, high = rows.min(axis=0), rows.max(axis=0)
    return Line(name, x, np.median(rows, axis=0), colour, low=low, high=high)


def _best_so_far(losses: Floats) -> Integers:
    """(n,) which was the best after each trial; −1 before one is known."""
    known = np.where(np.isfinite(losses), losses, np.inf)
    least = np.minimum.accumulate(known)
    is_better = known < np.concatenate([[np.inf], least[:-1]])
    return np.maximum.accumulate(np.where(is_better, np.arange(len(known)), -1))


def _in_words(record: RunRecord, losses: Floats, so_far: Floats, at_best: Floats) -> str:
    if not len(losses):
        return after_the_first(record)
    stopped = sum(one.prediction is not None for one in record.meta_iterations)
    diverged = int(np.isnan(losses).sum()) - stopped
    told = "no trial went through so far"
    if np.isfinite(losses).any():
        number = int(np.nanargmin(losses)) + 1
        best, test = apart([float(so_far[-1]), float(at_best[-1])], 3)
        told = f"best {best} in trial {number:,}"
        if np.isfinite(at_best[-1]):
            told += f"; its test loss {test}"
    told += f"; {stopped:,} stopped early" if stopped else ""
    return told + (f"; {diverged:,} diverged" if diverged else "")


def _are_positive(lines: list[Line]) -> bool:
    return all(np.all(line.y[np.isfinite(line.y)] > 0) for line in lines)


def _sides(record: RunRecord) -> list[_Side]:
    """What trials differ in: each free kind, by parameter group where it is set so."""
    kinds = [kind for kind in KINDS if kind in record.free and kind in record.initial]
    by_group: list[_Side] = []
    for kind in kinds:
        symbol = KINDS[kind].symbol
        if len(kinds) == 1 and not _is_by_group(record, kind):
            by_group.append(_Side(KINDS[kind].singular, kind))
        elif _is_by_group(record, kind):
            by_group += [
                _Side(f"{symbol} {_short(group)}", kind, place)
                for place, group in enumerate(record.groups)
            ]
        else:
            by_group.append(_Side(symbol, kind))
    if len(by_group) <= _MOST_SIDES:
        return by_group
    return [_Side(KINDS[kind].symbol, kind) for kind in kinds]


def _short(group: ParameterGroup) -> str:
    """A parameter group in few letters, as in "w1" and "b1" of the first layer."""
    if group.layer is None or group.role is None:
        return group.name
    return f"{group.role[0]}{group.layer + 1}"


def _is_by_group(record: RunRecord, kind: str) -> bool:
    return "group" in setting_of(record, kind).granularity and len(record.groups) > 1


def _coordinates(record: RunRecord, sides: list[_Side], values: Hyperparameters) -> Floats:
    """(D,) where hyperparameters are along each side; the median of what belongs to it."""
    found = []
    for side in sides:
        own = values[side.kind]
        if side.group is not None:
            own = own[..., side.group]
        transform = DOMAINS[setting_of(record, side.kind).domain]
        found.append(float(np.median(transform.to_coordinate(own.ravel()))))
    return np.array(found)
