"""Every text of a figure has its room."""

import pytest
from figures_for_tests import at_every_size, of_every_kind, texts_of
from plots_for_tests import (
    PLOTS,
    lines,
    with_long_names,
)

from engine.figures.figure import Size, draw
from engine.figures.style import SIZES, drawing
from engine.plots import (
    AnyPlot,
    PicturePlot,
)


@pytest.mark.parametrize(
    "size", ["column", *(pytest.param(size, marks=pytest.mark.long) for size in SIZES)]
)
@of_every_kind
def test_however_long_its_names_no_text_leaves_a_figure_and_none_lies_on_another(
    name: str, size: Size
) -> None:
    assert_texts_have_room(with_long_names(PLOTS[name]), size)


@of_every_kind
def test_no_text_leaves_a_figure_and_none_lies_on_another(name: str) -> None:
    assert_texts_have_room(PLOTS[name], "column")


def assert_texts_have_room(plot: AnyPlot, size: Size) -> None:
    with drawing(SIZES[size]):
        figure = draw(plot, size)
        boxes = [(text.get_text(), text.get_window_extent()) for text in texts_of(figure)]
    whole = figure.bbox
    assert len(boxes) >= (3 if isinstance(plot, PicturePlot) else 10)
    for text, box in boxes:
        inside = whole.x0 <= box.x0 and box.x1 <= whole.x1
        inside = inside and whole.y0 <= box.y0 and box.y1 <= whole.y1
        assert inside, f"{text!r} is cut off"
    for index, (text, box) in enumerate(boxes):
        for other, another in boxes[index + 1 :]:
            both = box.intersection(box, another)
            overlap = both is not None and min(both.width, both.height) > 1
            assert not overlap, f"{text!r} lies on {other!r}"


@at_every_size
def test_a_long_legend_leaves_the_axes_their_room(size: Size) -> None:
    figure = draw(with_long_names(lines()), size)
    [axes] = figure.axes
    box = axes.get_position()
    assert box.width > 0.75
    assert box.height > (0.14 if size == "slide" else 0.25)
    [legend] = figure.legends
    assert legend.get_texts()[-1].get_text().endswith(" more")


def test_a_short_legend_stands_beside_the_plot_and_a_long_one_below() -> None:
    assert draw(lines(2)).axes[0].get_legend() is not None
    assert draw(lines(2), "column").axes[0].get_legend() is None
    assert len(draw(lines(2), "column").legends) == 1
