import io
import xml.etree.ElementTree as ET
from functools import cache

import numpy as np
import pytest
from experiments_for_tests import events_of, record_of, tiny
from matplotlib import rc_context
from matplotlib.image import imread

from engine.figures import FORMATS, draw, render
from engine.hyperparameters import KINDS
from engine.plots import Line, Plot, plots, to_csv

KEYS = [*KINDS, "losses", "learning_curves", "memory", "hypergradient"]
STARTS: dict[str, bytes] = {"svg": b"<?xml", "pdf": b"%PDF-", "png": b"\x89PNG\r\n"}
drawn = pytest.mark.parametrize("kind", list(STARTS))


@cache
def plot_of(key: str) -> Plot:
    """A plot of a run with every kind free."""
    experiment = tiny({"hyperparameters.initial_scales.free": "true"})
    return {plot.key: plot for plot in plots(record_of(events_of(experiment)))}[key]


def empty_plot(**fields: object) -> Plot:
    nothing = np.zeros(0)
    shape = {"lines": (Line("nothing yet", nothing, nothing),), "x_range": (0, 8), **fields}
    return Plot("empty", "Empty", "x", "y", **shape)  # type: ignore[arg-type]


def test_the_formats_are_the_documented_ones() -> None:
    assert FORMATS == ("svg", "pdf", "png", "csv")


@drawn
@pytest.mark.parametrize("key", ["learning_rates", "memory"])
def test_a_figure_is_the_same_bytes_each_time(kind: str, key: str) -> None:
    first = render(plot_of(key), kind)  # type: ignore[arg-type]
    assert first.startswith(STARTS[kind])
    assert len(first) > 5000
    assert render(plot_of(key), kind) == first  # type: ignore[arg-type]


def test_different_plots_are_different_figures() -> None:
    assert len({render(plot, "svg") for plot in map(plot_of, KEYS)}) == len(KEYS)


def test_a_table_is_the_csv_of_its_plot() -> None:
    for plot in map(plot_of, KEYS):
        assert render(plot, "csv").decode() == to_csv(plot)


def test_a_pdf_embeds_its_fonts_and_says_no_date() -> None:
    pdf = render(plot_of("memory"), "pdf")
    assert b"/FontFile2" in pdf
    assert b"/Subtype /Type3" not in pdf
    assert b"/CreationDate" not in pdf


def test_an_svg_is_vectors_that_need_no_font() -> None:
    root = ET.fromstring(render(plot_of("memory"), "svg"))
    tags = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert "path" in tags
    assert not tags & {"text", "image"}


def test_a_png_is_on_white_and_fine_enough_for_print() -> None:
    pixels = imread(io.BytesIO(render(plot_of("memory"), "png")))
    assert pixels.shape[:2] == (800, 1280)
    np.testing.assert_array_equal(pixels[[0, -1], :, :3], 1.0)
    assert pixels[..., :3].min() < 0.5


@pytest.mark.parametrize("key", KEYS)
def test_a_figure_draws_every_line_with_its_numbers(key: str) -> None:
    plot = plot_of(key)
    [axes] = draw(plot).axes
    assert axes.get_title(loc="left") == plot.title
    assert (axes.get_xlabel(), axes.get_ylabel()) == (plot.x_label, plot.y_label)
    for handle, line in zip(axes.get_lines(), plot.lines, strict=True):
        np.testing.assert_array_equal(handle.get_xdata(), line.x)
        np.testing.assert_array_equal(handle.get_ydata(), line.y)
    assert axes.get_yscale() == ("log" if plot.log_y else "linear")
    legend = axes.get_legend()
    named = [line.name for line in plot.lines if not line.faint]
    assert [text.get_text() for text in legend.get_texts()] == named if legend else len(named) == 1


@drawn
@pytest.mark.parametrize("log_y", [False, True])
def test_a_plot_without_any_point_can_be_drawn(kind: str, log_y: bool) -> None:
    assert render(empty_plot(log_y=log_y), kind).startswith(STARTS[kind])  # type: ignore[arg-type]


def test_a_logarithmic_plot_of_gaps_can_be_drawn() -> None:
    gaps = Line("gaps", np.arange(3.0), np.full(3, np.nan))
    assert render(empty_plot(lines=(gaps,), log_y=True, bytes_y=True), "svg")


def test_a_persons_own_matplotlib_style_does_not_show() -> None:
    ours = render(plot_of("hypergradient"), "svg")
    with rc_context({"figure.facecolor": "black", "axes.facecolor": "black", "font.size": 20}):
        assert render(plot_of("hypergradient"), "svg") == ours
