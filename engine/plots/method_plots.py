"""Plots of a comparison of methods: what they find, how far off it is, what it takes."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np

from engine.arrays import Floats
from engine.experiments.contenders import Contender
from engine.hypergradients.catalogue import METHODS
from engine.hyperparameters.kinds import KINDS
from engine.plots.base import PALETTE, Dash, Line, Mark, Plot
from engine.plots.crossings import crossings
from engine.runs.comparison import ComparisonRecord, Measurement, Study
from engine.runs.variations import option_of
from engine.sentences import listed

_DASHES: Final[tuple[Dash, ...]] = ("solid", "dashed", "dotted")
_AXES: Final[dict[Study, str]] = {
    "iterations": "training iterations T",
    "option": "value of the option",
    "hyperparameters": "hyperparameters",
}
_LEAST: Final = 1e-16
"""Of errors that are drawn: what is less is as good as equal."""
_APART_IN_TIME: Final = 1.25
"""By which factor times differ at least if they are to say which method is the faster one."""
_ROOM_FOR_A_NAME: Final = 0.12  # of what the lines take

Value: TypeAlias = Callable[[Measurement], float | None]


@dataclass(frozen=True)
class _Quantity:
    """What is looked at over a study's axis."""

    key: str
    title: str
    y_label: str
    unit: str
    value: Value
    counts_bytes: bool = False


def _error(found: Measurement) -> float | None:
    return None if found.likeness is None else max(found.likeness.relative_error, _LEAST)


def _held(found: Measurement) -> float | None:
    return None if found.memory is None else float(found.memory.held_bytes)


def _seconds(found: Measurement) -> float | None:
    return None if found.cost is None else found.cost.seconds


def _stationarity(found: Measurement) -> float | None:
    return None if found.solution is None else found.solution.stationarity


_ERROR: Final = _Quantity("error", "Error", "error", "relative to the reference", _error)
_MEMORY: Final = _Quantity("memory", "Memory held", "memory", "bytes", _held, counts_bytes=True)
_TIME: Final = _Quantity("time", "Time", "time", "seconds", _seconds)
_END: Final = _Quantity(
    "stationarity",
    "Distance from stationarity",
    "gradient at the end",
    "of that at the start",
    _stationarity,
)
_STUDIED: Final[tuple[tuple[_Quantity, Study, str], ...]] = (
    (_ERROR, "iterations", "by T"),
    (_ERROR, "option", "by option"),
    (_MEMORY, "iterations", "by T"),
    (_TIME, "iterations", "by T"),
    (_MEMORY, "hyperparameters", "by hyperparameters"),
    (_TIME, "hyperparameters", "by hyperparameters"),
    (_END, "iterations", "by T"),
)
"""Where forward and reverse mode cross can be seen over the number of hyperparameters."""


def method_plots(record: ComparisonRecord) -> list[Plot]:
    """All plots of a comparison as far as it is; those that will have nothing are left out."""
    found = [plot for kind in KINDS if (plot := _hypergradients(record, kind)) is not None]
    studies = {point.study for point in record.points}
    return found + [
        _over(record, quantity, study, words)
        for quantity, study, words in _STUDIED
        if study in studies and _has_any(record, quantity, study)
    ]


def stroke_of(record: ComparisonRecord, contender: Contender) -> tuple[int, Dash]:
    """The colour and the dash that stand for a method in every plot of a comparison.

    A method has the same ones in every comparison, unless another one of those compared has the
    colour, too, and there is one that none has.
    """
    taken: list[tuple[int, Dash]] = []
    for one in record.contenders:
        first = [*METHODS].index(one.method)
        free = [
            stroke
            for place in range(first, first + len(PALETTE) * len(_DASHES))
            if (stroke := _stroke(place)) not in taken
        ]
        colours, (_, dash) = {colour for colour, _ in taken}, _stroke(first)
        unused = [colour for colour, _ in free if colour not in colours]
        stroke = (unused[0], dash) if unused else free[0]
        if one == contender:
            return stroke
        taken.append(stroke)
    raise ValueError(f"{contender.name} is not compared")


def _stroke(place: int) -> tuple[int, Dash]:
    return place % len(PALETTE), _DASHES[(place + place // len(PALETTE)) % len(_DASHES)]


def _has_any(record: ComparisonRecord, quantity: _Quantity, study: Study) -> bool:
    """Whether something is there, or may still come."""
    points = [index for index, point in enumerate(record.points) if point.study == study]
    is_open = any(index not in record.measured for index in points)
    if quantity is _END:
        return any("implicit" in one.method for one in record.contenders)
    known = [record.measured[index] for index in points if index in record.measured]
    return is_open or any(quantity.value(one) is not None for one in known)


def _over(record: ComparisonRecord, quantity: _Quantity, study: Study, words: str) -> Plot:
    """A quantity over what a study varies; its values grow by factors: the axis is logarithmic."""
    lines, every = [], _varied(record, study)
    places = {x: math.log2(x) for x in every}
    for contender in _drawn(record, quantity, study):
        colour, dash = stroke_of(record, contender)
        pairs = [
            (places[x], value)
            for x, one in record.along(study, contender)
            if (value := quantity.value(one)) is not None
        ]
        if not pairs:
            continue
        x, y = np.array(pairs, np.float64).T
        name = contender.name
        if study == "option" and (option := option_of(contender.method)):
            name = f"{METHODS[contender.method].title}: {_OPTIONS[option]}"
        lines.append(Line(name, x, y, colour, dash, single=True))
    mark, doubt = _where_forward_crosses(record, quantity, study)
    first, last = places[every[0]], places[every[-1]]
    room = 0.4 * (last - first) / max(len(every) - 1, 1) or 1.0  # for the labels at the ends
    told = [doubt, _ends_early(record, study, quantity), _drawn_at_the_least(lines, quantity)]
    return Plot(
        f"{quantity.key}_by_{study}",
        f"{quantity.title} {words}",
        _AXES[study],
        quantity.y_label,
        tuple(lines),
        (first - room, last + room),
        log_y=True,
        bytes_y=quantity.counts_bytes,
        caption="; ".join(
            filter(None, [_caption(lines, "known once this is measured"), *(lines and told)])
        ),
        marks=(mark,) if mark else (),
        x_names=tuple(f"{x:,.0f}" for x in every),
        x_places=tuple(places.values()),
        y_covers=_a_decade(lines) if quantity is _ERROR else _below_a_name(lines) if mark else None,
        y_unit=quantity.unit,
    )


def _a_decade(lines: Sequence[Line]) -> tuple[float, float] | None:
    """What makes room for a factor of ten: errors of rounding alone differ by nothing else."""
    values = np.concatenate([line.y for line in lines]) if lines else np.zeros(0)
    if not values.size or values.max() >= 10 * values.min():
        return None
    middle = float(np.sqrt(values.min()) * np.sqrt(values.max()))
    return middle / 10**0.5, middle * 10**0.5


def _below_a_name(lines: Sequence[Line]) -> tuple[float, float] | None:
    """What makes room for the name of a mark above the lines."""
    values = np.concatenate([line.y for line in lines])
    low, high = float(values.min()), float(values.max())
    return (low, high * (high / low) ** _ROOM_FOR_A_NAME) if low > 0 else None


def _varied(record: ComparisonRecord, study: Study) -> list[float]:
    return sorted({point.x for point in record.points if point.study == study})


def _ends_early(record: ComparisonRecord, study: Study, quantity: _Quantity) -> str:
    """Which methods are not measured as far as others are, and up to where."""
    if study != "hyperparameters":
        return ""
    ends: dict[float, list[str]] = {}
    for contender in _drawn(record, quantity, study):
        own = [p.x for p in record.points if p.study == study and p.contender == contender]
        if own and max(own) < _varied(record, study)[-1]:
            ends.setdefault(max(own), []).append(contender.name)
    told = [f"{listed(names)} only up to {end:,.0f}" for end, names in ends.items()]
    return f"{', '.join(told)}, as each takes time" if told else ""


def _drawn_at_the_least(lines: Sequence[Line], quantity: _Quantity) -> str:
    if quantity is not _ERROR or all(np.all(line.y > _LEAST) for line in lines):
        return ""
    return f"what stands at {_LEAST:g} is equal, or closer than that"


def _where_forward_crosses(
    record: ComparisonRecord, quantity: _Quantity, study: Study
) -> tuple[Mark | None, str]:
    """From where on forward mode takes more than the reference does, or less.

    Where it always takes more than that, or less, the first of the others that it crosses counts.

    Returns:
        The place, if there is one; and what else there is to say.
    """
    forward = next((one for one in record.contenders if one.method == "forward"), None)
    if quantity not in (_MEMORY, _TIME) or study == "option" or forward is None:
        return None, ""
    mark, told = _crossing(record, quantity, study, forward, record.reference)
    for other in record.contenders:
        if mark is None and other not in (forward, record.reference):
            mark, _ = _crossing(record, quantity, study, forward, other)
            told = told if mark is None else f"forward crosses {other.name.lower()}"
    return mark, told


def _crossing(
    record: ComparisonRecord,
    quantity: _Quantity,
    study: Study,
    forward: Contender,
    other: Contender,
) -> tuple[Mark | None, str]:
    """Where two methods take the same, once; and a word where measurements do not tell.

    Times that are nearly the same do not decide it: they are noisy.
    """
    own, theirs = (
        {x: quantity.value(found) for x, found in record.along(study, one)}
        for one in (forward, other)
    )
    pairs = [(x, own.get(x), theirs.get(x)) for x in _varied(record, study)]
    known = [(x, a, b) for x, a, b in pairs if a and b]
    least = _APART_IN_TIME if quantity is _TIME else 1.0
    sure = [(x, a, b) for x, a, b in known if max(a, b) >= least * min(a, b)]
    found = crossings(*zip(*sure, strict=True)) if sure else []
    if len(found) == 1:
        [x] = found
        words = f"near {x:,.2g}" if quantity is _TIME else f"at {x:,.3g}"
        return Mark(math.log2(x), f"forward crosses {words}"), ""
    if found or (quantity is _TIME and known and crossings(*zip(*known, strict=True))):
        return None, f"forward and {other.name.lower()} are too close to tell which wins"
    return None, ""


def _drawn(record: ComparisonRecord, quantity: _Quantity, study: Study) -> list[Contender]:
    """Those that have a line: over an option once a method; the reference has no error."""
    every = [one for one in record.contenders if quantity is not _ERROR or one != record.reference]
    if study != "option":
        return every
    return [*{one.method: one for one in reversed(every)}.values()][::-1]


_OPTIONS: Final = {
    "snapshots": "snapshots",
    "last": "iterations undone",
    "terms": "terms",
    "iterations": "rounds",
}


def _hypergradients(record: ComparisonRecord, kind: str) -> Plot | None:
    """What each method finds by one kind, one over the other; a single number, side by side."""
    if kind not in record.experiment.free:
        return None
    lines, summed = [], ""
    x_label, last = "hyperparameter", 1
    for row, contender in enumerate(record.contenders, 1):
        found = record.of(contender)
        if found is None or kind not in found.gradient:
            continue
        own = found.gradient[kind]
        y, summed = _column(own, kind)
        x = np.arange(float(len(y)))
        colour, dash = stroke_of(record, contender)
        if len(y) == 1:
            x, dash, x_label, last = x + row, "points", "row of the table", len(record.contenders)
        else:
            last = len(y) - 1
            is_schedule = KINDS[kind].enters == "schedule" and own.shape[0] > 1
            x_label = "training iteration" if is_schedule else "hyperparameter"
        lines.append(Line(contender.name, x, y, colour, dash))
    if not lines and record.is_over:
        return None
    return Plot(
        f"hypergradient_{kind}",
        f"By {KINDS[kind].plural}",
        x_label,
        f"derivative by the {KINDS[kind].plural}",
        tuple(lines),
        (0.5, last + 0.5) if x_label == "row of the table" else (0.0, float(last)),
        caption=summed or _caption(lines, "known once the first method is done"),
    )


def _caption(lines: Sequence[Line], waiting: str) -> str:
    """What there is to say: of a single line, whose it is, as it has no legend."""
    return (lines[0].name if len(lines) == 1 else "") if lines else waiting


def _column(own: Floats, kind: str) -> tuple[Floats, str]:
    """The derivatives in a row, and what became of what stands side by side."""
    if own.ndim == 2 and KINDS[kind].enters == "schedule" and own.shape[0] > 1 < own.shape[1]:
        return own.sum(axis=1), "summed over groups"
    return own.ravel(), ""
