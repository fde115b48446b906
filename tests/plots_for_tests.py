"""A plot of every kind, with short names and with names that are far too long."""

from dataclasses import replace

import numpy as np

from engine.plots import AnyPlot, Line, MapPlot, Picture, PicturePlot, Plot, Points

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


def class_map(names: str = "first, second, third") -> MapPlot:
    """Stripes of classes, each with a point."""
    x, y = np.linspace(0, 3, 31), np.linspace(0, 2, 21)
    across, _ = np.meshgrid(x, y)
    index = np.minimum(np.floor(across), 2)
    values = index + 0.5 + 0.49 * np.cos(np.pi * (across - index - 0.5))
    points = tuple(
        Points(name.strip(), np.array([0.5 + number]), np.array([1.0]), number)
        for number, name in enumerate(names.split(","))
    )
    return MapPlot("classes", "Classes", "x", "y", x, y, values, "classes", names, points)


PLOTS: dict[str, AnyPlot] = {
    "lines": lines(),
    "arrows": lines(2, towards=True),
    "pictures": pictures(),
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
        return replace(plot, pictures=named, unit=LONG, **names)
    names |= {"x_label": LONG, "y_label": LONG}
    if isinstance(plot, MapPlot):
        points = tuple(replace(some, name=f"{some.name} {LONG}") for some in plot.points)
        paths = tuple(replace(path, name=LONG) for path in plot.paths)
        unit = LONG if plot.meaning == "levels" else plot.unit
        return replace(plot, points=points, paths=paths, unit=unit, **names)
    many = [replace(line, name=f"{line.name} {LONG}") for line in lines(40).lines]
    return replace(plot, lines=tuple(many), **names)
