"""What was predicted of what was stopped, as plots draw it: rings with bars."""

from collections.abc import Sequence

import numpy as np

from engine.plots.base import Colour, Line
from engine.plots.predicted import PREDICTED
from engine.runs.predictions import Prediction


def rings_of(
    x: Sequence[float], several: Sequence[Prediction], colour: Colour = 3, each: Sequence[str] = ()
) -> list[Line]:
    """A line of rings, with bars within which nine tenths of the probability are; none of nothing.

    Args:
        x: where each stands.
        several: the predictions; those of which nothing is known are left out.
        colour: of the rings.
        each: what each is of, as "trial 8"; or nothing.
    """
    pairs = zip(x, several, strict=True)
    known = [(place, one) for place, one in pairs if np.isfinite(one.value)]
    if not known:
        return []
    low, high = (np.array([one.ends[end] for _, one in known]) for end in (0, 1))
    places, values = np.array([place for place, _ in known]), [one.value for _, one in known]
    names = tuple(
        name for name, one in zip(each, several, strict=bool(each)) if np.isfinite(one.value)
    )
    return [
        Line(PREDICTED, places, np.array(values), colour, "rings", low=low, high=high, each=names)
    ]
