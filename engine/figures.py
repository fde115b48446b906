"""Publication figures: any plot of a run as SVG, PDF or PNG, drawn by matplotlib from its numbers.

Always on white, fonts embedded, and byte for byte the same each time.
"""

import io
from typing import Any, Final, Literal, get_args

import numpy as np
from matplotlib import style
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from engine.plots import PALETTE, Line, Plot, bytes_in_words, to_csv

Format = Literal["svg", "pdf", "png", "csv"]
FORMATS: Final[tuple[Format, ...]] = get_args(Format)

_INK, _GREY, _GRID = "#222222", "#777777", "#E3E3E3"
_STYLE: Final[dict[Any, Any]] = {
    "font.family": "DejaVu Sans",
    "font.size": 9.0,
    "axes.titlesize": 10.0,
    "axes.titleweight": "bold",
    "axes.edgecolor": _INK,
    "axes.labelcolor": _INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": _GRID,
    "grid.linewidth": 0.6,
    "legend.frameon": False,
    "legend.fontsize": 8.0,
    "pdf.fonttype": 42,
    "svg.fonttype": "path",
    "svg.hashsalt": "retrograde",
}
_DASHES: Final = {"solid": "-", "dashed": (0, (4, 2)), "dotted": (0, (1, 2))}


def draw(plot: Plot, width: float = 6.4, height: float = 4.0) -> Figure:
    """Draw a plot for print.

    Args:
        plot: what to draw.
        width: of the figure, in inches.
        height: of the figure, in inches.
    """
    with style.context(["default", _STYLE]):
        figure = Figure(figsize=(width, height), layout="constrained")
        FigureCanvasAgg(figure)
        axes = figure.add_subplot()
        for line in plot.lines:
            axes.plot(line.x, line.y, label=line.name, **_stroke(line))
        if plot.log_y and any(np.any(line.y > 0) for line in plot.lines):
            axes.set_yscale("log")
        if plot.bytes_y:
            axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: bytes_in_words(value)))
        low, high = plot.x_range
        margin = 0.02 * (high - low)
        axes.set_xlim(low - margin, high + margin)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.set_xlabel(plot.x_label)
        axes.set_ylabel(plot.y_label)
        axes.set_title(plot.title, loc="left", pad=18 if plot.caption else 6)
        if plot.caption:
            axes.text(0, 1.015, plot.caption, transform=axes.transAxes, color=_GREY, fontsize=8.5)
        named = [line for line in plot.lines if not line.faint]
        if len(named) > 1:
            handles = [
                handle
                for handle, line in zip(axes.get_lines(), plot.lines, strict=True)
                if not line.faint
            ]
            axes.legend(handles=handles, loc="center left", bbox_to_anchor=(1.01, 0.5))
    return figure


def render(plot: Plot, kind: Format) -> bytes:
    """A plot as the content of a file.

    Args:
        plot: what to draw.
        kind: "svg", "pdf", "png" (200 dots an inch), or "csv" for its numbers.
    """
    if kind == "csv":
        return to_csv(plot).encode()
    content = io.BytesIO()
    metadata = {
        "svg": {"Date": None, "Creator": "Retrograde"},
        "pdf": {"CreationDate": None, "Creator": "Retrograde"},
        "png": {"Software": "Retrograde"},
    }[kind]
    with style.context(["default", _STYLE]):
        draw(plot).savefig(content, format=kind, dpi=200, metadata=metadata)
    return content.getvalue()


def _stroke(line: Line) -> dict[str, Any]:
    colour = _GREY if line.colour == "reference" else PALETTE[line.colour]
    return {
        "color": colour,
        "linestyle": _DASHES[line.dash],
        "linewidth": 0.9 if line.faint else 1.6,
        "alpha": 0.45 if line.faint else 1.0,
    }
