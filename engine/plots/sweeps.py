"""What is met on the way of a sweep: the loss, its slope, and where that stops saying anything.

Figure 10 of Maclaurin, Duvenaud and Adams (2015). All panels share the range of the swept
coordinate, which is known beforehand, and fill in.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, NamedTuple
from weakref import WeakKeyDictionary

import numpy as np

from engine.arrays import Floats
from engine.hyperparameters.domains import DOMAINS
from engine.hyperparameters.kinds import KINDS, OF_SOME_TASKS
from engine.hyperparameters.values import Hyperparameters
from engine.plots.base import Line, Mark, Plot
from engine.runs.events import MetaIterationDone
from engine.runs.records import RunRecord

_SYMBOLS: Final[dict[str, str]] = {
    "learning_rates": "α",
    "decays": "γ",
    "initial_scales": "s",
    "l2_penalties": "λ",
}
_PARTS: Final = ("training", "validation", "test")
_DIGITS: Final = 10  # that a coordinate is rounded to, after logarithms of exponentials
_FEWEST, _MOST_OF_THEM = 5, 0.8
_CLEARLY = 1.25  # times the exponent of neutral growth, at whose level calm training can hover


class _Place(NamedTuple):
    """Where a sweep was in a meta-iteration, and the slope of the objective along it there."""

    x: float
    slope: float


_places: Final[WeakKeyDictionary[MetaIterationDone, _Place]] = WeakKeyDictionary()
"""Found once for each meta-iteration, because plots are made anew for each frame."""


def is_a_sweep(record: RunRecord) -> bool:
    """Whether a run goes on by the same step each time."""
    return record.experiment.meta.optimizer == "sweep"


def sweep_plots(record: RunRecord) -> list[Plot]:
    """Loss, hypergradient and Lyapunov exponent along a sweep; none if nothing is swept."""
    kind = _swept(record)
    if kind is None:
        return []
    onset = chaos_onset(record)
    symbol = _coordinate_in_words(record, kind)
    marks = () if onset is None else (Mark(onset, f"chaos from {symbol} = {onset:.3g}"),)
    panels = (_loss(record, kind), _hypergradient(record, kind), _exponent(record, kind))
    return [replace(panel, marks=marks) for panel in panels]


def chaos_onset(record: RunRecord) -> float | None:
    """Where on the way of a sweep the hypergradient stops being informative.

    Returns:
        The first coordinate from which the Lyapunov exponent, as the median of three neighbours, is
        a quarter larger than what neutral growth reaches in T iterations, ln(T) / T, and nearly
        always stays so; None while there is none.
    """
    kind = _swept(record)
    if kind is None or not record.meta_iterations:
        return None
    exponents = np.array([done.lyapunov_exponent for done in record.meta_iterations])
    above = exponents > _CLEARLY * _neutral(record)
    around = np.concatenate([above[:1], above, above[-1:]]).astype(int)
    is_chaotic = around[:-2] + around[1:-1] + around[2:] >= 2
    following = np.cumsum(is_chaotic[::-1])[::-1] / np.arange(len(above), 0, -1)
    found = np.flatnonzero(is_chaotic & (following >= _MOST_OF_THEM))
    if not found.size or len(above) - found[0] < _FEWEST:
        return None
    return _place(record, kind, record.meta_iterations[found[0]]).x


def _loss(record: RunRecord, kind: str) -> Plot:
    unit = "nats" if record.experiment.model.loss == "cross-entropy" else "squared distance"
    x, lines = _coordinates(record, kind), []
    for colour, part in enumerate(_PARTS):
        values = [getattr(done.losses, part) for done in record.meta_iterations]
        y = _finite([np.nan if value is None else value for value in values])
        if np.any(np.isfinite(y)):
            lines.append(Line(part, x, y, colour, "dashed" if part == "test" else "solid"))
    objective = record.experiment.meta.objective
    caption = ""
    for line in lines:
        if line.name == objective:
            best = int(np.nanargmin(line.y))
            where = f"{_coordinate_in_words(record, kind)} = {x[best]:.3g}"
            caption = f"lowest {objective} loss {line.y[best]:.3g} at {where}"
    return Plot(
        "sweep_loss",
        "Loss after training",
        _x_label(record, kind),
        f"loss ({unit})",
        tuple(lines),
        _x_range(record, kind),
        log_y=_spans_decades([line.y for line in lines]),
        caption=_with_gaps(caption, record),
        counts_x=False,
    )


def _hypergradient(record: RunRecord, kind: str) -> Plot:
    slopes = _finite([_place(record, kind, done).slope for done in record.meta_iterations])
    x = _coordinates(record, kind)
    lines = tuple(
        Line(name, x, np.where(sign * slopes > 0, np.abs(slopes), np.nan), colour, "points")
        for name, sign, colour in (("loss falls", -1, 0), ("loss rises", 1, 1))
    )
    return Plot(
        "sweep_hypergradient",
        "Hypergradient along the sweep",
        _x_label(record, kind),
        f"|∂f / ∂ {_coordinate_in_words(record, kind)}|",
        lines,
        _x_range(record, kind),
        log_y=True,
        caption="magnitude of the slope, by exact reversal; the colour shows its sign",
        counts_x=False,
    )


def _exponent(record: RunRecord, kind: str) -> Plot:
    ends = _x_range(record, kind)
    across, neutral = np.array(ends), _neutral(record)
    exponents = _finite([done.lyapunov_exponent for done in record.meta_iterations])
    return Plot(
        "lyapunov_exponent",
        "Lyapunov exponent",
        _x_label(record, kind),
        "growth per iteration",
        (
            Line("exponent", _coordinates(record, kind), exponents, 2),
            Line("neutral growth, ln(T)/T", across, np.full(2, neutral), "reference", "dashed"),
            Line("zero", across, np.zeros(2), "reference", "dotted", faint=True),
        ),
        ends,
        caption=f"growth of derivatives in the reverse pass; here ln(T)/T = {neutral:.3g}",
        counts_x=False,
    )


def _swept(record: RunRecord) -> str | None:
    """The kind whose coordinate is the x axis."""
    settings = record.experiment.hyperparameters
    kinds = [kind for kind in KINDS if kind not in OF_SOME_TASKS]
    return next((kind for kind in kinds if getattr(settings, kind).free), None)


def _place(record: RunRecord, kind: str, done: MetaIterationDone) -> _Place:
    if done not in _places:
        x = _coordinate(record, kind, done.hyperparameters)
        _places[done] = _Place(x, _slope(record, done))
    return _places[done]


def _slope(record: RunRecord, done: MetaIterationDone) -> float:
    """Derivative along the sweep, which moves every free coordinate by the same step."""
    total, gradient = 0.0, done.hypergradient.arrays()
    for kind, values in done.hyperparameters.arrays().items():
        setting = getattr(record.experiment.hyperparameters, kind)
        if setting.free:
            transform = DOMAINS[setting.domain]
            slopes = transform.slope(transform.to_coordinate(values))
            total += float(np.sum(gradient[kind] * slopes))
    return total


def _coordinate(record: RunRecord, kind: str, values: Hyperparameters) -> float:
    transform = DOMAINS[getattr(record.experiment.hyperparameters, kind).domain]
    first = values.arrays()[kind].ravel()[:1]
    return round(float(transform.to_coordinate(first)[0]), _DIGITS)


def _coordinates(record: RunRecord, kind: str) -> Floats:
    """(n,) where the sweep was in each meta-iteration done."""
    return np.array([_place(record, kind, done).x for done in record.meta_iterations])


def _x_range(record: RunRecord, kind: str) -> tuple[float, float]:
    start, meta = _coordinate(record, kind, record.initial), record.experiment.meta
    return start, round(start + meta.step * max(meta.iterations - 1, 1), _DIGITS)


def _coordinate_in_words(record: RunRecord, kind: str) -> str:
    domain = getattr(record.experiment.hyperparameters, kind).domain
    return _SYMBOLS[kind] if domain == "identity" else f"{domain} {_SYMBOLS[kind]}"


def _x_label(record: RunRecord, kind: str) -> str:
    return f"{_coordinate_in_words(record, kind)} ({KINDS[kind].title.removesuffix('s')})"


def _neutral(record: RunRecord) -> float:
    """The exponent that growth in proportion to time, which is no chaos, comes to at most."""
    return float(np.log(record.iterations) / record.iterations)


def _spans_decades(columns: list[Floats]) -> bool:
    values = np.concatenate([np.zeros(0), *columns])
    values = values[np.isfinite(values)]
    return values.size > 0 and bool(values.min() > 0 and values.max() > 100 * values.min())


def _with_gaps(caption: str, record: RunRecord) -> str:
    """A caption that says of places where training diverged."""
    losses = [done.measures["training_loss"] for done in record.meta_iterations]
    gaps = sum(loss is not None and not np.isfinite(loss) for loss in losses)
    told = f"training diverged at {gaps} point{'' if gaps == 1 else 's'}" if gaps else ""
    return "; ".join(part for part in (caption, told) if part)


def _finite(values: Sequence[float]) -> Floats:
    array = np.array(values, np.float64)
    return np.where(np.isfinite(array), array, np.nan)
