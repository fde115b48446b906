"""What a logarithmic axis has no place for, told in the caption."""

from collections.abc import Iterable

import numpy as np

from engine.plots.base import Line


def with_left_out(caption: str, lines: Iterable[Line], *, log: bool) -> str:
    """A caption, and how many values are not drawn because they are not above 0.

    Args:
        caption: of the plot.
        lines: that are drawn.
        log: whether the y axis is logarithmic.
    """
    count = sum(int(np.sum(line.y <= 0)) for line in lines if not line.faint) if log else 0
    if not count:
        return caption
    what = "value of 0 or less is" if count == 1 else "values of 0 or less are"
    told = f"{count:,} {what} not on the logarithmic axis"
    return f"{caption}; {told}" if caption else told
