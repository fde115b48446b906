"""A plot of every kind, with short names and with names that are far too long."""

from dataclasses import replace

import numpy as np

from engine.plots import AnyPlot, Line, MapPlot, Mark, Picture, PicturePlot, Plot, Points

LONG = (
    "a name that goes on for much longer than anybody who has to read it could possibly wish for, "
    "in (Japanese_(hiragana)) and $more$ of that"
)


def lines(count: int = 3, *, towards: bool = False) -> Plot:
    """Waves, dashed in turn; with arrows, if wanted."""
    x = np.arange(40.0)
    waves = [np.sin(x / 9 + number) + 2 for number in range(count)]
    drawn = tuple(
        Line(
            f"group {number}",
            x,
            wave,
            number % 6,
            ("solid", "dashed", "dotted")[number % 3],
            towards=wave + 0.3 * np.cos(x / 5) if towards else None,
        )
        for number, wave in enumerate(waves)
    )
    return Plot("lines", "Lines", "iteration", "value", drawn, (0, 39), caption="a caption")


def banded() -> Plot:
    """Two waves within bands, one place of them marked."""
    drawn = tuple(
        replace(line, low=line.y - 0.2, high=line.y + 0.2 + line.x / 100) for line in lines(2).lines
    )
    return replace(lines(), key="bands", lines=drawn, marks=(Mark(12.0, "chaos from 12"),))


def named_points() -> Plot:
    """Points over names instead of numbers."""
    x = np.arange(3.0)
    drawn = (Line("training", x, x + 1, 0, "points"), Line("test", x, x + 2, 1, "triangles"))
    names = ("separate", "tied", "learned")
    return Plot("points", "Points", "how", "loss", drawn, (-0.5, 2.5), x_names=names)


def relations() -> PicturePlot:
    """How three things are related, twice."""
    matrix = np.array([[1.0, 0.5, -0.2], [0.5, 1.0, 0.1], [-0.2, 0.1, 1.0]])
    drawn = (Picture("layer 1", matrix), Picture("layer 2", matrix**2))
    names = ("Greek", "Latin", "Tifinagh")
    return PicturePlot(
        "relations", "Relations", drawn, "correlation", "diverging", (-1.0, 1.0), entries=names
    )


def pictures(count: int = 10) -> PicturePlot:
    """Squares of 8 × 8."""
    row, column = np.indices((8, 8))
    drawn = tuple(
        Picture(f"class {number}", np.sin(row * column / (number + 2))) for number in range(count)
    )
    return PicturePlot("pictures", "Pictures", drawn, "pixel value", "diverging", (-1.0, 1.0))


def level_map(*, log: bool = False) -> MapPlot:
    """A valley with a path into it."""
    x, y = np.linspace(-2, 2, 31), np.linspace(-1, 3, 27)
    across, up = np.meshgrid(x, y)
    heights = (1 - across) ** 2 + 5 * (up - across**2) ** 2 + 0.01
    way = np.linspace(0, 1, 12)
    path = Line("training", -1.5 + 2.5 * way, 2 - way, 1)
    return MapPlot(
        "levels",
        "Levels",
        "weight 1",
        "weight 2",
        x,
        y,
        heights,
        "levels",
        "loss",
        (),
        (path,),
        log,
    )


def class_map(names: tuple[str, ...] = ("first", "second", "third")) -> MapPlot:
    """Stripes of classes, each with a point."""
    x, y = np.linspace(0, 3, 31), np.linspace(0, 2, 21)
    across, _ = np.meshgrid(x, y)
    index = np.minimum(np.floor(across), 2)
    values = index + 0.5 + 0.49 * np.cos(np.pi * (across - index - 0.5))
    points = tuple(
        Points(name, np.array([0.5 + number]), np.array([1.0]), number)
        for number, name in enumerate(names)
    )
    return MapPlot(
        "classes", "Classes", "x", "y", x, y, values, "classes", points=points, class_names=names
    )


PLOTS: dict[str, AnyPlot] = {
    "lines": lines(),
    "arrows": lines(2, towards=True),
    "bands": banded(),
    "points": named_points(),
    "pictures": pictures(),
    "relations": relations(),
    "levels": level_map(),
    "logarithmic levels": level_map(log=True),
    "classes": class_map(),
}
"""One of every kind."""


def with_long_names(plot: AnyPlot) -> AnyPlot:
    """The same with every name far too long, and many of what can be many."""
    names = {"title": LONG, "caption": LONG}
    if isinstance(plot, PicturePlot):
        named = tuple(replace(picture, name=LONG) for picture in plot.pictures)
        entries = tuple(f"{name} {LONG}" for name in plot.entries)
        return replace(plot, pictures=named, unit=LONG, entries=entries, **names)
    names |= {"x_label": LONG, "y_label": LONG}
    if isinstance(plot, MapPlot):
        points = tuple(replace(some, name=f"{some.name} {LONG}") for some in plot.points)
        paths = tuple(replace(path, name=LONG) for path in plot.paths)
        return replace(plot, points=points, paths=paths, unit=LONG, **names)
    marks = tuple(replace(mark, name=LONG) for mark in plot.marks)
    if plot.x_names:
        return replace(plot, x_names=(LONG,) * len(plot.x_names), **names)
    many = [replace(line, name=f"{line.name} {LONG}") for line in lines(40).lines]
    return replace(plot, lines=tuple(many), marks=marks, **names)
