"""Publication figures: any plot as SVG, PDF or PNG, drawn by matplotlib from its numbers.

Always on white, fonts embedded, and byte for byte the same each time. Title and caption stand on
top, the plot in the middle, and the legend beside or below it.
"""

import io
from collections.abc import Sequence
from typing import Any, Final, Literal, get_args

from matplotlib.artist import Artist
from matplotlib.figure import Figure
from matplotlib.legend import Legend
from matplotlib.lines import Line2D

from engine.figures.bodies import Body, LinesBody
from engine.figures.maps import MapBody
from engine.figures.pictures import PicturesBody
from engine.figures.style import GREY, INK, SIZES, Look, Size, Typesetter, drawing
from engine.plots import AS_THE_PLOT_SAYS, AnyPlot, MapPlot, PicturePlot, Showing, to_csv

Format = Literal["svg", "pdf", "png", "csv"]
FORMATS: Final[tuple[Format, ...]] = get_args(Format)

__all__ = ["FORMATS", "SIZES", "Format", "Sheet", "Size", "draw", "render"]

_TITLE, _CAPTION = 1.15, 0.95  # type against that of labels
_LEADING = 1.3
_FEW = 8  # entries of a legend that may each take a row
_BESIDE_GAP = 1.4  # in sizes of type
_METADATA: Final[dict[str, dict[str, Any]]] = {
    "svg": {"Date": None, "Creator": "Retrograde"},
    "pdf": {"CreationDate": None, "Creator": "Retrograde"},
    "png": {"Software": "Retrograde"},
}


class Sheet:
    """A figure for one plot, or for the frames of an animation, which it shows one by one.

    To be made and used within ``drawing(look)``.

    Args:
        frames: the plots that it will show, of one kind; their limits are common.
        look: its size.
        showing: their axis, and the part of it; what is hidden is left out of the frames before.

    Attributes:
        figure: what is drawn; it shows the last of the frames at first.
    """

    def __init__(
        self, frames: Sequence[AnyPlot], look: Look, showing: Showing = AS_THE_PLOT_SAYS
    ) -> None:
        self._look = look
        self.figure = Figure(figsize=(look.width, look.height or look.width))
        self._type = Typesetter(self.figure)
        self._room = look.width - 2 * look.margin
        body = _body(frames, self.figure, look, self._type, showing)
        self._body = body
        titles = [self._title(plot.title) for plot in frames]
        below = [self._caption(plot.caption) for plot in frames]
        self._title_rows, caption_rows = _most_rows(titles), _most_rows(below)
        header = look.margin + look.em * (
            _LEADING * (_TITLE * self._title_rows + _CAPTION * caption_rows) + 0.5
        )
        wanted = body.height(self._room)
        free = (look.height or 0.0) - header
        legend, beside = self._legend(body, body.legend(), wanted if look.height is None else free)
        footer = look.margin
        if legend and beside:
            wanted = body.height(self._room - _inches(legend)[0] - _BESIDE_GAP * look.em)
        elif legend:
            footer += _inches(legend)[1] + 0.9 * look.em
        height = look.height or round(50 * (header + wanted + footer) + 0.5) / 50
        self.figure.set_size_inches(look.width, height)
        if legend and not beside:
            place = (look.margin / look.width, look.margin / height)
            legend.set_bbox_to_anchor(place, self.figure.transFigure)
        self._texts = {
            "title": self._text(look.margin, _TITLE, INK, fontweight="bold"),
            "caption": self._text(
                look.margin + _LEADING * _TITLE * self._title_rows * look.em, _CAPTION, GREY
            ),
        }
        body.place(look.margin, footer, self._room, height - header - footer)
        self.show(frames[-1])

    def show(self, plot: AnyPlot) -> None:
        """Draw a plot instead of the one before."""
        self._texts["title"].set_text(self._title(plot.title))
        self._texts["caption"].set_text(self._caption(plot.caption))
        self._body.show(plot)

    def _title(self, text: str) -> str:
        rows = 2 if self._look.height is None else 1
        size = _TITLE * self._look.points
        return self._type.wrapped(text, self._room, size, rows=rows, bold=True)

    def _caption(self, text: str) -> str:
        rows = 3 if self._look.height is None else 2
        return self._type.wrapped(text, self._room, _CAPTION * self._look.points, rows=rows)

    def _text(self, down: float, size: float, colour: str, **style: Any) -> Any:
        height = self.figure.get_size_inches()[1]
        return self.figure.text(
            self._look.margin / self._look.width,
            1 - down / height,
            "",
            va="top",
            color=colour,
            fontsize=size * self._look.points,
            linespacing=1.1,
            **style,
        )

    def _legend(
        self, body: Body, handles: list[Artist], height: float
    ) -> tuple[Legend | None, bool]:
        """A legend beside the plot if it is small enough, else below; and which of both it is."""
        if not handles:
            return None, False
        look = self._look
        room = self._room / (1 if len(handles) <= _FEW else 2) - 5 * look.em
        for handle in handles:
            handle.set_label(self._type.shortened(str(handle.get_label()), room, look.small))
        narrow = self._try_legend(handles, 1)
        width, rows = _inches(narrow)
        narrow.remove()
        if body.beside and width <= look.beside * look.width and rows <= 0.8 * height:
            beside = body.beside.legend(
                handles=handles,
                loc="upper left",
                bbox_to_anchor=(1, 1),
                borderaxespad=_BESIDE_GAP,
            )
            return beside, True
        most = 0.6 * height if look.height is None else 0.3 * height
        for columns in range(min(len(handles), 8), 0, -1):
            legend = self._try_legend(handles, columns)
            width, rows = _inches(legend)
            if width <= self._room or columns == 1:
                break
            legend.remove()
        lines = -(-len(handles) // columns)
        if rows > most:
            kept = max(int(lines * most / rows) * columns - 1, 1)
            more = Line2D([], [], linestyle="", label=f"and {len(handles) - kept} more")
            legend.remove()
            legend = self._try_legend([*handles[:kept], more], columns)
        return legend, False

    def _try_legend(self, handles: Sequence[Artist], columns: int) -> Legend:
        return self.figure.legend(handles=handles, loc="lower left", ncols=columns)


def draw(plot: AnyPlot, size: Size = "page", showing: Showing = AS_THE_PLOT_SAYS) -> Figure:
    """Draw a plot for print.

    Args:
        plot: what to draw.
        size: what for.
        showing: how it is shown.
    """
    with drawing(SIZES[size]):
        return Sheet([showing.of(plot)], SIZES[size], showing).figure


def render(
    plot: AnyPlot,
    kind: Format,
    size: Size = "page",
    showing: Showing = AS_THE_PLOT_SAYS,
    dots: float | None = None,
) -> bytes:
    """A plot as the content of a file.

    Args:
        plot: what to draw.
        kind: "svg", "pdf", "png", or "csv" for its numbers: all, however it is shown.
        size: what for.
        showing: how it is shown.
        dots: dots an inch of a PNG; None: as the size asks for.
    """
    if kind == "csv":
        return to_csv(plot).encode()
    content = io.BytesIO()
    look = SIZES[size]
    with drawing(look):
        draw(plot, size, showing).savefig(
            content, format=kind, dpi=dots or look.dots, metadata=_METADATA[kind]
        )
    return content.getvalue()


def _body(
    frames: Sequence[Any], figure: Figure, look: Look, type: Typesetter, showing: Showing
) -> Body:
    if isinstance(frames[0], MapPlot):
        return MapBody(frames, figure, look, type, showing)
    if isinstance(frames[0], PicturePlot):
        return PicturesBody(frames, figure, look, type)
    return LinesBody(frames, figure, look, type, showing)


def _most_rows(texts: Sequence[str]) -> int:
    return max(text.count("\n") + 1 if text else 0 for text in texts)


def _inches(legend: Legend) -> tuple[float, float]:
    figure = legend.get_figure(root=True)
    assert figure is not None, "a legend is measured in its figure"
    box = legend.get_window_extent()
    return box.width / figure.dpi, box.height / figure.dpi
