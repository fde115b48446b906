"""The table of a comparison of methods, in words: a row a method."""

from typing import Final

import numpy as np

from engine.experiments.contenders import Contender
from engine.hyperparameters.kinds import KINDS
from engine.plots.words import bytes_in_words
from engine.runs.comparison import ComparisonRecord, Study
from engine.sentences import listed

_HEADERS: Final = {
    "method": "Method",
    "cosine": "Cosine",
    "error": "Error",
    "seconds": "Seconds",
    "memory": "Memory",
    "evaluations": "Gradients",
    "products": "Products",
    "tangents": "Mixed",
    "note": "Note",
}
THE_REFERENCE: Final = "the reference"
_AS_GOOD_AS_EQUAL: Final = 1e-12
_OVER: Final[dict[Study, str]] = {
    "iterations": "T",
    "option": "its option",
    "hyperparameters": "the number of hyperparameters",
}


def headers() -> list[str]:
    """What stands above the columns."""
    return [*_HEADERS.values()]


def cells_of(record: ComparisonRecord, contender: Contender) -> list[str]:
    """One row; cells of what is not known are empty.

    The cosine and the error are against the reference, over what both methods give.
    """
    found = record.of(contender)
    if found is None:
        is_now = record.current is not None and record.points[record.current].contender == contender
        return [contender.name, *[""] * (len(_HEADERS) - 2), "measuring" if is_now else ""]
    if found.failure:
        return [contender.name, *[""] * (len(_HEADERS) - 2), found.failure]
    likeness, cost, memory = found.likeness, found.cost, found.memory
    is_reference = contender == record.reference
    notes = []
    if is_reference:
        notes.append(THE_REFERENCE)
    if memory and memory.buffer_bytes:
        notes.append(f"bit buffer {bytes_in_words(memory.buffer_bytes)}")
    if found.missing:
        notes.append(f"does not give {listed([KINDS[kind].plural for kind in found.missing])}")
    if found.solution:
        notes.append(f"stationary to {found.solution.stationarity:.2g}")
    if found.own_error is not None:
        notes.append(f"by its own estimate within {found.own_error:.1g}")
    if contender.unsaid:
        notes.append(f"{contender.unsaid}, as usual")
    for study, one, failure in record.fruitless():
        if one == contender:
            notes.append(f"nothing came of the study over {_OVER[study]}: {failure}")
    return [
        contender.name,
        _cosine(likeness.cosine) if likeness else "",
        "" if likeness is None or is_reference else f"{likeness.relative_error:.2g}",
        f"{cost.seconds:.3g}" if cost else "",
        bytes_in_words(memory.held_bytes) if memory else "",
        f"{cost.gradients:,}" if cost else "",
        f"{cost.products:,}" if cost else "",
        f"{cost.tangents:,}" if cost else "",
        "; ".join(notes),
    ]


def _cosine(value: float) -> str:
    if not np.isfinite(value):
        return ""
    return "1" if 1 - value < _AS_GOOD_AS_EQUAL else f"{min(value, 0.999999):.6f}"
