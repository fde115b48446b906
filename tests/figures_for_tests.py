"""Figures of real plots, and what is in them."""

from functools import cache

import numpy as np
import pytest
from experiments_for_tests import events_of, record_of, tiny
from matplotlib.figure import Figure
from matplotlib.text import Text
from plots_for_tests import (
    PLOTS,
)

from engine.figures.figure import Format, render
from engine.figures.style import SIZES
from engine.hyperparameters.kinds import KINDS
from engine.plots import (
    Line,
    Plot,
    plots,
)

KEYS = [name for name, kind in KINDS.items() if not kind.is_set_by_entry]
KEYS += ["losses", "learning_curves", "memory", "hypergradient"]

STARTS: dict[Format, bytes] = {"svg": b"<?xml", "pdf": b"%PDF-", "png": b"\x89PNG\r\n"}

drawn = pytest.mark.parametrize("kind", list(STARTS))

of_every_kind = pytest.mark.parametrize("name", list(PLOTS))

at_every_size = pytest.mark.parametrize("size", list(SIZES))


@cache
def plot_of(key: str) -> Plot:
    """A plot of a run with every kind free."""
    experiment = tiny({"hyperparameters.initial_scales.free": "true"})
    made = {plot.key: plot for plot in plots(record_of(events_of(experiment)))}[key]
    assert isinstance(made, Plot)
    return made


@cache
def rendered(name: str, kind: Format) -> bytes:
    """A plot's figure, drawn once for all tests that look at its bytes."""
    return render(PLOTS[name], kind)


def empty_plot(**fields: object) -> Plot:
    nothing = np.zeros(0)
    shape = {"lines": (Line("nothing yet", nothing, nothing),), "x_range": (0, 8), **fields}
    return Plot("empty", "Empty", "x", "y", **shape)  # type: ignore[arg-type]


def texts_of(figure: Figure) -> list[Text]:
    """The texts that are seen; ticks beyond an axis's end are not drawn."""
    figure.draw_without_rendering()
    beyond = set()
    for axis in (axis for axes in figure.axes for axis in (axes.xaxis, axes.yaxis)):
        seen = axis._update_ticks()  # type: ignore[attr-defined]
        ticks = [*axis.get_major_ticks(), *axis.get_minor_ticks()]
        beyond |= {id(part) for tick in ticks if tick not in seen for part in tick.get_children()}
    return [
        text
        for text in figure.findobj(Text)
        if isinstance(text, Text)
        and text.get_visible()
        and text.get_text().strip()
        and id(text) not in beyond
    ]
