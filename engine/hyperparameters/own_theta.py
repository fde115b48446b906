"""Hyperparameters of a problem of one's own: arrays that its losses take.

Their names, shapes, starting values and ranges are the file's; an experiment says which of them are
free, and what their starting values are multiplied by.
"""

from typing import Final

from engine.hyperparameters.extents import OverEntries
from engine.hyperparameters.kind import Kind
from engine.hyperparameters.settings import Setting

_SUBSCRIPTS: Final = "₁₂₃₄"


def _kind(number: int) -> Kind:
    symbol = f"θ{_SUBSCRIPTS[number - 1]}"
    return Kind(
        name=f"theta_{number}",
        singular=symbol,
        plural=symbol,
        symbol=symbol,
        unit="× start",
        tip="What the starting values that the file declares are multiplied by.",
        extent=OverEntries(),
        domains=("identity", "log", "logit"),
        low=float("-inf"),
        high=float("inf"),
        multiplies_the_start=True,
        usual=Setting(initial=1.0, granularity="entry", domain="identity"),
        missing="expected false, because no file of a problem declares it.",
    )


OWN_THETA: Final[tuple[Kind, ...]] = tuple(map(_kind, range(1, len(_SUBSCRIPTS) + 1)))
"""As many as a file may declare, in its order."""
