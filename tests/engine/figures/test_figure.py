import io
import re
import threading
import xml.etree.ElementTree as ET
from dataclasses import replace

import numpy as np
import pytest
from figures_for_tests import (
    KEYS,
    STARTS,
    at_every_size,
    drawn,
    empty_plot,
    of_every_kind,
    plot_of,
    rendered,
)
from matplotlib import rc_context
from matplotlib.collections import LineCollection
from matplotlib.image import imread
from plots_for_tests import (
    PLOTS,
    banded,
    class_map,
    level_map,
    lines,
    named_points,
    pictures,
    relations,
)

from engine.figures.figure import FORMATS, Format, Sheet, Size, draw, render
from engine.figures.style import SIZES, drawing
from engine.plots import (
    LAST_STEP,
    NEXT_STEP,
    PALETTE,
    AnyPlot,
    Line,
    Picture,
    Plot,
    to_csv,
)


def test_the_formats_are_the_documented_ones() -> None:
    assert FORMATS == ("svg", "pdf", "png", "csv")


@pytest.mark.parametrize(
    ("kind", "name"),
    [*(("svg", name) for name in PLOTS), *((kind, "levels") for kind in STARTS if kind != "svg")],
)
def test_a_figure_is_the_same_bytes_each_time(kind: Format, name: str) -> None:
    first = rendered(name, kind)
    assert first.startswith(STARTS[kind])
    assert render(PLOTS[name], kind) == first


@drawn
def test_one_other_number_makes_another_figure(kind: Format) -> None:
    first, *others = lines().lines
    y = first.y.copy()
    y[20] += 0.1
    moved = replace(lines(), lines=(replace(first, y=y), *others))
    assert render(moved, kind) != rendered("lines", kind)


@of_every_kind
def test_a_table_is_the_csv_of_its_plot(name: str) -> None:
    assert rendered(name, "csv").decode() == to_csv(PLOTS[name])


@of_every_kind
def test_a_pdf_embeds_its_fonts_and_says_no_date(name: str) -> None:
    pdf = rendered(name, "pdf")
    assert b"/FontFile2" in pdf
    assert b"/Subtype /Type3" not in pdf
    assert b"/CreationDate" not in pdf


@pytest.mark.parametrize("name", ["lines", "arrows", "classes"])
def test_an_svg_is_vectors_whose_text_is_text_in_a_font_that_everybody_has(name: str) -> None:
    root = ET.fromstring(rendered(name, "svg"))
    named = [(element.tag.rpartition("}")[2], element) for element in root.iter()]
    tags = {tag for tag, _ in named}
    assert "path" in tags
    assert "image" not in tags
    texts = [element for tag, element in named if tag == "text"]
    written = {"".join(element.itertext()) for element in texts}
    assert PLOTS[name].title in written
    assert {PLOTS[name].x_label, PLOTS[name].y_label} <= {text.split(" (")[0] for text in written}
    assert all("sans-serif" in (element.get("style") or "") for element in texts)


def test_pictures_in_vectors_keep_their_own_pixels() -> None:
    root = ET.fromstring(render(pictures(2), "svg"))
    images = [element for element in root.iter() if element.tag.endswith("}image")]
    sizes = [(image.get("width"), image.get("height")) for image in images]
    assert len(images) == 3  # and the bar of colours
    assert all("pixelated" in (image.get("style") or "") for image in images[:2]), sizes


@at_every_size
@pytest.mark.parametrize("name", ["lines", "pictures", "levels"])
def test_a_figure_is_as_wide_as_it_is_for_and_neither_flat_nor_tall(name: str, size: Size) -> None:
    look = SIZES[size]
    width, height = draw(PLOTS[name], size).get_size_inches()
    assert width == look.width
    assert height == pytest.approx(look.height or height)
    assert 0.3 * width < height < 1.25 * width


@pytest.mark.parametrize(
    ("name", "size"), [("lines", "slide"), ("pictures", "column"), ("levels", "page")]
)
def test_a_figure_has_its_size_in_every_format(name: str, size: Size) -> None:
    width, height = draw(PLOTS[name], size).get_size_inches()
    pixels = imread(io.BytesIO(render(PLOTS[name], "png", size, dots=40)))
    assert pixels.shape[:2] == pytest.approx((40 * height, 40 * width), abs=1)
    root = ET.fromstring(render(PLOTS[name], "svg", size))
    svg = [float(str(root.get(side)).removesuffix("pt")) / 72 for side in ("width", "height")]
    assert svg == pytest.approx([width, height], abs=1e-3)
    box = re.search(rb"/MediaBox \[ 0 0 ([\d.]+) ([\d.]+) \]", render(PLOTS[name], "pdf", size))
    assert box
    assert [float(side) / 72 for side in box.groups()] == pytest.approx([width, height], abs=1e-3)


def test_a_png_is_on_white_and_fine_enough_for_print() -> None:
    pixels = imread(io.BytesIO(render(plot_of("memory"), "png")))
    assert pixels.shape[1] == 2100
    np.testing.assert_array_equal(pixels[[0, -1], :, :3], 1.0)
    np.testing.assert_array_equal(pixels[:, [0, -1], :3], 1.0)
    assert pixels[..., :3].min() < 0.5


def test_type_and_strokes_grow_from_paper_to_poster() -> None:
    sizes = [draw(lines(), size) for size in SIZES]
    labels = [figure.axes[0].xaxis.label.get_fontsize() for figure in sizes]
    assert labels == [8, 9, 16, 28]
    widths = [figure.axes[0].get_lines()[0].get_linewidth() for figure in sizes]
    assert widths == sorted(set(widths))


@pytest.mark.parametrize("key", KEYS)
def test_a_figure_draws_every_line_with_its_numbers(key: str) -> None:
    plot = plot_of(key)
    figure = draw(plot)
    [axes] = figure.axes
    shown = {text.get_text() for text in figure.texts}
    assert plot.title in shown
    assert plot.caption in shown
    assert (axes.get_xlabel(), axes.get_ylabel()) == (plot.x_title, plot.y_title)
    assert len(axes.get_lines()) >= len(plot.lines)
    for handle, line in zip(axes.get_lines(), plot.lines, strict=False):  # then heads of arrows
        np.testing.assert_array_equal(handle.get_xdata(), line.x)
        np.testing.assert_array_equal(handle.get_ydata(), line.y)
    assert axes.get_yscale() == ("log" if plot.log_y else "linear")
    [*legends] = [*figure.legends, *([axes.get_legend()] if axes.get_legend() else [])]
    named = [line.name for line in plot.lines if not line.faint]
    named += [LAST_STEP] if any(line.came_from is not None for line in plot.lines) else []
    told = [text.get_text() for legend in legends for text in legend.get_texts()]
    assert told == (named if len(named) > 1 else [])


def test_arrows_show_where_the_next_step_goes_at_25_places() -> None:
    plot = lines(1, towards=True)
    [line] = plot.lines
    assert line.towards is not None
    [axes] = draw(plot).axes
    [shafts] = [part for part in axes.collections if isinstance(part, LineCollection)]
    assert len(shafts.get_segments()) == 25
    for (x, start), (_, end) in shafts.get_segments():
        assert start == line.y[int(x)]
        assert end == line.towards[int(x)]
    ups, downs = axes.get_lines()[1:]
    assert len(ups.get_xdata()) + len(downs.get_xdata()) == 25


def test_the_legend_of_several_frames_names_the_arrows_of_each() -> None:
    x = np.arange(6.0)
    frames = [
        empty_plot(lines=(Line("rate", x, x + 1, towards=x + 2),)),
        empty_plot(lines=(Line("rate", x, x + 2, came_from=x + 1),)),
    ]
    with drawing(SIZES["page"]):
        figure = Sheet(frames, SIZES["page"]).figure
    [legend] = [*figure.legends, *filter(None, [figure.axes[0].get_legend()])]
    assert [text.get_text() for text in legend.get_texts()] == ["rate", NEXT_STEP, LAST_STEP]


def test_arrows_of_the_last_meta_step_are_pale_and_end_on_the_line() -> None:
    x = np.arange(6.0)
    [axes] = draw(empty_plot(lines=(Line("rate", x, x + 1, came_from=x),))).axes
    [shafts] = [part for part in axes.collections if isinstance(part, LineCollection)]
    assert [(start, end) for (_, start), (_, end) in shafts.get_segments()] == [
        (value, value + 1) for value in x
    ]
    assert shafts.get_alpha() < 1
    heads = np.concatenate([part.get_ydata() for part in axes.get_lines()[1:]])
    np.testing.assert_array_equal(np.sort(heads), x + 1)


def test_a_band_is_filled_between_its_ends_and_is_within_the_limits() -> None:
    plot = banded()
    [axes] = draw(plot).axes
    for band, line in zip(axes.collections, plot.lines, strict=True):
        assert line.band is not None
        (path,) = band.get_paths()
        corners = {tuple(corner) for corner in path.vertices.tolist()}
        for end in line.band:
            assert set(zip(line.x.tolist(), end.tolist(), strict=True)) <= corners
        assert band.get_alpha() < 0.5
    low, high = axes.get_ylim()
    assert low < min(line.band[0].min() for line in plot.lines if line.band)
    assert high > max(line.band[1].max() for line in plot.lines if line.band)


def test_of_more_than_three_bands_only_edges_are_drawn() -> None:
    plot = banded()
    first = plot.lines[0]
    for count, filled in ((3, True), (4, False)):
        several = tuple(replace(first, name=f"line {number}") for number in range(count))
        [axes] = draw(replace(plot, lines=several)).axes
        for band in axes.collections[:count]:
            assert bool(len(band.get_facecolor())) is filled
            assert bool(band.get_linewidth()[0]) is not filled


def test_a_mark_is_an_upright_line_with_its_name() -> None:
    plot = banded()
    [axes] = draw(plot).axes
    (mark,) = plot.marks
    assert list(axes.get_lines()[-1].get_xdata()) == [mark.x, mark.x]
    assert mark.name in [text.get_text() for text in axes.texts]


def test_points_are_not_joined_and_stand_over_their_names() -> None:
    plot = named_points()
    [axes] = draw(plot).axes
    assert {line.get_linestyle() for line in axes.get_lines()} == {"None"}
    assert [line.get_marker() for line in axes.get_lines()] == ["o", "^"]
    ticks = [label.get_text() for label in axes.get_xticklabels()]
    assert ticks == list(plot.x_names)


def test_numbers_stand_where_the_plot_says_and_those_without_room_are_left_out() -> None:
    places, numbers = (0.0, 1.0, 5.95, 6.0), ("1", "2", "62", "64")
    line = Line("a", np.array(places), np.arange(4.0) + 1, 0, "points")
    plot = replace(
        named_points(), lines=(line,), x_range=(0.0, 6.0), x_names=numbers, x_places=places
    )
    [axes] = draw(plot).axes
    assert [*axes.get_xticks()] == [0.0, 1.0, 5.95]
    assert [label.get_text() for label in axes.get_xticklabels()] == ["1", "2", "62"]


def test_an_axis_that_does_not_count_has_ticks_between_whole_numbers() -> None:
    places = np.linspace(0.5, 2.5, 9)
    line = Line("loss", places, places)
    [axes] = draw(empty_plot(lines=(line,), x_range=(0.5, 2.5), counts_x=False)).axes
    assert any(tick % 1 for tick in axes.get_xticks())


def test_rows_of_related_things_carry_their_names() -> None:
    plot = relations()
    first, second, _ = draw(plot).axes
    assert [label.get_text() for label in first.get_yticklabels()] == list(plot.entries)
    assert not second.get_yticklabels(), "once is enough"
    wide = tuple(f"a long name of task {number}" for number in range(3))
    first, *_ = draw(replace(plot, entries=wide)).axes
    assert not first.get_xticklabels(), "they have no room below"


def test_columns_of_related_things_carry_their_names_where_all_fit() -> None:
    digits = tuple("0123456789")
    plot = replace(relations(), pictures=(Picture("A", np.eye(10)),), entries=digits)
    first, _ = draw(plot).axes
    assert [label.get_text() for label in first.get_xticklabels()] == list(digits)


def test_a_line_of_one_point_can_be_seen() -> None:
    alone = Line("alone", np.arange(3.0), np.array([np.nan, 2.0, np.nan]))
    [axes] = draw(empty_plot(lines=(alone,))).axes
    assert axes.get_lines()[0].get_marker() == "o"


def test_lines_of_one_point_differ_by_shape_because_print_may_lack_colours() -> None:
    x, y = np.arange(3.0), np.array([np.nan, 2.0, np.nan])
    lines = tuple(Line(dash, x, y, dash=dash) for dash in ("solid", "dashed", "dotted"))
    [axes] = draw(empty_plot(lines=lines)).axes
    assert len({drawn.get_marker() for drawn in axes.lines}) == 3


def test_pictures_show_their_numbers_on_one_scale() -> None:
    plot = pictures(5)
    *cells, bar = draw(plot).axes
    assert [axes.get_title() for axes in cells] == [picture.name for picture in plot.pictures]
    for axes, picture in zip(cells, plot.pictures, strict=True):
        [image] = axes.get_images()
        np.testing.assert_array_equal(image.get_array(), picture.values)
        assert image.get_clim() == plot.limits
        assert image.get_interpolation() == "none"
    assert bar.get_xlabel() == plot.unit


def test_a_map_of_levels_has_a_bar_with_its_unit() -> None:
    axes, bar = draw(level_map()).axes
    assert bar.get_ylabel() == "loss"
    assert axes.get_lines()[0].get_color() == PALETTE[1]
    [end] = [line for line in axes.get_lines() if line.get_marker() == "o"]
    assert (end.get_xdata()[0], end.get_ydata()[0]) == (1.0, 1.0)


def test_a_map_of_classes_is_true_to_scale() -> None:
    figure = draw(class_map())
    box = figure.axes[0].get_window_extent()
    assert box.width / box.height == pytest.approx(3 / 2, rel=1e-3)


@pytest.mark.parametrize(
    "plot",
    [
        empty_plot(),
        empty_plot(log_y=True),
        empty_plot(lines=()),
        empty_plot(lines=(Line("gaps", np.arange(3.0), np.full(3, np.nan)),), log_y=True),
        pictures(0),
        pictures(1),
    ],
    ids=["no points", "logarithmic", "no lines", "gaps", "no pictures", "one picture"],
)
def test_a_plot_with_nothing_in_it_can_be_drawn(plot: AnyPlot) -> None:
    assert render(plot, "svg").startswith(STARTS["svg"])


def test_a_logarithmic_plot_of_gaps_can_be_drawn() -> None:
    gaps = Line("gaps", np.arange(3.0), np.full(3, np.nan))
    assert render(empty_plot(lines=(gaps,), log_y=True, bytes_y=True), "svg")


def test_a_persons_own_matplotlib_style_does_not_show() -> None:
    ours = render(plot_of("hypergradient"), "svg")
    with rc_context({"figure.facecolor": "black", "axes.facecolor": "black", "font.size": 20}):
        assert render(plot_of("hypergradient"), "svg") == ours


def test_figures_drawn_in_several_threads_are_the_same() -> None:
    jobs = [(plot, size) for plot in (lines(), pictures(2)) for size in SIZES]
    alone = [render(plot, "svg", size) for plot, size in jobs]
    together: dict[int, bytes] = {}

    def work(index: int) -> None:
        plot, size = jobs[index]
        together[index] = render(plot, "svg", size)

    threads = [threading.Thread(target=work, args=(index,)) for index in range(len(jobs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [together[index] for index in range(len(jobs))] == alone


def test_axes_have_room_for_what_the_lines_were_at_other_moments() -> None:
    [axes] = draw(replace(lines(), y_covers=(-40.0, 90.0))).axes
    low, high = axes.get_ylim()
    assert low < -40
    assert high > 90


@pytest.mark.parametrize("log", [False, True])
@pytest.mark.parametrize("largest", [1e300, 1.7e308])
def test_numbers_beyond_any_axis_are_drawn_without_a_complaint(log: bool, largest: float) -> None:
    x = np.arange(20.0)
    y = np.geomspace(1 / largest, largest, 20)
    plot = Plot("huge", "Huge", "x", "y", (Line("one", x, y),), (0, 19), log_y=log)
    render(replace(plot, along="iterations"), "png", "column")
